"""Pure rules of tracing: shares that sum to the fen, and which assets a payment seems to have paid for (2.1.1, 3.1)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mingchan.kernel import money
from mingchan.register.tracing.choices import CONFIDENCE, Way
from mingchan.register.tracing.drafts import OpenAsset, OpenUse, Part, Proposal

LAST_DAY = date.max
SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """Why shares can't be: `code` names the rule, `asset_id` the asset (0: the payment), `open_fen` what was left."""

    code: str
    asset_id: int = 0
    open_fen: int = 0


def faults_of_parts(
    parts: Sequence[Part], use_open: int, assets_open: Mapping[int, int], linked: Iterable[int]
) -> list[Fault]:
    """What keeps the parts of one payment out.

    `use_open` is what of the payment isn't linked, `assets_open` the same of each asset, `linked` assets that have a
    share of this payment already.
    """
    faults = []
    if not parts:
        return [Fault("nothing_chosen")]
    seen = set(linked)
    for part in parts:
        if part.asset_id not in assets_open:
            faults.append(Fault("asset_unknown", part.asset_id))
            continue
        if part.asset_id in seen:
            faults.append(Fault("linked_already", part.asset_id))
        seen.add(part.asset_id)
        if part.amount_fen <= 0:
            faults.append(Fault("amount_not_positive", part.asset_id))
        elif part.amount_fen > assets_open[part.asset_id]:
            faults.append(Fault("beyond_asset", part.asset_id, assets_open[part.asset_id]))
    if sum(part.amount_fen for part in parts) > use_open:
        faults.append(Fault("beyond_payment", 0, use_open))
    return faults


def spread(amount_fen: int, opens: Sequence[int]) -> list[int]:
    """An amount over assets in proportion to what is open of each, by largest remainder.

    The shares sum to the amount, or to all that is open when that is less; none exceeds what is open of its asset.
    """
    if amount_fen < 0 or any(fen < 0 for fen in opens):
        raise ValueError("amounts must not be negative")
    if amount_fen >= sum(opens):
        return list(opens)
    return money.split(amount_fen, opens)


def digest(proposal: Proposal) -> str:
    """A short mark of a proposal: whoever accepts it accepts exactly these parts."""
    text = ";".join(f"{part.asset_id}:{part.amount_fen}" for part in proposal.parts)
    return hashlib.sha256(f"{proposal.use_id}|{proposal.way}|{text}".encode()).hexdigest()[:16]


def propose(uses: Iterable[OpenUse], assets: Iterable[OpenAsset]) -> list[Proposal]:
    """For each open payment the assets it seems to have paid for, the surest first.

    A payment is held against assets of its line's part of the register (system, tiers, project year) and of its own
    source of money. First whole lines whose sums are equal, then amounts that fit exactly (one asset; assets that the
    payment names; a batch of one day), at last what is left, by date. No asset is given beyond what is open of it.
    """
    groups: dict[tuple[object, ...], list[OpenUse]] = defaultdict(list)
    for use in uses:
        groups[use.line_id, use.system, use.tiers, use.year, use.funding].append(use)
    pool = _Pool(assets)
    found: dict[int, Proposal] = {}
    waiting: list[tuple[list[OpenUse], _Candidates]] = []
    order: list[int] = []
    for members in groups.values():
        group = sorted(members, key=lambda use: (use.paid_on or LAST_DAY, use.id))
        order += [use.id for use in group]
        candidates = _Candidates(pool, group[0])
        if candidates.assets and sum(use.open_fen for use in group) == candidates.sum():
            found.update(_filled(group, candidates.open(), pool, Way.WHOLE))
        else:
            waiting.append((group, candidates))
    for way, step in ((Way.ONE, _Candidates.one), (Way.NAMED, _Candidates.named), (Way.BATCH, _Candidates.batch)):
        for group, candidates in waiting:
            for use in group:
                if use.id not in found and (hit := step(candidates, use)):
                    parts = tuple(pool.take(asset, pool.left(asset)) for asset in hit)
                    found[use.id] = Proposal(use.id, parts, way.value, CONFIDENCE[way.value])
    for group, candidates in waiting:
        rest = [use for use in group if use.id not in found]
        found.update(_filled(rest, candidates.open(), pool, Way.ORDER))
    return sorted((found[key] for key in order if key in found), key=lambda proposal: -proposal.confidence)


