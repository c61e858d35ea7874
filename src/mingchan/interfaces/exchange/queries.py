"""Reading batches for pages, the command and checks: within the actor's county and no further."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.choices import PartyKind
from mingchan.interfaces.exchange import permissions, preview, wording
from mingchan.interfaces.exchange.choices import BatchState, Difference, Purpose, Severity, SheetKind
from mingchan.interfaces.exchange.models import Batch, Issue, RowDifference
from mingchan.interfaces.exchange.understanding import catalogue
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.register.assets.choices import System

PAGE = 50
SURVEYS = "survey_"
"""The door of surveys: the beginning of the names of its addresses. The other door's is empty."""
IMPORTABLE = (SheetKind.REGISTER, SheetKind.FUND_USE, SheetKind.APPROPRIATION, SheetKind.SURVEY)
STATE_TONES = {
    BatchState.READY: "warn",
    BatchState.REFUSED: "bad",
    BatchState.APPLIED: "good",
    BatchState.APPLYING: "info",
    BatchState.QUEUED: "info",
    BatchState.READING: "info",
}
BATCH_COLUMNS = (
    "pk",
    "file_name",
    "state",
    "row_count",
    "error_count",
    "warning_count",
    "received_at",
    "is_sample",
    "uploader__name",
    "result",
    "applied_on",
    "purpose",
)
SUM_FIELDS = {
    SheetKind.REGISTER: "cost_fen",
    SheetKind.FUND_USE: "paid_fen",
    SheetKind.APPROPRIATION: "amount_fen",
    SheetKind.SURVEY: "cost_fen",
}


def tone_of(state: str) -> str:
    """The tone in which a state is shown."""
    return STATE_TONES.get(BatchState(state), "neutral")


def state_label(state: str, purpose: str) -> str:
    """A batch's state in words: a survey is taken, not entered into the books."""
    if purpose == Purpose.SURVEY and state == BatchState.APPLIED:
        return _("已收下")
    return str(BatchState(state).label)


def batch(batch_id: int, actor: Actor, door: str = "") -> Batch:
    """One batch of the actor's county. Raises NotFound otherwise, as for a number that doesn't exist.

    At the door of surveys (`door` is SURVEYS) stand only surveys, for those who may see them.
    """
    found = Batch.objects.select_related("file", "uploader").filter(pk=batch_id, county=actor.county).first()
    right = permissions.VIEW_SURVEY if door else permissions.VIEW
    if found is None or not actor.may(right, found.county) or (door and found.purpose != Purpose.SURVEY):
        raise NotFound(_("没有这个导入批次。"))
    return found


def batches_page(
    actor: Actor, after: str | None = None, before: str | None = None, door: str = ""
) -> tuple[list[dict[str, Any]], int | None, int | None]:
    """Batches newest first: rows, key of the previous page, key of the next."""
    right = permissions.VIEW_SURVEY if door else permissions.VIEW
    rows = Batch.objects.filter(county=actor.county) if actor.may(right, actor.county) else Batch.objects.none()
    if door:
        rows = rows.filter(purpose=Purpose.SURVEY)
    backwards = bool(before and before.isdecimal())
    if backwards:
        rows = rows.filter(pk__gt=int(before or 0)).order_by("pk")
    else:
        if after and after.isdecimal():
            rows = rows.filter(pk__lt=int(after))
        rows = rows.order_by("-pk")
    found: list[dict[str, Any]] = [dict(row) for row in rows.values(*BATCH_COLUMNS)[: PAGE + 1]]
    more = len(found) > PAGE
    found = found[:PAGE]
    for row in found:
        row["state_label"] = state_label(row["state"], row["purpose"])
        row["tone"] = tone_of(row["state"])
    if backwards:
        found.reverse()
    previous = found[0]["pk"] if found and (more if backwards else bool(after)) else None
    following = found[-1]["pk"] if found and (True if backwards else more) else None
    return found, previous, following


