"""The straight line in SQL (年限平均法), the same words on both engines; `rules` says the same in Python."""

from django.db import connection

from mingchan.foundation.ledger.models import AccountRole, Line
from mingchan.register.assets.models import Asset, FormerCard
from mingchan.register.depreciation import rules
from mingchan.register.depreciation.models import Charge, Run, Term

TABLES = {
    "asset": Asset._meta.db_table,
    "former": FormerCard._meta.db_table,
    "term": Term._meta.db_table,
    "charge": Charge._meta.db_table,
    "run": Run._meta.db_table,
    "line": Line._meta.db_table,
    "role": AccountRole._meta.db_table,
}


def least(first: str, second: str) -> str:
    """The smaller of two expressions."""
    return f"{'MIN' if connection.vendor == 'sqlite' else 'LEAST'}({first}, {second})"


def most(first: str, second: str) -> str:
    """The larger of two expressions."""
    return f"{'MAX' if connection.vendor == 'sqlite' else 'GREATEST'}({first}, {second})"


def month_count(column: str) -> str:
    """The counted month of a date column."""
    if connection.vendor == "sqlite":
        return f"(CAST(substr({column}, 1, 4) AS INTEGER) * 12 + CAST(substr({column}, 6, 2) AS INTEGER))"
    return f"(EXTRACT(YEAR FROM {column})::int * 12 + EXTRACT(MONTH FROM {column})::int)"


def accumulated(base: str, months: str, charged: str) -> str:
    """What is charged of `base` after `charged` of `months`, which the caller keeps between 0 and `months`."""
    return f"({base} / {months} * ({charged}) + ({base} %% {months} * ({charged}) * 2 + {months}) / ({months} * 2))"


def span(began: str, months: str, count: str) -> str:
    """How many months of a line are over at the end of a counted month."""
    return most(least(f"{count} - {began} + 1", months), "0")


def standing(name: str, former: bool = False) -> str:
    """The condition that a card, or a former card, was one of the book's on the day; asks `owner` and `day` by name.

    What has left the book since isn't charged any more: it took along what was in the book when it left.
    """
    parts = f"{name}.owner_id = %(owner)s AND {name}.county = %(county)s AND {name}.status = 'ACTIVE'"
    parts += f" AND {name}.state_since <= %(day)s"
    if not former:
        return parts
    return (
        f"{parts} AND {name}.left_on > %(day)s AND EXISTS (SELECT 1 FROM {TABLES['asset']} n "  # noqa: S608
        f"WHERE n.id = {name}.asset_id AND n.owner_id = %(owner)s AND n.status IN ('ACTIVE', 'SPLIT'))"
    )


def uncharged(name: str) -> str:
    """The condition that a card is never charged by its class, code or name."""
    classes = ", ".join(f"'{value}'" for value in rules.NOT_CHARGED)
    codes = " OR ".join(f"{name}.class_code LIKE '{value}%%'" for value in rules.NOT_CHARGED_CODES)
    names = " OR ".join(f"{name}.name LIKE '{value}%%'" for value in rules.NOT_CHARGED_NAMES)
    return f"({name}.six_class IN ({classes}) OR {codes} OR {names})"


def chargeable(name: str) -> str:
    """The condition that a card has a line: of a charged class, with cost, date and life."""
    return (
        f"NOT {uncharged(name)} AND {name}.cost_fen > {rules.NOMINAL_FEN} AND {name}.life_months > 0 "
        f"AND {name}.acquired_on IS NOT NULL"
    )


def purpose(name: str, system: str) -> str:
    """What a card of a village book serves; empty in a government book."""
    if system != rules.VILLAGE:
        return "''"
    return f"CASE {name}.asset_type WHEN 'INDUSTRY' THEN 'PRODUCTION' ELSE 'WELFARE' END"


def charge_of(name: str, count: str) -> str:
    """A term's charge of one counted month that lies within it."""
    before = accumulated(f"{name}.base_fen", f"{name}.months", f"{count} - {name}.began")
    after = accumulated(f"{name}.base_fen", f"{name}.months", f"{count} - {name}.began + 1")
    return f"({after} - {before})"


def through(name: str, count: str) -> str:
    """What is charged in all under a term at the end of a counted month."""
    over = span(f"{name}.began", f"{name}.months", count)
    return f"({name}.before_fen + {accumulated(f'{name}.base_fen', f'{name}.months', over)})"
