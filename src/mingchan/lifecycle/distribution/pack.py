"""What the policy pack says of distribution (制度包中的收益用途): the uses of the clause, and what held until 2020."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

import yaml

from mingchan.foundation.policy import queries as policy


@dataclass(frozen=True, slots=True)
class UseSpec:
    """A use of income (用途): its label, the words of the clause it falls under, whether households are paid (2.5a)."""

    code: str
    label: str
    label_en: str
    clause_use: str
    households: bool

    @property
    def text(self) -> str:
        """The label in the reader's language."""
        return self.label_en if policy.english() else self.label


@cache
def uses() -> Mapping[str, UseSpec]:
    """The permitted uses by code, in their order. Raises ValueError unless exactly one of them pays households."""
    with policy.pack_path("income_uses.yaml").open(encoding="utf-8") as file:
        rows = yaml.safe_load(file)
    found = {
        code: UseSpec(code, row["label"], row["label_en"], row["clause_use"], bool(row.get("households", False)))
        for code, row in rows.items()
    }
    if sum(use.households for use in found.values()) != 1:
        raise ValueError("exactly one use pays households")
    return MappingProxyType(found)


@cache
def household_use() -> str:
    """The code of the use that pays households."""
    return next(use.code for use in uses().values() if use.households)


def relief_until() -> date:
    """The last day of the fight against poverty (脱贫攻坚期), until which poor households come first (2.5b)."""
    return date.fromisoformat(str(policy.thresholds()["distribution.relief_until"].value))


def household_least() -> int:
    """The least share of households in that time, in ten-thousandths."""
    return policy.figure("distribution.household_share")


def plan_word() -> str:
    """The word that numbers of plans begin with."""
    return str(policy.thresholds()["distribution.plan_word"].value)
