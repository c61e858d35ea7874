"""Versions of the plan (方案版本): each pack carries out one paper, and a later paper replaces an earlier.

The pack in use is the setting's; the others stay readable, so that one sees which sentence came, went or changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

PACKS = Path(__file__).resolve().parent / "packs"


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A paper that a pack carries out: its title, number, days; `valid_to` None while nothing replaces it."""

    pack: str
    title: str
    title_en: str
    number: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    replaces: str
    in_use: bool

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return self.title_en if (get_language() or "").startswith("en") else self.title


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause of some version: its id and the paper's own words."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A clause in two versions: `kind` same, changed, new or gone; `before` and `after` empty where it wasn't."""

    id: str
    kind: str
    before: str
    after: str


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def plan_versions(packs: Path | None = None) -> tuple[PlanVersion, ...]:
    """Every paper that a pack of this installation carries out, the newest first. Raises ValueError for a loop."""
    folder = packs or PACKS
    rows = {path.parent.name: _read(path) for path in sorted(folder.glob("*/plan.yaml"))}
    following: dict[str, date] = {}
    for row in rows.values():
        if row["replaces"]:
            if row["replaces"] not in rows or rows[row["replaces"]]["valid_from"] >= row["valid_from"]:
                raise ValueError(f"{row['number']} replaces no earlier paper")
            following[row["replaces"]] = row["valid_from"]
    found = [
        PlanVersion(
            pack=pack,
            title=row["title"],
            title_en=row["title_en"],
            number=row["number"],
            issued_on=row["issued_on"],
            valid_from=row["valid_from"],
            valid_to=following.get(pack),
            replaces=row["replaces"],
            in_use=pack == settings.PACK,
        )
        for pack, row in rows.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.valid_from, one.pack), reverse=True))


@cache
def wordings(pack: str, packs: Path | None = None) -> Mapping[str, Wording]:
    """The clauses of a pack by id. Raises KeyError for a pack that isn't here."""
    path = (packs or PACKS) / pack / "clauses.yaml"
    if "/" in pack or not path.is_file():
        raise KeyError(pack)
    rows = _read(path)
    return MappingProxyType(
        {str(row["id"]): Wording(str(row["id"]), row["title"], row["text"].strip()) for row in rows}
    )


def compared(older: str, newer: str, packs: Path | None = None) -> tuple[Changed, ...]:
    """What became of each clause between two packs, in the order of the newer, those that are gone at the end."""
    before, after = wordings(older, packs), wordings(newer, packs)
    found = []
    for clause in after.values():
        was = before[clause.id].text if clause.id in before else ""
        kind = "new" if not was else "same" if was == clause.text else "changed"
        found.append(Changed(clause.id, kind, was, clause.text))
    found += [Changed(clause.id, "gone", clause.text, "") for clause in before.values() if clause.id not in after]
    return tuple(found)
