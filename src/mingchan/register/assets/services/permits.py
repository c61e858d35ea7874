"""Who may become an operator (经营者变更许可): once a card had one, only what a finished case allows, once (2.4.2b).

Every door that changes an operator ends here, and the database has the same rule for whoever writes past it. The first
operator of a card, as an import or the first confirmation states it, needs no permit: it is the starting state.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures.choices import CaseStatus
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, one_of, reserve_ids
from mingchan.kernel.errors import Refusal
from mingchan.register.assets import events, rules
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.drafts import ShareDraft
from mingchan.register.assets.models import Asset, Permit, Right

NAMES = tuple(field.name for field in Permit._meta.concrete_fields)
DOCUMENT = protection.document_names(Permit)
SHOWN = 3
CLAUSES = ("2.4.2b",)


@transaction.atomic
def permit(asset_ids: Sequence[int], party: int | None, case_id: int, *, actor: Actor, on: date) -> int:
    """Allow each card this operator, once, by a case that was agreed to; None allows that its right ends.

    Called by the context whose procedure it was. Returns how many permits. Raises Refusal for a case that isn't
    finished in the affirmative; the database refuses it too. Serves 2.4.2b.
    """
    title = Case.objects.filter(pk=case_id, status=CaseStatus.APPROVED).values_list("title", flat=True).first()
    if title is None:
        raise Refusal(_("审批事项尚未办结同意，不能变更经营者"), clauses=CLAUSES)
    known = Permit.objects.filter(case=case_id, party=party).values("asset")
    cards = Asset.objects.filter(pk__in=one_of(asset_ids, "bigint"), county=actor.county).exclude(pk__in=known)
    asked = list(cards.order_by("pk").values_list("pk", "division_code"))
    if not asked:
        return 0
    first = reserve_ids(Permit, len(asked))
    rows = [
        (first + place, key, party, case_id, division, on, None, None) for place, (key, division) in enumerate(asked)
    ]
    insert_rows(Permit, NAMES, rows)
    evidence.record_many(
        events.PERMITTED,
        ((f"permit:{row[0]}", row[4], protection.from_values(DOCUMENT, row)) for row in rows),
        actor=actor,
        on=on,
        facts={"title": title, "count": len(rows)},
    )
    return len(rows)


def settle(asset_ids: Sequence[int], shares: Sequence[ShareDraft], *, actor: Actor, on: date) -> None:
    """Use up the permits that these operators of the cards need, in the transaction that is about to change them.

    Nothing is needed where a card never had an operator nor a permit, or keeps those it has, share for share. Raises
    Refusal naming the cards for which no finished case allows it. Serves 2.4.2b.
    """
    chosen = one_of(asset_ids, "bigint")
    history = Right.objects.filter(asset_id__in=chosen, kind=RightKind.OPERATION)
    ever = set(history.values_list("asset_id", flat=True))
    given: dict[tuple[int, int | None], int] = {}
    for key, asset, party, used_on in (
        Permit.objects.filter(asset_id__in=chosen).order_by("-id").values_list("id", "asset_id", "party_id", "used_on")
    ):
        ever.add(asset)
        if used_on is None:
            given[asset, party] = key
    if not ever:
        return
    before: dict[int, dict[int, Fraction]] = {}
    for asset, party, part, whole in history.filter(valid_to__isnull=True).values_list(
        "asset_id", "party_id", "share_numerator", "share_denominator"
    ):
        before.setdefault(asset, {})[party] = Fraction(part, whole)
    shown = dict(Asset.objects.filter(pk__in=one_of(sorted(ever), "bigint")).values_list("pk", "operator_id"))
    after = {share.party: Fraction(share.numerator, share.denominator) for share in shares}
    largest = rules.largest(shares)
    used: list[int] = []
    without: list[int] = []
    for asset in sorted(ever):
        needed = _needed(before.get(asset, {}), after, shown.get(asset), largest)
        keys = [given.get((asset, party)) for party in needed]
        if None in keys:
            without.append(asset)
        used += [key for key in keys if key is not None]
    if without:
        raise Refusal(
            _("%(cards)s 已有经营者或经营合同，未经审批不得变更：请先办理“变更经营者”或签订经营合同，办结后再改动")
            % {"cards": _few(without)},
            clauses=CLAUSES,
            field="operator",
        )
    if used:
        _use(used, actor=actor, on=on)


def settle_column(asset_id: int, party: int | None, *, actor: Actor, on: date) -> None:
    """`settle` for one card that gets one operator, or none."""
    settle([asset_id], () if party is None else (ShareDraft(party),), actor=actor, on=on)


def _needed(
    before: Mapping[int, Fraction], after: Mapping[int, Fraction], shown: int | None, largest: int | None
) -> Iterable[int | None]:
    """The parties that need a permit: whose share becomes another, who is shown on the card anew, None for an end."""
    if not after:
        return [None] if before or shown is not None else []
    found = {party for party, share in after.items() if before.get(party) != share}
    if largest is not None and largest != shown:
        found.add(largest)
    return sorted(found)


def _use(permit_ids: Sequence[int], *, actor: Actor, on: date) -> None:
    rows = Permit.objects.filter(pk__in=one_of(permit_ids, "bigint"))
    before = {row[0]: row for row in rows.values_list(*DOCUMENT)}
    version = Asset.objects.filter(pk=OuterRef("asset")).annotate(next=F("version") + 1).values("next")
    rows.update(used_on=on, used_version=Subquery(version))
    names = {name: place for place, name in enumerate(DOCUMENT)}
    evidence.record_many(
        events.PERMIT_USED,
        [
            (
                f"permit:{row[0]}",
                row[names["division_code"]],
                protection.from_values(DOCUMENT, row),
                protection.from_values(DOCUMENT, before[row[0]]),
            )
            for row in rows.order_by("pk").values_list(*DOCUMENT)
        ],
        actor=actor,
        on=on,
        facts={"count": len(permit_ids)},
    )


def _few(asset_ids: Sequence[int]) -> str:
    found = Asset.objects.filter(pk__in=list(asset_ids[:SHOWN])).order_by("pk").values_list("code", "name")
    named = "、".join(f"{code} {name}" for code, name in found)
    if len(asset_ids) <= SHOWN:
        return named
    return _("%(named)s 等 %(count)s 项") % {"named": named, "count": len(asset_ids)}
