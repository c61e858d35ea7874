"""What the policy pack says of procedures (制度包中的流程): drawings, decision tables, the published working days."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import decisions, diagram


@cache
def procedure_files() -> Mapping[str, str]:
    """The text of each drawing (`procedures/<code>.bpmn`) by its code."""
    folder = policy.pack_path("procedures")
    return MappingProxyType({path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.bpmn"))})


@cache
def decision_files() -> Mapping[str, str]:
    """The text of each decision table (`decisions/<code>.yaml`) by code. Raises BadTable for a gap or an overlap."""
    folder = policy.pack_path("decisions")
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))]
    return MappingProxyType({decisions.parse(text).code: text for text in texts})


class Required(NamedTuple):
    """A step that the plan demands of a procedure: by role and kind, or by what it waits for, before another one."""

    key: str
    clause: str
    text: str
    text_en: str
    role: str
    kind: str
    waits: str
    before: tuple[str, ...]
    dissent: bool

    @property
    def label(self) -> str:
        """What is demanded, in the reader's language."""
        return self.text_en if policy.english() else self.text


@cache
def required_steps() -> Mapping[str, tuple[Required, ...]]:
    """What the plan demands of each procedure's drawing (`required_steps.yaml`), by its code.

    Raises ValueError for an unknown role or clause, or an order that names no step.
    """
    found = {
        str(code): tuple(
            Required(
                key=str(row["key"]),
                clause=str(row["clause"]),
                text=row["text"],
                text_en=row["text_en"],
                role=row.get("role", ""),
                kind=row.get("kind", ""),
                waits=row.get("waits", ""),
                before=tuple(row.get("before", ())),
                dissent=bool(row.get("dissent", False)),
            )
            for row in rows
        )
        for code, rows in policy.document("required_steps.yaml").items()
    }
    for steps in found.values():
        keys = {step.key for step in steps}
        for step in steps:
            known = (not step.role or step.role in policy.roles()) and step.clause in policy.clauses()
            if not known or not set(step.before) <= keys or bool(step.role) == bool(step.waits):
                raise ValueError(f"required_steps.yaml: {step.key} can't be understood")
    return MappingProxyType(found)


@cache
def _escalations() -> Mapping[str, str]:
    """Role by role the one that supervises it; `default` for those not named. Raises ValueError for unknown roles."""
    found = {str(role): str(above) for role, above in policy.document("escalation.yaml").items()}
    known = set(policy.roles())
    if unknown := {*found.values(), *(found.keys() - {"default", diagram.DRAFTER})} - known:
        raise ValueError(f"escalation.yaml names unknown roles: {sorted(unknown)}")
    return MappingProxyType(found)


def escalation(role: str) -> str:
    """The role to which an overdue step of a role is taken (督办)."""
    return _escalations().get(role) or _escalations()["default"]


@cache
def working_days() -> Mapping[date, bool]:
    """Published days that aren't what their weekday says (调休), True where they are worked."""
    with policy.pack_path("working_days.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType({date.fromisoformat(row["day"]): row["works"] == "yes" for row in csv.DictReader(file)})
