"""A month's depreciation of a book (计提折旧): shown before, posted once, however many assets, in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger_queries
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import VoucherDraft
from mingchan.foundation.ledger.models import Book
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.money import format_yuan
from mingchan.register.depreciation import events, permissions, postings, rules
from mingchan.register.depreciation.choices import RunKind, RunState
from mingchan.register.depreciation.models import Course, Run
from mingchan.register.depreciation.postings import Group, Reclassed
from mingchan.register.depreciation.queries import charged, documents, standing

CLAUSES = ("3.4.1", "3.4.3b")
WHY_NOT = {
    "done": gettext_lazy("%(month)s 的折旧已经计提，不能重复计提。"),
    "gap": gettext_lazy("须按月依次计提，下一个应计提的月份是 %(next)s。"),
    "not_begun": gettext_lazy("%(month)s 还没有开始，不能计提。"),
    "not_over": gettext_lazy("当月增加的资产当月计提，%(month)s 结束（最后一天）后才能计提。"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run will charge: the month's groups, what is caught up, and what moves with cards that changed class."""

    month: int
    groups: Sequence[Group]
    catch_up: Sequence[Group]
    reclassed: Sequence[Reclassed]
    opened: int
    ended: int
    is_first: bool

    @property
    def month_fen(self) -> int:
        """The month's charges."""
        return sum(group.fen for group in self.groups)

    @property
    def month_count(self) -> int:
        """How many assets the month charges."""
        return sum(group.count for group in self.groups)

    @property
    def catch_up_fen(self) -> int:
        """What earlier months left out."""
        return sum(group.fen + group.earlier_fen for group in self.catch_up)

    @property
    def catch_up_count(self) -> int:
        """How many assets are caught up."""
        return sum(group.count for group in self.catch_up)


def locked(book_id: int, actor: Actor) -> Book:
    """The book, held until the transaction ends. Raises NotFound, NotAllowed."""
    book = Book.objects.select_for_update().filter(pk=book_id).first()
    if book is None:
        raise NotFound(_("没有这本账。"))
    permissions.require_run(actor, book)
    return book


def _begun(book: Book) -> Course | None:
    """How far the book is charged, None when it has no run."""
    course = Course.objects.filter(book=book).first()
    return course if course is not None and course.through >= course.first else None


def _due(book: Book, month: int, on: date) -> Course | None:
    """The book's progress, when the month may be charged. Raises Refusal."""
    course = _begun(book)
    first, through = (course.first, course.through) if course is not None else (None, None)
    count = rules.counted(month)
    if reason := rules.why_not_run(count, first, through, book.system, on):
        follows = ledger_queries.month_text(rules.written(through + 1)) if through is not None else ""
        words = {"month": ledger_queries.month_text(month), "next": follows}
        raise Refusal(str(WHY_NOT[reason]) % words, clauses=CLAUSES, field="month")
    return course


def _prepare(book: Book, month: int, run_id: int, *, is_first: bool) -> Preview:
    """Bring the terms up to the register of the month's day, and add up what they charge."""
    count = rules.counted(month)
    ended = standing.end_terms(book, count, run_id)
    opened = standing.open_terms(book, count, run_id)
    return Preview(
        month,
        standing.month_groups(book, count),
        standing.catch_up_groups(book, count, run_id),
        standing.reclassed(run_id),
        opened,
        ended,
        is_first,
    )


def _begin(book: Book, month: int, kind: str, actor: Actor, on: date) -> Run:
    day = min(on, rules.last_day(rules.counted(month)))
    return Run.objects.create(
        county=book.county,
        book=book,
        month=month,
        kind=kind,
        day=day,
        posted_by=actor.name,
        state=RunState.BEING_WRITTEN,
    )


def preview(book_id: int, month: int, *, actor: Actor, on: date) -> Preview:
    """What `post` would charge, by doing it and taking it back: it can't differ. Raises as `post`."""
    with transaction.atomic():
        book = locked(book_id, actor)
        course = _due(book, month, on)
        run = _begin(book, month, RunKind.MONTH, actor, on)
        found = _prepare(book, month, run.pk, is_first=course is None)
        transaction.set_rollback(True)
    return found


