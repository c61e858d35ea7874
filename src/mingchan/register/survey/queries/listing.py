"""Lists and figures of surveys (调查查询): pages by key, counts by kind and way, one difference, one row (3.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.register.survey.choices import Decision, Kind, Way
from mingchan.register.survey.models import Difference, Match, ScopeMark, Survey, SurveyRow
from mingchan.register.survey.queries import scoping

PAGE = 50
COUNT_CAP = 10_000
SORTS = ("id", "gap", "-gap")
COLUMNS = (
    "id", "kind", "row_id", "asset_id", "division_code", "title", "code", "register_text", "survey_text",
    "register_number", "survey_number", "gap_fen", "decision", "reason", "decided_by", "decided_on", "new_asset_id",
    "version", "row__sheet", "row__row", "row__match__way", "row__match__score",
)  # fmt: skip


class DifferenceRow(NamedTuple):
    """A difference as the list shows it."""

    id: int
    kind: str
    row_id: int | None
    asset_id: int | None
    division_code: str
    title: str
    code: str
    register_text: str
    survey_text: str
    register_number: int | None
    survey_number: int | None
    gap_fen: int
    decision: str
    reason: str
    decided_by: str
    decided_on: date | None
    new_asset_id: int | None
    version: int
    sheet: str | None
    row: int | None
    way: str | None
    score: int | None


class Page(NamedTuple):
    """One page of rows and where the next one starts, None at the end."""

    rows: list[Any]
    following: str | None


@dataclass(frozen=True, slots=True)
class DifferenceFilter:
    """What the list of differences is narrowed to. Empty values do not narrow; `settled` is open, decided or empty."""

    kind: str = ""
    settled: str = ""
    decision: str = ""
    division: str = ""
    words: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "DifferenceFilter":
        """The filter that a query string names; what can't be read does not narrow."""
        kind, settled, decision = (parameters.get(name, "") for name in ("kind", "settled", "decision"))
        division = parameters.get("division", "")
        return cls(
            kind=kind if kind in Kind.values else "",
            settled=settled if settled in ("open", "decided") else "",
            decision=decision if decision in Decision.values else "",
            division=division if division.isascii() and division.isdecimal() and len(division) <= 12 else "",
            words=parameters.get("q", "").replace("\x00", "").strip()[:60],
        )

    def parameters(self) -> dict[str, str]:
        """The query string parameters that name this filter."""
        names = {"words": "q"}
        return {
            names.get(field.name, field.name): getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name)
        }

    def but(self, **changes: str) -> "DifferenceFilter":
        """The same filter with changes."""
        return replace(self, **changes)


def surveys(actor: Actor, after: str | None = None, limit: int = PAGE) -> tuple[list[dict[str, Any]], str | None]:
    """The county's surveys that the actor may see, newest first, each with its open and all differences."""
    rows = Survey.objects.filter(county=actor.county).select_related("surveyor").order_by("-id")
    if after and after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = [row for row in rows[: limit + 1] if scoping.sees(row, actor)]
    more = str(found[limit - 1].pk) if len(found) > limit else None
    found = found[:limit]
    mine = Difference.objects.filter(scoping.inside(actor), survey__in=[row.pk for row in found]).order_by()
    counts = {
        key: (n, n_open)
        for key, n, n_open in mine.values_list("survey_id").annotate(
            n=Count("id"), n_open=Count("id", filter=Q(decision=""))
        )
    }
    return [
        {"survey": row, "differences": counts.get(row.pk, (0, 0))[0], "open": counts.get(row.pk, (0, 0))[1]}
        for row in found
    ], more


def narrowed(survey: Survey, filtered: DifferenceFilter, actor: Actor) -> "QuerySet[Difference]":
    """Differences of a survey inside the filter and the actor's divisions."""
    rows = Difference.objects.filter(scoping.inside(actor), survey=survey)
    if filtered.kind:
        rows = rows.filter(kind=filtered.kind)
    if filtered.settled:
        rows = rows.filter(decision="") if filtered.settled == "open" else rows.exclude(decision="")
    if filtered.decision:
        rows = rows.filter(decision=filtered.decision)
    if filtered.division:
        code = filtered.division
        for digits in (6, 9):
            if len(code) == 12 and not code[digits:].strip("0"):
                code = code[:digits]
        rows = rows.filter(division_code__startswith=code)
    if filtered.words:
        rows = rows.filter(Q(title__contains=filtered.words) | Q(code__contains=filtered.words))
    return rows


