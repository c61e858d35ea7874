"""Contracts over cards, accounts and money that the tests of income start from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mingchan.foundation.directory.models import Account, Party
from mingchan.kernel.actor import Actor, Grant
from mingchan.lifecycle.income import services
from mingchan.lifecycle.income.drafts import ReceiptDraft, RemittanceDraft
from mingchan.lifecycle.income.models import Billing, Receipt, Remittance
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.operation.tests import factories as contracts
from mingchan.register.assets.tests import factories as make

COUNTY = make.COUNTY
ON = date(2020, 7, 15)
BUREAU = "县工信局"


def actor(*rights: str, account: int | None = None, party: int | None = None, scope: str = COUNTY) -> Actor:
    """Somebody with rights over the county, or over one party's own."""
    return Actor(account, "测试员", COUNTY, (Grant("tester", scope, frozenset(rights), party),), source="test")


def clerk() -> Actor:
    """Issues receivables."""
    return actor("income.view", "income.bill", "case.start")


def cashier() -> Actor:
    """Takes money and remits it."""
    return actor("income.view", "income.receive", "income.remit")


def bureau() -> int:
    """The county's bureau, lessor and owner."""
    return contracts.bureau()


def cards(count: int = 2, *, owner: int | None = None, **changes: Any) -> list[int]:
    """Cards of a village that the bureau owns."""
    make.divisions()
    done = make.register([make.draft(f"物{n}", owner=owner or bureau(), **changes) for n in range(count)])
    return list(range(done.first_id, done.last_id + 1))


def contract(assets: Sequence[int] | None = None, **changes: Any) -> Contract:
    """A running contract: 3,000 yuan a quarter from July 2020, deposit 2,000 yuan."""
    return contracts.contract(cards() if assets is None else assets, **changes)


def issue(until: date = date(2020, 7, 31), on: date = ON) -> Billing:
    """Receivables of all dues up to a day."""
    return services.issue(until, actor=clerk(), on=on)


def receive(payer: int, fen: int, voucher: str = "0001", on: date = ON, **changes: Any) -> Receipt:
    """Money from a payer."""
    draft = ReceiptDraft(payer, fen, changes.pop("received_on", on), "农行6228", voucher, **changes)
    return services.receive(draft, actor=cashier(), on=on)


def remit(fen: int, voucher: str = "J1", on: date = ON) -> Remittance:
    """Money to the treasury."""
    return services.remit(RemittanceDraft(bureau(), fen, on, "103070600", voucher), actor=cashier(), on=on)


def account(name: str, office: str) -> Account:
    """An account of an office."""
    found = Party.objects.get(pk=make.party(office))
    made, _new = Account.objects.get_or_create(
        username=name, defaults={"county": COUNTY, "name": name, "office": found, "created_on": ON, "password": "!"}
    )
    return made
