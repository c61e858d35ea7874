"""Rows and cards as they are matched (匹配对象), and the cards that a row may be (候选卡片) (3.2)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.holds import Hold
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.assets.queries.filtering import between
from mingchan.register.survey import rules
from mingchan.register.survey.choices import State
from mingchan.register.survey.models import Difference, Match, Survey, SurveyRow
from mingchan.register.survey.rules import Thing

ROW = ("id", "name", "model", "division_code", "site", "place", "quantity_milli", "cost_fen")
CARD = ("id", "name", "model", "division_code", "site__name", "place", "quantity_milli", "cost_fen")
WEIGHED, OFFERED, LIKE = 3000, 8, 30
"""So many cards of a township are weighed for one row; so many are offered, from this likeness on."""


def holds_on_assets(ids: Sequence[int]) -> dict[int, Hold]:
    """Of some assets those of which a survey found something that nobody has decided about yet (3.2, 3.4.3a)."""
    found = Difference.objects.filter(asset__in=one_of(ids, "bigint"), decision="").exclude(survey__state=State.SETTLED)
    rows = found.values_list("asset", "survey__title").distinct()
    return {asset: Hold(_("调查《%(title)s》的差异还未处理") % {"title": title}) for asset, title in rows}


def thing(values: Sequence[Any]) -> Thing:
    """A row or card as it is matched, from the values of its columns."""
    number, name, model, division, site, place, quantity, cost = values
    return Thing(
        number,
        rules.name_key(name),
        rules.key(model),
        division,
        rules.key(site or ""),
        rules.key(place),
        quantity,
        cost,
    )


def things_of_rows(rows: Any) -> list[Thing]:
    """Rows of a queryset as they are matched."""
    return [thing(values) for values in rows.values_list(*ROW)]


def things_of_cards(cards: Any) -> list[Thing]:
    """Cards of a queryset as they are matched."""
    return [thing(values) for values in cards.values_list(*CARD)]


class Candidate(NamedTuple):
    """A card that a row may be, how alike they are, and the row it stands for already, if any."""

    card: Asset
    score: int
    match: Match | None


def candidates(survey: Survey, row: SurveyRow, actor: Actor, words: str = "") -> list[Candidate]:
    """Cards that a row may be, likest first: of its township, or those found by typed words."""
    said = thing([getattr(row, name) for name in ROW])
    seen = Asset.objects.filter(assets.visible_to(actor), county=survey.county, status=Status.ACTIVE)
    if words:
        found = [line.id for line in assets.rows(RegisterFilter(text=words), actor, limit=OFFERED * 2).rows]
        weighed = [(rules.score(said, card), card.id) for card in things_of_cards(seen.filter(pk__in=found))]
    else:
        scored = ((rules.score(said, card), card.id) for card in things_of_cards(_near(survey, row, seen)))
        weighed = [pair for pair in scored if pair[0] >= LIKE]
    best = sorted(weighed, key=lambda pair: (-pair[0], pair[1]))[:OFFERED]
    cards = seen.select_related("site").in_bulk([card for _score, card in best])
    standing = {
        match.asset_id: match
        for match in Match.objects.filter(survey=survey, asset__in=list(cards)).select_related("row")
    }
    return [Candidate(cards[card], score, standing.get(card)) for score, card in best if card in cards]


def _near(survey: Survey, row: SurveyRow, seen: Any) -> Any:
    """Cards of the row's township that no row stands for, those of like names first; of an unknown township by name."""
    town = row.division_code[: rules.TOWN_DIGITS]
    free = seen.exclude(pk__in=Match.objects.filter(survey=survey).values("asset_id"))
    if town == survey.county.ljust(rules.TOWN_DIGITS, "0"):
        alike = Q(name__startswith=row.name[:2]) | Q(name__endswith=row.name[-2:])
        return free.filter(alike).order_by("id")[:WEIGHED]
    return free.filter(between("division_code", town)).order_by("id")[:WEIGHED]