def differences(
    survey: Survey,
    filtered: DifferenceFilter,
    actor: Actor,
    *,
    sort: str = "id",
    after: str | None = None,
    limit: int = PAGE,
) -> Page:
    """A page of differences by key, never by offset. `sort` is one of SORTS."""
    rows = narrowed(survey, filtered, actor)
    sort = sort if sort in SORTS else "id"
    down = sort == "-gap"
    place = _place(after, with_value=sort != "id")
    if sort == "id":
        if place is not None:
            rows = rows.filter(id__gt=place[1])
        rows = rows.order_by("id")
    else:
        if place is not None:
            side = "lt" if down else "gt"
            rows = rows.filter(Q(**{f"gap_fen__{side}": place[0]}) | Q(gap_fen=place[0], **{f"id__{side}": place[1]}))
        rows = rows.order_by(*(("-gap_fen", "-id") if down else ("gap_fen", "id")))
    found = [DifferenceRow(*values) for values in rows.values_list(*COLUMNS)[: limit + 1]]
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], str(last.id) if sort == "id" else f"{last.gap_fen}~{last.id}")


def _place(after: str | None, *, with_value: bool) -> tuple[int, int] | None:
    """The place behind which a page begins; None, so the first page, for one that can't be read."""
    value, _mark, number = (after or "").rpartition("~")
    try:
        place = int(value or 0), int(number)
    except ValueError:
        return None
    fits = bool(value) is with_value and all(abs(part) < 2**62 for part in place)
    return place if fits else None


def count(survey: Survey, filtered: DifferenceFilter, actor: Actor, cap: int = COUNT_CAP) -> int:
    """How many differences, exact up to the cap; the cap plus one stands for more."""
    return narrowed(survey, filtered, actor).order_by()[: cap + 1].count()


def kinds_of(survey: Survey, filtered: DifferenceFilter, actor: Actor) -> list[str]:
    """Which kinds of open differences are inside a filter, as far as a survey has kinds."""
    rows = narrowed(survey, filtered.but(settled="open"), actor)
    return sorted(rows.order_by().values_list("kind", flat=True).distinct())


class KindFigure(NamedTuple):
    """Differences of one kind: all, still open, and the value gap in fen."""

    kind: str
    all: int
    open: int
    gap_fen: int


def kind_figures(survey: Survey, actor: Actor) -> list[KindFigure]:
    """Differences by kind, in the order of the kinds."""
    rows = Difference.objects.filter(scoping.inside(actor), survey=survey).order_by().values_list("kind")
    found = {
        row[0]: KindFigure(row[0], row[1], row[2], int(row[3]))
        for row in rows.annotate(n=Count("id"), n_open=Count("id", filter=Q(decision="")), gap=Sum("gap_fen"))
    }
    return [found[kind] for kind in Kind.values if kind in found]


def decision_figures(survey: Survey, actor: Actor) -> list[tuple[str, int]]:
    """Decided differences by decision, in the order of the decisions."""
    rows = Difference.objects.filter(scoping.inside(actor), survey=survey).exclude(decision="").order_by()
    found = dict(rows.values_list("decision").annotate(n=Count("id")))
    return [(decision, found[decision]) for decision in Decision.values if decision in found]


def way_figures(survey: Survey, actor: Actor) -> tuple[list[tuple[str, int]], int]:
    """Rows by the way in which they found their card, and how many found none."""
    rows = SurveyRow.objects.filter(scoping.inside(actor), survey=survey).order_by()
    found = dict(rows.values_list("match__way").annotate(n=Count("id")))
    return [(way, found[way]) for way in Way.values if way in found], found.get(None, 0)


def difference(survey: Survey, difference_id: int, actor: Actor) -> Difference:
    """One difference the actor may see. Raises NotFound otherwise."""
    found = (
        Difference.objects.filter(scoping.inside(actor), survey=survey, pk=difference_id)
        .select_related("row", "row__match", "asset", "asset__site", "asset__keeper", "asset__user", "new_asset")
        .first()
    )
    if found is None:
        raise NotFound(_("没有这条差异，或已重新比对"))
    return found


def differences_about(difference: Difference) -> list[Difference]:
    """All differences about the same row and card."""
    same = Q(pk=difference.pk)
    if difference.row_id is not None:
        same |= Q(row=difference.row_id)
    if difference.asset_id is not None:
        same |= Q(asset=difference.asset_id)
    return list(Difference.objects.filter(same, survey=difference.survey_id).order_by("id"))


