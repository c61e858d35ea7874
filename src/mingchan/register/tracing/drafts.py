"""What tracing hands about (草稿): parts of a payment, open payments and assets, proposals; amounts in fen."""

from datetime import date
from typing import NamedTuple


class Part(NamedTuple):
    """What of a payment went into one asset."""

    asset_id: int
    amount_fen: int


class OpenUse(NamedTuple):
    """A payment whose asset part isn't linked as a whole. `tiers` empty: all tiers; `year` 0: any."""

    id: int
    line_id: int
    system: str
    tiers: tuple[str, ...]
    year: int
    funding: str
    words: str
    paid_on: date | None
    open_fen: int


class OpenAsset(NamedTuple):
    """What of an asset's cost from one source of money isn't linked. `total_fen`: what is open from all sources."""

    id: int
    system: str
    tier: str
    year: int
    funding: str
    name: str
    acquired_on: date | None
    open_fen: int
    total_fen: int


class Proposal(NamedTuple):
    """Assets that a payment seems to have paid for, why (`Way`), and how sure it is, in per cent."""

    use_id: int
    parts: tuple[Part, ...]
    way: str
    confidence: int

    @property
    def amount_fen(self) -> int:
        """What of the payment the proposal explains."""
        return sum(part.amount_fen for part in self.parts)


class Linked(NamedTuple):
    """What a service linked or took back: how many shares, fen, the first log number."""

    shares: int
    amount_fen: int
    first_seq: int
