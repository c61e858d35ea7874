"""What the pack says of the checks (监督检查): bounds, terms, who answers, when joint supervision takes over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from mingchan.foundation.policy import queries as policy

FILE = "checks.yaml"


@dataclass(frozen=True, slots=True)
class Spec:
    """The county's side of one check: `due` working days for rectification, the role that answers, its bounds."""

    due: int
    role: str
    bounds: Mapping[str, Any]


@cache
def specs() -> Mapping[str, Spec]:
    """Every check's side of the pack, by code. Raises KeyError for a bound that names an unknown figure."""
    found = {}
    for code, row in policy.document(FILE)["checks"].items():
        bounds = {name: _value(value) for name, value in row.items() if name not in ("due", "role")}
        found[code] = Spec(int(row["due"]), row["role"], MappingProxyType(bounds))
    return MappingProxyType(found)


def _value(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("="):
        value = policy.thresholds()[value[1:]].value
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value


@cache
def number(name: str) -> int:
    """A whole number that counts for all checks."""
    return int(policy.document(FILE)[name])


@cache
def weights() -> Mapping[str, int]:
    """What a place loses for each finding per 100 assets, by kind of finding."""
    return MappingProxyType({name: int(value) for name, value in policy.document(FILE)["ranking"].items()})
