"""Writing the search index (检索索引): one row of tokens per card, in bulk and one by one."""

from collections.abc import Iterable, Sequence
from itertools import chain

from django.db import connection

from mingchan.foundation.directory.models import Division, Party
from mingchan.kernel.database import one_of
from mingchan.register.assets import words
from mingchan.register.assets.models import Asset, Site

FIELDS = (
    "id",
    "code",
    "name",
    "site_id",
    "division_code",
    "place",
    "model",
    "serial_no",
    "keeper_id",
    "owner_id",
    "user_id",
    "operator_id",
)

MOST_KEPT = 20_000
"""The tokens of so many parties, and of so many places, are remembered at a time."""


class Names:
    """Tokens of the names that cards are found by: sites, parties and divisions, read and cut when first asked for."""

    def __init__(self, county: str) -> None:
        self.sites: dict[int | None, str] = {}
        self.parties: dict[int | None, str] = {}
        self.divisions: dict[str, str] = {}
        self.places: dict[str, str] = {}
        found = dict(Division.objects.filter(code__startswith=county).values_list("code", "name"))
        for code, name in found.items():
            town = found.get(code[:9] + "000", "") if not code.endswith("000") else ""
            self.divisions[code] = words.grams(f"{town} {name}")

    def of_places(self, places: Sequence[str]) -> list[str]:
        """Tokens of the places of cards, each text cut once."""
        if len(self.places) > MOST_KEPT:
            self.places.clear()
        known = self.places
        for place in set(places) - known.keys():
            known[place] = words.grams_of(place)
        return list(map(known.__getitem__, places))

    def learn(self, sites: Iterable[int | None], parties: Iterable[int | None]) -> None:
        """Read the names of sites and parties not yet known."""
        missing = {key for key in sites if key is not None} - self.sites.keys()
        if missing:
            self.sites.update({key: words.name_grams(name) for key, name in _names(Site, missing)})
        asked = {key for key in parties if key is not None}
        if len(self.parties) > MOST_KEPT:
            self.parties.clear()
        missing = asked - self.parties.keys()
        if missing:
            self.parties.update({key: words.grams(name) for key, name in _names(Party, missing)})


def _names(model: type[Site] | type[Party], keys: set[int]) -> Iterable[tuple[int, str]]:
    return model._default_manager.filter(pk__in=one_of(keys, "bigint")).values_list("pk", "name")


def tokens_of(
    names: Names,
    codes: Sequence[str],
    card_names: Sequence[str],
    sites: Sequence[int | None],
    divisions: Sequence[str],
    places: Sequence[str],
    models: Sequence[str],
    serials: Sequence[str],
    parties: Sequence[Sequence[int | None]],
) -> list[str]:
    """The tokens of many cards, given column by column (`parties`: some columns of them).

    Texts that many cards share are cut once: names and places here, those of cards in `words`; the rest in one piece.
    """
    known_sites, known_parties = names.sites.get, names.parties.get
    return list(
        map(
            " ".join,
            zip(
                words.codes_of(codes),
                map(words.name_grams, card_names),
                [names.divisions.get(code, "") for code in divisions],
                [known_sites(site, "") for site in sites],
                names.of_places(places),
                words.pairs_of(list(map("{} {}".format, models, serials))),
                *([known_parties(party, "") for party in column] for column in parties),
                strict=True,
            ),
        )
    )


def write(rows: Iterable[tuple[int, str]]) -> None:
    """Add rows of (asset id, tokens) to the index. The ids must not be there yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany("INSERT INTO assets_search (rowid, tokens) VALUES (%s, %s)", list(rows))
            return
        with cursor.copy("COPY assets_search (asset_id, grams) FROM STDIN") as copy:
            for asset_id, tokens in rows:
                copy.write_row((asset_id, '{"' + '","'.join(dict.fromkeys(tokens.split())) + '"}'))


def remove(rows: Iterable[tuple[int, str]]) -> None:
    """Take rows out of the index. SQLite's keeps no text, so the tokens they went in with must be given."""
    found = list(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                "INSERT INTO assets_search (assets_search, rowid, tokens) VALUES ('delete', %s, %s)", found
            )
        else:
            cursor.execute("DELETE FROM assets_search WHERE asset_id = ANY(%s)", [[key for key, _tokens in found]])


def of_cards(county: str, asset_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Tokens of present cards as their rows and today's names give them."""
    cards = list(Asset.objects.filter(pk__in=one_of(asset_ids, "bigint")).values_list(*FIELDS))
    if not cards:
        return []
    keys, codes, card_names, sites, divisions, places, models, serials, *parties = zip(*cards, strict=True)
    names = Names(county)
    names.learn(sites, chain.from_iterable(parties))
    found = tokens_of(names, codes, card_names, sites, divisions, places, models, serials, parties)
    return list(zip(keys, found, strict=True))


def rebuild_search(county: str) -> int:
    """Make the whole index anew, after names of parties, sites or divisions changed. Returns the number of cards."""
    done, last = 0, 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO assets_search (assets_search) VALUES ('delete-all')")
        else:
            cursor.execute("TRUNCATE assets_search")
    while ids := list(Asset.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:5000]):
        write(of_cards(county, ids))
        done, last = done + len(ids), ids[-1]
    return done
