"""Addresses of depreciation (折旧)."""

from datetime import date
from typing import Any

from mingchan.foundation.ledger.models import Book
from mingchan.register.assets.tests import factories as make
from mingchan.register.depreciation import services
from mingchan.register.depreciation.models import Run
from tests.architecture.url_table import SHOWN, Row, Things, page

VIEW, RUN = "ledger.view", "depreciation.run"
END = date(2020, 3, 31)


def a_book(things: Things) -> dict[str, Any]:
    """The book of an office of the county."""
    asset = things.asset()
    found = Book.objects.filter(owner=asset.owner_id).first() or Book.objects.order_by("pk").first()
    if found is None:
        make.register([make.draft(owner=make.party("折旧示例单位"), life_months=72)])
        found = Book.objects.order_by("pk").first()
    assert found is not None
    return {"book_id": found.pk}


def a_run(things: Things) -> dict[str, Any]:
    """A month charged in it."""
    found = Run.objects.order_by("pk").first()
    if found is None:
        found = services.post(a_book(things)["book_id"], 202003, actor=things.actor("accountant"), on=END)
    return {"run_id": found.pk}


def a_charged_book(things: Things) -> dict[str, Any]:
    """Nothing in the address, but a book that is charged."""
    a_run(things)
    return {}


ROWS: dict[str, Row] = {
    "depreciation:runs": page(VIEW),
    "depreciation:prepare": page(RUN, a_book, GET=SHOWN, POST={302, 409}),
    "depreciation:run": page(VIEW, a_run),
    "depreciation:reverse": page(RUN, a_run, POST={409}),
    "depreciation:table": page(VIEW, a_charged_book, scoped=False),
    "depreciation:table_workbook": page(VIEW, a_charged_book, scoped=False, GET={200, 404}),
    "depreciation:table_paper": page(VIEW, a_charged_book, scoped=False, GET={200, 404}),
    "depreciation:reconciliation": page(VIEW),
}
