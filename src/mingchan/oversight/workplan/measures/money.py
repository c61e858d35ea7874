"""Measures of money, of the register's making and of the books (按资金和账簿计量)."""

from datetime import date

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from mingchan.kernel.actor import Actor
from mingchan.oversight.workplan.choices import Unit
from mingchan.oversight.workplan.measures.readings import Measure, Reading
from mingchan.register.assets import queries as assets
from mingchan.register.assets.queries.filtering import bases
from mingchan.register.funding import queries as funding


def _sees_county(actor: Actor, right: str) -> bool:
    return actor.may(right, actor.county)


def _fund_use_detail(actor: Actor, day: date | None) -> Reading | None:
    """Of the money received, how much is detailed by payments (received = spent + left)."""
    if not _sees_county(actor, "funding.view"):
        return None
    received, uses = funding.appropriations_visible_to(actor), funding.visible_to(actor)
    if day is not None:
        received, uses = received.filter(registered_on__lte=day), uses.filter(registered_on__lte=day)
    total = int(received.aggregate(fen=Sum("amount_fen"))["fen"] or 0)
    detailed = int(uses.aggregate(fen=Sum("paid_fen"))["fen"] or 0)
    return Reading(min(detailed, total), total)


def _fund_use_traced(actor: Actor, day: date | None) -> Reading | None:
    """Payments with an appropriation behind them."""
    if not actor.scopes("funding.view"):
        return None
    uses = funding.visible_to(actor)
    if day is not None:
        uses = uses.filter(registered_on__lte=day)
    found = uses.aggregate(total=Count("id"), done=Count("id", filter=Q(appropriation__isnull=False)))
    return Reading(found["done"], found["total"])


def _register(actor: Actor, day: date | None) -> Reading | None:
    """Of the money that became assets, how much stands in the register as cost."""
    if not _sees_county(actor, "funding.view") or not _sees_county(actor, "asset.view"):
        return None
    uses = funding.visible_to(actor)
    if day is not None:
        uses = uses.filter(registered_on__lte=day)
    spent = int(uses.aggregate(fen=Sum("asset_fen"))["fen"] or 0)
    cost = 0
    for cards in bases(assets.RegisterFilter(as_of=day), actor):
        cost += int(cards.order_by().aggregate(fen=Sum("cost_fen"))["fen"] or 0)
    return Reading(min(cost, spent), spent)


def _books_agree(actor: Actor, day: date | None) -> Reading | None:
    """Of the register's cost, how much the general ledger holds in the same class; always as of now (3.4.1)."""
    if not _sees_county(actor, "ledger.view") or not _sees_county(actor, "asset.view"):
        return None
    found = assets.against_ledger(actor)
    total = sum(max(held.register_fen, held.ledger_fen) for held in found.classes) + found.unowned_fen
    agreed = sum(min(held.register_fen, held.ledger_fen) for held in found.classes)
    return Reading(max(agreed, 0), total, is_dated=day is None)


MEASURES = (
    Measure(
        "fund_use_detail", Unit.FEN, _("下达的资金已逐笔列明支出"), _fund_use_detail, route="funding:reconciliation"
    ),
    Measure(
        "fund_use_traced",
        Unit.ROWS,
        _("支出有对应文号的资金下达"),
        _fund_use_traced,
        route="funding:uses",
        parameters={"problem": "NO_APPROPRIATION"},
    ),
    Measure("register", Unit.FEN, _("支出形成的资产已登记入册"), _register, route="funding:uses",
            parameters={"part": "asset"}),
    Measure("books_agree", Unit.FEN, _("资产台账与总账同类金额相符"), _books_agree, route="ledger:trial_balance"),
)  # fmt: skip
