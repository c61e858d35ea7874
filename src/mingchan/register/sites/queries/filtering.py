"""Which sites (筛选): one filter for the list, its totals, its map and its export (2.1.2)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from mingchan.foundation.directory.models import Division
from mingchan.kernel import initials as kernel_initials
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.register.assets import queries as assets
from mingchan.register.assets.choices import System, Tier
from mingchan.register.assets.models import Asset, Site
from mingchan.register.assets.queries.filtering import between, visible_to
from mingchan.register.sites.choices import Doubt, State
from mingchan.register.sites.models import Profile
from mingchan.register.sites.permissions import VIEW
from mingchan.register.sites.queries import standards

NO_KIND = "NONE"
"""The word by which the list asks for sites whose kind nobody has said."""
MOST_DIVISIONS = 200
TOWN_DIGITS, VILLAGE_DIGITS = 9, 12
_DIVISION = re.compile(r"[0-9]{6,12}")


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """What a list of sites is narrowed to; empty fields don't narrow. Without `state`, sites that are not closed.

    `division` is a code or several with commas between; `operator` the id of a party; `doubt` a Doubt.
    """

    text: str = ""
    division: str = ""
    system: str = ""
    tier: str = ""
    kind: str = ""
    state: str = ""
    operator: int | None = None
    doubt: str = ""

    def params(self) -> dict[str, str]:
        """The filter as query parameters; `from_params` reads them back."""
        found = {field.name: str(value) for field in fields(self) if (value := getattr(self, field.name))}
        if "text" in found:
            found = {"q": found.pop("text"), **found}
        return found

    def pairs(self) -> list[tuple[str, str]]:
        """The same one by one: each division for itself, as boxes of a form send them."""
        return [
            (name, part)
            for name, value in self.params().items()
            for part in (value.split(",") if name == "division" else (value,))
        ]

    def query(self) -> str:
        """The filter as a query string, without the question mark."""
        return urlencode(self.pairs())

    def but(self, **changes: Any) -> "SiteFilter":
        """The same filter with some fields changed."""
        return replace(self, **changes)


def from_params(params: Mapping[str, str], divisions: list[str]) -> SiteFilter:
    """The filter that an address asks for; what can't be read doesn't narrow."""

    def one_of_words(name: str, words: Any) -> str:
        value = params.get(name, "")
        return value if value in words else ""

    operator = params.get("operator", "")
    codes = [code for text in divisions for code in text.split(",") if _DIVISION.fullmatch(code)]
    return SiteFilter(
        text=params.get("q", "").replace("\x00", "").strip()[:60],
        division=",".join(dict.fromkeys(codes[:MOST_DIVISIONS])),
        system=one_of_words("system", System.values),
        tier=one_of_words("tier", Tier.values),
        kind=one_of_words("kind", {*standards.kinds(), NO_KIND}),
        state=one_of_words("state", State.values),
        operator=int(operator) if operator.isascii() and operator.isdecimal() and len(operator) < 16 else None,
        doubt=one_of_words("doubt", Doubt.values),
    )


def visible(actor: Actor, right: str = VIEW) -> QuerySet[Site]:
    """The sites the actor may see by the right: of its divisions, and those its own party runs or has cards at.

    A site whose division nobody knows belongs to the county; others see it when they may see a card there.
    """
    found = Site.objects.filter(county=actor.county)
    scopes = actor.scopes(right)
    if actor.everywhere(right):
        return found
    reach = Q(pk__in=[])
    for scope in scopes:
        if scope.startswith(actor.county):
            reach |= between("division_code", scope)
    cards = Exists(Asset.objects.filter(visible_to(actor, right), site=OuterRef("pk")))
    if scopes:
        reach |= Q(cards, division_code="")
    if parties := actor.parties(right):
        run = Profile.objects.filter(operator__in=parties).values("site")
        reach |= Q(pk__in=run) | Q(cards)
    return found.filter(reach)


def narrowed(filter: SiteFilter, actor: Actor, doubtful: Collection[int] = ()) -> QuerySet[Site]:  # noqa: A002
    """Visible sites inside the filter; `doubtful` are those that lack things or hold none, if that is the doubt."""
    sites = visible(actor)
    if filter.state:
        sites = sites.filter(pk__in=Profile.objects.filter(county=actor.county, state=filter.state).values("site"))
    else:
        sites = sites.filter(closed_on__isnull=True)
    for name in ("system", "tier"):
        if value := getattr(filter, name):
            sites = sites.filter(**{name: value})
    if filter.kind:
        sites = sites.filter(kind="" if filter.kind == NO_KIND else filter.kind)
    if filter.operator is not None:
        sites = sites.filter(pk__in=Profile.objects.filter(operator=filter.operator).values("site"))
    if filter.division:
        sites = sites.filter(in_divisions(filter.division.split(",")))
    if filter.doubt:
        sites = _doubtful(filter.doubt, sites, doubtful, actor)
    for word in filter.text.split()[:6]:
        sites = sites.filter(_holds(word, actor))
    return sites


def in_divisions(codes: list[str]) -> Q:
    """Sites in any of the divisions or below; the county itself takes all."""
    found = Q(pk__in=[])
    for code in codes:
        significant = code.rstrip("0") if code.endswith("000000") else code.removesuffix("000")
        if len(significant) < VILLAGE_DIGITS:
            found |= between("division_code", significant)
        else:
            found |= Q(division_code=code)
    return found


def _doubtful(doubt: str, sites: QuerySet[Site], doubtful: Collection[int], actor: Actor) -> QuerySet[Site]:
    profiles = Profile.objects.filter(county=actor.county)
    if doubt == Doubt.NO_KEEPER:
        return sites.exclude(pk__in=profiles.filter(keeper__isnull=False).values("site"))
    if doubt == Doubt.NO_OPERATOR:
        return sites.exclude(pk__in=profiles.filter(operator__isnull=False).values("site"))
    if doubt == Doubt.NO_FILE:
        return sites.exclude(pk__in=profiles.values("site"))
    return sites.filter(pk__in=one_of(sorted(doubtful), "bigint"))


def _holds(word: str, actor: Actor) -> Q:
    """Sites whose name, or whose town's or village's name, holds the word; letters may be pinyin initials."""
    divisions = Division.objects.filter(code__startswith=actor.county, name__icontains=word)
    codes = list(divisions.values_list("code", flat=True)[:MOST_DIVISIONS])
    found = Q(name__icontains=word) | in_divisions([code for code in codes if code != actor.county.ljust(12, "0")])
    if word.isascii() and word.isalpha():
        asked = word.lower()
        named = Site.objects.filter(county=actor.county).values_list("pk", "name")
        matching = [key for key, name in named if asked in kernel_initials.initials(name)]
        found |= Q(pk__in=one_of(matching, "bigint"))
    return found


def card_filter(site_id: int, **more: Any) -> assets.RegisterFilter:
    """The register's filter for the cards at a site."""
    return assets.RegisterFilter(site=site_id, **more)
