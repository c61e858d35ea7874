"""Rows of disposal (处置)."""

from mingchan.lifecycle.disposal import services
from mingchan.lifecycle.disposal.tests import factories as make
from tests.architecture.url_table import DAY, Things


def fill(things: Things) -> None:
    """A sale whose price went back to the county, carried out and paid for."""
    made = make.may_proceed(make.cards(1, cost_fen=1_000_000), "SALE")
    clerk = things.actor("bureau_clerk")
    services.ask_price(made.pk, 700_000, "某公司（示例）", "两次流拍", actor=clerk, on=DAY)
    made = make.executed(make.notice_ends(make.approved(made)), price_fen=700_000)
    services.receive(made.pk, 700_000, "收1", DAY, actor=things.actor("accountant"), on=DAY)
