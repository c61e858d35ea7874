"""RFC 6962 trees (默克尔树): leaves, nodes, roots, the append-only frontier, proofs and their checks. Pure.

A frontier holds the roots of the complete subtrees of a log, largest first: one hash for each bit set in its size, so
that a leaf is appended with one hash on average and the root follows from at most 64 hashes. Every function takes the
hash as `digest: bytes -> bytes`, SHA-256 unless another is named.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

Digest = Callable[[bytes], bytes]
RangeRoot = Callable[[int, int], bytes]
WIDTH = 32
TILE_LEVEL = 8
TILE = 1 << TILE_LEVEL
"""Leaves under one kept subtree root; a proof then reads a few hundred leaves instead of the whole log."""


def sha256(data: bytes) -> bytes:
    """SHA-256 of the data, 32 bytes."""
    return hashlib.sha256(data).digest()


def leaf_hash(body: bytes, digest: Digest = sha256) -> bytes:
    """Hash of a leaf: H(0x00 ‖ body)."""
    return digest(b"\x00" + body)


def node_hash(left: bytes, right: bytes, digest: Digest = sha256) -> bytes:
    """Hash of an inner node: H(0x01 ‖ left ‖ right)."""
    return digest(b"\x01" + left + right)


def empty_root(digest: Digest = sha256) -> bytes:
    """Root of the log without records: H("")."""
    return digest(b"")


def split_frontier(packed: bytes) -> list[bytes]:
    """A stored frontier as its hashes. Raises ValueError when it isn't a whole number of them."""
    if len(packed) % WIDTH:
        raise ValueError("a frontier is a whole number of hashes")
    return [packed[at : at + WIDTH] for at in range(0, len(packed), WIDTH)]


def extend(
    size: int, frontier: list[bytes], leaves: Iterable[bytes], digest: Digest = sha256
) -> tuple[int, list[tuple[int, bytes]]]:
    """Append leaf hashes to the frontier in place. Returns the new size and the subtrees of TILE leaves completed.

    Raises ValueError when the frontier doesn't belong to a log of the size.
    """
    if len(frontier) != size.bit_count():
        raise ValueError("the frontier doesn't fit the size")
    tiles: list[tuple[int, bytes]] = []
    pop, push, waiting = frontier.pop, frontier.append, iter(leaves)
    while part := list(islice(waiting, TILE - size % TILE)):
        if len(part) == TILE:
            steps = [(_whole(part, digest), size >> TILE_LEVEL, TILE_LEVEL)]
        else:
            steps = [(leaf, number, 0) for number, leaf in enumerate(part, size)]
        for node, rest, level in steps:
            if level == TILE_LEVEL:
                tiles.append((size >> TILE_LEVEL, node))
            while rest & 1:
                node = digest(b"\x01" + pop() + node)
                rest >>= 1
                level += 1
                if level == TILE_LEVEL:
                    tiles.append((size >> TILE_LEVEL, node))
            push(node)
        size += len(part)
    return size, tiles


def _whole(nodes: Sequence[bytes], digest: Digest) -> bytes:
    """Root of a power of two of nodes, level by level: the same as one by one, at half the cost."""
    new = hashlib.sha256
    while len(nodes) > 1:
        pairs = zip(nodes[::2], nodes[1::2], strict=True)
        if digest is sha256:
            nodes = [new(b"\x01" + left + right).digest() for left, right in pairs]
        else:
            nodes = [digest(b"\x01" + left + right) for left, right in pairs]
    return nodes[0]


def root_of(frontier: Sequence[bytes], digest: Digest = sha256) -> bytes:
    """Root of the log with the frontier."""
    if not frontier:
        return empty_root(digest)
    root = frontier[-1]
    for node in reversed(frontier[:-1]):
        root = digest(b"\x01" + node + root)
    return root


def root_of_leaves(leaves: Iterable[bytes], digest: Digest = sha256) -> bytes:
    """Root over leaf hashes, in one pass."""
    frontier: list[bytes] = []
    extend(0, frontier, leaves, digest)
    return root_of(frontier, digest)


def _largest_power_below(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Leaf ranges [from, to) whose roots prove that the leaf is in the log of the size, nearest first.

    Raises ValueError when the index isn't in the log.
    """
    if not 0 <= index < size:
        raise ValueError("the record isn't in a log of this size")
    ranges: list[tuple[int, int]] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """Leaf ranges whose roots prove that the log of size `new` extends the one of size `old`.

    Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError("a consistency proof goes from a log that isn't empty to one not smaller")
    ranges: list[tuple[int, int]] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + _largest_power_below(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low, whole = middle, False
    if not whole:
        ranges.append((low, high))
    return ranges[::-1]


def inclusion_proof(index: int, size: int, range_root: RangeRoot) -> list[bytes]:
    """Proof that the leaf at the index is in the log of the size (RFC 6962, 2.1.1)."""
    return [range_root(low, high) for low, high in inclusion_ranges(index, size)]


def consistency_proof(old: int, new: int, range_root: RangeRoot) -> list[bytes]:
    """Proof that the newer log extends the older (RFC 6962, 2.1.2)."""
    return [range_root(low, high) for low, high in consistency_ranges(old, new)]


def range_root_over(leaves: Sequence[bytes], digest: Digest = sha256) -> RangeRoot:
    """The range roots of a log held in memory."""
    return lambda low, high: root_of_leaves(leaves[low:high], digest)


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes, digest: Digest = sha256
) -> bool:
    """Whether the proof shows the leaf hash at the index under the root. An empty log includes nothing."""
    if not 0 <= index < size or any(len(part) != WIDTH for part in proof):
        return False
    node, last = leaf, size - 1
    for part in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = digest(b"\x01" + part + node)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            node = digest(b"\x01" + node + part)
        index >>= 1
        last >>= 1
    return last == 0 and node == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes], digest: Digest = sha256
) -> bool:
    """Whether the proof shows that the newer log extends the older. A log of size 0 proves nothing: refused."""
    if not 0 < old <= new or any(len(part) != WIDTH for part in proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    parts: Iterator[bytes] = iter(proof)
    index, last = old - 1, new - 1
    while index & 1:
        index >>= 1
        last >>= 1
    if index:
        first = next(parts, None)
        if first is None:
            return False
    else:
        first = old_root
    older = newer = first
    for part in parts:
        if last == 0:
            return False
        if index & 1 or index == last:
            older = digest(b"\x01" + part + older)
            newer = digest(b"\x01" + part + newer)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            newer = digest(b"\x01" + newer + part)
        index >>= 1
        last >>= 1
    return last == 0 and older == old_root and newer == new_root
