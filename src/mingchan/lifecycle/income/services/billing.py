"""Issuing receivables (开具应收) for all contracts in one piece, and taking back one that was wrong (作废)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger_queries
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import VoucherDraft
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.money import format_yuan
from mingchan.kernel.period import format_day
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.income import events, permissions, postings
from mingchan.lifecycle.income.choices import INCOME_KINDS, EntryKind
from mingchan.lifecycle.income.models import Billing, Cancellation, Entry, Receivable
from mingchan.lifecycle.income.queries import billable, contracts
from mingchan.lifecycle.income.queries.documents import BILLING, CANCELLATION, RECEIVABLE
from mingchan.lifecycle.income.services import books

CLAUSES = ("2.5a",)
COLUMNS = (
    "id", "county", "year", "number", "billing_id", "contract_id", "key", "kind", "starts_on", "last_day", "due_on",
    "fen", "operator_id", "creditor_id", "division_code", "mode", "issued_on", "cancelled_on", "is_sample",
)  # fmt: skip
WRITTEN = (*COLUMNS, "settled_fen")


@transaction.atomic
def issue(until: date, *, count: int | None = None, actor: Actor, on: date, is_sample: bool = False) -> Billing:
    """Issue receivables for every unbilled due up to a day, all or none, in one series of numbers (2.5a).

    Income goes into the creditor's book with one voucher for each book; a deposit is due without being income. The
    creditor is whoever alone holds the income right of the contract's assets, else the lessor. `count` is how many the
    preview showed: another number is refused. Raises NotAllowed without `income.bill`; Refusal when nothing is due.
    """
    first = database.reserve_ids(Receivable, 1)  # the series is held until the transaction ends
    permissions.require(actor, permissions.BILL)
    unbilled = billable.unbilled(actor, until)
    if not unbilled:
        raise Refusal(_("截至这一天没有需要开具的应收"), clauses=CLAUSES, field="until")
    if count is not None and count != len(unbilled):
        raise Refusal(_("应收款项刚有变动，请核对下面的清单后再开具"), clauses=CLAUSES)
    first = database.reserve_ids(Receivable, len(unbilled))
    last = Receivable.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("number"))["last"] or 0
    total = sum(row.due.fen for row in unbilled)
    billing = Billing.objects.create(
        county=actor.county,
        until=until,
        count=len(unbilled),
        fen=total,
        issued_on=on,
        issued_by=actor.name,
        is_sample=is_sample,
    )
    register = contracts.Register(row.contract.id for row in unbilled)
    creditor = {row.contract.id: register.sole_holder(row.contract.id, on) or row.contract.lessor for row in unbilled}
    rows = [
        (
            first + place, actor.county, on.year, last + 1 + place, billing.pk, due.contract_id, due.key, due.kind,
            due.starts_on, due.last_day, due.due_on, due.fen, of.operator, creditor[of.id], of.division, of.mode, on,
            None, is_sample or of.is_sample,
        )
        for place, (due, of) in enumerate((row.due, row.contract) for row in unbilled)
    ]  # fmt: skip
    database.insert_rows(Receivable, WRITTEN, ((*row, 0) for row in rows))
    _post(billing, rows, actor, on)
    _record(billing, rows, actor, on)
    return billing


def _post(billing: Billing, rows: Sequence[tuple[object, ...]], actor: Actor, on: date) -> None:
    """One voucher for each creditor's book, with the lines of each receivable that is income."""
    place, kind, fen = COLUMNS.index("creditor_id"), COLUMNS.index("kind"), COLUMNS.index("fen")
    by_creditor: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        if row[kind] in INCOME_KINDS:
            by_creditor.setdefault(int(str(row[place])), []).append((int(str(row[0])), int(str(row[fen]))))
    for creditor, book in sorted(books.books_of(by_creditor, actor=actor, on=on).items()):
        summary = _("开具应收（应缴日截至 %(day)s）") % {"day": format_day(billing.until)}
        _voucher(billing, book, by_creditor[creditor], summary, f"billing:{billing.pk}:{book}", actor, on)


def _voucher(
    billing: Billing, book: int, rows: list[tuple[int, int]], summary: str, key: str, actor: Actor, on: date
) -> None:
    draft = VoucherDraft(book, on, summary, postings.billed(rows), billing.ref, key, actor.county.ljust(12, "0"))
    ledger.post(draft, actor=actor, on=on)


