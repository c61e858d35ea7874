"""Reading a workbook for its preview: understood in a child process, then held against the county and the register."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from itertools import islice, repeat
from typing import Any

from django.db import transaction

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.exchange import permissions, progress, rules, spool, wording
from mingchan.interfaces.exchange.choices import BatchState, Purpose, SheetKind
from mingchan.interfaces.exchange.models import Batch, Issue
from mingchan.interfaces.exchange.reading.refusals import ContainerRefused, ReadingFailed
from mingchan.interfaces.exchange.services import comparing, locking, source
from mingchan.interfaces.exchange.services.drafting import AT, HOLDERS, SURVEY_AT, USE_AT, Places
from mingchan.interfaces.exchange.understanding import catalogue
from mingchan.interfaces.exchange.understanding.intake import WorkbookResult, read_workbook
from mingchan.interfaces.exchange.understanding.options import ReadingOptions
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.register.assets.models import Asset

SAMPLE_ROWS = 8
PROBES, PROBES_MOST = 20, 400
"""Rows of each frame, and of all, that are looked up in the register."""
CHUNK = 500
TOWN_DIGITS = 9
ISSUES_KEPT = 20_000
RawIssue = tuple[str, str, str, int, str, str, str, dict[str, Any]]
"""Severity, code, sheet, row, column, field, value, parameters: an issue as the reading process gives it."""
READABLE = (BatchState.RECEIVED, BatchState.READING, BatchState.READY, BatchState.REFUSED)


def read(batch_id: int, *, actor: Actor, on: date) -> Batch:
    """Read a batch's workbook anew and keep what was understood, with every issue. Changes nothing in the register.

    Ends in READY, or REFUSED with the cause. A reading overtaken by a later one is thrown away.
    """
    with transaction.atomic():
        batch = locking.lock(batch_id, actor)
        permissions.require_import(actor, batch.purpose)
        locking.require_state(batch, *READABLE)
        batch.state = BatchState.READING
        batch.reading += 1
        batch.save(update_fields=["state", "reading"])
    turn = batch.reading
    reporter = progress.Reporter(batch.pk, batch.row_count)
    survey = Survey(batch, on)
    spool.forget(batch_id)
    kept = spool.Writer(batch_id, turn)
    try:
        result, options = _understood(batch, survey, reporter, kept)
    except (ContainerRefused, ReadingFailed) as refusal:
        kept.discard()
        reporter.close()
        return _store_refusal(batch_id, turn, actor, wording.refusal(refusal.code, refusal.params))
    except BaseException:
        kept.discard()
        raise
    reporter.report("checking", batch.row_count)
    marks = {"basis": source.basis_of(batch, options), "rows": kept.finish()}
    stored = _store(batch_id, turn, actor, result, survey, marks)
    if stored.error_count or stored.reading != turn:
        kept.discard()
    reporter.close()
    return stored


def _understood(
    batch: Batch, survey: "Survey", reporter: progress.Reporter, kept: spool.Writer
) -> tuple[WorkbookResult, ReadingOptions]:
    """Read once, and once more when this shape has a remembered mapping that the first reading couldn't know of."""
    path = source.path_of(batch)
    options = source.options_of(batch)
    result = _once(path, options, survey, reporter, kept)
    if not batch.summary:
        batch.summary = {"sheets": [asdict(sheet) for sheet in result.summary.sheets]}
        remembered = source.options_of(batch)
        if remembered.mapping != options.mapping:
            survey.forget()
            kept.again()
            return _once(path, remembered, survey, reporter, kept), remembered
    return result, options


def _once(
    path: Any, options: ReadingOptions, survey: "Survey", reporter: progress.Reporter, kept: spool.Writer
) -> WorkbookResult:
    def heard(frame: dict[str, Any]) -> None:
        reporter.total = max(reporter.total, int(frame.get("of") or 0))
        reporter.report("reading", int(frame.get("rows") or 0))

    return read_workbook(
        path,
        options=options,
        on_rows=survey.take,
        on_progress=heard,
        cancelled=reporter.cancelled,
        keep=kept.add,
    )


