"""Kinds of sites and what they should have (站点类型与应有配置), as the policy pack says."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.money import MILLI
from mingchan.register.sites import rules
from mingchan.register.sites.drafts import ItemSpec, KindSpec


@cache
def kinds() -> Mapping[str, KindSpec]:
    """Every kind of site by code, in the order in which a name is asked."""
    found = {
        code: KindSpec(
            code=code,
            label=row["label"],
            label_en=row["label_en"],
            tier=row["tier"],
            named=tuple(row["named"]),
            by_tier=bool(row.get("by_tier", False)),
            items=tuple(map(_item, row["items"])),
        )
        for code, row in policy.document("site_standards.yaml").items()
    }
    return MappingProxyType(found)


def _item(row: Mapping[str, Any]) -> ItemSpec:
    least = int(row["quantity"])
    return ItemSpec(
        code=row["code"],
        label=row["label"],
        label_en=row["label_en"],
        unit=row["unit"],
        quantity_milli=least * MILLI,
        most_milli=int(row.get("most", least)) * MILLI,
        words=tuple(row["words"]),
        classes=tuple(row["classes"]),
    )


def text(spec: KindSpec | ItemSpec) -> str:
    """The label in the reader's language."""
    return spec.label_en if policy.english() else spec.label


def kind_text(code: str) -> str:
    """A kind's label; the word itself when the pack doesn't know it."""
    found = kinds().get(code)
    return text(found) if found is not None else code


def choices() -> list[tuple[str, str]]:
    """Kinds to choose from, with their labels."""
    return [(code, text(spec)) for code, spec in kinds().items()]


def proposed(name: str, tier: str) -> str:
    """The kind that a site's name and tier speak of, blank when neither does (2.1.2)."""
    return rules.propose_kind(name, tier, kinds().values())


def effective(kind: str, name: str, tier: str) -> str:
    """The kind of a site, or the one proposed while nobody has said it."""
    return kind if kind in kinds() else proposed(name, tier)


def items(kind: str) -> tuple[ItemSpec, ...]:
    """What a site of a kind should have, nothing for an unknown kind."""
    found = kinds().get(kind)
    return found.items if found is not None else ()
