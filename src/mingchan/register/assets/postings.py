"""What the books are told about cards (记账): account roles and subjects, never account codes (借 1601 贷 4001)."""

from collections.abc import Collection, Sequence
from functools import partial
from itertools import chain, repeat

from mingchan.foundation.ledger.drafts import LineDraft

INTANGIBLE = "INTANGIBLE"
COUNTER = "PROJECT_MONEY"
"""The counter-account of what project money bought (财政拨款收入, in village books 公积公益金)."""

DEPRECIATION, AMORTISATION = "ACCUMULATED_DEPRECIATION", "ACCUMULATED_AMORTISATION"
"""What was charged on fixed assets, and on software and other intangible ones."""

TRANSFERRED = "TRANSFERRED_IN"
"""The counter-account of an unpaid transfer between owners (无偿调拨净资产, in village books 公积公益金)."""


def account_of(six_class: str) -> str:
    """The role of the account that carries a card's cost."""
    return "INTANGIBLE_COST" if six_class == INTANGIBLE else f"ASSET_COST.{six_class}"


def acquisition(asset_id: int, six_class: str, cost_fen: int, counter: str = COUNTER) -> tuple[LineDraft, ...]:
    """Two lines for a card taken up: cost to its class, against the project money. None for a card without cost."""
    if cost_fen == 0:
        return ()
    subject = f"asset:{asset_id}"
    return (
        LineDraft(account_of(six_class), "", cost_fen, 0, subject),
        LineDraft(counter, "", 0, cost_fen, subject),
    )


_line = partial(tuple.__new__, LineDraft)
"""A line from its values in order; what its own `_make` does, without a call for each."""


def acquisitions(
    asset_ids: Sequence[int], six_classes: Sequence[str], costs: Sequence[int], counter: str = COUNTER
) -> list[LineDraft]:
    """The lines of `acquisition` for many cards with a cost, given column by column."""
    roles = {six_class: account_of(six_class) for six_class in set(six_classes)}
    subjects = list(map("asset:{}".format, asset_ids))
    costing = map(roles.__getitem__, six_classes)
    debits = map(_line, zip(costing, repeat(""), costs, repeat(0), subjects, repeat(""), strict=False))
    credited = map(_line, zip(repeat(counter), repeat(""), repeat(0), costs, subjects, repeat(""), strict=False))
    return list(chain.from_iterable(zip(debits, credited, strict=True)))


def adjustment(asset_id: int, before: tuple[str, int], after: tuple[str, int]) -> tuple[LineDraft, ...]:
    """Lines that turn a card's booked class and cost into others: a rise is a purchase, a fall its opposite."""
    subject = f"asset:{asset_id}"
    (old_class, old_fen), (new_class, new_fen) = before, after
    old_role, new_role = account_of(old_class), account_of(new_class)
    lines: list[LineDraft] = []
    if old_role != new_role:
        if new_fen:
            lines.append(LineDraft(account_role=new_role, debit_fen=new_fen, subject=subject))
        if old_fen:
            lines.append(LineDraft(account_role=old_role, credit_fen=old_fen, subject=subject))
    elif new_fen > old_fen:
        lines.append(LineDraft(account_role=new_role, debit_fen=new_fen - old_fen, subject=subject))
    elif new_fen < old_fen:
        lines.append(LineDraft(account_role=new_role, credit_fen=old_fen - new_fen, subject=subject))
    if new_fen > old_fen:
        lines.append(LineDraft(account_role=COUNTER, credit_fen=new_fen - old_fen, subject=subject))
    elif new_fen < old_fen:
        lines.append(LineDraft(account_role=COUNTER, debit_fen=old_fen - new_fen, subject=subject))
    return tuple(lines)


def addition(asset_id: int, six_class: str, fen: int, credit_role: str) -> tuple[LineDraft, ...]:
    """Lines for work added to a card's cost (后续支出资本化): 借 1601 贷 1002 银行存款, when owed 2302 应付账款."""
    subject = f"asset:{asset_id}"
    return (
        LineDraft(account_role=account_of(six_class), debit_fen=fen, subject=subject),
        LineDraft(account_role=credit_role, credit_fen=fen, subject=subject),
    )


def transfer(from_id: int, parts: "list[tuple[int, int]]", six_class: str) -> tuple[LineDraft, ...]:
    """Lines that move a lot's cost from its own subject to its parts'; accounts stay as they are."""
    role = account_of(six_class)
    total = sum(cost for _part, cost in parts)
    if total == 0:
        return ()
    moved = [LineDraft(account_role=role, debit_fen=cost, subject=f"asset:{part}") for part, cost in parts if cost]
    return (*moved, LineDraft(account_role=role, credit_fen=total, subject=f"asset:{from_id}"))


Depreciated = Sequence[tuple[str, int]]
"""What was charged on a card, by account: pairs (account code of its book, fen)."""


def takeover(
    asset_id: int, six_class: str, cost_fen: int, depreciated: Depreciated = (), counter: str = COUNTER
) -> tuple[LineDraft, ...]:
    """Lines in the book a card leaves when it gets another owner: 借 counter 净值 借 1602 累计折旧 贷 1601 原值."""
    if cost_fen == 0:
        return ()
    subject = f"asset:{asset_id}"
    net = cost_fen - sum(fen for _code, fen in depreciated)
    lines = [LineDraft(counter, "", net, 0, subject)] if net else []
    lines += [LineDraft("", code, fen, 0, subject) for code, fen in depreciated if fen]
    return (*lines, LineDraft(account_of(six_class), "", 0, cost_fen, subject))


def entry(
    asset_id: int, six_class: str, cost_fen: int, charged_fen: int, charged_role: str, counter: str = COUNTER
) -> tuple[LineDraft, ...]:
    """Lines in the book a card enters with what was charged on it: 借 1601 原值 贷 1602 累计折旧 贷 counter 净值."""
    if cost_fen == 0:
        return ()
    subject = f"asset:{asset_id}"
    net = cost_fen - charged_fen
    lines = [LineDraft(account_of(six_class), "", cost_fen, 0, subject)]
    if charged_fen:
        lines.append(LineDraft(charged_role, "", 0, charged_fen, subject))
    return (*lines, LineDraft(counter, "", 0, net, subject)) if net else tuple(lines)


def charged_role(six_class: str, roles: Collection[str]) -> str:
    """The role that carries a class's accumulated charges, as finely as the roles of an accounting system allow."""
    fine = AMORTISATION if six_class == INTANGIBLE else f"{DEPRECIATION}.{six_class}"
    return fine if fine in roles else DEPRECIATION


def given_free(asset_id: int, six_class: str, cost_fen: int, depreciated: Depreciated = ()) -> tuple[LineDraft, ...]:
    """Lines in the giver's book for an unpaid transfer (无偿调出): 借 3401 无偿调拨净资产 净值 借 1602 贷 1601 原值."""
    return takeover(asset_id, six_class, cost_fen, depreciated, TRANSFERRED)


def received_free(
    asset_id: int, six_class: str, cost_fen: int, charged_fen: int = 0, charged_role: str = DEPRECIATION
) -> tuple[LineDraft, ...]:
    """Lines in the taker's book for an unpaid transfer (无偿调入): 借 1601 原值 贷 1602 累计折旧 贷 3401 净值.

    Cost and accumulated depreciation are taken over as they stood, so that the card keeps its cost, its date and its
    line, and the register equals the ledger; together they are the giver's book value.
    """
    return entry(asset_id, six_class, cost_fen, charged_fen, charged_role, TRANSFERRED)