ROW_COLUMNS = (
    "id", "sheet", "row", "name", "code", "model", "division_code", "site", "place", "quantity_milli", "unit",
    "cost_fen", "is_missing", "match__way", "match__score", "match__ties", "match__asset_id", "match__asset__code",
    "match__asset__name",
)  # fmt: skip


def rows(
    survey: Survey, actor: Actor, *, way: str = "", words: str = "", after: str | None = None, limit: int = PAGE
) -> Page:
    """A page of rows with their cards; `way` narrows to a way of matching, NONE to rows without a card."""
    found = SurveyRow.objects.filter(scoping.inside(actor), survey=survey)
    if way == "NONE":
        found = found.filter(match__isnull=True)
    elif way in Way.values:
        found = found.filter(match__way=way)
    elif way == "TIED":
        found = found.filter(match__ties__gt=0)
    if words:
        found = found.filter(Q(name__contains=words) | Q(code__contains=words))
    if after and after.isdecimal() and len(after) < 19:
        found = found.filter(id__gt=int(after))
    page = list(found.order_by("id").values(*ROW_COLUMNS)[: limit + 1])
    return Page(page[:limit], str(page[limit - 1]["id"]) if len(page) > limit else None)


def tied(survey: Survey, actor: Actor) -> int:
    """How many rows fit several cards alike."""
    return SurveyRow.objects.filter(scoping.inside(actor), survey=survey, match__ties__gt=0).count()


def row(survey: Survey, row_id: int, actor: Actor) -> SurveyRow:
    """One row the actor may see, with its match and card. Raises NotFound otherwise."""
    found = (
        SurveyRow.objects.filter(scoping.inside(actor), survey=survey, pk=row_id)
        .select_related("match", "match__asset", "match__asset__site", "match__asset__keeper", "match__asset__user")
        .first()
    )
    if found is None:
        raise NotFound(_("没有这条调查记录"))
    return found


def matches_of(cards: Iterable[int], survey: Survey) -> dict[int, Match]:
    """The matches of cards in a survey, by card."""
    return {found.asset_id: found for found in Match.objects.filter(survey=survey, asset__in=list(cards))}


def differences_of_row(row: SurveyRow) -> list[Difference]:
    """The differences found about a row."""
    return list(Difference.objects.filter(survey=row.survey_id, row=row.pk).order_by("id"))


def marks(survey: Survey, actor: Actor, *, verdict: str = "", after: str | None = None, limit: int = PAGE) -> Page:
    """A page of what the settled survey says of cards."""
    found = ScopeMark.objects.filter(scoping.inside(actor), survey=survey)
    if verdict:
        found = found.filter(verdict=verdict)
    if after and after.isdecimal() and len(after) < 19:
        found = found.filter(id__gt=int(after))
    columns = ("id", "asset_id", "asset__code", "asset__name", "verdict", "system", "tier", "asset_type", "six_class",
               "funding", "quantity_milli", "cost_fen")  # fmt: skip
    page = list(found.order_by("id").values(*columns)[: limit + 1])
    return Page(page[:limit], str(page[limit - 1]["id"]) if len(page) > limit else None)


def mark_figures(survey: Survey, actor: Actor) -> list[tuple[str, int, int]]:
    """Marked cards by verdict: how many and their cost in fen."""
    found = ScopeMark.objects.filter(scoping.inside(actor), survey=survey).order_by().values_list("verdict")
    return [
        (row[0], row[1], int(row[2])) for row in found.annotate(n=Count("id"), c=Sum("cost_fen")).order_by("verdict")
    ]


def every_difference(survey: Survey, filtered: DifferenceFilter, actor: Actor, chunk: int = 2000) -> Any:
    """All differences inside a filter, a chunk at a time, for the export."""
    after: str | None = None
    while True:
        page = differences(survey, filtered, actor, after=after, limit=chunk)
        if page.rows:
            yield page.rows
        after = page.following
        if after is None:
            return


def closing_figures(before: Sequence[Sequence[Any]], after: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """The register's figures by system, tier and class at the comparison and at the settling, side by side."""
    both: dict[tuple[str, str, str], dict[str, Any]] = {}
    for side, figures in (("before", before), ("after", after)):
        for system, tier, six_class, n, _quantity, cost in figures:
            found = both.setdefault(
                (system, tier, six_class), {"before_count": 0, "before_fen": 0, "after_count": 0, "after_fen": 0}
            )
            found[f"{side}_count"], found[f"{side}_fen"] = n, cost
    return [{"system": key[0], "tier": key[1], "six_class": key[2], **both[key]} for key in sorted(both)]
