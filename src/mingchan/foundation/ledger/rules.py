"""What a voucher must be before it is posted (记账规则): plain Python, facts in, problems out.

The same rules stand in the database as triggers; here they speak the accountant's language.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import count, islice
from operator import add, mul
from typing import Any, NamedTuple

import orjson

from mingchan.kernel.money import LARGEST_FEN

REOPENING = timedelta(hours=72)
"""How long a reopened month takes postings (LED-05)."""
MARK = 4
"""Bytes kept of each line's digest: enough to name the line, the whole digest proves."""
AT_ONCE = 4096
"""Lines whose digests are made before they are taken up."""
SHOWN_PROBLEMS = 20
"""How many problems of one draft are listed; a wrong draft of 100,000 lines would say the same thing 100,000 times."""


class AccountFact(NamedTuple):
    """What the rules know of an account: its id, whether it takes lines, and whether it is of the budget side."""

    id: int
    code: str
    takes_lines: bool
    is_budget: bool


class Problem(NamedTuple):
    """One thing wrong: `code` is a word the service turns into a sentence, `line_no` the line (0 for the whole)."""

    code: str
    line_no: int = 0
    value: str = ""


class Weighed(NamedTuple):
    """A draft after weighing: problems, total of the debit side in fen, the lines as rows, and movements by account."""

    problems: list[Problem]
    total_fen: int
    rows: list[tuple[int, int, int, int, str, str]]
    movements: dict[int, tuple[int, int]]


def weigh(
    lines: Iterable[Sequence[object]],
    by_role: Mapping[str, AccountFact],
    by_code: Mapping[str, AccountFact],
    *,
    is_reversal: bool = False,
) -> Weighed:
    """Check every line of a draft and sum it (有借必有贷，借贷必相等).

    A row of the answer is (line number, account id, debit fen, credit fen, subject, summary). The financial and the
    budget side must each balance (平行记账). Amounts are positive, in a reversal negative, whole, and below 2^53.
    """
    low, high = (-LARGEST_FEN, 0) if is_reversal else (0, LARGEST_FEN)
    lines = list(lines)
    weighed = _sound(lines, by_role, by_code, low, high)
    if weighed is not None:
        return weighed
    problems: list[Problem] = []
    rows: list[tuple[int, int, int, int, str, str]] = []
    sums: dict[int, list[int]] = {}
    seen: dict[int, AccountFact] = {}
    append = rows.append
    line_no = 0
    for line_no, (role, code, debit, credit, subject, summary) in enumerate(lines, 1):
        account = by_role.get(role) if role else by_code.get(code)  # type: ignore[call-overload]
        if (
            account is None
            or not account.takes_lines
            or type(debit) is not int
            or type(credit) is not int
            or (debit == 0) == (credit == 0)
            or not low <= debit + credit <= high
        ):
            problems.extend(_faults(line_no, role, code, debit, credit, account, low, high))
            if len(problems) >= SHOWN_PROBLEMS:
                break
            continue
        append((line_no, account.id, debit, credit, subject, summary))  # type: ignore[arg-type]
        moved = sums.get(account.id)
        if moved is None:
            moved = sums[account.id] = [0, 0]
            seen[account.id] = account
        moved[0] += debit
        moved[1] += credit
    if line_no < 2 and not problems:
        problems.append(Problem("too_few_lines"))
    if not problems:
        for is_budget in (False, True):
            debit_sum = sum(both[0] for key, both in sums.items() if seen[key].is_budget is is_budget)
            credit_sum = sum(both[1] for key, both in sums.items() if seen[key].is_budget is is_budget)
            if debit_sum != credit_sum:
                problems.append(
                    Problem("unbalanced_budget" if is_budget else "unbalanced", 0, str(debit_sum - credit_sum))
                )
    total = sum(both[0] for both in sums.values())
    return Weighed(problems, total, rows, {key: (both[0], both[1]) for key, both in sums.items()})


