"""What the books are told of a disposal (处置记账): templates of the policy pack become lines, by account roles.

sale            借 5301 资产处置费用 净值    借 1602 累计折旧    贷 1601 固定资产 原值
scrapping       借 1902 待处理财产价值 净值  借 1602             贷 1601, then  借 5301  贷 1902
transfer out    借 3401 无偿调拨净资产 净值  借 1602             贷 1601
what comes in   借 1002 银行存款             贷 2103 应缴财政款, of scrap and losses 贷 1902-处理净收入
costs, taxes    借 the same account          贷 1002
the account     借 1902-处理净收入           贷 2103 (a shortage: 借 5301)
to the treasury 借 2103                      贷 1002
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mingchan.foundation.ledger.drafts import LineDraft

INTANGIBLE = "INTANGIBLE"
COST, DEPRECIATION = "ASSET_COST", "ACCUMULATED_DEPRECIATION"
DUE, PROCEEDS, EXPENSE, BANK = "DUE_TO_TREASURY", "PENDING_PROCEEDS", "DISPOSAL_EXPENSE", "BANK"


class Booked(NamedTuple):
    """A card as the books hold it: its cost, and what was charged so far by the code of each account (usually one)."""

    asset_id: int
    six_class: str
    cost_fen: int
    depreciated: tuple[tuple[str, int], ...] = ()

    @property
    def net_fen(self) -> int:
        """What is left of the cost."""
        return self.cost_fen - sum(fen for _code, fen in self.depreciated)


class Part(NamedTuple):
    """A line of a template: the side, the role, and the name of the amount."""

    is_debit: bool
    role: str
    of: str


def account_of(six_class: str) -> str:
    """The role of the account that carries a card's cost."""
    return "INTANGIBLE_COST" if six_class == INTANGIBLE else f"{COST}.{six_class}"


def of_card(template: Sequence[Part], card: Booked) -> tuple[LineDraft, ...]:
    """The lines of one card, each with the card as its subject. What comes to nothing is left out."""
    subject = f"asset:{card.asset_id}"
    amounts = {"cost": card.cost_fen, "net": card.net_fen}
    found: list[LineDraft] = []
    for part in template:
        if part.role == DEPRECIATION:
            found += [_line(part.is_debit, "", fen, subject, code) for code, fen in card.depreciated if fen]
            continue
        fen = amounts[part.of]
        role = account_of(card.six_class) if part.role == COST else part.role
        if fen:
            found.append(_line(part.is_debit, role, fen, subject))
    return tuple(found)


def of_amounts(template: Sequence[Part], amounts: Mapping[str, int], subject: str) -> tuple[LineDraft, ...]:
    """The lines of a template that is about sums, not about single cards."""
    return tuple(_line(part.is_debit, part.role, amounts[part.of], subject) for part in template if amounts[part.of])


def _line(is_debit: bool, role: str, fen: int, subject: str, code: str = "") -> LineDraft:
    if is_debit:
        return LineDraft(account_role=role, account_code=code, debit_fen=fen, subject=subject)
    return LineDraft(account_role=role, account_code=code, credit_fen=fen, subject=subject)


def received(money: str, fen: int, subject: str) -> tuple[LineDraft, ...]:
    """Money came in: 借 银行存款 贷 应缴财政款 or 处理净收入."""
    return (_line(True, BANK, fen, subject), _line(False, money, fen, subject))


def paid(money: str, fen: int, subject: str) -> tuple[LineDraft, ...]:
    """Costs or taxes of the disposal were paid out of what came in."""
    return (_line(True, money, fen, subject), _line(False, BANK, fen, subject))


def closed(money: str, surplus_fen: int, subject: str) -> tuple[LineDraft, ...]:
    """The account of a disposal is closed: what is left goes to the treasury, what is short is an expense."""
    if surplus_fen < 0:
        return (_line(True, EXPENSE, -surplus_fen, subject), _line(False, money, -surplus_fen, subject))
    if surplus_fen == 0 or money == DUE:
        return ()
    return (_line(True, money, surplus_fen, subject), _line(False, DUE, surplus_fen, subject))


def budget_closed(surplus_fen: int, subject: str) -> tuple[LineDraft, ...]:
    """The budget side of a closed account: only what the unit paid from its own, 借 7901 其他支出 贷 8001 资金结存.

    What goes to the treasury only passes through and is told on the financial side alone.
    """
    if surplus_fen >= 0:
        return ()
    return (
        _line(True, "BUDGET_OTHER_EXPENSE", -surplus_fen, subject),
        _line(False, "BUDGET_FUNDS", -surplus_fen, subject),
    )


def remitted(fen: int, subject: str) -> tuple[LineDraft, ...]:
    """Paid over to the treasury: 借 应缴财政款 贷 银行存款."""
    return (_line(True, DUE, fen, subject), _line(False, BANK, fen, subject))


def swapped(net_fen: int, incoming_fen: int) -> Mapping[str, int]:
    """Loss and gain of a swap: what went out against what came in and evens it out."""
    return {"loss": max(0, net_fen - incoming_fen), "gain": max(0, incoming_fen - net_fen)}
