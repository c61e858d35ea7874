"""What each role answers for (职责, 4.1): sentences of the policy pack (`duties.yaml`) with the clauses that say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from mingchan.foundation.policy import queries as policy


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing a role answers for, with the clauses that say so."""

    label: str
    label_en: str
    clauses: tuple[str, ...]

    @property
    def text(self) -> str:
        """The duty in the reader's language."""
        return self.label_en if policy.english() else self.label


@cache
def duties() -> Mapping[str, tuple[Duty, ...]]:
    """The duties of every role. Raises ValueError when the pack names a role or a clause that isn't there."""
    found = {
        role: tuple(Duty(one["text"], one["text_en"], tuple(one["clauses"])) for one in owed)
        for role, owed in policy.document("duties.yaml").items()
    }
    named = {clause for owed in found.values() for duty in owed for clause in duty.clauses}
    if unknown := (set(found) - set(policy.roles())) | (named - set(policy.clauses())):
        raise ValueError(f"duties.yaml names unknown roles or clauses: {sorted(unknown)}")
    return MappingProxyType(found)
