"""What the overview concludes from sums (总览规则): the goals of 1.2, register and books, money and things. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Goal(NamedTuple):
    """One of the plan's six goals (1.2): the problems that spoil it; none when nothing registered yet tells."""

    code: str
    problems: tuple[str, ...]


GOALS = (
    Goal("INVENTORY", ("NO_DATE", "COARSE_DATE", "NO_PLACE")),
    Goal("RIGHTS", ("NO_OWNER", "NO_USER", "NO_INCOME")),
    Goal("TYPES", ("NO_CLASS",)),
    Goal("DUTY", ("NO_KEEPER",)),
    Goal("INTEREST", ()),
    Goal("RUNNING", ("NO_OPERATOR", "DAMAGED", "IDLE")),
)
"""The goals in the order of the plan: 底数清晰 产权明晰 类型科学 责任明确 利益联结完善 运行规范."""


class BookRow(NamedTuple):
    """Cost of one owner's cards of one class, as the register and as the owner's book have it; fen. No book: 0."""

    owner_id: int | None
    book_id: int | None
    six_class: str
    register_fen: int
    ledger_fen: int

    @property
    def difference_fen(self) -> int:
        """Register less books."""
        return self.register_fen - self.ledger_fen


def compare_books(
    register: Mapping[tuple[int | None, str], int],
    ledger: Mapping[tuple[int, str], int],
    books: Mapping[int, int],
) -> list[BookRow]:
    """Register against books by owner and class, rows of nothing left out. `books` gives an owner's book (3.4.1)."""
    rows = []
    for owner, six_class in sorted({*register, *ledger}, key=lambda key: (key[0] is None, key[0] or 0, key[1])):
        in_register = register.get((owner, six_class), 0)
        in_books = ledger.get((owner, six_class), 0) if owner is not None else 0
        if in_register or in_books:
            rows.append(BookRow(owner, books.get(owner) if owner else None, six_class, in_register, in_books))
    return rows


class Spent(NamedTuple):
    """What one project line spent on assets from one source; fen."""

    line_id: int
    system: str
    tiers: str
    source: str
    asset_fen: int


class MoneyRow(NamedTuple):
    """Money that became assets against what is registered, for one part of the register and one source; fen.

    `tiers` empty means all tiers; `line_ids` are the lines whose payments are counted.
    """

    system: str
    tiers: tuple[str, ...]
    source: str
    line_ids: tuple[int, ...]
    money_fen: int
    register_fen: int

    @property
    def difference_fen(self) -> int:
        """Money less register."""
        return self.money_fen - self.register_fen


def compare_money(spent: Sequence[Spent], registered: Mapping[tuple[str, str, str], int]) -> list[MoneyRow]:
    """Money against register by system, tiers and source; every registered fen is in exactly one row (2.6.1a, 3.1).

    Lines of one system are told apart by tier as long as their tiers don't overlap; otherwise the system is one part.
    """
    parts = _parts(spent)
    money: dict[tuple[str, tuple[str, ...], str], int] = defaultdict(int)
    lines: dict[tuple[str, tuple[str, ...], str], dict[int, None]] = defaultdict(dict)
    things: dict[tuple[str, tuple[str, ...], str], int] = defaultdict(int)
    for row in spent:
        if not row.asset_fen:
            continue
        tiers = _tiers(row.tiers)
        key = (row.system, tiers if tiers in parts.get(row.system, ()) else (), row.source)
        money[key] += row.asset_fen
        lines[key][row.line_id] = None
    for (system, tier, source), fen in registered.items():
        if fen:
            part = next((tiers for tiers in parts.get(system, ()) if tier in tiers), ())
            things[system, part, source] += fen
    return [
        MoneyRow(*key, tuple(lines.get(key, ())), money.get(key, 0), things.get(key, 0))
        for key in sorted({*money, *things})
    ]


def _tiers(text: str) -> tuple[str, ...]:
    return tuple(sorted(tier for tier in text.split(",") if tier))


def _parts(spent: Sequence[Spent]) -> dict[str, set[tuple[str, ...]]]:
    """By system, the sets of tiers into which its money falls; empty when they overlap or one has no tiers."""
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in spent:
        if row.asset_fen:
            found[row.system].add(_tiers(row.tiers))
    for system, sets in found.items():
        members = [tier for tiers in sets for tier in tiers]
        if () in sets or len(members) != len(set(members)):
            found[system] = set()
    return found
