"""Income in the sample county (收益): dues, receipts, remittances and settlements of every year over its contracts.

Most operators pay, one in parts and late, one pays ahead; one has stopped paying for two years, was reminded twice and
asks for relief. Every year but the last is settled; the last waits for its confirmation.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Task
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.lifecycle.income import services
from mingchan.lifecycle.income.choices import Delivery, RemissionKind
from mingchan.lifecycle.income.drafts import ReceiptDraft, RemittanceDraft
from mingchan.lifecycle.income.models import Billing, Receipt, Receivable
from mingchan.lifecycle.income.queries import receipts, receivables, years
from mingchan.lifecycle.operation import queries as operation
from mingchan.lifecycle.operation.models import Contract

ACCOUNT = "偏关农商行收益专户（示例）"
TREASURY = "1030706 非经营性国有资产收入（示例）"
STOPPED = timedelta(days=2 * 365)
"""So long ago one operator stopped paying."""


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def load() -> Iterator[str]:
    """Bring it in, once, when there are contracts."""
    today = period.today()
    found = operation.dues(county=settings.COUNTY, until=today)
    if not found or Billing.objects.filter(county=settings.COUNTY).exists():
        return
    contracts = Contract.objects.filter(pk__in={due.contract_id for due in found}).order_by("id")
    operators = list(dict.fromkeys(contracts.values_list("operator_id", flat=True)))
    late = _latest_payer(operators, today)
    first = found[0].due_on.year
    for year in range(first, today.year + 1):
        for half, (start, last) in enumerate(
            ((date(year, 1, 5), date(year, 6, 30)), (date(year, 7, 5), date(year, 12, 31)))
        ):
            if start <= today and any(due.due_on <= last for due in found):
                _half(start, min(last, today), operators, late, year * 2 + half, today)
        if year < today.year:
            _settle(year, date(year + 1, 2, 10), closes=year < today.year - 1)
    yield f"Issued {Receivable.objects.count():,} receivables, received {Receipt.objects.count():,} payments."
    yield from _chase(late, today)


def _latest_payer(operators: list[int], today: date) -> int:
    """The operator who stopped paying: the last one whose contract is old enough to be two years behind."""
    since = today - STOPPED
    owing = [
        operator
        for operator in operators
        if any(
            due.due_on > since
            for due in operation.dues(
                county=settings.COUNTY,
                contract_ids=list(Contract.objects.filter(operator=operator).values_list("pk", flat=True)),
                until=today,
            )
        )
    ]
    return (owing or operators)[-1]


def _half(start: date, last: date, operators: list[int], late: int, round_: int, today: date) -> None:
    """Half a year: dues issued, money received and remitted."""
    try:
        services.issue(last, actor=_actor("bureau_clerk", start), on=start, is_sample=True)
    except Refusal:
        return
    for place, operator in enumerate(operators):
        _pay(operator, place, start + timedelta(days=15 + place), late, round_, today)
    day = min(start + timedelta(days=60), today)
    for row in receipts.to_remit(settings.COUNTY, day):
        if row.open_fen > 0 and day < today - timedelta(days=90):
            draft = RemittanceDraft(
                row.payer, row.open_fen, day, TREASURY, f"示例缴{round_}-{row.payer}", is_sample=True
            )
            services.remit(draft, actor=_actor("cashier", day), on=day)


def _pay(operator: int, place: int, day: date, late: int, round_: int, today: date) -> None:
    """What an operator pays of what it owes: all, in two parts, or more than all; the late one nothing any more."""
    owed = sum(row.open_fen for row in receivables.open_rows(settings.COUNTY, operator))
    if not owed or day > today or (operator == late and day > today - STOPPED):
        return
    cashier = _actor("cashier", day)

    def receive(fen: int, on: date, part: str) -> None:
        draft = ReceiptDraft(operator, fen, on, ACCOUNT, f"示例{round_}-{operator}-{part}", is_sample=True)
        services.receive(draft, actor=cashier, on=on)

    if place % 3 == 1 and day + timedelta(days=20) <= today:
        receive(owed * 6 // 10, day, "1")
        receive(owed - owed * 6 // 10, day + timedelta(days=20), "2")
    elif place % 3 == 2 and operator != late and day > today - timedelta(days=400):
        receive(owed + 50_000, day, "1")
    else:
        receive(owed, day, "1")


def _settle(year: int, on: date, *, closes: bool) -> None:
    """A year's settlement: prepared by the bureau, confirmed, countersigned by finance a month later."""
    try:
        made = services.prepare(year, "", actor=_actor("bureau_reviewer", on), on=on, is_sample=True)
    except Refusal:
        return
    if closes:
        services.confirm(year, made.digest, actor=_actor("bureau_reviewer", on), on=on)
        later = years.deadline(year) - timedelta(days=10)
        services.countersign(year, made.digest, actor=_actor("finance", later), on=later)


def _chase(late: int, today: date) -> Iterator[str]:
    """Two reminders for the one who stopped paying, and a request for relief that waits for its decision."""
    for days, delivered in ((300, True), (40, False)):
        on = today - timedelta(days=days)
        clerk = _actor("bureau_clerk", on)
        try:
            made = services.remind(late, actor=clerk, on=on, is_sample=True)
        except Refusal:
            continue
        if delivered:
            services.note_delivery(
                made.pk,
                on + timedelta(days=2),
                Delivery.IN_PERSON,
                "负责人（示例）",
                actor=clerk,
                on=on + timedelta(days=2),
            )
        yield f"Reminded one operator of {made.lines.count()} overdue receivables."
    row = Receivable.objects.filter(receivables.overdue(today), operator=late, kind="RENT").order_by("due_on").first()
    if row is None:
        return
    on = today - timedelta(days=12)
    asked = services.ask(
        row.pk, RemissionKind.REMISSION, row.open_fen // 2, "道路改造封闭施工，停业两个月（示例）",
        actor=_actor("bureau_clerk", on), on=on, is_sample=True,
    )  # fmt: skip
    task = Task.objects.get(case=asked.case, status="WAITING")
    day = on + timedelta(days=3)
    procedures.decide(task.pk, answer="AGREE", version=asked.case.version, actor=_actor("bureau_reviewer", day), on=day)
    yield "Brought in one request for relief, which waits for the collective decision."