def sheets_of(batch: Batch, door: str = "") -> list[dict[str, Any]]:
    """Each sheet as understood, with its sums and the agreement of its own total lines."""
    found = []
    for number, sheet in enumerate(batch.summary.get("sheets", ())):
        kind = sheet["kind"]
        excluded = sheet["name"] in batch.excluded
        figure = SUM_FIELDS.get(kind)
        stated = [line for line in sheet["stated"] if line["field"] == figure]
        found.append(
            {
                **sheet,
                "number": number,
                "kind_label": _("不导入") if excluded else SheetKind(kind).label,
                "importable": kind in IMPORTABLE or excluded,
                "excluded": excluded,
                "sum": sheet["sums"].get(figure, 0) if figure else None,
                "quantity": sheet["sums"].get("quantity_milli"),
                "total_line": stated[-1] if stated else None,
                "compared_wrong": sum(1 for line in sheet["compared"] if line["stated"] != line["computed"]),
                "wrong_lines": [line for line in sheet["stated"] if line["stated"] != line["computed"]],
                "confidence": min((c["confidence"] for c in sheet["columns"] if c["field"]), default=1),
                "columns_url": reverse(f"exchange:{door}columns", args=[batch.pk, number]),
            }
        )
    return found


def new_parties(batch: Batch) -> list[dict[str, Any]]:
    """Parties the workbook names that the directory doesn't know, by kind: they are made, unconfirmed, on import."""
    rows = batch.summary.get("parties", ())
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["new"]:
            by_kind.setdefault(row["kind"], []).append(row)
    return [
        {"kind": PartyKind(kind).label, "count": len(found), "names": [row["name"] for row in found[:12]]}
        for kind, found in sorted(by_kind.items())
    ]


def sample_rows(batch: Batch) -> list[dict[str, Any]]:
    """The first rows of each importable sheet as they will be entered."""
    return [
        {"name": name, **preview.table(first["kind"], first["rows"], first["places"])}
        for name, first in batch.summary.get("samples", {}).items()
        if name not in batch.excluded and first["rows"]
    ]


def issue_groups(batch: Batch, door: str = "") -> list[dict[str, Any]]:
    """Issues by kind, gravest and most first, each with a link to its list."""
    rows = (
        batch.issues.values("severity", "code")
        .annotate(count=Count("id"), first=Min("id"))
        .order_by("severity", "-count", "code")
    )
    examples = batch.issues.in_bulk([row["first"] for row in rows])
    base = reverse(f"exchange:{door}issues", args=[batch.pk])
    return [
        {
            **row,
            "label": _title(examples[row["first"]], row["count"]),
            "severity_label": Severity(row["severity"]).label,
            "url": f"{base}?severity={row['severity']}&code={row['code']}",
        }
        for row in rows
    ]


def _title(example: Issue, count: int) -> str:
    """A group by its first case; of several cases it is an example."""
    sentence, _advice = wording.issue(example.code, _params(example))
    return (
        _("例如：%(sentence)s") % {"sentence": sentence}
        if count > 1 and (example.params or example.value)
        else sentence
    )


def issue_choices(batch: Batch) -> dict[str, list[tuple[str, str]]]:
    """What the list of issues can be narrowed to."""
    rows = list(batch.issues.values_list("severity", "sheet", "code").distinct())
    firsts = batch.issues.values("code").annotate(first=Min("id")).values_list("first", flat=True)
    examples = batch.issues.in_bulk(list(firsts)).values()
    return {
        "severity": [(value, str(Severity(value).label)) for value in sorted({row[0] for row in rows})],
        "sheet": [(value, value) for value in sorted({row[1] for row in rows if row[1]})],
        "code": sorted((issue.code, wording.issue(issue.code, _params(issue))[0]) for issue in examples),
    }


def _params(issue: Issue) -> dict[str, Any]:
    return {**issue.params, "value": issue.value}


def described(issue: Issue) -> dict[str, Any]:
    """An issue in words: where, what is wrong, what to do."""
    sentence, advice = wording.issue(issue.code, _params(issue))
    return {
        "id": issue.pk,
        "severity": issue.severity,
        "severity_label": issue.get_severity_display(),
        "code": issue.code,
        "sheet": issue.sheet,
        "row": issue.row,
        "column": issue.column,
        "field": issue.field,
        "value": issue.value,
        "sentence": sentence,
        "advice": advice,
    }


