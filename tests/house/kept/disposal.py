"""Rows of disposal (处置)."""

from datetime import timedelta

from mingchan.lifecycle.disposal import services
from mingchan.lifecycle.disposal.tests import factories as make
from tests.architecture.url_table import Things


def fill(things: Things) -> None:
    """A sale whose price went back to the county, carried out and paid for."""
    made = make.may_proceed(make.cards(1, cost_fen=1_000_000), "SALE")
    clerk = things.actor("bureau_clerk")
    services.ask_price(made.pk, 700_000, "某公司（示例）", "两次流拍", actor=clerk, on=make.AFTER)
    made = make.notice_ends(make.approved(made, make.AFTER), on=make.AFTER)
    later = make.AFTER + timedelta(days=10)
    made = make.executed(made, later, price_fen=700_000)
    services.receive(made.pk, 700_000, "收1", later, actor=things.actor("accountant"), on=later)
