"""What a decision table of the policy pack says (决策表), for contexts that must know it before a case asks."""

from collections.abc import Mapping
from typing import Any

from mingchan.foundation.procedures import pack


def by_table(code: str, facts: Mapping[str, Any]) -> str:
    """The result of the table for the facts. Raises KeyError for an unknown table, BadTable for a missing fact."""
    return pack.decision_tables()[code].decide(facts)
