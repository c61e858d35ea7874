"""Reading project money (资金查询): lists, sums, and the reconciliation of what was received, spent and left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.ledger.models import Voucher
from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.register.funding import permissions
from mingchan.register.funding.choices import RowStatus
from mingchan.register.funding.models import Appropriation, FundUse, ProjectLine

PAGE = 50
SORTS = ("id", "paid_on", "paid_fen")
USE_FIELDS = (
    "id",
    "line_id",
    "line__name",
    "line__year",
    "funding",
    "document",
    "item",
    "payee_id",
    "payee_name",
    "paid_on",
    "paid_precision",
    "paid_fen",
    "asset_fen",
    "expense_fen",
    "purpose",
    "contract_no",
    "invoice_no",
    "voucher_id",
    "appropriation_id",
    "is_sample",
)


class UseRow(NamedTuple):
    """A payment as lists show it; amounts in fen."""

    id: int
    line_id: int
    line: str
    year: int
    funding: str
    document: str
    item: str
    payee_id: int | None
    payee: str
    paid_on: date | None
    paid_precision: str
    paid_fen: int
    asset_fen: int
    expense_fen: int
    purpose: str
    contract_no: str
    invoice_no: str
    voucher_id: int | None
    appropriation_id: int | None
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Count and sums in fen of payments."""

    count: int
    paid_fen: int
    asset_fen: int
    expense_fen: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of payments that share a key: a source code, a project year, a payment year or a line."""

    key: Any
    label: str
    count: int
    paid_fen: int
    asset_fen: int
    expense_fen: int


@dataclass(frozen=True, slots=True)
class LineSum:
    """Sums of payments of one project line from one source, with the part of the register that it should have built."""

    line_id: int
    name: str
    year: int
    system: str
    tiers: str
    funding: str
    count: int
    paid_fen: int
    asset_fen: int
    expense_fen: int


class Page(NamedTuple):
    """One page of a list and where the next one starts, None at the end."""

    rows: list[UseRow]
    following: str | None


@dataclass(frozen=True, slots=True)
class FundFilter:
    """What a list of payments is narrowed to. Empty values do not narrow; `document` None means any."""

    funding: str = ""
    document: str | None = None
    line: int | None = None
    project: int | None = None
    year: int | None = None
    paid_year: int | None = None
    part: str = ""
    problem: str = ""
    source: str = ""
    words: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "FundFilter":
        """The filter that a query string names; what can't be read does not narrow."""
        return cls(
            funding=parameters.get("funding", "")[:20],
            document=parameters.get("document") if "document" in parameters else None,
            line=whole(parameters.get("line")),
            project=whole(parameters.get("project")),
            year=whole(parameters.get("year")),
            paid_year=whole(parameters.get("paid_year")),
            part=parameters.get("part", "") if parameters.get("part") in ("asset", "expense") else "",
            problem=parameters.get("problem", "")[:20],
            source=parameters.get("source", "")[:60],
            words=parameters.get("q", "").strip()[:60],
        )

    def parameters(self) -> dict[str, str]:
        """The query string parameters that name this filter."""
        found: dict[str, str] = {}
        if self.funding:
            found["funding"] = self.funding
        if self.document is not None:
            found["document"] = self.document
        for name in ("line", "project", "year", "paid_year"):
            if (value := getattr(self, name)) is not None:
                found[name] = str(value)
        if self.part:
            found["part"] = self.part
        if self.problem:
            found["problem"] = self.problem
        if self.source:
            found["source"] = self.source
        if self.words:
            found["q"] = self.words
        return found

    def narrowed(self, **changes: Any) -> "FundFilter":
        """The same filter with changes."""
        return replace(self, **changes)


