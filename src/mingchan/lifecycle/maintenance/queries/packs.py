"""What the policy pack says of inspections (检查表): checklists by class, what a phone asks for."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from mingchan.foundation.policy import queries as policy
from mingchan.lifecycle.maintenance import rules
from mingchan.lifecycle.maintenance.rules import Checklist


@cache
def checklists() -> Mapping[str, Checklist]:
    """Checklists by key, in the order of the pack."""
    return MappingProxyType(rules.checklists_of(policy.document("checklists.yaml")["checklists"]))


@cache
def field_rules() -> Mapping[str, Any]:
    """For what events a photograph is asked, whether a signature and a position are."""
    return MappingProxyType(dict(policy.document("checklists.yaml")["rules"]))


def checklist_of(class_code: str) -> Checklist | None:
    """The checklist for a class of assets."""
    return checklists().get(rules.checklist_for(class_code, checklists().values()))


def treatment(nature: str, cost_fen: int, asset_fen: int) -> str:
    """Where a cost goes by the county's own figures (`maintenance.capital_fen`, `maintenance.capital_percent`)."""
    return rules.treatment(
        nature,
        cost_fen,
        asset_fen,
        least_fen=policy.figure("maintenance.capital_fen"),
        least_percent=policy.figure("maintenance.capital_percent"),
    )
