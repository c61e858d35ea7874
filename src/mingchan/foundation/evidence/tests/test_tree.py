"""The trees follow RFC 6962: known roots, proofs that hold, damaged proofs that don't."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingchan.foundation.evidence import tree
from mingchan.kernel import crypto

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _hashes(count: int) -> list[bytes]:
    return [tree.leaf_hash(number.to_bytes(4)) for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_the_root_of_the_well_known_leaves_is_the_published_one(size: int) -> None:
    leaves = [tree.leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert tree.root_of_leaves(leaves).hex() == ROOTS[size]
    frontier: list[bytes] = []
    for at, leaf in enumerate(leaves):
        tree.extend(at, frontier, [leaf])
    assert tree.root_of(frontier).hex() == ROOTS[size]
    assert tree.split_frontier(b"".join(frontier)) == frontier


def _recursive_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return hashlib.sha256(b"\x01" + _recursive_root(leaves[:middle]) + _recursive_root(leaves[middle:])).digest()


@given(st.integers(0, 600), st.lists(st.integers(1, 90), max_size=12))
def test_the_frontier_gives_the_root_of_the_definition_however_it_was_extended(count: int, steps: list[int]) -> None:
    leaves, frontier, size = _hashes(count), [], 0
    tiles: list[tuple[int, bytes]] = []
    for step in [*steps, count]:
        size, made = tree.extend(size, frontier, leaves[size : size + step])
        tiles += made
    assert size == count
    assert tree.root_of(frontier) == _recursive_root(leaves)
    assert tiles == [
        (at, _recursive_root(leaves[at * tree.TILE : (at + 1) * tree.TILE])) for at in range(count // tree.TILE)
    ]


@given(st.data(), st.sampled_from([tree.sha256, crypto.sm3]))
def test_an_inclusion_proof_holds_for_its_record_alone(data: st.DataObject, digest: tree.Digest) -> None:
    size = data.draw(st.integers(1, 130))
    index = data.draw(st.integers(0, size - 1))
    leaves = _hashes(size)
    root = tree.root_of_leaves(leaves, digest)
    proof = tree.inclusion_proof(index, size, tree.range_root_over(leaves, digest))
    assert tree.verify_inclusion(index, size, leaves[index], proof, root, digest)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else size
    assert not tree.verify_inclusion(other, size, leaves[index], proof, root, digest)
    assert not tree.verify_inclusion(index, size, tree.leaf_hash(b"other"), proof, root, digest)
    assert not tree.verify_inclusion(index, size, leaves[index], [*proof, root], root, digest)
    assert not tree.verify_inclusion(index, size, leaves[index], proof, bytes(32), digest)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bent = [bytes([part[0] ^ 1]) + part[1:] if number == at else part for number, part in enumerate(proof)]
        assert not tree.verify_inclusion(index, size, leaves[index], bent, root, digest)
        assert not tree.verify_inclusion(index, size, leaves[index], proof[:-1], root, digest)
        assert not tree.verify_inclusion(index, size, leaves[index], [part[:31] for part in proof], root, digest)


@given(st.data())
def test_a_consistency_proof_holds_between_its_two_logs_alone(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 130))
    old = data.draw(st.integers(1, new))
    leaves = _hashes(new)
    roots = tree.root_of_leaves(leaves[:old]), tree.root_of_leaves(leaves)
    proof = tree.consistency_proof(old, new, tree.range_root_over(leaves))
    assert tree.verify_consistency(old, new, *roots, proof)
    assert not tree.verify_consistency(old, new, bytes(32), roots[1], proof)
    assert not tree.verify_consistency(old, new, roots[0], bytes(32), proof)
    assert not tree.verify_consistency(old, new, *roots, [*proof, bytes(32)])
    forked = tree.root_of_leaves([*leaves[: old - 1], tree.leaf_hash(b"forked"), *leaves[old:]])
    assert not tree.verify_consistency(old, new, roots[0], forked, proof)
    if proof:
        assert not tree.verify_consistency(old, new, *roots, proof[:-1])
        assert not tree.verify_consistency(old, new, *roots, [bytes(32), *proof[1:]])


def test_an_empty_log_includes_nothing_and_is_the_start_of_nothing() -> None:
    root = tree.empty_root()
    assert not tree.verify_inclusion(0, 0, root, [], root)
    assert not tree.verify_consistency(0, 0, root, root, [])
    assert not tree.verify_consistency(0, 1, root, tree.leaf_hash(b""), [])
    assert not tree.verify_consistency(2, 1, root, root, [])
    with pytest.raises(ValueError, match="isn't in a log"):
        tree.inclusion_ranges(0, 0)
    with pytest.raises(ValueError, match="isn't empty"):
        tree.consistency_ranges(0, 3)


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="fit the size"):
        tree.extend(3, [bytes(32)], [bytes(32)])
    with pytest.raises(ValueError, match="whole number"):
        tree.split_frontier(b"short")
