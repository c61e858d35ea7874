"""What a count found (盘点数): the context that counts things says its newest finding, lower ones compare with it.

The register and the ledger know no stocktake. Whoever takes one registers a `Provider` in the wiring; a page that
holds register, ledger and count against each other asks `latest` and says that nothing was counted when there is none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mingchan.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which count and register differ: its id (0 for a thing found that has no card), and both in fen."""

    thing: int
    name: str
    registered_fen: int
    counted_fen: int
    words: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """The newest finished count: its day, name and page, with fen and pieces by class of the books."""

    day: date
    title: str
    url: str
    fen: Mapping[str, int]
    pieces: Mapping[str, int] = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    difference_count: int = 0


Provider = Callable[[Actor, int | None, date], Count | None]
"""The newest count finished by a day that the actor may see: of one owner (a party's id), or of the whole county."""

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Say who counts. The last one counts."""
    _providers[:] = [provider]


def latest(actor: Actor, owner_id: int | None, on: date) -> Count | None:
    """The newest count, None when nothing was counted."""
    return _providers[0](actor, owner_id, on) if _providers else None
