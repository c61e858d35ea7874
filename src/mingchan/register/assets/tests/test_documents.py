"""A new card's document, joined from encoded columns, is byte for byte the canonical form of the card's document."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingchan.kernel import canonical
from mingchan.register.assets.models import Asset
from mingchan.register.assets.services import documents
from mingchan.register.assets.services.rows import CARD, HOLDERS, SHARE

TEXT = st.text(st.sampled_from('冷库a"\\,\n[]{}%:0'), max_size=6)
NUMBER = st.integers(1, 2**53)
DAY = st.dates().map(str)
NULLABLE = {field.attname for field in Asset._meta.concrete_fields if field.null}
KINDS: dict[str, Any] = {"CharField": TEXT, "DateField": DAY, "BooleanField": st.booleans()}


@st.composite
def cards(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of cards with any text in any column, and nulls where the column may hold them."""
    one = {}
    for field in Asset._meta.concrete_fields:
        values = KINDS.get(field.get_internal_type(), NUMBER)
        one[field.attname] = st.none() | values if field.attname in NULLABLE else values
    return draw(st.lists(st.fixed_dictionaries(one), min_size=1, max_size=4, unique_by=lambda card: card["id"]))


def _expected(card: dict[str, Any], shares: list[tuple[Any, ...]], origin: tuple[Any, ...] | None) -> bytes:
    rights = [
        {
            "basis": "", "document": "", "kind": kind, "party_id": card[column], "share_denominator": 1,
            "share_numerator": 1, "source": "batch:1", "valid_from": card["acquired_on"] or "2020-03-10",
        }
        for column, kind in HOLDERS.items()
        if card[column] is not None
    ]  # fmt: skip
    read = []
    if origin is not None:
        read = [canonical.without_nulls(dict(zip(("sheet_id", "row", "originals"), origin, strict=True)))]
    children = {
        "former": [],
        "funding_shares": [dict(zip(SHARE, part, strict=True)) for part in shares],
        "origin": read,
        "rights": rights,
    }
    return canonical.encode(canonical.without_nulls(card) | children)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cards(), st.data())
def test_the_bytes_are_those_of_the_canonical_form(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    columns = {name: [row[name] for row in rows] for name in CARD}
    keys = st.sampled_from(columns["id"])
    shares = data.draw(st.dictionaries(keys, st.lists(st.tuples(TEXT, NUMBER, TEXT), min_size=1, max_size=2)))
    origins = data.draw(st.dictionaries(keys, st.tuples(NUMBER, st.none() | NUMBER, TEXT)))
    listed = [(key, *origins[key]) for key in columns["id"] if key in origins]
    made = list(documents.of_new_cards(columns, shares, listed, source="batch:1", on="2020-03-10"))
    assert made == [_expected(row, shares.get(row["id"], []), origins.get(row["id"])) for row in rows]
