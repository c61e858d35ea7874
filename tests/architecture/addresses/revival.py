"""Addresses of revival (盘活)."""

from datetime import date
from typing import Any

from mingchan.lifecycle.revival.models import Measure
from tests.architecture.url_table import ASKED_AGAIN, SHOWN, Row, Things, page

COUNTY = "140932000000"
ON = date(2020, 3, 10)


def a_measure(things: Things) -> dict[str, Any]:
    """A measure before its decision."""
    found = Measure.objects.filter(serial=911).first()
    if found is None:
        found = Measure.objects.create(
            county="140932", division_code=COUNTY, year=2020, serial=911, number="偏盘活〔2020〕911号", kind="USER",
            state="PROCEDURE", party_id=things.account("bureau_clerk").office_id, reason="长期闲置", proposed_on=ON,
            proposed_by="王会计",
        )  # fmt: skip
    return {"measure_id": found.pk}


def a_span(things: Things) -> dict[str, Any]:
    """The first ninety days of it, not yet begun."""
    return {**a_measure(things), "days": 90}


TOWNS = frozenset({"town_keeper"})
"""Roles that see no measure of the county's own."""

ROWS: dict[str, Row] = {
    "revival:pool": page("revival.view"),
    "revival:matching": page("revival.view"),
    "revival:measures": page("revival.view"),
    "revival:effects": page("revival.view"),
    "revival:propose": page("revival.propose", GET=SHOWN, POST=ASKED_AGAIN),
    "revival:measure": page("revival.view", a_measure, hidden_from=TOWNS),
    "revival:carry_out": page("revival.propose", a_measure, POST=ASKED_AGAIN, hidden_from=TOWNS),
    "revival:settle": page("revival.propose", a_measure, POST=ASKED_AGAIN, hidden_from=TOWNS),
    "revival:stop": page("revival.propose", a_measure, POST=ASKED_AGAIN, hidden_from=TOWNS),
    "revival:review": page("revival.review", a_span, GET={404}, POST={404}, hidden_from=TOWNS),
}
