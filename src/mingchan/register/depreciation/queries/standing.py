"""The statements of a run (计提语句): terms ended and opened, sums by class, charges. Each is one statement for a book.

They read the register as it stood on the day that decides the month, the cards unchanged since then and the former
cards of that day, so a run that comes late says the same as one in time.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from django.db import connection

from mingchan.foundation.ledger.models import Book
from mingchan.register.depreciation import rules
from mingchan.register.depreciation.choices import RunState, Why
from mingchan.register.depreciation.models import Run
from mingchan.register.depreciation.postings import Group, Reclassed
from mingchan.register.depreciation.queries import charged, line
from mingchan.register.depreciation.queries.line import TABLES

SOURCES = (("asset", "id"), ("former", "asset_id"))
"""The two tables a day's register stands in, with the column that names the card."""


def parameters(book: Book, count: int, run_id: int = 0) -> dict[str, Any]:
    """What the statements ask by name."""
    return {
        "book": book.pk,
        "owner": book.owner_id,
        "county": book.county,
        "day": rules.last_day(count),
        "count": count,
        "run": run_id,
    }


def execute(statement: str, values: Mapping[str, Any]) -> int:
    """Run a statement; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def end_terms(book: Book, count: int, run_id: int) -> int:
    """End the terms whose card left the book, changed its cost, life, class or date, or has no line any more."""
    same = (
        "{0}.{1} = t.asset_id AND {2} AND {0}.cost_fen = t.cost_fen AND {0}.life_months = t.life_months "
        "AND {0}.six_class = t.six_class AND {3} + {4} = t.due AND {5}"
    )
    later = int(book.system == rules.VILLAGE)
    stands = " OR ".join(
        f"EXISTS (SELECT 1 FROM {TABLES[name]} {name[0]} WHERE "  # noqa: S608 - names of our own models
        + same.format(
            name[0], key, line.standing(name[0], name == "former"), line.month_count(f"{name[0]}.acquired_on"), later,
            line.chargeable(name[0]),
        )
        + ")"
        for name, key in SOURCES
    )  # fmt: skip
    false = "0" if connection.vendor == "sqlite" else "FALSE"
    return execute(
        f"UPDATE {TABLES['term']} AS t SET is_live = {false}, ended_by_id = %(run)s "  # noqa: S608
        f"WHERE t.book_id = %(book)s AND t.is_live AND NOT ({stands})",
        parameters(book, count, run_id),
    )


def open_terms(book: Book, count: int, run_id: int) -> int:
    """Open a term for every card of the book that has a line from this month and no live term."""
    balances = charged.opening_balances(book, _once_here(book, count))
    written = 0
    for name, key in SOURCES:
        written += execute(_opening(name, key, book.system), parameters(book, count, run_id) | {
            "balances": orjson.dumps({str(asset): fen for asset, fen in balances.items()}).decode(),
        })  # fmt: skip
    return written


def _once_here(book: Book, count: int) -> list[int]:
    """Cards that come back to the book, and parts of lots, without a live term: their balance isn't in lines alone."""
    card, term = TABLES["asset"], TABLES["term"]
    live = f"EXISTS (SELECT 1 FROM {term} l WHERE l.asset_id = a.id AND l.book_id = %(book)s AND l.is_live)"  # noqa: S608
    found = rows(
        f"SELECT a.id FROM {card} a WHERE a.parent_id IS NOT NULL AND a.owner_id = %(owner)s "  # noqa: S608
        f"AND a.status = 'ACTIVE' AND NOT {live} "
        f"UNION SELECT a.id FROM {term} t JOIN {card} a ON a.id = t.asset_id WHERE t.ended_by_id IS NOT NULL "
        f"AND t.ended_by_id <> %(run)s AND t.book_id = %(book)s AND a.owner_id = %(owner)s AND a.status = 'ACTIVE' "
        f"AND NOT {live}",
        parameters(book, count),
    )
    return [key for (key,) in found]


