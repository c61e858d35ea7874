"""The checks of supervision (检查项), each under its code, in the order in which pages list them.

A new check is a query in the module of its subject, an entry in that module's `CHECKS`, its bounds in `checks.yaml` of
the policy pack, and its rows in the table of small worlds.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mingchan.oversight.supervision.checks import (
    contracts,
    deadlines,
    disposals,
    earnings,
    holders,
    idle,
    money,
)
from mingchan.oversight.supervision.checks.base import Check, Hit, Scope

ALL: tuple[Check, ...] = (
    *idle.CHECKS,
    *holders.CHECKS,
    *contracts.CHECKS,
    *earnings.CHECKS,
    *disposals.CHECKS,
    *money.CHECKS,
    *deadlines.CHECKS,
)
BY_CODE: Mapping[str, Check] = MappingProxyType({check.code: check for check in ALL})

__all__ = ["ALL", "BY_CODE", "Check", "Hit", "Scope"]