def _sound(
    lines: Sequence[Sequence[object]],
    by_role: Mapping[str, AccountFact],
    by_code: Mapping[str, AccountFact],
    low: int,
    high: int,
) -> Weighed | None:
    """The lines weighed column by column, when nothing at all is wrong with them; None when anything is.

    A voucher of a large import has hundreds of thousands of lines, and next to all vouchers are sound.
    """
    if len(lines) < 2:
        return None
    columns: Any = zip(*lines, strict=True)
    roles, codes, debit_sides, credit_sides, subjects, summaries = columns
    accounts = {
        (role, code): by_role.get(role) if role else by_code.get(code)
        for role, code in set(zip(roles, codes, strict=True))
    }
    if not all(account is not None and account.takes_lines for account in accounts.values()):
        return None
    facts = {key: account for key, account in accounts.items() if account is not None}
    if (
        set(map(type, debit_sides)) != {int}
        or set(map(type, credit_sides)) != {int}
        or any(map(mul, debit_sides, credit_sides))
    ):
        return None
    amounts = list(map(add, debit_sides, credit_sides))
    if 0 in amounts or not low <= min(amounts) <= max(amounts) <= high:
        return None
    ids_of = {key: account.id for key, account in facts.items()}
    ids = list(map(ids_of.__getitem__, zip(roles, codes, strict=True)))
    debited, credited = dict.fromkeys(ids, 0), dict.fromkeys(ids, 0)
    for account_id, debit, credit in zip(ids, debit_sides, credit_sides, strict=True):
        debited[account_id] += debit
        credited[account_id] += credit
    for is_budget in (False, True):
        side = {account.id for account in facts.values() if account.is_budget is is_budget}
        if sum(map(debited.__getitem__, side)) != sum(map(credited.__getitem__, side)):
            return None
    rows = list(zip(count(1), ids, debit_sides, credit_sides, subjects, summaries, strict=False))
    movements = {key: (debited[key], credited[key]) for key in debited}
    return Weighed([], sum(debited.values()), rows, movements)


def _faults(
    line_no: int,
    role: object,
    code: object,
    debit: object,
    credit: object,
    account: AccountFact | None,
    low: int,
    high: int,
) -> list[Problem]:
    """All that is wrong with one line, at least one problem."""
    found: list[Problem] = []
    if account is None:
        found.append(Problem("no_role", line_no, str(role)) if role else Problem("no_account", line_no, str(code)))
    elif not account.takes_lines:
        found.append(Problem("not_a_leaf", line_no, account.code))
    if type(debit) is not int or type(credit) is not int:
        return [*found, Problem("not_whole_fen", line_no, f"{debit} / {credit}")]
    if (debit == 0) == (credit == 0):
        found.append(Problem("not_one_side", line_no, f"{debit} / {credit}"))
    elif debit + credit < low:
        found.append(Problem("too_large" if low else "negative", line_no, str(debit + credit)))
    elif debit + credit > high:
        found.append(Problem("too_large" if high else "not_negative", line_no, str(debit + credit)))
    return found


class Vouched(NamedTuple):
    """What a voucher keeps of its lines: a digest over all of them, and four bytes of each line's own digest."""

    digest: str
    marks: bytes


def vouch(rows: Iterable[Sequence[object]]) -> Vouched:
    """What vouches for the lines (line number, account id, debit, credit, subject, summary), given in line order.

    The digest, SHA-256 over the SHA-256 of each line as a JSON array, proves. The marks name the line that differs.
    """
    whole, marks, sha256, iterator = hashlib.sha256(), bytearray(), hashlib.sha256, map(orjson.dumps, rows)
    while digests := [sha256(line).digest() for line in islice(iterator, AT_ONCE)]:
        whole.update(b"".join(digests))
        marks += b"".join([digest[:MARK] for digest in digests])
    return Vouched(whole.hexdigest(), bytes(marks))


def mark(row: Sequence[object]) -> bytes:
    """The mark of one line."""
    return hashlib.sha256(orjson.dumps(row)).digest()[:MARK]


def lines_digest(rows: Iterable[Sequence[object]]) -> str:
    """The digest over the lines alone."""
    return vouch(rows).digest


def next_month(month: int) -> int:
    """The month after: 202012 → 202101."""
    return month + 1 if month % 100 < 12 else month + 89


def is_month(month: int) -> bool:
    """Whether the number is a month as the books write it (202003)."""
    return 190001 <= month <= 299912 and 1 <= month % 100 <= 12


def months_between(first: int, last: int) -> list[int]:
    """All months from the first to the last, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return found


def is_closed(month: int, closed_through: int, reopened_until: datetime | None, at: datetime) -> bool:
    """Whether a month takes no postings at a moment: it or a later one is closed, and no reopening of it runs."""
    return month <= closed_through and not (reopened_until is not None and at < reopened_until)


def why_not_close(month: int, due: int, on: date) -> str:
    """Empty when the month may be closed, else the reason's word: months close in order and not before they begin."""
    if not is_month(month):
        return "not_a_month"
    if month < due:
        return "already_closed"
    if month > due:
        return "out_of_order"
    return "not_begun" if month > on.year * 100 + on.month else ""