def whole(text: str | None) -> int | None:
    """A whole number written in an address, None when it is none."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 16 else None


def in_scope(rows: "QuerySet[Any]", actor: Actor, *, counting: bool = True) -> "QuerySet[Any]":
    """Rows (`counting`: those not taken back) of the county inside the divisions over which the actor sees money."""
    rows = rows.filter(reach.inside(actor, permissions.VIEW))
    return rows.filter(status=RowStatus.ACTIVE) if counting else rows


def visible_to(actor: Actor) -> "QuerySet[FundUse]":
    """Payments that count and that the actor may see."""
    return in_scope(FundUse.objects.all(), actor)


def appropriations_visible_to(actor: Actor) -> "QuerySet[Appropriation]":
    """Appropriations that count and that the actor may see."""
    return in_scope(Appropriation.objects.all(), actor)


def narrowed(filtered: FundFilter, actor: Actor) -> "QuerySet[FundUse]":
    """Visible payments inside the filter."""
    rows = visible_to(actor)
    if filtered.funding:
        rows = rows.filter(funding=filtered.funding)
    if filtered.document is not None:
        rows = rows.filter(document=filtered.document)
    if filtered.line is not None:
        rows = rows.filter(line=filtered.line)
    if filtered.project is not None:
        rows = rows.filter(line__project=filtered.project or None)
    if filtered.year is not None:
        rows = rows.filter(line__year=filtered.year)
    if filtered.paid_year is not None:
        dated = Q(paid_on__year=filtered.paid_year) if filtered.paid_year else Q(paid_on__isnull=True)
        rows = rows.filter(dated)
    if filtered.part:
        rows = rows.filter(**{f"{filtered.part}_fen__gt": 0})
    if filtered.problem == "NO_APPROPRIATION":
        rows = rows.filter(appropriation__isnull=True)
    elif filtered.problem == "NO_PAYEE":
        rows = rows.filter(payee__isnull=True, payee_name="")
    elif filtered.problem == "NO_DATE":
        rows = rows.filter(paid_on__isnull=True)
    elif filtered.problem == "OUT_OF_SCOPE":
        rows = rows.exclude(scope_reason="")
    if filtered.source:
        rows = rows.filter(source=filtered.source)
    if filtered.words:
        wanted = Q()
        for name in ("item", "payee_name", "document", "purpose", "contract_no", "invoice_no"):
            wanted |= Q(**{f"{name}__contains": filtered.words})
        rows = rows.filter(wanted)
    return rows


def use_rows(
    filtered: FundFilter, actor: Actor, *, sort: str = "id", after: str | None = None, limit: int = PAGE
) -> Page:
    """A page of payments by key, never by offset. `sort` is a field of SORTS, with `-` before it for the other way."""
    field = sort.lstrip("-")
    if field not in SORTS:
        field, sort = "id", "id"
    down = sort.startswith("-")
    rows = narrowed(filtered, actor)
    if after:
        rows = rows.filter(_behind(field, down, after))
    key = F(field)
    ordering = key.desc(nulls_last=True) if down else key.asc(nulls_last=True)
    ordered = rows.order_by(ordering, "id") if field != "id" else rows.order_by("-id" if down else "id")
    found = [UseRow(*values) for values in ordered.values_list(*USE_FIELDS)[: limit + 1]]
    if len(found) <= limit:
        return Page(found, None)
    found = found[:limit]
    last = found[-1]
    value = getattr(last, field)
    return Page(found, str(last.id) if field == "id" else f"{'' if value is None else value}~{last.id}")


def _behind(field: str, down: bool, after: str) -> Q:
    """Rows behind the cursor. A cursor that can't be read gives the first page."""
    text, _separator, number = after.rpartition("~")
    last = whole(number)
    if last is None:
        return Q()
    side = "lt" if down else "gt"
    if field == "id":
        return Q(**{f"id__{side}": last})
    value: date | int | None = None
    try:
        if text:
            value = date.fromisoformat(text) if field == "paid_on" else int(text)
    except ValueError:
        return Q()
    if value is None:
        return Q(**{f"{field}__isnull": True, "id__gt": last})
    return Q(**{f"{field}__{side}": value}) | Q(**{field: value, "id__gt": last}) | Q(**{f"{field}__isnull": True})


def _sum(field: str) -> Coalesce:
    return Coalesce(Sum(field), Value(0))


def totals(filtered: FundFilter, actor: Actor) -> Totals:
    """Count and sums of the payments inside the filter, in one query."""
    found = narrowed(filtered, actor).aggregate(
        count=Count("id"), paid=_sum("paid_fen"), asset=_sum("asset_fen"), expense=_sum("expense_fen")
    )
    return Totals(found["count"], found["paid"], found["asset"], found["expense"])


def received_total(actor: Actor) -> int:
    """Fen received by all visible appropriations."""
    return int(appropriations_visible_to(actor).aggregate(total=_sum("amount_fen"))["total"])


def received_by_source(actor: Actor) -> dict[str, int]:
    """Fen received by source code."""
    found = appropriations_visible_to(actor).values("funding").annotate(total=Sum("amount_fen")).order_by("funding")
    return {row["funding"]: row["total"] for row in found}


def sums_by_source(actor: Actor) -> list[Sums]:
    """Sums of payments by source code; `label` is the code."""
    return _sums(visible_to(actor).values_list("funding", "funding").order_by("funding"))


def sums_by_project_year(actor: Actor) -> list[Sums]:
    """Sums of payments by project year; 0 where no paper says it."""
    return _sums(visible_to(actor).values_list("line__year", "line__year").order_by("line__year"))


def sums_by_paid_year(actor: Actor) -> list[Sums]:
    """Sums of payments by the calendar year of the payment; 0 for those without a date."""
    rows = visible_to(actor).annotate(paid_year=Coalesce(ExtractYear("paid_on"), Value(0)))
    return _sums(rows.values_list("paid_year", "paid_year").order_by("paid_year"))


def sums_by_line(actor: Actor) -> list[Sums]:
    """Sums of payments by project line, in the order in which the lines were opened."""
    return _sums(visible_to(actor).values_list("line", "line__name").order_by("line"))


