"""Which cards (筛选): one filter for the list, its totals, its exports and the links of every figure (2.2)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.datastructures import MultiValueDict

from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.money import FEN_PER_YUAN
from mingchan.kernel.ui import bulk
from mingchan.register.assets.choices import (
    AssetType,
    Cover,
    Precision,
    Problem,
    RightKind,
    SixClass,
    Status,
    System,
    Tier,
)
from mingchan.register.assets.models import Asset, FormerCard
from mingchan.register.assets.queries import holding
from mingchan.register.assets.queries.searching import found_by

Cards = QuerySet[Any]
"""Cards as they are (Asset) or as they were (FormerCard): both have the columns of CardFields."""

TEXT = "q"
"""The query parameter of the words searched by."""

TOWN_DIGITS = 9
COUNTY_DIGITS = 6
VILLAGE_DIGITS = 12
CLASS_LENGTH = 9


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """A filter of the register. Empty fields don't filter; amounts in fen; `as_of` shows the register of that day.

    `division` is a prefix of a division code, or several with commas between; holders are ids of parties, and the
    `_name` of a holder is a part of its name or the beginning of its initials. `status` empty: cards that count.
    `holder` holds a right of the kind `right`, any share of it; `cover` says whether that kind's shares make a whole.
    """

    text: str = ""
    system: str = ""
    tier: str = ""
    asset_type: str = ""
    six_class: str = ""
    class_prefix: str = ""
    division: str = ""
    site: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    owner: int | None = None
    user: int | None = None
    operator: int | None = None
    keeper: int | None = None
    user_name: str = ""
    keeper_name: str = ""
    condition: str = ""
    funding: str = ""
    cost_from: int | None = None
    cost_to: int | None = None
    acquired_from: date | None = None
    acquired_to: date | None = None
    problem: str = ""
    right: str = ""
    holder: int | None = None
    cover: str = ""
    source: str = ""
    status: str = ""
    as_of: date | None = None

    def but(self, **changes: Any) -> "RegisterFilter":
        """The same filter with some fields changed."""
        return replace(self, **changes)

    def params(self) -> dict[str, str]:
        """The filter as query parameters; amounts in yuan. `from_params` reads them back."""
        found: dict[str, str] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value in ("", None):
                continue
            if field.name == "text":
                found[TEXT] = value
            elif field.name in ("cost_from", "cost_to"):
                yuan, fen = divmod(value, FEN_PER_YUAN)
                found[field.name] = f"{yuan}.{fen:02d}" if fen else str(yuan)
            else:
                found[field.name] = value.isoformat() if isinstance(value, date) else str(value)
        return found

    def pairs(self) -> list[tuple[str, str]]:
        """The filter as query parameters one by one: each division stands for itself, as boxes of a form send them."""
        return [
            (name, part)
            for name, value in self.params().items()
            for part in (value.split(",") if name == "division" else (value,))
        ]

    def query(self) -> str:
        """The filter as a query string, without the question mark."""
        return urlencode(self.pairs())

    def is_empty(self) -> bool:
        """Whether every card that counts is shown."""
        return not self.params()


_CHOICES: Mapping[str, frozenset[str]] = {
    "system": frozenset(System.values),
    "tier": frozenset(Tier.values),
    "asset_type": frozenset(AssetType.values),
    "six_class": frozenset(SixClass.values),
    "problem": frozenset(Problem.values),
    "right": frozenset(RightKind.values),
    "cover": frozenset(Cover.values),
    "status": frozenset(Status.values),
}
_NUMBERS = frozenset({"site", "owner", "user", "operator", "keeper", "holder", "year_from", "year_to"})
_CLASS = re.compile(r"[A-Z]?[0-9]*")
_DIVISION = re.compile(r"[0-9]{1,12}")
MOST_DIVISIONS = 200
"""So many divisions may be asked for at once."""


def asked(params: MultiValueDict[str, str], most: int) -> tuple[list[int], RegisterFilter | None]:
    """The cards that a request names: by their numbers, at most so many, or with `all` everything its filter finds."""
    if not params.get("all"):
        return bulk.chosen(params, most), None
    plain: dict[str, Any] = {**params.dict(), "division": ",".join(filter(None, params.getlist("division")))}
    wanted, _bad = from_params(plain)
    return [], wanted.but(as_of=None, status="")


def from_params(params: Mapping[str, str]) -> tuple[RegisterFilter, list[str]]:
    """The filter that query parameters ask for, and the names of parameters that can't be read and are left out."""
    values: dict[str, Any] = {}
    bad: list[str] = []
    for field in fields(RegisterFilter):
        text = str(params.get(TEXT if field.name == "text" else field.name, "")).strip()
        if not text:
            continue
        try:
            values[field.name] = _read(field.name, text)
        except ValueError:
            bad.append(field.name)
    return RegisterFilter(**values), bad


