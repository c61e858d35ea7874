"""Taking a month's run back as a whole (冲销折旧): red vouchers, and the terms as they were before."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger_queries
from mingchan.foundation.ledger import services as ledger
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.money import format_yuan
from mingchan.register.depreciation import events, rules
from mingchan.register.depreciation.choices import RunState
from mingchan.register.depreciation.models import Course, Run, Term
from mingchan.register.depreciation.queries import documents
from mingchan.register.depreciation.services.running import CLAUSES, locked


@transaction.atomic
def reverse(run_id: int, reason: str, *, actor: Actor, on: date) -> list[Run]:
    """Reverse a book's last charged month, with what was caught up in it; answers the runs. Serves 3.4.1.

    Raises Refusal when a later month is charged, an asset charged in it left the book since, the run is reversed
    already, no reason is given, or the month of `on` is closed; NotFound, NotAllowed.
    """
    found = Run.objects.filter(pk=run_id).first()
    if found is None:
        raise NotFound(_("没有这次折旧计提。"))
    book = locked(found.book_id, actor)
    runs = list(
        Run.objects.select_for_update(of=("self",))
        .filter(book=book, month=found.month, state=RunState.POSTED)
        .select_related("voucher", "book")
        .order_by("-id")
    )
    if found.pk not in [run.pk for run in runs]:
        raise Refusal(_("这次折旧计提已经冲销。"), clauses=CLAUSES)
    course = Course.objects.get(book=book)
    count = rules.counted(found.month)
    if course.through != count:
        raise Refusal(
            _("只能冲销最后一个月，请先冲销 %(month)s。")
            % {"month": ledger_queries.month_text(rules.written(course.through))},
            clauses=CLAUSES,
        )
    if not reason.strip():
        raise Refusal(_("请写明冲销原因。"), clauses=CLAUSES, field="reason")
    if left := _left_since(book.pk, book.owner_id):
        raise Refusal(
            _("%(count)s 项资产已带着累计折旧转出本账套，这个月的折旧不能再冲销。") % {"count": left}, clauses=CLAUSES
        )
    for run in runs:
        _reverse(run, reason.strip()[:200], actor, on)
    Term.objects.filter(run__in=runs).update(is_live=False)
    Term.objects.filter(ended_by__in=runs).update(is_live=True)
    course.through = count - 1
    course.save(force_update=True)
    return runs


def _left_since(book_id: int, owner_id: int) -> int:
    """How many assets with a live term have left the book since the last run."""
    return (
        Term.objects.filter(book=book_id, is_live=True)
        .exclude(asset__owner=owner_id, asset__status="ACTIVE")
        .exclude(asset__status="SPLIT")
        .count()
    )


def _reverse(run: Run, reason: str, actor: Actor, on: date) -> None:
    before = documents.of_run(run)
    if run.voucher is not None:
        run.reversal = ledger.reverse(run.voucher.pk, reason, actor=actor, on=on)
    run.state, run.reversed_on, run.reversed_by, run.reason = RunState.REVERSED, on, actor.name, reason
    run.save(force_update=True)
    evidence.record(
        events.REVERSED,
        run.ref,
        actor=actor,
        on=on,
        before=before,
        after=documents.of_run(run),
        division=run.book.division_code,
        reason=reason,
        facts={
            "book": run.book.name,
            "month": ledger_queries.month_text(run.month),
            "total": format_yuan(run.total_fen),
        },
    )
