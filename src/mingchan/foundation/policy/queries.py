"""Reading the policy pack (制度). One county's decisions stand as data in `packs/<name>/`, read once and kept.

Every reader here is cached for the life of the process and gives immutable values, so callers may keep them.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

from mingchan.foundation.policy import rules, specs
from mingchan.kernel import events

PACKS = Path(__file__).resolve().parent / "packs"


def english() -> bool:
    """Whether the reader's language is English; every label of the pack has both."""
    return (get_language() or "").startswith("en")


@dataclass(frozen=True, slots=True)
class Clause:
    """One duty of the plan (条款): its address, title, the plan's own sentences, and what serves it beyond events."""

    id: str
    title: str
    title_en: str
    section: str
    text: str
    served_by: tuple[str, ...]

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return self.title_en if english() else self.title


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure the county decided (阈值): days, minutes, counts, fen, or a word out of `choices`."""

    code: str
    value: int | str
    unit: str
    label: str
    basis: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RightSpec:
    """A right (权限), a verb on a noun, with its label."""

    code: str
    label: str
    label_en: str

    @property
    def text(self) -> str:
        """The label in the reader's language."""
        return self.label_en if english() else self.label


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role (角色): the office it belongs to, its duty, rights and the cards of its desk (4.1)."""

    code: str
    label: str
    label_en: str
    office_kind: str
    duty: str
    duty_en: str
    rights: frozenset[str]
    desk: tuple[str, ...]
    own_party_only: bool

    @property
    def text(self) -> str:
        """The label in the reader's language."""
        return self.label_en if english() else self.label

    @property
    def duty_text(self) -> str:
        """The duty in the reader's language."""
        return self.duty_en if english() else self.duty


@dataclass(frozen=True, slots=True)
class AssetCode:
    """A class of GB/T 14885-2022 on the county's shortlist; `life_months` None when no rule depreciates it."""

    code: str
    name: str
    six_class: str
    life_item: str
    life_months: int | None
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassProposal:
    """A proposed class for a name; `confidence` in whole percent (100 the word itself, 60 found inside)."""

    code: str
    name: str
    six_class: str
    life_months: int | None
    confidence: int


@dataclass(frozen=True, slots=True)
class Life:
    """Least and most useful life (折旧年限) of an item, in months; `max_months` None when only a least is set."""

    six_class: str
    item: str
    structure: str
    min_months: int
    max_months: int | None
    code_prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChartAccount:
    """An account of a chart (科目). `side` D or C; only leaves take lines."""

    code: str
    name: str
    parent: str
    element: str
    system: str
    side: str
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class FundingSource:
    """A source of money (资金来源), whether the plan's scope covers it (2.1.1), and how lists write it."""

    code: str
    label: str
    label_en: str
    level: str
    in_scope: bool
    synonyms: tuple[str, ...]

    @property
    def text(self) -> str:
        """The label in the reader's language."""
        return self.label_en if english() else self.label


@dataclass(frozen=True, slots=True)
class Condition:
    """A state of use (使用状况): the word, its colour, what it counts as, and how lists write it."""

    word: str
    label_en: str
    tone: str
    counts_as: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A field that says something about a person (个人信息保护法 6, 51): kind, purpose, clause, term, mask."""

    field: str
    kind: str
    purpose: str
    clause: str
    retention: str
    mask: str


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A name a division bore (区划沿革) between two vintages of the official list."""

    code: str
    name: str
    level: str
    parent_code: str
    first_vintage: date
    last_vintage: date


def _pack() -> Path:
    return PACKS / settings.PACK


def pack_path(name: str) -> Path:
    """A file or folder of the pack, for a context that keeps data of its own there (procedures, decision tables)."""
    return _pack() / name


def _yaml(name: str) -> Any:
    with (_pack() / name).open(encoding="utf-8") as file:
        return yaml.safe_load(file)


