"""Income that goes to the treasury (上缴国库, 2.6.3), and demands for what is overdue (催缴)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import database
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.money import format_yuan
from mingchan.lifecycle.income import events, permissions, postings
from mingchan.lifecycle.income.choices import Delivery
from mingchan.lifecycle.income.drafts import RemittanceDraft
from mingchan.lifecycle.income.models import Receivable, Reminder, ReminderLine, Remittance
from mingchan.lifecycle.income.queries import receipts, receivables
from mingchan.lifecycle.income.queries.documents import REMINDER, REMITTANCE
from mingchan.lifecycle.income.services import books


@transaction.atomic
def remit(draft: RemittanceDraft, *, actor: Actor, on: date) -> Remittance:
    """Record that income went to the treasury (上缴), at most what was received and not yet remitted (2.6.3, R16).

    Raises Refusal for more than that, a voucher number that is there already, a day to come; NotAllowed without
    `income.remit`; NotFound for a body that collects nothing.
    """
    permissions.require(actor, permissions.REMIT)
    key = database.reserve_ids(Remittance, 1)  # the series is held until the transaction ends
    payer = Party.objects.filter(county=actor.county, pk=draft.payer).first()
    if payer is None:
        raise NotFound(_("没有这个上缴单位。"))
    if draft.remitted_on > on:
        raise Refusal(_("上缴日期不能晚于今天"), clauses=("2.6.3",), field="remitted_on")
    if not draft.voucher_no.strip() or not draft.treasury_account.strip():
        raise Refusal(_("请填写缴款书号和收入科目"), clauses=("2.6.3",), field="voucher_no")
    found = receipts.to_remit(actor.county, on, payer.pk)
    left = found[0].open_fen if found else 0
    if not 0 < draft.fen <= left:
        raise Refusal(
            _("现待上缴 %(fen)s 元，上缴金额应大于 0 且不超过待上缴数") % {"fen": format_yuan(max(left, 0))},
            clauses=("2.6.3",),
            field="fen",
        )
    number = Remittance.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("number"))["last"] or 0
    made = Remittance(
        pk=key,
        county=actor.county,
        year=on.year,
        number=number + 1,
        payer=payer,
        treasury_account=draft.treasury_account.strip(),
        voucher_no=draft.voucher_no.strip(),
        remitted_on=draft.remitted_on,
        fen=draft.fen,
        recorded_by=actor.name,
        is_sample=draft.is_sample,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(_("这个缴款书号已登记"), clauses=("2.6.3",), field="voucher_no") from error
    books.post(
        payer.pk,
        postings.remitted(made.pk, made.fen),
        _("上缴国库：缴款书 %(number)s") % {"number": made.voucher_no},
        source=made.ref,
        key=f"remittance:{made.pk}",
        day=draft.remitted_on,
        actor=actor,
        on=on,
    )
    evidence.record(
        events.REMITTED,
        made.ref,
        actor=actor,
        on=on,
        after=protection.document(REMITTANCE, made),
        division=actor.county.ljust(12, "0"),
        facts={"number": made.label, "fen": format_yuan(made.fen), "voucher": made.voucher_no},
    )
    return made


@transaction.atomic
def remind(operator: int, *, actor: Actor, on: date, is_sample: bool = False) -> Reminder:
    """Issue a demand for all that an operator owes past its day (催缴单), numbered and dated (2.5a, R15).

    Raises Refusal when nothing is overdue; NotAllowed without `income.bill` over the operator's division; NotFound.
    """
    party = Party.objects.filter(county=actor.county, pk=operator).first()
    if party is None:
        raise NotFound(_("没有这个经营者。"))
    permissions.require(actor, permissions.BILL, party.division_code)
    key = database.reserve_ids(Reminder, 1)
    rows = list(
        Receivable.objects.filter(receivables.overdue(on), county=actor.county, operator=operator).order_by("id")
    )
    if not rows:
        raise Refusal(_("%(name)s没有逾期未缴的款项") % {"name": party.name}, clauses=("2.5a",))
    number = Reminder.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("number"))["last"] or 0
    made = Reminder(
        pk=key,
        county=actor.county,
        year=on.year,
        number=number + 1,
        operator=party,
        division_code=party.division_code,
        issued_on=on,
        pay_by=on + timedelta(days=policy.figure("income.reminder_days")),
        fen=sum(row.open_fen for row in rows),
        issued_by=actor.name,
        is_sample=is_sample,
    )
    made.save(force_insert=True)
    _lines(made, rows)
    evidence.record(
        events.REMINDED,
        made.ref,
        actor=actor,
        on=on,
        after=protection.document(REMINDER, made),
        division=made.division_code,
        facts={"number": made.label, "operator": party.name, "fen": format_yuan(made.fen)},
    )
    return made


def _lines(made: Reminder, rows: Sequence[Receivable]) -> None:
    database.insert_rows(
        ReminderLine, ("reminder_id", "receivable_id", "open_fen"), [(made.pk, row.pk, row.open_fen) for row in rows]
    )


@transaction.atomic
def note_delivery(
    reminder_id: int, delivered_on: date, delivery: str, delivered_to: str = "", *, actor: Actor, on: date
) -> Reminder:
    """Note when, how and to whom a reminder was delivered (送达), once.

    Raises Refusal when it is noted already, the day is before its issue or to come, or the way is unknown; NotFound;
    NotAllowed without `income.bill`.
    """
    found = Reminder.objects.select_for_update(of=("self",)).filter(pk=reminder_id, county=actor.county).first()
    if found is None:
        raise NotFound(_("没有这张催缴单。"))
    permissions.require(actor, permissions.BILL, found.division_code)
    if found.delivered_on is not None:
        raise Refusal(_("%(number)s已登记送达") % {"number": found.label}, clauses=("2.5a",))
    if not found.issued_on <= delivered_on <= on:
        raise Refusal(_("送达日期应在催缴日期和今天之间"), clauses=("2.5a",), field="delivered_on")
    if delivery not in Delivery.values:
        raise Refusal(_("请选择送达方式"), clauses=("2.5a",), field="delivery")
    before = protection.document(REMINDER, found)
    found.delivered_on, found.delivery, found.delivered_to = delivered_on, delivery, delivered_to.strip()
    found.save(update_fields=["delivered_on", "delivery", "delivered_to"])
    evidence.record(
        events.DELIVERED,
        found.ref,
        actor=actor,
        on=on,
        before=before,
        after=protection.document(REMINDER, found),
        division=found.division_code,
        facts={"number": found.label, "how": str(Delivery(delivery).label)},
    )
    return found


def note_printing(reminder: Reminder, *, actor: Actor, on: date) -> None:
    """Record that a reminder was printed."""
    evidence.record(
        events.REMINDER_PRINTED,
        reminder.ref,
        actor=actor,
        on=on,
        division=reminder.division_code,
        facts={"number": reminder.label},
    )


def note_export(name: str, count: int, *, actor: Actor, on: date) -> None:
    """Record that a list left as a workbook."""
    evidence.record(
        events.EXPORTED,
        receivables.LIST,
        actor=actor,
        on=on,
        division=actor.county.ljust(12, "0"),
        facts={"list": name, "count": count},
    )
