"""What is handed to the services of sites: plain tuples. Quantities in thousandths, coordinates in millionths."""

from datetime import date
from typing import NamedTuple


class ItemSpec(NamedTuple):
    """One thing that a site of a kind should have: at least `quantity_milli`, and no more than `most_milli`.

    A card counts for it when its class begins with one of `classes` or its name holds one of `words`.
    """

    code: str
    label: str
    label_en: str
    unit: str
    quantity_milli: int
    most_milli: int
    words: tuple[str, ...]
    classes: tuple[str, ...]


class KindSpec(NamedTuple):
    """A kind of site (站点类型) in the policy pack: by which words of a name it is known, and what it should have."""

    code: str
    label: str
    label_en: str
    tier: str
    named: tuple[str, ...]
    by_tier: bool
    items: tuple[ItemSpec, ...]


class HolderDraft(NamedTuple):
    """Who runs or keeps a site: the party, and for a keeper the body it answers to."""

    party: int
    organisation: int | None = None


class Details(NamedTuple):
    """What is written of a site besides its name: address, hours, place on the map in millionths of a degree."""

    address: str = ""
    opening_hours: str = ""
    latitude_micro: int | None = None
    longitude_micro: int | None = None
    note: str = ""


class NewSite(NamedTuple):
    """A site that is opened by hand (2.1.2)."""

    name: str
    division_code: str
    system: str
    tier: str
    kind: str
    state: str
    since: date
    details: Details = Details()
    operator: HolderDraft | None = None
    keeper: HolderDraft | None = None


class Place(NamedTuple):
    """Where assets go: another site, or another place at the site they are at when `site` is None.

    `division_code` empty means the site's own; `place` is the room or corner.
    """

    site: int | None = None
    division_code: str = ""
    place: str = ""


class Portion(NamedTuple):
    """How much of a lot goes to a site, in thousandths; `site` None is what stays where it is."""

    site: int | None
    quantity_milli: int
