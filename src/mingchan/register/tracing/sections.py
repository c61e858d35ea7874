"""What tracing adds to pages of lower contexts (栏目): the assets of a payment, the payments of an asset, agreement."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.funding import queries as funding
from mingchan.register.funding.models import FundUse, Project
from mingchan.register.funding.queries import FundFilter
from mingchan.register.tracing import queries
from mingchan.register.tracing.queries import CardFilter
from mingchan.register.tracing.views import showing

LABEL = gettext_lazy("资金追溯")
FIRST = 5
MOST = 500


def of_payment(use: FundUse, request: HttpRequest) -> Mapping[str, Any] | None:
    """The assets that a payment paid for, what is open of it; nothing for a payment that is all expense."""
    if not use.asset_fen:
        return None
    actor = request.actor  # type: ignore[attr-defined]
    shares, hidden = queries.shares_of_use(use, actor)
    return {
        "shares": [share for share in shares if share.valid_to is None][:MOST],
        "closed": [share for share in shares if share.valid_to is not None][:MOST],
        "hidden": hidden,
        "linked": queries.linked_of_use(use.pk),
        "open": queries.open_of_use(use),
        "ways": showing.ways(),
        "may_link": actor.may("tracing.link", use.division_code),
    }


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """The payments that paid for an asset, and what of its cost none explains."""
    shares, hidden = queries.shares_of_asset(asset, request.actor)  # type: ignore[attr-defined]
    live = [share for share in shares if share.valid_to is None]
    linked = queries.linked_of_asset(asset.pk)
    return {
        "shares": live[:MOST],
        "closed": [share for share in shares if share.valid_to is not None][:MOST],
        "hidden": hidden,
        "linked": linked,
        "open": asset.cost_fen - linked if asset.status == Status.ACTIVE else 0,
        "cost": asset.cost_fen,
        "sources": showing.source_names(),
        "ways": showing.ways(),
    }


def of_project(project: Project, request: HttpRequest) -> Mapping[str, Any] | None:
    """The parts of the register that a project's sub-projects built, with the list of their assets."""
    actor, on = request.actor, request.on  # type: ignore[attr-defined]
    ids = {line.id for line in funding.project_lines(project, actor)}
    rows = [row for row in queries.agreements("line", actor, on) if row.key in ids and row.cost_fen is not None]
    if not rows:
        return None
    return {"rows": [_with_addresses("line", row) for row in rows]}


def of_reconciliation(_subject: object, request: HttpRequest) -> Mapping[str, Any] | None:
    """Asset value = funding split: by the chosen cut, and the first differences down to payment and asset."""
    actor, on = request.actor, request.on  # type: ignore[attr-defined]
    group = request.GET.get("by", "source")
    group = group if group in funding.GROUPS else "source"
    found = queries.agreements(group, actor, on)
    open_payments, more_payments = queries.payment_rows(FundFilter(), actor, limit=FIRST)
    open_cards, more_cards = queries.card_rows(CardFilter(), actor, limit=FIRST)
    return {
        "totals": queries.totals(actor, on),
        "rows": [_with_addresses(group, row) for row in found],
        "group": group,
        "payments": open_payments,
        "more_payments": more_payments is not None,
        "cards": open_cards,
        "more_cards": more_cards is not None,
        "wrong": queries.mismatched(actor),
        "sources": showing.source_names(),
        "has_cards": group in ("source", "line"),
        "may_link": actor.may("tracing.link"),
    }


def _with_addresses(group: str, row: queries.Agreement) -> dict[str, Any]:
    """A line of the reconciliation with the address of what each figure counts."""
    use_filter: dict[str, object] = {
        {"source": "funding", "project": "project", "line": "line", "year": "paid_year"}[group]: row.key
    }
    label = row.label
    card_filter: dict[str, object] = {}
    if group == "source":
        label = showing.source_names().get(row.key, row.key)
        card_filter = {"funding": row.key}
    elif group == "line":
        card_filter = {"system": row.system, "tier": row.tiers, "year": row.year or None}
    elif group == "year":
        label = str(row.key) if row.key else _("未注明日期")
    return {
        "row": row,
        "label": label or _("未归入项目"),
        "uses_url": _present("funding:uses", part="asset", **use_filter),
        "open_uses_url": _present("tracing:payments", **use_filter),
        "cards_url": (
            showing.address("assets:list", funding=row.key)
            if group == "source"
            else showing.address("tracing:cards", all="1", **card_filter)
        ),
        "open_cards_url": showing.address("tracing:cards", **card_filter),
    }


def _present(route: str, **parameters: object) -> str:
    """An address in which a zero stays: it asks for what has no project or date."""
    return showing.address(route, **{name: str(value) for name, value in parameters.items()})
