"""Decision tables: exactly one row for every point, or the table isn't used."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.procedures import decisions
from mingchan.foundation.procedures.decisions import BadTable

COLUMNS = [
    {"name": "value", "type": "amount"},
    {"name": "kind", "type": "text", "values": ["SALE", "SCRAP", "GIFT"]},
]


def table(*rows: tuple[str, str, str]) -> decisions.Table:
    return decisions.read(
        {
            "code": "level",
            "columns": COLUMNS,
            "rows": [{"when": {"value": value, "kind": kind}, "then": then} for value, kind, then in rows],
        }
    )


WHOLE = (
    ("< 100", "any", "BUREAU"),
    ("between 100 and 500", "in [SALE, GIFT]", "COUNTY"),
    ("between 100 and 500", "SCRAP", "BUREAU"),
    (">= 500", "any", "CITY"),
)


@pytest.mark.parametrize(
    ("value", "kind", "then"),
    [(99, "SALE", "BUREAU"), (100, "SALE", "COUNTY"), (499, "GIFT", "COUNTY"), (499, "SCRAP", "BUREAU"),
     (500, "SCRAP", "CITY"), (-5, "GIFT", "BUREAU"), (2**53, "SALE", "CITY")],
)  # fmt: skip
def test_a_table_decides_by_its_one_row(value: int, kind: str, then: str) -> None:
    assert table(*WHOLE).decide({"value": value, "kind": kind}) == then


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (WHOLE[:3], "no row for"),
        ((*WHOLE[:1], *WHOLE[2:]), "no row for"),
        ((*WHOLE, (">= 900", "SALE", "X")), "overlap"),
        ((("<= 3", "any", "X"),), "no test of an amount"),
        ((("any", "AUCTION", "X"),), "are not its values"),
        ((("between 5 and 3", "any", "X"),), "no row for"),
    ],
)
def test_gaps_overlaps_and_unknown_tests_are_refused(rows: Any, words: str) -> None:
    with pytest.raises(BadTable, match=words):
        table(*rows)


@given(st.integers(-(10**9), 10**9), st.sampled_from(["SALE", "SCRAP", "GIFT"]))
def test_every_point_has_exactly_one_answer(value: int, kind: str) -> None:
    assert table(*WHOLE).decide({"value": value, "kind": kind}) in ("BUREAU", "COUNTY", "CITY")


@pytest.mark.parametrize(
    "facts", [{}, {"value": "5", "kind": "SALE"}, {"value": True, "kind": "SALE"}, {"value": 1, "kind": "X"}]
)
def test_a_missing_or_strange_fact_is_no_answer(facts: dict[str, Any]) -> None:
    with pytest.raises(BadTable):
        table(*WHOLE).decide(facts)