def _csv(name: str) -> Iterator[dict[str, str]]:
    with (_pack() / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def form(name: str) -> Path:
    """The form (打印格式) of an official paper by name, for `papers.render`. Raises KeyError when the pack has none."""
    path = _pack() / "forms" / f"{name}.typ"
    if not name.isidentifier() or name.startswith("_") or not path.is_file():
        raise KeyError(name)
    return path


@cache
def clauses() -> Mapping[str, Clause]:
    """Every clause by id, in the order of the plan."""
    return MappingProxyType(
        {
            str(row["id"]): Clause(
                id=str(row["id"]),
                title=row["title"],
                title_en=row["title_en"],
                section=row["section"],
                text=row["text"].strip(),
                served_by=tuple(row.get("served_by", ())),
            )
            for row in _yaml("clauses.yaml")
        }
    )


@cache
def thresholds() -> Mapping[str, Threshold]:
    """Every threshold by its dotted code."""
    return MappingProxyType(
        {
            code: Threshold(
                code=code,
                value=row["value"],
                unit=row["unit"],
                label=row["label"],
                basis=str(row["basis"]),
                choices=tuple(row.get("choices", ())),
            )
            for code, row in _yaml("thresholds.yaml").items()
        }
    )


def figure(code: str) -> int:
    """The whole number of a threshold. Raises KeyError for an unknown code, TypeError when it is a word."""
    value = thresholds()[code].value
    if not isinstance(value, int):
        raise TypeError(f"{code} is not a figure")
    return value


@cache
def rights() -> Mapping[str, RightSpec]:
    """Every right by its code."""
    return MappingProxyType(
        {code: RightSpec(code, row["label"], row["label_en"]) for code, row in _yaml("roles.yaml")["rights"].items()}
    )


@cache
def roles() -> Mapping[str, RoleSpec]:
    """Every role by its code. Raises ValueError when a role names an unknown right."""
    known = set(rights())
    found = {}
    for code, row in _yaml("roles.yaml")["roles"].items():
        if unknown := set(row["rights"]) - known:
            raise ValueError(f"role {code} names unknown rights: {sorted(unknown)}")
        found[code] = RoleSpec(
            code=code,
            label=row["label"],
            label_en=row["label_en"],
            office_kind=row["office_kind"],
            duty=row["duty"],
            duty_en=row["duty_en"],
            rights=frozenset(row["rights"]),
            desk=tuple(row["desk"]),
            own_party_only=bool(row.get("own_party_only", False)),
        )
    return MappingProxyType(found)


@cache
def roles_apart() -> Mapping[str, frozenset[str]]:
    """For each role those that must not stand beside it in one account."""
    found: dict[str, set[str]] = {}
    for one, other in _yaml("roles.yaml")["apart"]:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return MappingProxyType({code: frozenset(others) for code, others in found.items()})


@cache
def asset_codes() -> Mapping[str, AssetCode]:
    """The shortlist of classes by code."""
    return MappingProxyType(
        {
            row["code"]: AssetCode(
                code=row["code"],
                name=row["name"],
                six_class=row["six_class"],
                life_item=row["life_item"],
                life_months=int(row["life_months"]) if row["life_months"] else None,
                synonyms=tuple(word for word in row["synonyms"].split(";") if word),
            )
            for row in _csv("asset_codes.csv")
        }
    )


@cache
def _proposer() -> rules.Proposer:
    return rules.Proposer(rules.words_of([(c.code, c.name, c.synonyms) for c in asset_codes().values()]))


@lru_cache(maxsize=65536)
def propose_class(name: str) -> ClassProposal | None:
    """The class a name most likely means, or None. The same name is worked out once."""
    match = _proposer().propose(name)
    if match is None:
        return None
    found = asset_codes()[match.code]
    return ClassProposal(found.code, found.name, found.six_class, found.life_months, match.confidence)


@cache
def lives() -> tuple[Life, ...]:
    """Useful lives by item, in the order of the national table."""
    return tuple(
        Life(
            six_class=row["six_class"],
            item=row["item"],
            structure=row["structure"],
            min_months=int(row["min_months"]),
            max_months=int(row["max_months"]) if row["max_months"] else None,
            code_prefixes=tuple(prefix for prefix in row["code_prefixes"].split(";") if prefix),
        )
        for row in _csv("lives.csv")
    )


_CHARTS = {"GOVERNMENT": "accounts_government.csv", "VILLAGE": "accounts_village.csv"}


@lru_cache(maxsize=4096)
def life_of(code: str) -> int | None:
    """Least useful life in months of a class code: the shortlist's, else of the longest national prefix."""
    listed = asset_codes().get(code)
    if listed is not None:
        return listed.life_months
    fitting = [(len(p), life.min_months) for life in lives() for p in life.code_prefixes if code.startswith(p)]
    return max(fitting)[1] if fitting else None


@cache
def chart_of_accounts(system: str) -> tuple[ChartAccount, ...]:
    """The chart of a system, GOVERNMENT or VILLAGE, by code. Raises KeyError for another."""
    return tuple(
        ChartAccount(
            code=row["code"],
            name=row["name"],
            parent=row["parent"],
            element=row["element"],
            system=row["system"],
            side=row["side"],
            is_leaf=row["is_leaf"] == "yes",
        )
        for row in _csv(_CHARTS[system])
    )


@cache
def account_roles(system: str) -> Mapping[str, str]:
    """Account role → account code in a system, for example ASSET_COST.GENERAL → 160102."""
    return MappingProxyType(dict(_yaml("account_roles.yaml")[system]))


@cache
def funding_sources() -> Mapping[str, FundingSource]:
    """Sources of money by code: central, county, province, city, other."""
    return MappingProxyType(
        {
            code: FundingSource(
                code=code,
                label=row["label"],
                label_en=row["label_en"],
                level=row["level"],
                in_scope=row["in_scope"],
                synonyms=tuple(row["synonyms"]),
            )
            for code, row in _yaml("funding_sources.yaml").items()
        }
    )


@cache
def countable_units() -> frozenset[str]:
    """Units of which there are only whole numbers (台, 套 …)."""
    return frozenset(_yaml("units.yaml")["countable"])


@cache
def measured_units() -> frozenset[str]:
    """Units that take fractions (米, 吨 …)."""
    return frozenset(_yaml("units.yaml")["measured"])


@cache
def conditions() -> Mapping[str, Condition]:
    """States of use by word."""
    return MappingProxyType(
        {
            word: Condition(word, row["label_en"], row["tone"], row["counts_as"], tuple(row["synonyms"]))
            for word, row in _yaml("conditions.yaml").items()
        }
    )


@cache
def personal_fields() -> Mapping[str, PersonalField]:
    """The register of personal fields by `app.Model.field`."""
    return MappingProxyType(
        {
            field: PersonalField(field, row["class"], row["purpose"], str(row["clause"]), row["retention"], row["mask"])
            for field, row in _yaml("personal_fields.yaml").items()
        }
    )


@cache
def divisions_file() -> tuple[DivisionRow, ...]:
    """Every name every division bore, by code and first vintage, the present ones included."""
    return tuple(
        DivisionRow(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent_code=row["parent_code"],
            first_vintage=date.fromisoformat(row["first_vintage"]),
            last_vintage=date.fromisoformat(row["last_vintage"]),
        )
        for row in _csv("divisions.csv")
    )


@cache
def county_name() -> str:
    """Name of the county the pack belongs to."""
    return next(row.name for row in divisions_file() if row.level == "COUNTY")


@cache
def tile_places() -> Mapping[str, tuple[int, int]]:
    """Column and row of each township (first nine digits of its code) on the county's tile map."""
    return MappingProxyType({str(code): (int(at[0]), int(at[1])) for code, at in _yaml("tile_map.yaml").items()})


@cache
def stage_template() -> specs.StageTemplate:
    """The template of the four stages (3.1–3.4). Raises ValueError when its offices or days don't fit."""
    return specs.template_of(_yaml("stages.yaml"))


@cache
def custody_duties() -> Mapping[str, specs.TierDuties]:
    """Duties of keepers by tier, with the usual term and the days between inspections (2.6.1b)."""
    return MappingProxyType(specs.duties_of(_yaml("custody_duties.yaml")))


def document(name: str) -> Any:
    """A file of the pack as it stands, for the context that shapes it itself. Raises FileNotFoundError."""
    return _yaml(name)


def events_serving(clause_id: str) -> tuple[events.EventKind, ...]:
    """Kinds of events that carry out a clause, by code."""
    return tuple(kind for kind in events.all_kinds() if clause_id in kind.clauses)
