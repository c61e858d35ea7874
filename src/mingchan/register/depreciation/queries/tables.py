"""Tables of depreciation (折旧计算表、资产净值表): by class, and asset by asset, a page at a time."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import QuerySet

from mingchan.foundation.ledger.models import Book
from mingchan.kernel.actor import Actor
from mingchan.register.assets.choices import SixClass
from mingchan.register.depreciation.models import Run
from mingchan.register.depreciation.queries import line, standing
from mingchan.register.depreciation.queries.line import TABLES

CLASSES = dict(SixClass.choices)


class ClassRow(NamedTuple):
    """A class: assets, cost, charged before the month, in it, in all, and what is left; in fen."""

    six_class: str
    count: int  # type: ignore[assignment]
    cost_fen: int
    before_fen: int
    month_fen: int
    charged_fen: int

    @property
    def net_fen(self) -> int:
        """Cost less what is charged."""
        return self.cost_fen - self.charged_fen

    @property
    def label(self) -> str:
        """The class in words."""
        return str(CLASSES.get(self.six_class, self.six_class))


class AssetRow(NamedTuple):
    """One asset of such a table; months are counted ones."""

    asset_id: int
    code: str
    name: str
    six_class: str
    cost_fen: int
    life_months: int
    due: int
    before_fen: int
    month_fen: int
    charged_fen: int

    @property
    def net_fen(self) -> int:
        """Cost less what is charged."""
        return self.cost_fen - self.charged_fen

    @property
    def label(self) -> str:
        """The class in words."""
        return str(CLASSES.get(self.six_class, self.six_class))


def by_class(book: Book, count: int) -> list[ClassRow]:
    """The book's charged assets by class at the end of a counted month."""
    after, before = line.through("t", "%(count)s"), line.through("t", "%(count)s - 1")
    statement = (
        f"SELECT t.six_class, COUNT(*), SUM(t.cost_fen), SUM({before}), SUM({after} - {before}), SUM({after}) "  # noqa: S608
        f"FROM {TABLES['term']} t WHERE t.book_id = %(book)s AND t.is_live GROUP BY 1"
    )
    found = {
        row[0]: ClassRow(row[0], *map(int, row[1:]))
        for row in standing.rows(statement, {"book": book.pk, "count": count})
    }
    return [found[value] for value in SixClass.values if value in found]


def totals(rows: list[ClassRow]) -> ClassRow:
    """All classes together."""
    sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)] if rows else [0] * 5
    return ClassRow("", *sums)


def assets(book: Book, count: int, *, six_class: str = "", after: int = 0, limit: int = 50) -> list[AssetRow]:
    """The book's charged assets at the end of a counted month, by their numbers; one more than `limit`."""
    full, before = line.through("t", "%(count)s"), line.through("t", "%(count)s - 1")
    chosen = "AND t.six_class = %(six_class)s " if six_class else ""
    statement = (
        f"SELECT t.asset_id, a.code, a.name, t.six_class, t.cost_fen, t.life_months, t.due, {before}, "  # noqa: S608
        f"{full} - {before}, {full} FROM {TABLES['term']} t JOIN {TABLES['asset']} a ON a.id = t.asset_id "
        f"WHERE t.book_id = %(book)s AND t.is_live {chosen}AND t.asset_id > %(after)s "
        "ORDER BY t.asset_id LIMIT %(limit)s"
    )
    values = {"book": book.pk, "count": count, "six_class": six_class, "after": after, "limit": limit + 1}
    return [AssetRow(*row) for row in standing.rows(statement, values)]


def every_asset(book: Book, count: int, six_class: str = "", chunk: int = 2000) -> Iterator[AssetRow]:
    """All of them, a chunk at a time."""
    after = 0
    while True:
        found = assets(book, count, six_class=six_class, after=after, limit=chunk)
        yield from found[:chunk]
        if len(found) <= chunk:
            return
        after = found[chunk - 1].asset_id


def charges(run: Run, *, after: int = 0, limit: int = 50) -> list[tuple[Any, ...]]:
    """The charges of a run: (asset, code, name, class, cost, fen), by the cards' numbers; one more than `limit`."""
    statement = (
        f"SELECT c.asset_id, a.code, a.name, a.six_class, a.cost_fen, c.fen FROM {TABLES['charge']} c "  # noqa: S608
        f"JOIN {TABLES['asset']} a ON a.id = c.asset_id WHERE c.run_id = %(run)s AND c.asset_id > %(after)s "
        "ORDER BY c.asset_id LIMIT %(limit)s"
    )
    return standing.rows(statement, {"run": run.pk, "after": after, "limit": limit + 1})


def runs(
    actor: Actor, books: QuerySet[Book], *, book_id: int | None = None, after: int = 0, limit: int = 50
) -> list[Run]:
    """Runs of the books, newest first; one more than `limit`."""
    found = Run.objects.filter(county=actor.county, book__in=books)
    if book_id:
        found = found.filter(book=book_id)
    if after:
        found = found.filter(pk__lt=after)
    return list(found.select_related("book", "voucher", "reversal").order_by("-pk")[: limit + 1])