def post(book_id: int, month: int, *, actor: Actor, on: date) -> Run:
    """Charge a book's month (202003) and post it; answers the month's run. Serves 3.4.1, 3.4.3b.

    What earlier months left out, before the first run or on cards registered late, is charged beside it as a run of its
    own. Raises Refusal for a month that is charged already, leaves a gap, isn't over or is closed; NotFound,
    NotAllowed. A second run of a month that slips past is refused by the database.
    """
    try:
        with transaction.atomic():
            return _post(locked(book_id, actor), month, actor, on)
    except IntegrityError as error:
        if "run_once_a_month" in str(error) or "depreciation_run" in str(error):
            words = {"month": ledger_queries.month_text(month)}
            raise Refusal(str(WHY_NOT["done"]) % words, clauses=CLAUSES, field="month") from error
        raise


def post_through(book_id: int, month: int, *, actor: Actor, on: date) -> list[Run]:
    """Charge all months of a book from the next one due to `month`, in order, in one transaction. Raises as `post`."""
    with transaction.atomic():
        book = locked(book_id, actor)
        course = _begun(book)
        last = rules.counted(month)
        first = course.through + 1 if course is not None else last
        return [_post(book, rules.written(count), actor, on) for count in range(first, last + 1)] or [
            _post(book, month, actor, on)
        ]


def _post(book: Book, month: int, actor: Actor, on: date) -> Run:
    course = _due(book, month, on)
    run = _begin(book, month, RunKind.MONTH, actor, on)
    found = _prepare(book, month, run.pk, is_first=course is None)
    count = rules.counted(month)
    if found.catch_up:
        late = _begin(book, month, RunKind.CATCH_UP, actor, on)
        standing.charge_catch_up(book, count, late.pk, run.pk)
        _finish(late, book, found.catch_up, (), actor, on, is_first=found.is_first)
    standing.charge_month(book, count, run.pk)
    _finish(run, book, found.groups, found.reclassed, actor, on, is_first=False)
    Course.objects.update_or_create(
        book=book, defaults={"first": course.first if course is not None else count, "through": count}
    )
    return run


def _finish(
    run: Run,
    book: Book,
    groups: Sequence[Group],
    moved: Sequence[Reclassed],
    actor: Actor,
    on: date,
    *,
    is_first: bool,
) -> None:
    """The run's voucher, its digests, its seal and its record. Raises RuntimeError when charges and sums part."""
    roles = charged.codes_of(book.pk)
    lines = postings.of_run(groups, moved, roles, subject=str(run.ref), is_first=is_first)
    digest, count, total = documents.charges_vouched(run.pk)
    if total != sum(group.fen + group.earlier_fen for group in groups):
        raise RuntimeError(f"charges of run {run.pk} don't add up to its postings")
    words = {"month": ledger_queries.month_text(run.month), "count": count}
    if run.kind == RunKind.MONTH:
        summary = _("计提%(month)s折旧（%(count)s 项资产）") % words
    else:
        summary = _("补提以前月份折旧（%(month)s办理，%(count)s 项资产）") % words
    if lines:
        draft = VoucherDraft(
            book_id=book.pk,
            day=run.day,
            summary=summary,
            lines=lines,
            source=run.ref,
            key=f"depreciation:{run.pk}",
            division=book.division_code,
        )
        run.voucher = ledger.post(draft, actor=actor, on=on)
    run.charges_digest = digest
    run.terms_digest = documents.terms_vouched(run.pk)
    run.count, run.total_fen, run.state = count, total, RunState.POSTED
    run.save(force_update=True)
    evidence.record(
        events.POSTED,
        run.ref,
        actor=actor,
        on=on,
        after=documents.of_run(run),
        division=book.division_code,
        facts={
            "book": book.name,
            "month": ledger_queries.month_text(run.month),
            "count": count,
            "total": format_yuan(total),
        },
    )
