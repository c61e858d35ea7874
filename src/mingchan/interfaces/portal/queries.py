"""Reading what is public (公示平台查询): what the county lets be shown, places, labels. Never the register."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.portal.models import LabelCode, LabelSnapshot, PlaceName, PlaceSnapshot, Snapshot
from mingchan.register.labels import queries as printed

MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A telephone number (电话): whose it is and what for; `number` is empty where none is published."""

    number: str
    name: str
    name_en: str
    about: str
    about_en: str

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if policy.english() else self.name

    @property
    def text(self) -> str:
        """What it is for, in the reader's language."""
        return self.about_en if policy.english() else self.about


@dataclass(frozen=True, slots=True)
class Published:
    """What the county shows to anybody (公开范围), from `portal.yaml` of its pack."""

    place: frozenset[str]
    label: frozenset[str]
    persons: str
    notices: frozenset[str]
    answers: frozenset[str]
    money: frozenset[str]
    lines: tuple[Line, ...]
    offices: tuple[Line, ...]


@cache
def published() -> Published:
    """The county's list. Raises ValueError when persons are to be shown in a way that isn't known."""
    given = policy.document("portal.yaml")
    if given["persons"] not in ("masked", "none"):
        raise ValueError("persons are masked or none")
    return Published(
        place=frozenset(given["place"]),
        label=frozenset(given["label"]),
        persons=given["persons"],
        notices=frozenset(given["notices"]),
        answers=frozenset(given["answers"]),
        money=frozenset(given["money"]),
        lines=tuple(Line(**row) for row in given["lines"]),
        offices=tuple(Line(**row) for row in given["offices"]),
    )


def use_label(code: str) -> str:
    """What a use of income is called, in the reader's language; the code itself when the pack knows no such use."""
    found = _uses().get(code)
    return found[policy.english()] if found else code


@cache
def _uses() -> Mapping[str, tuple[str, str]]:
    rows = policy.document("income_uses.yaml").items()
    return MappingProxyType({code: (row["label"], row["label_en"]) for code, row in rows})


@cache
def _villager() -> Mapping[str, tuple[str, str]]:
    rows = policy.document("villager.yaml").items()
    return MappingProxyType({str(clause): (row["zh"], row["en"]) for clause, row in rows})


def in_plain_words(clause: str) -> str:
    """What a clause means for a villager, in the reader's language; empty when nobody has written it."""
    return _villager().get(clause, ("", ""))[policy.english()]


def snapshot(county: str) -> Snapshot | None:
    """When the public figures were taken, None before the first time."""
    return Snapshot.objects.filter(county=county).first()


def place(county: str, code: str) -> PlaceSnapshot | None:
    """A present division; a code of one that was merged leads to nothing here, its name does (`find`)."""
    return PlaceSnapshot.objects.filter(county=county, code=code).first()


class Below(NamedTuple):
    """A division below another, with its cards and their cost in fen."""

    code: str
    name: str
    cards: int
    cost_fen: int


def below(county: str, code: str) -> list[Below]:
    """Divisions directly below one, by code."""
    found = PlaceSnapshot.objects.filter(county=county, parent_code=code).exclude(code=code).order_by("code")
    return [Below._make(row) for row in found.values_list(*Below._fields)]


def former_names(county: str, code: str) -> list[str]:
    """Names that a place bore, or that places bore which were merged into it."""
    found = PlaceName.objects.filter(county=county, code=code, is_former=True)
    return list(found.order_by("name").values_list("name", flat=True))


class Found(NamedTuple):
    """A place found by a name: the name that fitted, whether it is a former one, the place and what is above it."""

    name: str
    is_former: bool
    code: str
    place: str
    parent: str
    cards: int


def find(county: str, words: str) -> list[Found]:
    """Places whose present or former name holds the words, present names first."""
    text = words.replace("\x00", "").strip()[:40]
    if not text:
        return []
    names = PlaceName.objects.filter(county=county, name__contains=text).order_by("is_former", "code", "name")
    rows = list(names.values_list("name", "is_former", "code")[: MOST_FOUND * 2])
    places = PlaceSnapshot.objects.filter(county=county, code__in={code for _n, _f, code in rows})
    by_code = {row.code: row for row in places.only("code", "name", "parent_code", "cards")}
    above = PlaceSnapshot.objects.filter(county=county, code__in={row.parent_code for row in by_code.values()})
    parents = dict(above.values_list("code", "name"))
    found, seen = [], set()
    for name, is_former, code in rows:
        row = by_code.get(code)
        if row is not None and code not in seen:
            seen.add(code)
            found.append(Found(name, is_former, code, row.name, parents.get(row.parent_code, ""), row.cards))
    return found[:MOST_FOUND]


class Unclaimed(NamedTuple):
    """A printed label that stands for no asset: not stuck on yet, or void."""

    code: str
    is_void: bool


def printed_label(county: str, code: str) -> Unclaimed | None:
    """The printed label with the code, as typed or scanned, when it stands for no asset."""
    text = printed.code_in(code)
    found = LabelCode.objects.filter(county=county, code=text, card__isnull=True) if text else None
    one = found.values_list("code", "is_void").first() if found is not None else None
    return Unclaimed(*one) if one else None


def label(county: str, code: str) -> LabelSnapshot | None:
    """What the label with the number tells, an asset's or a printed label's own; None for one that isn't known."""
    text = code.replace("\x00", "").strip()[:40]
    found = LabelSnapshot.objects.filter(county=county)
    if own := printed.code_in(text):
        card = LabelCode.objects.filter(county=county, code=own).values("card")
        return found.filter(pk__in=card).first()
    return found.filter(code=text).first() or found.filter(code=text.upper()).first()


def place_names(county: str, *codes: str) -> dict[str, str]:
    """Names of present divisions by code."""
    return dict(PlaceSnapshot.objects.filter(county=county, code__in=codes).values_list("code", "name"))


def towns(county: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Towns with their villages, as (code, name, villages), for choosing a place."""
    rows = PlaceSnapshot.objects.filter(county=county).exclude(level="COUNTY").order_by("code")
    listed = list(rows.values_list("code", "name", "level", "parent_code"))
    villages: dict[str, list[tuple[str, str]]] = {}
    for code, name, level, parent in listed:
        if level == "VILLAGE":
            villages.setdefault(parent, []).append((code, name))
    return [(code, name, villages.get(code, [])) for code, name, level, _parent in listed if level == "TOWN"]
