"""What other pages show of distribution (栏目): where an asset's income went, what a holder distributed, the desk."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.directory.models import Party
from mingchan.kernel import money
from mingchan.kernel.actor import Actor
from mingchan.kernel.ui import desk
from mingchan.kernel.ui.desk import Card, Figure
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.distribution import permissions
from mingchan.lifecycle.distribution.choices import PlanStatus, PolicyStatus
from mingchan.lifecycle.distribution.queries import plans, policies, trace
from mingchan.lifecycle.operation.models import Covered
from mingchan.register.assets.models import Asset

SHOWN = 20


def of_asset(asset: Asset, request: HttpRequest) -> Mapping[str, Any] | None:
    """Plans that distributed what the asset earned, with its part in fen (1.2b): forwards to the households."""
    let = Covered.objects.filter(asset=asset, is_let=True).values_list("contract_id", flat=True)
    contracts = [f"contract:{contract}" for contract in let]
    rows = trace.plans_of_contracts(contracts) if contracts else []
    if not rows:
        return None
    weights = trace.assets_of(contracts)
    visible = plans.visible_to(request.actor).in_bulk({row.plan for row in rows})  # type: ignore[attr-defined]
    parts: dict[int, int] = {}
    for row in rows:
        weighed = weights.get(row.contract, [])
        if row.fen > 0 and any(weight for _key, weight in weighed):
            fens = money.split(row.fen, [weight for _key, weight in weighed])
            own = sum(fen for (key, _weight), fen in zip(weighed, fens, strict=True) if key == asset.pk)
            parts[row.plan] = parts.get(row.plan, 0) + own
    return {"rows": [(visible[key], fen) for key, fen in parts.items() if key in visible][:SHOWN]}


def of_party(party: Party, request: HttpRequest) -> Mapping[str, Any] | None:
    """Plans of what a holder of the income right received."""
    found = plans.visible_to(request.actor).filter(holder=party).order_by("-id")[:SHOWN]  # type: ignore[attr-defined]
    rows = [(plan, plan.pool_fen) for plan in found]
    return {"rows": rows} if rows else None


OF_ASSET = Section(
    name="distribution",
    label=gettext_lazy("收益分配"),
    tab="distribution",
    order=60,
    right=permissions.VIEW,
    template="distribution/_plans.html",
    build=of_asset,
)
"""A tab of its own in the dossier."""

OF_PARTY = Section(
    name="distribution",
    label=gettext_lazy("收益分配"),
    tab="",
    order=60,
    right=permissions.VIEW,
    template="distribution/_plans.html",
    build=of_party,
)
"""On the page of a village or office."""


def card(actor: Actor, on: date) -> Card | None:
    """The desk's card of distribution: what waits for the reader, what isn't filed, what came back."""
    if not actor.may(permissions.VIEW):
        return None
    address = reverse("distribution:plans")
    waiting = [
        Figure(words, plans.waiting_for(actor, right, (status.value,)).count(), url=f"{address}?status={status.value}")
        for right, status, words in (
            (permissions.PLAN, PlanStatus.DRAFT, _("待提交决策的分配方案")),
            (permissions.PAY, PlanStatus.FILED, _("已备案待发放的方案")),
        )
        if actor.may(right)
    ]
    open_ones, late, until = policies.unfiled(actor, on)
    drafts = f"{reverse('distribution:policies')}?status={PolicyStatus.DRAFT.value}"
    if actor.may(permissions.FILE):
        waiting.append(Figure(_("待备案的分配办法"), open_ones + late, url=drafts))
    running = plans.visible_to(actor).filter(status=PlanStatus.PROPOSED).count()
    return Card(
        "distribution",
        _("收益分配"),
        _("收益按备案的办法分配到户、到用途"),
        "users",
        figures=(
            Figure(_("决策中的方案"), running, url=f"{address}?status=PROPOSED"),
            Figure(_("本年可分配收益"), _this_year(actor, on), kind="money", url=f"{address}?year={on.year}"),
        ),
        links=desk.links(
            actor,
            ("distribution:overview", _("分配概况"), permissions.VIEW),
            ("distribution:households", _("受益户"), permissions.VIEW_HOUSEHOLDS),
        ),
        waiting=tuple(waiting),
        ending=(Figure(_("待报备的分配办法"), open_ones, tone="warn", url=drafts, next_on=until),),
        lapsed=(Figure(_("逾期未备案的分配办法"), late, tone="bad", url=f"{drafts}&late=1"),),
    )


def _this_year(actor: Actor, on: date) -> int:
    return next((row.pool_fen for row in plans.by_year(actor) if row.year == on.year), 0)
