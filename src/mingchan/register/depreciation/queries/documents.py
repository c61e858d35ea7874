"""What the log keeps of runs (留痕), and the check that each run's terms and charges are those it vouched for."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from django.db import connection
from django.db.models import F, Max, Min, Q
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Disagreement, Protected
from mingchan.register.depreciation import rules
from mingchan.register.depreciation.choices import RunState
from mingchan.register.depreciation.models import Course, Run, Term
from mingchan.register.depreciation.queries import line
from mingchan.register.depreciation.queries.line import TABLES

RUN = Protected(kind="depreciation_run", model=Run, label=("month",))
PROTECTED = (RUN,)
AT_ONCE = 5000
SHOWN = 20
KEPT = (
    "id", "book_id", "asset_id", "six_class", "purpose", "cost_fen", "life_months", "due", "base_fen", "months",
    "began", "before_fen", "booked_fen",
)  # fmt: skip
"""Columns of a term that its run vouches for."""


def of_run(run: Run) -> dict[str, Any]:
    """Document of a run."""
    return protection.document(RUN, run)


def _digested(statement: str, parameters: Sequence[int]) -> tuple[str, int, int]:
    """SHA-256 over the rows of a statement in its order, their number, and the sum of the last column."""
    whole, count, total = hashlib.sha256(), 0, 0
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(AT_ONCE):
            whole.update(orjson.dumps(rows, default=repr))
            count += len(rows)
            total += sum([row[-1] for row in rows if type(row[-1]) is int])
    return whole.hexdigest(), count, total


def charges_vouched(run_id: int) -> tuple[str, int, int]:
    """Digest, number and sum in fen of a run's charges."""
    statement = f"SELECT asset_id, fen FROM {TABLES['charge']} WHERE run_id = %s ORDER BY asset_id"  # noqa: S608
    return _digested(statement, [run_id])


def terms_vouched(run_id: int) -> str:
    """Digest of the terms that a run opened, whole, and of those it ended, by their number."""
    columns, term = ", ".join(KEPT), TABLES["term"]
    opened, _n, _sum = _digested(f"SELECT {columns} FROM {term} WHERE run_id = %s ORDER BY id", [run_id])  # noqa: S608
    ended, _n, _sum = _digested(f"SELECT id FROM {term} WHERE ended_by_id = %s ORDER BY id", [run_id])  # noqa: S608
    return hashlib.sha256(f"{opened}{ended}".encode()).hexdigest()


def faults() -> Iterator[Disagreement]:
    """Every disagreement of the runs with their own terms and charges, none when all is well.

    Reads all charges once; meant for the verifier. A charge that was changed is named, for the line gives it again.
    """
    for run in Run.objects.order_by("pk"):
        yield from _of_run(run)
    yield from _strays()
    yield from _liveness()
    yield from _courses()


def _of_run(run: Run) -> Iterator[Disagreement]:
    obj = str(run.ref)
    if run.state == RunState.BEING_WRITTEN:
        yield Disagreement(obj, "state", "1", "0", _("折旧计提没有完成"))
        return
    digest, count, total = charges_vouched(run.pk)
    if (digest, count, total) != (run.charges_digest, run.count, run.total_fen):
        named = list(_recomputed(run))
        yield from named
        if not named:
            words = _("%(month)s 的折旧明细与计提时不符") % {"month": run.month}
            yield Disagreement(obj, "charges_digest", run.charges_digest, digest, words)
    found = terms_vouched(run.pk)
    if found != run.terms_digest:
        words = _("%(month)s 的折旧条件与计提时不符") % {"month": run.month}
        yield Disagreement(obj, "terms_digest", run.terms_digest, found, words)


def _recomputed(run: Run) -> Iterator[Disagreement]:
    """Charges of a run that aren't what the card's term gives, the first few."""
    count = rules.counted(run.month)
    within = f"t.began <= {count} AND {count} < t.began + t.months"
    month = f"CASE WHEN {within} THEN {line.charge_of('t', str(count))} ELSE 0 END"
    if run.kind != "MONTH":
        month = f"{line.through('t', str(count - 1))} - t.booked_fen"
    statement = (
        f"SELECT c.asset_id, c.fen, {month} FROM {TABLES['charge']} c "  # noqa: S608 - names of our own models
        f"LEFT JOIN {TABLES['term']} t ON t.asset_id = c.asset_id AND t.book_id = %s AND t.run_id <= %s "
        f"AND (t.ended_by_id IS NULL OR t.ended_by_id > %s) WHERE c.run_id = %s ORDER BY c.asset_id"
    )
    shown = 0
    with connection.cursor() as cursor:
        cursor.execute(statement, [run.book_id, run.pk, run.pk, run.pk])
        for asset_id, fen, expected in cursor:
            if fen != expected and shown < SHOWN:
                shown += 1
                words = _("资产 %(asset)s 在 %(month)s 的折旧明细被改动") % {"asset": asset_id, "month": run.month}
                yield Disagreement(f"asset:{asset_id}", "fen", str(expected), str(fen), words)


def _strays() -> Iterator[Disagreement]:
    """Charges and terms of no run."""
    for name in ("charge", "term"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT x.asset_id, x.run_id FROM {TABLES[name]} x "  # noqa: S608 - names of our own models
                f"LEFT JOIN {TABLES['run']} r ON r.id = x.run_id WHERE r.id IS NULL LIMIT {SHOWN}"
            )
            for asset_id, run_id in cursor.fetchall():
                words = _("资产 %(asset)s 的折旧记录不属于任何一次计提") % {"asset": asset_id}
                yield Disagreement(f"asset:{asset_id}", "run_id", "", str(run_id), words)


def _liveness() -> Iterator[Disagreement]:
    """Terms that are live and shouldn't be, or the other way round."""
    lives = Q(run__state=RunState.POSTED) & (Q(ended_by__isnull=True) | Q(ended_by__state=RunState.REVERSED))
    wrong = Term.objects.filter(Q(is_live=True) & ~lives | Q(is_live=False) & lives)
    for asset_id, is_live in wrong.values_list("asset_id", "is_live")[:SHOWN]:
        words = _("资产 %(asset)s 的现行折旧条件与计提记录不符") % {"asset": asset_id}
        yield Disagreement(f"asset:{asset_id}", "is_live", str(not is_live), str(is_live), words)


def _courses() -> Iterator[Disagreement]:
    """Books whose progress isn't that of their runs."""
    posted = Run.objects.filter(state=RunState.POSTED, kind="MONTH").order_by()
    truth = {
        book: (rules.counted(first), rules.counted(last))
        for book, first, last in posted.values_list("book").annotate(Min("month"), Max("month"))
    }
    begun = Course.objects.filter(through__gte=F("first")).values_list("book", "first", "through")
    kept = {book: (first, through) for book, first, through in begun}
    for book in sorted(set(truth) | set(kept)):
        if truth.get(book) != kept.get(book):
            words = _("账套 %(book)s 的计提进度与计提记录不符") % {"book": book}
            yield Disagreement(f"book:{book}", "through", str(truth.get(book)), str(kept.get(book)), words)


__all__ = ["PROTECTED", "charges_vouched", "faults", "of_run", "terms_vouched"]
