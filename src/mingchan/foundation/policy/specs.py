"""What the pack says of stages and custody (工作步骤、管护职责): values read once, labels in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import get_language


def _english() -> bool:
    return (get_language() or "").startswith("en")


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """What a stage must bring about (成果): the measure that computes it, the office that answers for it."""

    measure: str
    label: str
    label_en: str
    office: str
    clause: str


@dataclass(frozen=True, slots=True)
class StageSpec:
    """A stage (阶段) of the template: its days in the template's year, its office, its outputs."""

    code: str
    label: str
    label_en: str
    clause: str
    starts_on: date
    ends_on: date
    office: str
    outputs: tuple[OutputSpec, ...]

    @property
    def text(self) -> str:
        """The label in the reader's language."""
        return self.label_en if _english() else self.label


@dataclass(frozen=True, slots=True)
class OfficeSpec:
    """An office the template names: the key it is called by, the party's full name and its short one."""

    key: str
    name: str
    label: str
    label_en: str

    @property
    def text(self) -> str:
        """The short name in the reader's language."""
        return self.label_en if _english() else self.label


@dataclass(frozen=True, slots=True)
class StageTemplate:
    """The template of a work plan (工作步骤): its year, title, offices and stages in order (3.1–3.4)."""

    year: int
    title: str
    title_en: str
    offices: Mapping[str, OfficeSpec]
    stages: tuple[StageSpec, ...]


@dataclass(frozen=True, slots=True)
class TierDuties:
    """Duties of a tier's keepers (分级管护): sentences in both languages, usual term, days between inspections."""

    tier: str
    term_months: int
    inspect_days: int
    duties: tuple[tuple[str, str], ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The duties in the reader's language."""
        return tuple(english if _english() else text for text, english in self.duties)


def template_of(row: Mapping[str, Any]) -> StageTemplate:
    """The template that a file says. Raises ValueError for an office nobody defines or stages out of order."""
    offices = {
        key: OfficeSpec(key, office["name"], office["label"], office["label_en"])
        for key, office in row["offices"].items()
    }
    stages = tuple(_stage(stage) for stage in row["stages"])
    named = {stage.office for stage in stages} | {out.office for stage in stages for out in stage.outputs}
    if unknown := named - set(offices):
        raise ValueError(f"stages name unknown offices: {sorted(unknown)}")
    if any(stage.starts_on > stage.ends_on for stage in stages) or not _in_order(stages):
        raise ValueError("stages must stand in the order of their days")
    return StageTemplate(int(row["year"]), row["title"], row["title_en"], offices, stages)


def _stage(row: Mapping[str, Any]) -> StageSpec:
    return StageSpec(
        code=row["code"],
        label=row["label"],
        label_en=row["label_en"],
        clause=str(row["clause"]),
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        office=row["office"],
        outputs=tuple(
            OutputSpec(out["measure"], out["label"], out["label_en"], out["office"], str(out["clause"]))
            for out in row["outputs"]
        ),
    )


def _in_order(stages: Sequence[StageSpec]) -> bool:
    return all(one.ends_on < other.starts_on for one, other in pairwise(stages))


def duties_of(rows: Mapping[str, Any]) -> dict[str, TierDuties]:
    """The duties that a file says, by tier."""
    return {
        tier: TierDuties(
            tier=tier,
            term_months=int(row["term_months"]),
            inspect_days=int(row["inspect_days"]),
            duties=tuple((duty["text"], duty["text_en"]) for duty in row["duties"]),
        )
        for tier, row in rows.items()
    }
