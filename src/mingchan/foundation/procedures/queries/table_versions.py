"""Which decision table is in force (决策表版本): the county's own latest one, else the pack's."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.utils.translation import gettext as _

from mingchan.foundation.procedures import decisions, diagram, expressions, pack
from mingchan.foundation.procedures.decisions import Table
from mingchan.foundation.procedures.models import Case, TableVersion
from mingchan.kernel.errors import NotFound


class TableInForce(NamedTuple):
    """A decision table in force: its code, version (0: the pack's own), text and what it says."""

    code: str
    number: int
    content: str
    table: Table


@lru_cache(maxsize=256)
def table_of(content: str) -> Table:
    """A table read once for each text."""
    return decisions.parse(content)


def _made(code: str, number: int, content: str) -> TableInForce:
    return TableInForce(code, number, content, table_of(content))


def tables(county: str, on: date) -> dict[str, TableInForce]:
    """Every decision table in force on a day, by code."""
    found = {code: _made(code, 0, content) for code, content in pack.decision_files().items()}
    own = TableVersion.objects.filter(county=county, valid_from__lte=on).order_by("valid_from", "number")
    for code, number, content in own.values_list("code", "number", "content"):
        found[code] = _made(code, number, content)
    return dict(sorted(found.items()))


def table(code: str, county: str, on: date, number: int | None = None) -> TableInForce:
    """A decision table in force, or one of its versions. Raises NotFound when there is none."""
    if number is None:
        found = tables(county, on).get(code)
    elif number == 0:
        content = pack.decision_files().get(code)
        found = _made(code, 0, content) if content is not None else None
    else:
        row = TableVersion.objects.filter(county=county, code=code, number=number).values_list("content", flat=True)
        text = row.first()
        found = _made(code, number, text) if text is not None else None
    if found is None:
        raise NotFound(_("没有这张决策表"))
    return found


def decided(code: str, facts: Mapping[str, Any], county: str = "", on: date | None = None) -> str:
    """What a decision table says: the one in force in a county on a day, without a day the pack's own.

    Raises NotFound for a table that doesn't exist, BadTable (ValueError) for facts outside its columns.
    """
    used = table(code, county, date.min, 0) if on is None else table(code, county, on)
    return used.table.decide(facts)


def versions_of_table(code: str, county: str) -> list[TableVersion]:
    """The county's own versions of a decision table, newest first."""
    return list(TableVersion.objects.filter(county=county, code=code).defer("content").order_by("-number"))


def asked_by(found: diagram.Diagram) -> list[str]:
    """The tables that a drawing's conditions ask, by code."""
    asked = {code for flow in found.flows if flow.condition for code in expressions.decisions_in(flow.condition)}
    return sorted(asked)


def tables_for(found: diagram.Diagram, county: str, on: date) -> dict[str, str]:
    """The texts of the tables that a drawing asks, as they are in force on a day."""
    asked = asked_by(found)
    if not asked:
        return {}
    known = tables(county, on)
    return {code: known[code].content for code in asked if code in known}


def tables_of(case: Case) -> Mapping[str, str]:
    """The texts of the tables that a case began with; the pack's for one that began before they were kept."""
    if case.tables is None:
        return pack.decision_files()
    return dict(orjson.loads(case.tables))