def _record(billing: Billing, rows: Sequence[tuple[object, ...]], actor: Actor, on: date) -> None:
    """The act, then each receivable with its document."""
    facts = {
        "until": billing.until.isoformat(), "count": billing.count, "fen": format_yuan(billing.fen),
    }  # fmt: skip
    evidence.record(
        events.BILLING,
        billing.ref,
        actor=actor,
        on=on,
        after=protection.document(BILLING, billing),
        division=actor.county.ljust(12, "0"),
        facts=facts,
    )
    names = protection.document_names(Receivable, RECEIVABLE.exclude)
    order = [COLUMNS.index(name) for name in names]
    division = COLUMNS.index("division_code")
    evidence.record_many(
        events.BILLED,
        (
            (f"receivable:{row[0]}", row[division], protection.from_values(names, [row[place] for place in order]))
            for row in rows
        ),
        actor=actor,
        on=on,
        facts=facts,
    )


def locked(receivable_id: int, actor: Actor) -> Receivable:
    """A receivable of the county, held until the transaction ends. Raises NotFound."""
    found = Receivable.objects.select_for_update(of=("self",)).filter(pk=receivable_id, county=actor.county).first()
    if found is None:
        raise NotFound(_("没有这笔应收。"))
    return found


@transaction.atomic
def cancel(receivable_id: int, reason: str, *, actor: Actor, on: date) -> Cancellation:
    """Take back a receivable that was wrong (作废), with the reason: red voucher, and the rest of its act booked anew.

    The due may be billed again. Raises Refusal when something was received or given up already or no reason is given;
    NotAllowed without `income.bill`; NotFound.
    """
    found = locked(receivable_id, actor)
    permissions.require(actor, permissions.BILL, found.division_code)
    if found.cancelled_on is not None:
        raise Refusal(_("%(number)s已作废") % {"number": found.label}, clauses=CLAUSES)
    if found.settled_fen:
        raise Refusal(
            _("%(number)s已有收款或减免，不能作废；多收的请先退款") % {"number": found.label}, clauses=CLAUSES
        )
    if not reason.strip():
        raise Refusal(_("请填写作废原因"), clauses=CLAUSES, field="reason")
    made = Cancellation.objects.create(
        receivable=found, reason=reason.strip(), cancelled_on=on, cancelled_by=actor.name
    )
    entry = Entry(
        county=found.county,
        receivable=found,
        kind=EntryKind.CANCELLATION,
        day=on,
        fen=found.fen,
        cancellation=made,
        made_by=actor.name,
    )
    before = protection.document(RECEIVABLE, found)
    books.enter(entry, found, actor=actor, on=on)
    found.refresh_from_db()
    found.cancelled_on = on
    found.save(update_fields=["cancelled_on"])
    if found.kind in INCOME_KINDS:
        _unpost(found, made, actor, on)
    facts = {"number": found.label, "reason": made.reason}
    evidence.record(
        events.CANCELLATION,
        Ref("cancellation", made.pk),
        actor=actor,
        on=on,
        after=protection.document(CANCELLATION, made),
        division=found.division_code,
        facts=facts,
    )
    evidence.record(
        events.CANCELLED,
        found.ref,
        actor=actor,
        on=on,
        before=before,
        after=protection.document(RECEIVABLE, found),
        division=found.division_code,
        reason=made.reason,
        facts=facts,
    )
    return made


def _unpost(found: Receivable, made: Cancellation, actor: Actor, on: date) -> None:
    """The red voucher of the act in its book, and a voucher of what is left of it."""
    book = books.book_of(found.creditor_id, actor=actor, on=on)
    standing = (
        ledger_queries.of_source(f"billing:{found.billing_id}")
        .filter(book=book, reverses__isnull=True, reversal__isnull=True)
        .first()
    )
    if standing is None:
        raise Refusal(_("账簿中没有%(number)s的凭证") % {"number": found.label}, clauses=("3.4.1",))
    ledger.reverse(standing.pk, made.reason, actor=actor, on=on, key=f"cancellation:{made.pk}:red")
    left = Receivable.objects.filter(
        billing=found.billing_id, creditor=found.creditor_id, kind__in=INCOME_KINDS, cancelled_on__isnull=True
    ).order_by("id")
    rows = list(left.values_list("id", "fen"))
    if rows:
        summary = _("作废%(number)s后重新登记其余应收") % {"number": found.label}
        _voucher(found.billing, book, rows, summary, f"cancellation:{made.pk}:rest", actor, on)