def _opening(name: str, key: str, system: str) -> str:
    """The statement that opens terms for the cards of one table."""
    due = f"{line.month_count('c.acquired_on')} + {int(system == rules.VILLAGE)}"
    if connection.vendor == "sqlite":
        balances, true = "SELECT CAST(key AS INTEGER) AS asset_id, value AS fen FROM json_each(%(balances)s)", "1"
    else:
        balances = "SELECT key::bigint AS asset_id, value::bigint AS fen FROM jsonb_each_text(%(balances)s::jsonb)"
        true = "TRUE"
    before = "%(count)s - 1"
    own_line = line.accumulated("m.cost_fen", "m.life_months", line.span("m.due", "m.life_months", before))
    left = line.most(f"m.life_months - {line.most('%(count)s - m.due', '0')}", "1")
    on_line = f"(m.is_new = 1 AND (m.booked = 0 OR m.booked = {own_line}))"
    alias = name[0]
    return f"""
        INSERT INTO {TABLES["term"]} (run_id, book_id, asset_id, six_class, purpose, cost_fen, life_months, due,
            base_fen, months, began, before_fen, booked_fen, is_live)
        SELECT %(run)s, %(book)s, m.asset_id, m.six_class, m.purpose, m.cost_fen, m.life_months, m.due,
            CASE WHEN {on_line} THEN m.cost_fen ELSE {line.most("m.cost_fen - m.booked", "0")} END,
            CASE WHEN {on_line} THEN m.life_months ELSE {left} END,
            CASE WHEN {on_line} THEN m.due ELSE %(count)s END,
            CASE WHEN {on_line} THEN 0 ELSE m.booked END,
            m.booked, {true}
        FROM (
            SELECT c.{key} AS asset_id, c.six_class, {line.purpose("c", system)} AS purpose, c.cost_fen, c.life_months,
                {due} AS due, CASE WHEN p.id IS NULL THEN 1 ELSE 0 END AS is_new,
                CASE WHEN p.id IS NULL THEN COALESCE(b.fen, 0) ELSE {line.through("p", before)} END AS booked
            FROM {TABLES[name]} c
            LEFT JOIN {TABLES["term"]} t ON t.asset_id = c.{key} AND t.book_id = %(book)s AND t.is_live
            LEFT JOIN {TABLES["term"]} p ON p.asset_id = c.{key} AND p.book_id = %(book)s AND p.ended_by_id = %(run)s
            LEFT JOIN ({balances}) b ON b.asset_id = c.{key}
            WHERE {line.standing("c", alias == "f")} AND {line.chargeable("c")} AND t.id IS NULL AND {due} <= %(count)s
        ) m ORDER BY m.asset_id
    """  # noqa: S608 - names of our own models


def _within(name: str) -> str:
    return f"{name}.began <= %(count)s AND {name}.began + {name}.months > %(count)s"


def month_groups(book: Book, count: int) -> list[Group]:
    """The month's charges by class and purpose."""
    fen = line.charge_of("t", "%(count)s")
    statement = (
        f"SELECT t.six_class, t.purpose, SUM({fen}), SUM(CASE WHEN {fen} <> 0 THEN 1 ELSE 0 END) "  # noqa: S608
        f"FROM {TABLES['term']} t WHERE t.book_id = %(book)s AND t.is_live AND {_within('t')} "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    )
    found = rows(statement, parameters(book, count))
    return [Group(six_class, purpose, int(fen), 0, int(n)) for six_class, purpose, fen, n in found if fen]


def catch_up_groups(book: Book, count: int, run_id: int) -> list[Group]:
    """What the terms opened by a run leave to catch up by class and purpose, with that of earlier years."""
    until, year_end = f"{count - 1}", f"{(count - 1) // 12 * 12}"
    whole = f"({line.through('t', until)} - t.booked_fen)"
    earlier = line.most(line.least(f"{line.through('t', year_end)} - t.booked_fen", whole), "0")
    statement = (
        f"SELECT t.six_class, t.purpose, SUM({whole}), SUM({earlier}), "  # noqa: S608
        f"SUM(CASE WHEN {whole} <> 0 THEN 1 ELSE 0 END) "
        f"FROM {TABLES['term']} t WHERE t.run_id = %(run)s AND t.began < %(count)s GROUP BY 1, 2 ORDER BY 1, 2"
    )
    found = rows(statement, parameters(book, count, run_id))
    return [
        Group(six_class, purpose, int(fen) - int(old), int(old), int(n))
        for six_class, purpose, fen, old, n in found
        if fen
    ]