def _sums(grouped: "QuerySet[Any, Any]") -> list[Sums]:
    rows = grouped.annotate(n=Count("id"), p=Sum("paid_fen"), a=Sum("asset_fen"), e=Sum("expense_fen"))
    return [Sums(row[0], str(row[1]), *row[2:]) for row in rows]


def line_sums(actor: Actor) -> list[LineSum]:
    """Sums by project line and source, to be held against the register (2.6.1a)."""
    grouped = (
        visible_to(actor)
        .values_list("line", "line__name", "line__year", "line__system", "line__tiers", "funding")
        .annotate(n=Count("id"), p=Sum("paid_fen"), a=Sum("asset_fen"), e=Sum("expense_fen"))
        .order_by("line", "funding")
    )
    return [LineSum(*row) for row in grouped]


def appropriation_rows(
    actor: Actor,
    *,
    funding: str = "",
    project: int | None = None,
    source: str = "",
    after: str | None = None,
    limit: int = PAGE,
) -> tuple[Sequence[Appropriation], str | None]:
    """A page of appropriations in the order of their registration, and where the next one starts."""
    rows = appropriations_visible_to(actor)
    if funding:
        rows = rows.filter(funding=funding)
    if project is not None:
        rows = rows.filter(project=project or None)
    if source:
        rows = rows.filter(source=source)
    if (last := whole(after)) is not None:
        rows = rows.filter(id__gt=last)
    found = list(rows.order_by("id")[: limit + 1])
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else None


def appropriation(pk: int, actor: Actor) -> Appropriation:
    """One visible appropriation. Raises NotFound."""
    found = appropriations_visible_to(actor).select_related("project").filter(pk=pk).first()
    if found is None:
        raise NotFound(_missing())
    return found


def fund_use(pk: int, actor: Actor) -> FundUse:
    """One visible payment with its line, payee and appropriation. Raises NotFound."""
    rows = visible_to(actor).select_related("line__project", "payee", "appropriation", "voucher", "spender")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_missing())
    return found


def _missing() -> str:
    return gettext("没有这笔资金，或不在您的权限范围内")


def lines(actor: Actor) -> list[tuple[int, str]]:
    """Project lines of the county as choices, with their year where it is known."""
    found = ProjectLine.objects.filter(county=actor.county).order_by("year", "id").values_list("id", "year", "name")
    return [(pk, f"{year} {name}" if year else name) for pk, year, name in found]


def line(pk: int, actor: Actor) -> ProjectLine:
    """One project line of the county. Raises NotFound."""
    found = ProjectLine.objects.filter(county=actor.county, pk=pk).first()
    if found is None:
        raise NotFound(gettext("没有这个子项目"))
    return found


def documents(actor: Actor) -> list[str]:
    """Document numbers of money sent down, the newest first, as proposals of a form."""
    rows = appropriations_visible_to(actor).exclude(document="").order_by("-id")
    return list(dict.fromkeys(rows.values_list("document", flat=True)[:200]))


def received_by_document(county: str) -> dict[tuple[str, str], int]:
    """Fen received by source and document, of the whole county: facts for the rules."""
    rows = Appropriation.objects.filter(county=county, status=RowStatus.ACTIVE).values("funding", "document")
    return {(row["funding"], row["document"]): row["total"] for row in rows.annotate(total=Sum("amount_fen"))}


def spent_by_document(county: str) -> dict[tuple[str, str], int]:
    """Fen paid by source and document, of the whole county: facts for the rules."""
    rows = FundUse.objects.filter(county=county, status=RowStatus.ACTIVE).values("funding", "document")
    return {(row["funding"], row["document"]): row["total"] for row in rows.annotate(total=Sum("paid_fen"))}


def spender(party_id: int) -> Party:
    """The party whose book carries expense. Raises NotFound."""
    found = Party.objects.filter(pk=party_id).first()
    if found is None:
        raise NotFound(gettext("没有这个支出单位"))
    return found


def unreversed(voucher_ids: Iterable[int]) -> list[int]:
    """Those of the vouchers that stand, in order; a batch's entries may have been reversed together with its cards."""
    standing = Voucher.objects.filter(pk__in=list(voucher_ids), reversal__isnull=True)
    return list(standing.order_by("id").values_list("id", flat=True))


def office_of(account_id: int) -> int | None:
    """The party that is the account's office."""
    return Account.objects.filter(pk=account_id).values_list("office_id", flat=True).first()


def offices(county: str) -> list[tuple[int, str]]:
    """Offices, committees and collectives of a county as choices: who may answer for a project or a payment."""
    kinds = (PartyKind.OFFICE, PartyKind.TOWN_GOVERNMENT, PartyKind.VILLAGE_COMMITTEE, PartyKind.COLLECTIVE)
    found = Party.objects.filter(county=county, kind__in=kinds).order_by("division_code", "id")
    return list(found.values_list("id", "name"))


def party_named(name: str, county: str) -> int | None:
    """The one party of a name, None when there is none or several."""
    found = list(Party.objects.filter(county=county, name=name).values_list("id", flat=True)[:2])
    return found[0] if len(found) == 1 else None
