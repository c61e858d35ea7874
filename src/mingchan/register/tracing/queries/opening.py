"""What isn't linked yet (未关联) and proposals for it: a handful of statements, however many rows."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import F, Sum

from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import MIXED, Status
from mingchan.register.assets.models import Asset, FundingShare
from mingchan.register.funding import queries as funding
from mingchan.register.tracing import rules
from mingchan.register.tracing.drafts import OpenAsset, OpenUse, Proposal
from mingchan.register.tracing.permissions import VIEW
from mingchan.register.tracing.queries.shares import linked, live


def open_uses(actor: Actor, line: int | None = None) -> list[OpenUse]:
    """Visible payments of lines that build assets, with what of them isn't linked."""
    rows = funding.visible_to(actor).filter(asset_fen__gt=0).exclude(line__system="")
    if line is not None:
        rows = rows.filter(line=line)
    found = rows.annotate(open=F("asset_fen") - linked("use")).filter(open__gt=0).order_by("line", "id")
    return [
        OpenUse(
            key, line_id, system, tuple(part for part in tiers.split(",") if part), year, source,
            f"{item}{purpose}", paid_on, fen,
        )
        for key, line_id, system, tiers, year, source, item, purpose, paid_on, fen in found.values_list(
            "id", "line_id", "line__system", "line__tiers", "line__year", "funding", "item", "purpose", "paid_on",
            "open",
        )
    ]  # fmt: skip


def open_assets(actor: Actor, systems: set[str]) -> Iterator[OpenAsset]:
    """Visible assets of the systems, once for each source of money from which part of the cost isn't linked."""
    rows = Asset.objects.filter(
        assets.visible_to(actor, VIEW), status=Status.ACTIVE, cost_fen__gt=0, system__in=systems
    )
    rows = rows.annotate(open=F("cost_fen") - linked("asset")).filter(open__gt=0).order_by("id")
    mixed: dict[int, tuple[str, str, int, str, date | None, int]] = {}
    for key, system, tier, year, source, name, acquired, fen in rows.values_list(
        "id", "system", "tier", "year", "funding", "name", "acquired_on", "open"
    ):
        if source == MIXED:
            mixed[key] = (system, tier, year, name, acquired, fen)
        elif source:
            yield OpenAsset(key, system, tier, year, source, name, acquired, fen, fen)
    if not mixed:
        return
    by_source: dict[tuple[int, str], int] = defaultdict(int)
    wanted = one_of(list(mixed), "bigint")
    for key, source, fen in FundingShare.objects.filter(asset__in=wanted).values_list(
        "asset_id", "source", "amount_fen"
    ):
        by_source[key, source] += fen
    paid = live().filter(asset__in=one_of(list(mixed), "bigint")).order_by().values_list("asset", "use__funding")
    for key, source, fen in paid.annotate(fen=Sum("amount_fen")):
        by_source[key, source] -= fen
    for (key, source), fen in by_source.items():
        if fen > 0:
            system, tier, year, name, acquired, total = mixed[key]
            yield OpenAsset(key, system, tier, year, source, name, acquired, min(fen, total), total)


def proposals(actor: Actor, line: int | None = None) -> list[Proposal]:
    """What the open payments seem to have paid for, over all lines or one. Serves 2.1.1, 3.1."""
    uses = open_uses(actor, line)
    return rules.propose(uses, open_assets(actor, {use.system for use in uses})) if uses else []