def reclassed(run_id: int) -> list[Reclassed]:
    """What was charged on cards that changed their class by this run's terms."""
    statement = (
        f"SELECT p.six_class, t.six_class, SUM(t.booked_fen) FROM {TABLES['term']} t "  # noqa: S608
        f"JOIN {TABLES['term']} p ON p.asset_id = t.asset_id AND p.book_id = t.book_id AND p.ended_by_id = t.run_id "
        "WHERE t.run_id = %(run)s AND p.six_class <> t.six_class GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [Reclassed(old, new, int(fen)) for old, new, fen in rows(statement, {"run": run_id}) if fen]


def charge_month(book: Book, count: int, run_id: int) -> int:
    """Write the month's charges."""
    fen = line.charge_of("t", "%(count)s")
    return execute(
        f"INSERT INTO {TABLES['charge']} (run_id, asset_id, fen) SELECT %(run)s, t.asset_id, {fen} "  # noqa: S608
        f"FROM {TABLES['term']} t WHERE t.book_id = %(book)s AND t.is_live AND {_within('t')} AND {fen} <> 0 "
        "ORDER BY t.asset_id",
        parameters(book, count, run_id),
    )


def charge_catch_up(book: Book, count: int, run_id: int, of_run: int) -> int:
    """Write what the terms opened by the month's run leave to catch up, as charges of the run of that kind."""
    fen = f"({line.through('t', f'{count - 1}')} - t.booked_fen)"
    return execute(
        f"INSERT INTO {TABLES['charge']} (run_id, asset_id, fen) SELECT %(run)s, t.asset_id, {fen} "  # noqa: S608
        f"FROM {TABLES['term']} t WHERE t.run_id = %(of)s AND t.began < %(count)s AND {fen} <> 0 ORDER BY t.asset_id",
        parameters(book, count, run_id) | {"of": of_run},
    )


def _why(system: str) -> str:
    due = f"{line.month_count('c.acquired_on')} + {int(system == rules.VILLAGE)}"
    return (
        f"CASE WHEN {line.uncharged('c')} THEN '{Why.CLASS}' WHEN c.cost_fen = 0 THEN '{Why.NO_COST}' "
        f"WHEN c.cost_fen <= {rules.NOMINAL_FEN} THEN '{Why.NOMINAL}' WHEN c.acquired_on IS NULL THEN '{Why.NO_DATE}' "
        f"WHEN COALESCE(c.life_months, 0) = 0 THEN '{Why.NO_LIFE}' WHEN {due} > %(count)s THEN '{Why.NEW}' "
        f"WHEN t.id IS NOT NULL AND t.began + t.months <= %(count)s THEN '{Why.DONE}' ELSE '' END"
    )


def _not_charged(name: str, key: str, columns: str, book: Book, rest: str) -> str:
    return (
        f"SELECT {columns} FROM (SELECT c.{key} AS asset_id, c.code, c.name, c.cost_fen, {_why(book.system)} AS why "  # noqa: S608
        f"FROM {TABLES[name]} c LEFT JOIN {TABLES['term']} t ON t.asset_id = c.{key} AND t.book_id = %(book)s "
        f"AND t.is_live WHERE {line.standing('c', name == 'former')}) w WHERE w.why <> '' {rest}"
    )


def skipped(book: Book, count: int) -> dict[str, tuple[int, int]]:
    """Cards of the book that a month doesn't charge: by reason, how many and their cost in fen."""
    found: dict[str, tuple[int, int]] = {}
    for name, key in SOURCES:
        statement = _not_charged(name, key, "why, COUNT(*), SUM(cost_fen)", book, "GROUP BY why")
        for why, n, cost in rows(statement, parameters(book, count)):
            had = found.get(why, (0, 0))
            found[why] = (had[0] + int(n), had[1] + int(cost))
    return {why: found[why] for why in Why.values if why in found}


def skipped_cards(book: Book, count: int, why: str, *, after: int = 0, limit: int = 50) -> list[tuple[Any, ...]]:
    """Cards that a month doesn't charge for one reason: (asset, code, name, cost fen), by the cards' numbers."""
    found: list[tuple[Any, ...]] = []
    for name, key in SOURCES:
        rest = "AND w.why = %(why)s AND w.asset_id > %(after)s ORDER BY w.asset_id LIMIT %(limit)s"
        values = parameters(book, count) | {"why": why, "after": after, "limit": limit}
        found += rows(_not_charged(name, key, "asset_id, code, name, cost_fen", book, rest), values)
    return sorted(found)[:limit]


def posted_runs(book_id: int) -> list[Run]:
    """The runs of a book that count, newest first."""
    return list(Run.objects.filter(book=book_id, state=RunState.POSTED).order_by("-month", "-id"))


def day_of(count: int) -> date:
    """The last day of a counted month."""
    return rules.last_day(count)
