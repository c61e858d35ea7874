"""Measures that count cards (按卡片计量): a condition each; all of them answered by one statement over the register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.ledger.models import Book
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.oversight.workplan.choices import Unit
from mingchan.oversight.workplan.measures.readings import Measure, Reading
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import MIXED, RightKind
from mingchan.register.assets.models import Asset, Right
from mingchan.register.assets.queries.filtering import bases

Condition = Callable[[str, date | None], Q]
"""When a card counts as done: from the name of the column that holds the card's number, and the day (None: now)."""
CONFIRMING = ("confirmation:", "handover:")
"""Acts that confirm a right, beside a paper of its own: a batch of confirmations, a signed handover."""


@dataclass(frozen=True)
class CardMeasure:
    """A measure over cards before it is registered: its code, its rule in words, its condition."""

    code: str
    rule: Promise | str
    condition: Condition


def _holding(kind: RightKind, card: str, day: date | None) -> "QuerySet[Right]":
    """The rights of a kind over the card that hold on the day."""
    rights = Right.objects.filter(asset=OuterRef(card), kind=kind)
    if day is None:
        return rights.filter(valid_to__isnull=True)
    return rights.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def _confirmed(kind: RightKind) -> Condition:
    """Shares with a paper, or given by a confirming act, that sum to the whole (2.3)."""

    def condition(card: str, day: date | None) -> Q:
        by_act = Q()
        for source in CONFIRMING:
            by_act |= Q(source__startswith=source)
        rights = _holding(kind, card, day).filter(~Q(document="") | by_act)
        whole = (
            rights.order_by()
            .values("asset")
            .annotate(held=Sum("share_numerator"), parts=Max("share_denominator"))
            .filter(held__gte=F("parts"))
        )
        return Q(Exists(whole))

    return condition


def _custody_settled(card: str, day: date | None) -> Q:
    rights = _holding(RightKind.CUSTODY, card, day)
    return Q(Exists(rights.filter(organisation__isnull=False, due_on__isnull=False)))


def _in_scope(_card: str, _day: date | None) -> Q:
    return Q(funding__in=[code for code, source in policy.funding_sources().items() if source.in_scope] + [MIXED])


def _in_own_ledger(_card: str, _day: date | None) -> Q:
    return Q(Exists(Book.objects.filter(owner=OuterRef("owner_id"))))


_WHOLE = _("有权属证明，或经确权、移交，且份额合计为一")
CARD_MEASURES = (
    CardMeasure("scope_known", _("资金来源明确，且在方案规定的范围内"), _in_scope),
    CardMeasure("class_known", _("有资产分类代码"), lambda _card, _day: ~Q(class_code="")),
    CardMeasure("place_known", _("有站点或存放地点"), lambda _card, _day: ~Q(site__isnull=True, place="")),
    CardMeasure("ownership_confirmed", _WHOLE, _confirmed(RightKind.OWNERSHIP)),
    CardMeasure("use_confirmed", _WHOLE, _confirmed(RightKind.USE)),
    CardMeasure("operation_confirmed", _WHOLE, _confirmed(RightKind.OPERATION)),
    CardMeasure("income_confirmed", _WHOLE, _confirmed(RightKind.INCOME)),
    CardMeasure(
        "supervision_confirmed", _WHOLE, _confirmed(RightKind.SUPERVISION)
    ),
    CardMeasure("ledgers_by_holder", _("所有权人已单独建账"), _in_own_ledger),
    CardMeasure("keeper_assigned", _("有管护责任人"), lambda _card, _day: Q(keeper__isnull=False)),
    CardMeasure("custody_settled", _("有管护主体和任期"), _custody_settled),
)  # fmt: skip
_BY_CODE = {measure.code: measure for measure in CARD_MEASURES}


def _key(cards: "QuerySet[Any]") -> str:
    """The column with the card's number: a former card is another row of the same card."""
    return "pk" if cards.model is Asset else "asset_id"


def _bases(actor: Actor, day: date | None) -> "list[QuerySet[Any]]":
    return bases(assets.RegisterFilter(as_of=day), actor)


def read(codes: Iterable[str], actor: Actor, day: date | None) -> dict[str, Reading]:
    """Readings of card measures by code, of the cards the actor may see on the day: one statement, two for the past."""
    wanted = [code for code in codes if code in _BY_CODE]
    done, total = dict.fromkeys(wanted, 0), 0
    if not wanted:
        return {}
    for cards in _bases(actor, day):
        key = _key(cards)
        counts = {code: Count("pk", filter=_BY_CODE[code].condition(key, day)) for code in wanted}
        found = cards.order_by().aggregate(cards=Count("pk"), **counts)
        total += int(found["cards"])
        for code in wanted:
            done[code] += int(found[code])
    return {code: Reading(done[code], total) for code in wanted}


def missing(
    code: str, actor: Actor, day: date | None, *, after: int = 0, limit: int = 50
) -> tuple[list[tuple[Any, ...]], int | None]:
    """Cards that a measure still waits for, by number, and the number after which the next page begins.

    Raises KeyError for a code that doesn't count cards. Each row: id, code, name, site id, division, cost in fen.
    """
    condition = _BY_CODE[code].condition
    rows: list[tuple[Any, ...]] = []
    for cards in _bases(actor, day):
        key = _key(cards)
        waiting = cards.filter(~condition(key, day), **{f"{key}__gt": after}).order_by(key)
        rows += waiting.values_list(key, "code", "name", "site_id", "division_code", "cost_fen")[: limit + 1]
    rows.sort(key=lambda row: row[0])
    return rows[:limit], rows[limit - 1][0] if len(rows) > limit else None


def _reader(code: str) -> Callable[[Actor, date | None], Reading | None]:
    return lambda actor, day: read((code,), actor, day)[code]


MEASURES = tuple(
    Measure(measure.code, Unit.CARDS, measure.rule, _reader(measure.code), lists_cards=True)
    for measure in CARD_MEASURES
)
