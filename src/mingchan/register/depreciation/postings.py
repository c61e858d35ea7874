"""What the books are told of a run (折旧记账): summary lines by class, the assets stand in the run's charges.

a month's charge     借 5001 业务活动费用    贷 1602 固定资产累计折旧（software: 1702 无形资产累计摊销）
in a village book    借 541, 401 or 551      贷 152 累计折旧
left out before      借 3501 (the first run: 3001 累计盈余) for earlier years, 5001 for this year   贷 1602
a card's new class   借 1602 old class       贷 1602 new class
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from mingchan.foundation.ledger.drafts import LineDraft

EXPENSE, SURPLUS, EARLIER = "DEPRECIATION_EXPENSE", "SURPLUS", "EARLIER_YEARS"
DEPRECIATION, AMORTISATION = "ACCUMULATED_DEPRECIATION", "ACCUMULATED_AMORTISATION"
INTANGIBLE = "INTANGIBLE"


class Group(NamedTuple):
    """Charges of one class and purpose: this year's fen, fen of earlier years, and how many assets."""

    six_class: str
    purpose: str
    fen: int
    earlier_fen: int
    count: int  # type: ignore[assignment]


class Reclassed(NamedTuple):
    """What was charged on cards that changed their class."""

    old_class: str
    new_class: str
    fen: int


def charged_on(six_class: str, roles: Collection[str]) -> str:
    """The role of the account that carries a class's accumulated charges, as finely as the book's roles allow."""
    if six_class == INTANGIBLE and AMORTISATION in roles:
        return AMORTISATION
    fine = f"{DEPRECIATION}.{six_class}"
    return fine if fine in roles else DEPRECIATION


def expense_of(purpose: str, roles: Collection[str]) -> str:
    """The role of the account that a charge goes to."""
    fine = f"{EXPENSE}.{purpose}"
    return fine if purpose and fine in roles else EXPENSE


def of_run(
    groups: Iterable[Group],
    reclassed: Iterable[Reclassed],
    roles: Collection[str],
    *,
    subject: str,
    is_first: bool,
) -> list[LineDraft]:
    """The lines of a run's voucher, by account, none when nothing is charged."""
    debits: dict[str, int] = {}
    credited: dict[str, int] = {}
    earlier = SURPLUS if is_first or EARLIER not in roles else EARLIER
    for group in groups:
        for role, fen in ((expense_of(group.purpose, roles), group.fen), (earlier, group.earlier_fen)):
            debits[role] = debits.get(role, 0) + fen
        role = charged_on(group.six_class, roles)
        credited[role] = credited.get(role, 0) + group.fen + group.earlier_fen
    for old, new, fen in reclassed:
        left, right = charged_on(old, roles), charged_on(new, roles)
        if left != right:
            debits[left] = debits.get(left, 0) + fen
            credited[right] = credited.get(right, 0) + fen
    return [
        LineDraft(account_role=role, debit_fen=fen, subject=subject) for role, fen in sorted(debits.items()) if fen
    ] + [LineDraft(account_role=role, credit_fen=fen, subject=subject) for role, fen in sorted(credited.items()) if fen]