def _read(name: str, text: str) -> Any:
    if "\x00" in text:
        raise ValueError(text)
    if name in _CHOICES:
        if text not in _CHOICES[name]:
            raise ValueError(text)
        return text
    if name in _NUMBERS:
        number = int(text)
        if not 0 <= number < 2**62:
            raise ValueError(text)
        return number
    if name in ("cost_from", "cost_to"):
        return _fen(text)
    if name in ("acquired_from", "acquired_to", "as_of"):
        return date.fromisoformat(text)
    if name == "class_prefix":
        prefix = text.upper()
        if not _CLASS.fullmatch(prefix) or len(prefix) > CLASS_LENGTH:
            raise ValueError(text)
        return prefix
    if name == "division":
        codes = list(dict.fromkeys(text.split(",")))
        if len(codes) > MOST_DIVISIONS or not all(map(_DIVISION.fullmatch, codes)):
            raise ValueError(text)
        return ",".join(codes)
    return text[:100]


def _fen(text: str) -> int:
    """Yuan as typed, with at most two decimals, in fen."""
    yuan, _dot, rest = text.replace(",", "").partition(".")
    if not yuan.isdecimal() or len(yuan) > 13 or len(rest) > 2 or (rest and not rest.isdecimal()):
        raise ValueError(text)
    return int(yuan) * FEN_PER_YUAN + int(rest.ljust(2, "0") or 0)


def between(column: str, prefix: str) -> Q:
    """Codes that begin with the prefix, a capital letter at most and digits, as a range that an index serves.

    Letters stand after digits and capitals in the order of the alphabet in every collation, and nothing else is in a
    code. Raises ValueError for a prefix of another form.
    """
    if not prefix or not _CLASS.fullmatch(prefix):
        raise ValueError(prefix)
    stem = prefix.rstrip("9")
    found = Q(**{f"{column}__gte": prefix})
    if not stem or stem == "Z":
        return found & Q(**{f"{column}__startswith": prefix})
    return found & Q(**{f"{column}__lt": stem[:-1] + chr(ord(stem[-1]) + 1)})


def visible_to(actor: Actor, right: str = "asset.view") -> Q:
    """The cards the actor may see by the right: of its divisions, and those that its own party runs, uses or owns."""
    found = Q(county=actor.county)
    scopes = actor.scopes(right)
    if any(actor.county.startswith(scope) or scope == actor.county for scope in scopes):
        return found
    reach = Q(pk__in=[])
    for scope in scopes:
        if scope.startswith(actor.county):
            reach |= between("division_code", scope)
    parties = actor.parties(right)
    if parties:
        reach |= Q(operator__in=parties) | Q(user__in=parties) | Q(owner__in=parties)
    return found & reach


def apply(filter: RegisterFilter, cards: Cards, *, in_order: bool = False) -> Cards:  # noqa: A002
    """The cards of the queryset that the filter asks for; `in_order` for a page in the order of a sort."""
    cards = cards.filter(status=filter.status or Status.ACTIVE)
    exact = {
        name: getattr(filter, name)
        for name in (
            "system", "tier", "asset_type", "six_class", "site", "owner", "user", "operator", "keeper", "condition",
            "funding", "source",
        )
        if getattr(filter, name) not in ("", None)
    }  # fmt: skip
    cards = cards.filter(**exact)
    cards = in_divisions(filter.division.split(","), cards, in_order=in_order)
    if len(filter.class_prefix) == CLASS_LENGTH:
        cards = cards.filter(class_code=filter.class_prefix)
    elif filter.class_prefix:
        cards = cards.filter(between("class_code", filter.class_prefix))
    ranges = {
        "year__gte": filter.year_from,
        "year__lte": filter.year_to,
        "cost_fen__gte": filter.cost_from,
        "cost_fen__lte": filter.cost_to,
        "acquired_on__gte": filter.acquired_from,
        "acquired_on__lte": filter.acquired_to,
    }
    cards = cards.filter(**{name: value for name, value in ranges.items() if value is not None})
    for holder, name in (("user", filter.user_name), ("keeper", filter.keeper_name)):
        if name:
            cards = cards.filter(**{f"{holder}__in": named(name)})
    if filter.problem == Problem.NO_SUPERVISION:
        cards = cards.filter(holding.covered(RightKind.SUPERVISION, Cover.NONE, cards, filter.as_of))
    elif filter.problem:
        cards = cards.filter(problem(filter.problem))
    if filter.holder is not None:
        cards = cards.filter(holding.held_by(filter.holder, filter.right, cards, filter.as_of))
    if filter.cover and filter.right:
        cards = cards.filter(holding.covered(filter.right, filter.cover, cards, filter.as_of))
    if filter.text:
        cards = found_by(filter.text, cards)
    return cards


