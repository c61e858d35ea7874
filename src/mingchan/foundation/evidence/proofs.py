"""Proofs of many records at once (批量证明): the kept subtree roots and the leaves of the touched tiles are read once.

A single proof asks a dozen statements; a package of thousands of records would ask a hundred thousand. Here it is one
statement for all subtree roots and one for each group of tiles, whatever the number of records.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from django.db.models import Q

from mingchan.foundation.evidence import tree
from mingchan.foundation.evidence.models import Record, Tile

GROUP = 64
"""Tiles whose leaves are held at once: 16,384 hashes."""


class _Roots:
    """Roots of the ranges of a log of a fixed size."""

    def __init__(self, size: int) -> None:
        self.size = size
        whole = size >> tree.TILE_LEVEL
        rows = Tile.objects.filter(index__lt=whole).order_by("index").values_list("sha256", flat=True)
        self.tiles = [bytes(node) for node in rows]
        if len(self.tiles) != whole:
            raise ValueError("kept subtree roots are missing")
        self.above: dict[tuple[int, int], bytes] = {}
        self.leaves: dict[int, list[bytes]] = {}
        self.last = whole if size % tree.TILE else -1
        self._read([self.last] if self.last >= 0 else [])
        self.tail = self.leaves.pop(self.last, [])

    def _read(self, tiles: Sequence[int]) -> None:
        self.leaves.clear()
        if not tiles:
            return
        within = Q(pk__in=[])
        for index in tiles:
            low = index << tree.TILE_LEVEL
            within |= Q(seq__gte=low, seq__lt=min(low + tree.TILE, self.size))
        for seq, leaf in Record.objects.filter(within).order_by("seq").values_list("seq", "leaf_sha256"):
            self.leaves.setdefault(seq >> tree.TILE_LEVEL, []).append(bytes(leaf))

    def hold(self, tiles: Sequence[int]) -> None:
        """Read the leaves of the tiles whose records are proven next."""
        self._read([index for index in tiles if index != self.last])
        if self.last in tiles:
            self.leaves[self.last] = self.tail

    def root(self, low: int, high: int) -> bytes:
        """Root over [low, high), a range as proofs name them."""
        index = low >> tree.TILE_LEVEL
        if high - low < tree.TILE or (high - low == tree.TILE and index == self.last):
            leaves = self.tail if index == self.last else self.leaves[index]
            start = low - (index << tree.TILE_LEVEL)
            return tree.root_of_leaves(leaves[start : start + high - low])
        if high - low == tree.TILE:
            return self.tiles[index]
        found = self.above.get((low, high))
        if found is None:
            middle = low + (1 << ((high - low - 1).bit_length() - 1))
            found = self.above[low, high] = tree.node_hash(self.root(low, middle), self.root(middle, high))
        return found


def inclusion_proofs(seqs: Iterable[int], size: int) -> Iterator[tuple[int, list[bytes]]]:
    """Each record, ascending, with the proof that it is in the log of that size (RFC 6962, SHA-256).

    Raises ValueError when one isn't, or when the kept subtree roots don't cover the log.
    """
    wanted = sorted(set(seqs))
    if wanted and not 0 <= wanted[0] <= wanted[-1] < size:
        raise ValueError("the record isn't in a log of this size")
    roots = _Roots(size)
    by_tile = [(index, list(some)) for index, some in groupby(wanted, key=lambda seq: seq >> tree.TILE_LEVEL)]
    for start in range(0, len(by_tile), GROUP):
        part = by_tile[start : start + GROUP]
        roots.hold([index for index, _some in part])
        for _index, some in part:
            for seq in some:
                yield seq, tree.inclusion_proof(seq, size, roots.root)
