"""The cards of a plan's scope as they stood on its base date (盘点范围)."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import QuerySet

from mingchan.kernel.actor import Actor
from mingchan.lifecycle.stocktake.models import Plan
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import from_params
from mingchan.register.assets.queries.filtering import bases


def cards_of(plan: Plan, actor: Actor, on: date) -> list[tuple[QuerySet[Any], str]]:
    """The cards, with the column that names the asset: cards as they are, and for a past day those as they were."""
    wanted, _bad = from_params(dict(parse_qsl(plan.scope)))
    wanted = wanted.but(as_of=plan.base_on if plan.base_on < on else None, status="")
    return [(cards, "pk" if cards.model is Asset else "asset_id") for cards in bases(wanted, actor)]