def issues_page(
    batch: Batch, filters: Mapping[str, str], after: str | None = None, limit: int = PAGE
) -> tuple[list[dict[str, Any]], int | None]:
    """Issues in the order of the sheets, described, with the key of the next page and any correction made."""
    rows = batch.issues.order_by("id")
    for name in ("severity", "sheet", "code"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if after and after.isdecimal():
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: limit + 1])
    corrected = {(c.sheet, c.row, c.column): c.text for c in batch.corrections.all()}
    shown = [
        {**described(issue), "correction": corrected.get((issue.sheet, issue.row, issue.column))}
        for issue in found[:limit]
    ]
    return shown, (found[limit - 1].pk if len(found) > limit else None)


def columns_of(batch: Batch, number: int) -> dict[str, Any]:
    """The columns of one sheet: letter, heading, what it was read as and how surely, and the fields to choose from."""
    sheets = batch.summary.get("sheets", ())
    if number >= len(sheets) or sheets[number]["kind"] not in catalogue.COLUMNS:
        raise NotFound(_("没有这个工作表。"))
    sheet = sheets[number]
    fields = [field for field in catalogue.COLUMNS[sheet["kind"]] if field.reader != "ignore"]
    options = [(field.name, wording.column(field.label)) for field in fields]
    chosen = batch.mapping.get(sheet["name"], {})
    columns = [{**column, "chosen": chosen.get(str(column["index"]), column["field"])} for column in sheet["columns"]]
    return {"name": sheet["name"], "kind": SheetKind(sheet["kind"]).label, "columns": columns, "options": options}


def out_of_scope(batch: Batch) -> list[dict[str, Any]]:
    """Sources of money outside the plan's scope, how many rows each has, and the reason if admitted (2.1.1)."""
    counts: Counter[str] = Counter(batch.summary.get("scope", {}))
    return [{"text": text, "count": count, "reason": batch.admitted.get(text, "")} for text, count in counts.items()]


def difference_counts(batch: Batch) -> list[dict[str, Any]]:
    """How many rows are new, changed and gone against the version applied before, and how many were chosen."""
    if batch.predecessor_id is None:
        return []
    rows = {
        (row["kind"], row["chosen"]): row["count"]
        for row in batch.differences.values("kind", "chosen").annotate(count=Count("id"))
    }
    base = reverse("exchange:differences", args=[batch.pk])
    return [
        {
            "kind": kind.value,
            "label": kind.label,
            "count": rows.get((kind.value, True), 0) + rows.get((kind.value, False), 0),
            "chosen": rows.get((kind.value, True), 0),
            "url": f"{base}?kind={kind.value}",
        }
        for kind in Difference
    ]


def differences_page(
    batch: Batch, kind: str, after: str | None = None, limit: int = PAGE
) -> tuple[list[RowDifference], int | None]:
    """Differences of a batch against the version applied before."""
    rows = batch.differences.order_by("id")
    if kind in Difference.values:
        rows = rows.filter(kind=kind)
    if after and after.isdecimal():
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: limit + 1])
    return found[:limit], (found[limit - 1].pk if len(found) > limit else None)


def result_of(batch: Batch) -> dict[str, Any]:
    """What an applied batch did: counts, sums, and the links to its assets, vouchers and records."""
    result = dict(batch.result)
    source = f"batch:{batch.pk}"
    result["assets_url"] = reverse("assets:list") + f"?source={source}"
    result["vouchers"] = [
        (number, reverse("ledger:voucher", args=[number])) for number in result.get("voucher_ids", ())
    ]
    result["log_url"] = reverse("evidence:log") + f"?obj={source}"
    return result


def survey_choices(actor: Actor) -> dict[str, list[tuple[Any, str]]]:
    """What the form beside a survey sheet offers: organisations, the county's townships, systems."""
    county = actor.county.ljust(12, "0")
    return {
        "parties": [(party.pk, party.name) for party in directory.offices(actor.county)],
        "divisions": [(row.code, row.name) for row in directory.children(county)],
        "systems": [(value, str(label)) for value, label in System.choices],
    }


def division_names(codes: set[str]) -> dict[str, str]:
    """Names of divisions by code."""
    return {code: found.name for code in codes if (found := directory.division(code)) is not None}