class Survey:
    """What a workbook's rows mean in this county: places, parties, numbers already taken, a look at the first rows."""

    def __init__(self, batch: Batch, on: date) -> None:
        self.county = batch.county
        self.paper_day = on
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.places = Places(self.county, self.paper_day)
        self.parties: Counter[tuple[str, str]] = Counter()
        self.unknown: list[tuple[str, int, str, str]] = []
        self.codes: dict[str, tuple[str, int]] = {}
        self.serials: dict[str, tuple[str, int]] = {}
        self.scope: Counter[str] = Counter()
        self.samples: dict[str, list[Sequence[Any]]] = {}
        self.kinds: dict[str, str] = {}
        self.undated: Counter[str] = Counter()
        self.probes: list[tuple[str, str, int, int, str]] = []
        self.found: dict[str, set[str]] = {"divisions": set(), "systems": set(), "days": set()}
        self._kinds_of: dict[tuple[str, str, str], str] = {}

    def take(self, sheet: str, kind: str, rows: Sequence[Sequence[Any]]) -> None:
        """Look at a frame of rows."""
        self.kinds[sheet] = kind
        kept = self.samples.setdefault(sheet, [])
        if len(kept) < SAMPLE_ROWS:
            kept.extend(islice(rows, SAMPLE_ROWS - len(kept)))
        if kind == SheetKind.REGISTER:
            self._take_cards(sheet, rows)
        elif kind == SheetKind.SURVEY:
            self._take_found(sheet, rows)
        elif kind == SheetKind.FUND_USE:
            for row in rows:
                if row[USE_AT["payee"]]:
                    self.parties[(rules.party_kind(row[USE_AT["payee"]], "payee", ""), row[USE_AT["payee"]])] += 1

    def _take_found(self, sheet: str, rows: Sequence[Sequence[Any]]) -> None:
        """Rows of a survey: where they were found, of which systems, on which days."""
        number, town, village, system, day = (
            SURVEY_AT[name] for name in ("row", "town", "village", "system", "surveyed_on")
        )
        for row in rows:
            code = self.places.code(row[town] or "", row[village] or "")
            if code is None:
                self.unknown.append((sheet, row[number], row[town] or "", row[village] or ""))
            else:
                self.found["divisions"].add(code[:TOWN_DIGITS].ljust(12, "0"))
            if row[system]:
                self.found["systems"].add(row[system])
            if row[day]:
                self.found["days"].add(row[day])

    def _take_cards(self, sheet: str, rows: Sequence[Sequence[Any]]) -> None:
        town, village, cost, quantity, name = (
            AT[field] for field in ("town", "village", "cost_fen", "quantity_milli", "name")
        )
        for row in rows[:: max(1, len(rows) // PROBES)]:
            if len(self.probes) < PROBES_MOST and row[cost] and row[quantity] and row[name]:
                place = self.places.code(row[town], row[village]) or ""
                self.probes.append((sheet, row[name], row[quantity], row[cost], place))
        column = dict(zip(catalogue.REGISTER_FIELDS, zip(*rows, strict=True), strict=True))
        self.undated[sheet] += column["acquired_on"].count(None)
        where = [column[field] for field in ("row", "town", "village")]
        codes = self.places.codes(column["town"], column["village"])
        if None in codes:
            self.unknown += [
                (sheet, *place) for place, code in zip(zip(*where, strict=True), codes, strict=True) if code is None
            ]
        marks = list(zip(repeat(sheet), column["row"], strict=False))
        self.codes.update(_given(column["asset_code"], marks))
        self.serials.update(_given(column["serial_no"], marks))
        in_scope = {source.code for source in policy.funding_sources().values() if source.in_scope}
        for (word, text), count in Counter(zip(column["funding"], column["funding_text"], strict=True)).items():
            if word and word not in in_scope:
                self.scope[text or word] += count
        counted: dict[tuple[str, str, str], int] = {}
        for field in HOLDERS:
            for (holder, site), count in Counter(zip(column[field], column["site"], strict=True)).items():
                if holder:
                    counted[(field, holder, site)] = count
        for key, count in counted.items():
            kind = self._kinds_of.get(key)
            if kind is None:
                kind = self._kinds_of[key] = rules.party_kind(key[1], key[0], key[2])
            self.parties[(kind, key[1])] += count

    # What the register says ------------------------------------------------------------------------------------

    def issues(self, result: WorkbookResult) -> list[RawIssue]:
        """Issues that only the county's own data can raise, in the form of the reader's."""
        letters = {
            (sheet.name, column.field): column.letter for sheet in result.summary.sheets for column in sheet.columns
        }
        found: list[RawIssue] = []
        for sheet, row, town, village in self.unknown:
            field = "village" if village else "town"
            letter = letters.get((sheet, field)) or letters.get((sheet, "town_village"), "")
            found.append(("error", "division_unknown", sheet, row, letter, field, village or town, {"town": town}))
        for name, values, code in (
            ("asset_code", self.codes, "code_in_register"),
            ("serial_no", self.serials, "serial_in_register"),
        ):
            for value in self._taken(name, list(values)):
                sheet, row = values[value]
                found.append(("error", code, sheet, row, letters.get((sheet, name), ""), name, value, {}))
        dated_wrong = Counter(i.sheet for i in result.issues if i.field == "acquired_on" and i.severity == "error")
        for sheet, count in self.undated.items():
            if count > dated_wrong[sheet]:
                facts = {"count": count - dated_wrong[sheet]}
                found.append(("warning", "dates_missing", sheet, 0, "", "acquired_on", "", facts))
        return found

    def look_registered(self) -> list[RawIssue]:
        """Whether rows of the workbook, picked evenly, have equal cards in the register already."""
        costs = sorted({probe[3] for probe in self.probes})
        cards: set[tuple[str, int, int, str]] = set()
        for start in range(0, len(costs), CHUNK):
            standing = Asset.objects.filter(
                county=self.county, status="ACTIVE", cost_fen__in=costs[start : start + CHUNK]
            )
            cards.update(standing.values_list("name", "quantity_milli", "cost_fen", "division_code")[:20_000])
        found: list[RawIssue] = []
        for sheet in sorted({probe[0] for probe in self.probes}):
            mine = [probe[1:] for probe in self.probes if probe[0] == sheet]
            same = sum(1 for probe in mine if probe in cards)
            if same * 2 >= len(mine):
                found.append(
                    ("warning", "looks_registered", sheet, 0, "", "", "", {"checked": len(mine), "same": same})
                )
        return found

    def _taken(self, name: str, values: list[str]) -> list[str]:
        """Of numbers of cards or of serial numbers, those that the register has already."""
        taken: list[str] = []
        for start in range(0, len(values), database.BATCH):
            chunk = database.one_of(values[start : start + database.BATCH])
            if name == "serial_no":
                cards = Asset.objects.filter(county=self.county, status="ACTIVE", serial_no__in=chunk)
                taken += cards.exclude(serial_no="").values_list("serial_no", flat=True)
            else:
                cards = Asset.objects.filter(county=self.county, code__in=chunk)
                taken += cards.exclude(status="WITHDRAWN").values_list("code", flat=True)
        return taken

    def party_rows(self) -> list[dict[str, Any]]:
        """Every party named, how often, and whether the directory knows it."""
        names = sorted({name for _kind, name in self.parties})
        known: set[tuple[str, str]] = set()
        for start in range(0, len(names), CHUNK):
            known |= {(p.kind, p.name) for p in directory.parties_named(self.county, names[start : start + CHUNK])}
        return [
            {"kind": kind, "name": name, "count": count, "new": (kind, name) not in known}
            for (kind, name), count in sorted(self.parties.items())
        ]

    def first_rows(self) -> dict[str, dict[str, Any]]:
        """The first rows of each sheet as understood, with today's names of their places."""
        found: dict[str, dict[str, Any]] = {}
        for sheet, rows in self.samples.items():
            where = [""] * len(rows)
            if self.kinds[sheet] in (SheetKind.REGISTER, SheetKind.SURVEY):
                at = AT if self.kinds[sheet] == SheetKind.REGISTER else SURVEY_AT
                codes = [self.places.code(row[at["town"]] or "", row[at["village"]] or "") for row in rows]
                where = [self.places.name(code) if code else "" for code in codes]
            found[sheet] = {"kind": self.kinds[sheet], "rows": [list(row) for row in rows], "places": where}
        return found


def _given(values: Sequence[str | None], marks: Sequence[tuple[str, int]]) -> Iterable[tuple[str, tuple[str, int]]]:
    """The numbers that are stated, each with its sheet and row."""
    return [(value, mark) for value, mark in zip(values, marks, strict=True) if value]


def _store_refusal(batch_id: int, turn: int, actor: Actor, words: str) -> Batch:
    with transaction.atomic():
        batch = locking.lock(batch_id, actor)
        if batch.reading == turn and batch.state == BatchState.READING:
            batch.state = BatchState.REFUSED
            batch.refusal = words
            batch.save(update_fields=["state", "refusal"])
    return batch


def _store(
    batch_id: int, turn: int, actor: Actor, result: WorkbookResult, survey: Survey, marks: dict[str, str]
) -> Batch:
    found: list[RawIssue] = [(*issue,) for issue in result.issues if issue.severity != "info"] + survey.issues(result)
    summary = asdict(result.summary)
    order = {sheet["name"]: number for number, sheet in enumerate(summary["sheets"])}
    kinds = {sheet["kind"] for sheet in summary["sheets"]}
    mixed = {SheetKind.SURVEY.value, SheetKind.REGISTER.value} <= kinds
    if mixed:
        left_out = [sheet["name"] for sheet in summary["sheets"] if sheet["kind"] == SheetKind.SURVEY]
        found += [("warning", "survey_left_out", name, 0, "", "", "", {}) for name in left_out]
    found.sort(key=lambda issue: (order.get(issue[2], -1), issue[3], len(issue[4]), issue[4]))
    errors, warnings = (sum(1 for issue in found if issue[0] == severity) for severity in ("error", "warning"))
    counts = Counter((issue[2], issue[0]) for issue in found)
    for sheet in summary["sheets"]:
        sheet["errors"], sheet["warnings"] = counts[(sheet["name"], "error")], counts[(sheet["name"], "warning")]
    summary["survey"] = {name: sorted(values) for name, values in survey.found.items()}
    summary |= {
        "parties": survey.party_rows(),
        "samples": survey.first_rows(),
        "scope": dict(survey.scope),
        "spool": marks,
    }
    seen = Batch.objects.get(pk=batch_id)
    seen.summary = summary
    comparison = comparing.find(seen) if not errors else comparing.Comparison()
    if comparison.predecessor is None:
        alike = survey.look_registered()
        found += alike
        warnings += len(alike)
    with transaction.atomic():
        batch = locking.lock(batch_id, actor)
        if batch.reading != turn or batch.state != BatchState.READING:
            return batch
        batch.issues.all().delete()
        Issue.objects.bulk_create(
            (
                Issue(
                    batch=batch, severity=severity, code=code, sheet=sheet, row=row, column=column, field=field,
                    value=value, params=params,
                )
                for severity, code, sheet, row, column, field, value, params in found[:ISSUES_KEPT]
            ),
            batch_size=1000,
        )  # fmt: skip
        batch.summary = summary
        if not batch.purpose and SheetKind.SURVEY in kinds and not mixed:
            batch.purpose = Purpose.SURVEY
        batch.shape = next((s["shape"] for s in summary["sheets"] if s["kind"] == SheetKind.REGISTER), "")
        batch.row_count = sum(sheet["rows"] for sheet in summary["sheets"])
        batch.error_count, batch.warning_count = errors, warnings
        batch.refusal = ""
        batch.predecessor = comparison.predecessor
        batch.state = BatchState.READY
        batch.save()
        comparing.store(batch, comparison)
    return batch


def paper_day(batch: Batch) -> date:
    """The day of the paper, by which its place names are read: what the first sheet states, else the day it came."""
    for sheet in batch.summary.get("sheets", ()):
        if sheet["reported_on"]:
            return date.fromisoformat(sheet["reported_on"])
    return batch.received_on
