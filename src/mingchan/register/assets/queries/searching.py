"""Finding cards by words (检索): every word must be there, two characters are enough, initials do (2.2)."""

from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from mingchan.foundation.directory.models import Division, Party
from mingchan.register.assets import words
from mingchan.register.assets.models import Asset, Site

CHECKED = 3
"""Words of so many characters are compared with the texts themselves: pairs alone may come from different places."""


def found_by(text: str, cards: QuerySet[Any]) -> QuerySet[Any]:
    """The cards that hold every word of the text; none when the text has no word to search by."""
    asked = [(word, words.wanted(word)) for word in words.words_of(text)]
    asked = [(word, alternatives) for word, alternatives in asked if alternatives]
    if not asked:
        return cards.none()
    key = "pk" if cards.model is Asset else "asset_id"
    if connection.vendor == "sqlite":
        match = " AND ".join(
            "("
            + " OR ".join("(" + " AND ".join(f'"{token}"' for token in tokens) + ")" for tokens in alternatives)
            + ")"
            for _word, alternatives in asked
        )
        ids = RawSQL("SELECT rowid FROM assets_search WHERE assets_search MATCH %s", [match])
    else:
        conditions = " AND ".join(
            "(" + " OR ".join(["grams @> %s::text[]"] * len(alternatives)) + ")" for _word, alternatives in asked
        )
        lists = [tokens for _word, alternatives in asked for tokens in alternatives]
        ids = RawSQL(f"SELECT asset_id FROM assets_search WHERE {conditions}", lists)  # noqa: S611, S608 - only marks
    cards = cards.filter(**{f"{key}__in": ids})
    for word, _alternatives in asked:
        if len(word) >= CHECKED and not words.is_initials(word):
            cards = cards.filter(holds(word))
    return cards


def holds(word: str) -> Q:
    """Whether a text of the card, or a name it refers to, holds the word."""
    parties = Party.objects.filter(name__icontains=word).values("pk")
    sites = Site.objects.filter(name__icontains=word).values("pk")
    found = Q(site__in=sites) | Q(division_code__in=_divisions(word))
    for column in ("name", "model", "code", "serial_no", "place"):
        found |= Q(**{f"{column}__icontains": word})
    for column in ("owner", "user", "operator", "keeper"):
        found |= Q(**{f"{column}__in": parties})
    return found


def _divisions(word: str) -> list[str]:
    """Codes of divisions whose name holds the word; a town's name stands for its villages too."""
    found = list(Division.objects.filter(name__icontains=word).values_list("code", flat=True)[:200])
    towns = [code for code in found if code.endswith("000") and not code.endswith("000000")]
    if towns:
        parents = Division.objects.filter(parent_code__in=towns)
        found += list(parents.values_list("code", flat=True)[:2000])
    return found