class _Pool:
    """Open assets with what is left of each while proposals take from them."""

    def __init__(self, assets: Iterable[OpenAsset]) -> None:
        self.by_part: dict[tuple[str, str], list[OpenAsset]] = defaultdict(list)
        self._own: dict[tuple[int, str], int] = {}
        self._total: dict[int, int] = {}
        for asset in assets:
            self.by_part[asset.system, asset.funding].append(asset)
            self._own[asset.id, asset.funding] = asset.open_fen
            self._total[asset.id] = asset.total_fen

    def left(self, asset: OpenAsset) -> int:
        """Fen that this source may still put into the asset."""
        return min(self._own[asset.id, asset.funding], self._total[asset.id])

    def take(self, asset: OpenAsset, fen: int) -> Part:
        """Use up what a proposal gives to the asset."""
        self._own[asset.id, asset.funding] -= fen
        self._total[asset.id] -= fen
        return Part(asset.id, fen)


class _Candidates:
    """The assets that a line may have built from one source, by day of acquisition, and ways to look them up.

    The indexes are made once; what has been taken since is seen when a hit is checked against what is left.
    """

    def __init__(self, pool: _Pool, use: OpenUse) -> None:
        self._pool = pool
        self.assets = sorted(
            (
                asset
                for asset in pool.by_part[use.system, use.funding]
                if (not use.tiers or asset.tier in use.tiers)
                and (not use.year or not asset.year or use.year == asset.year)
                and pool.left(asset) > 0
            ),
            key=lambda asset: (asset.acquired_on or LAST_DAY, asset.id),
        )
        self._by_amount: dict[int, list[OpenAsset]] = defaultdict(list)
        self._by_name: dict[str, list[OpenAsset]] = defaultdict(list)
        days: dict[date, list[OpenAsset]] = defaultdict(list)
        for asset in self.assets:
            self._by_amount[pool.left(asset)].append(asset)
            self._by_name[asset.name].append(asset)
            if asset.acquired_on is not None:
                days[asset.acquired_on].append(asset)
        self._by_sum: dict[int, list[list[OpenAsset]]] = defaultdict(list)
        for batch in days.values():
            self._by_sum[sum(map(pool.left, batch))].append(batch)

    def open(self) -> list[OpenAsset]:
        """Those of which something is left."""
        return [asset for asset in self.assets if self._pool.left(asset) > 0]

    def sum(self) -> int:
        """What is left of all of them, in fen."""
        return sum(map(self._pool.left, self.assets))

    def one(self, use: OpenUse) -> list[OpenAsset]:
        """One asset that costs what was paid; among several the one that the payment names."""
        same = [asset for asset in self._by_amount.get(use.open_fen, ()) if self._pool.left(asset) == use.open_fen]
        named = [asset for asset in same if _is_named(asset.name, use)]
        return (named or same)[:1]

    def named(self, use: OpenUse) -> list[OpenAsset]:
        """All assets whose name the payment mentions, if they cost together what was paid."""
        groups = [assets for name, assets in self._by_name.items() if _is_named(name, use)]
        return self._if_fits([asset for assets in groups for asset in assets], use)

    def batch(self, use: OpenUse) -> list[OpenAsset]:
        """Assets acquired on one day that cost together what was paid."""
        for batch in self._by_sum.get(use.open_fen, ()):
            if fits := self._if_fits(batch, use):
                return fits
        return []

    def _if_fits(self, assets: list[OpenAsset], use: OpenUse) -> list[OpenAsset]:
        rest = [asset for asset in assets if self._pool.left(asset) > 0]
        return rest if sum(map(self._pool.left, rest)) == use.open_fen else []


def _filled(uses: Sequence[OpenUse], assets: Sequence[OpenAsset], pool: _Pool, way: Way) -> dict[int, Proposal]:
    """Payments poured into assets one after the other, both by date; an asset may take the end of one and the next."""
    found: dict[int, Proposal] = {}
    queue = iter(assets)
    asset = next(queue, None)
    for use in uses:
        wanted = use.open_fen
        parts: list[Part] = []
        while wanted and asset is not None:
            fen = min(wanted, pool.left(asset))
            if fen:
                parts.append(pool.take(asset, fen))
                wanted -= fen
            if not pool.left(asset):
                asset = next(queue, None)
        if parts:
            found[use.id] = Proposal(use.id, tuple(parts), way.value, CONFIDENCE[way.value])
    return found


def _is_named(name: str, use: OpenUse) -> bool:
    return len(name) >= SHORTEST_NAME and name in use.words