def named(name: str) -> QuerySet[Party]:
    """Parties whose name has the text in it, or whose initials begin with it."""
    found = Q(name__icontains=name)
    if name.isascii() and name.isalpha():
        found |= Q(initials__istartswith=name)
    return Party.objects.filter(found)


def in_divisions(codes: Iterable[str], cards: Cards, *, in_order: bool) -> Cards:
    """Cards in any of the divisions and all below them; a county, or none at all, leaves the cards as they are.

    Divisions inside another one that is asked for change nothing.
    """
    wanted = {_significant(code) for code in codes if code}
    if any(len(code) <= COUNTY_DIGITS for code in wanted):
        return cards
    widest = [code for code in sorted(wanted) if not any(code != other and code.startswith(other) for other in wanted)]
    if not widest:
        return cards
    if len(widest) == 1:
        return in_division(widest[0], cards, in_order=in_order)
    found = Q(division_code__in=[code for code in widest if len(code) == VILLAGE_DIGITS])
    for code in widest:
        if len(code) < VILLAGE_DIGITS:
            found |= between("division_code", code)
    return cards.filter(found)


def _significant(code: str) -> str:
    """A division code without the zeros that stand for all below: six digits of a county, nine of a town."""
    for digits in (COUNTY_DIGITS, TOWN_DIGITS):
        if len(code) == VILLAGE_DIGITS and not code[digits:].strip("0"):
            return code[:digits]
    return code


def in_division(code: str, cards: Cards, *, in_order: bool) -> Cards:
    """Cards in a division and all below it: a village by its twelve digits, a town by its first nine.

    A town's page in order walks an index that begins with those digits; counts and sums take the range of the codes,
    which another index answers without reading the cards.
    """
    if len(code) == VILLAGE_DIGITS:
        return cards.filter(division_code=code)
    if len(code) == TOWN_DIGITS and in_order:
        of_town: Cards = cards.alias(town=Substr("division_code", 1, TOWN_DIGITS))
        return of_town.filter(town=code)
    return cards.filter(between("division_code", code))


def problem(kind: str) -> Q:
    """The cards with a problem of the kind that their own columns show; who supervises them is a right of its own."""
    return {
        Problem.NO_KEEPER: Q(keeper__isnull=True),
        Problem.NO_OWNER: Q(owner__isnull=True),
        Problem.NO_OPERATOR: Q(operator__isnull=True),
        Problem.NO_USER: Q(user__isnull=True),
        Problem.NO_INCOME: Q(income_holder__isnull=True),
        Problem.NO_CLASS: Q(class_code=""),
        Problem.NO_DATE: Q(acquired_on__isnull=True),
        Problem.COARSE_DATE: ~Q(acquired_precision=Precision.DAY) & Q(acquired_on__isnull=False),
        Problem.NO_PLACE: Q(site__isnull=True, place=""),
        Problem.DAMAGED: Q(condition__in=_words("damaged", "missing")),
        Problem.IDLE: Q(condition__in=_words("idle")),
    }[Problem(kind)]


def _words(*groups: str) -> list[str]:
    """The words of use that count as one of the groups, with the ways lists write them."""
    found = [state for state in policy.conditions().values() if state.counts_as in groups]
    return sorted({word for state in found for word in (state.word, *state.synonyms)})


def bases(filter: RegisterFilter, actor: Actor, *, in_order: bool = False) -> list[Cards]:  # noqa: A002
    """What is filtered: the cards, or for a past day the cards unchanged since then and the former ones of that day."""
    seen = visible_to(actor)
    if filter.as_of is None:
        return [apply(filter, Asset.objects.filter(seen), in_order=in_order)]
    day = filter.as_of
    standing = Asset.objects.filter(seen, state_since__lte=day)
    former = FormerCard.objects.filter(seen, state_since__lte=day, left_on__gt=day).annotate(card=F("asset_id"))
    return [apply(filter, cards, in_order=in_order) for cards in (standing, former)]
