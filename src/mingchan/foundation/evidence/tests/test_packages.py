"""An evidence package is proven by a program that shares nothing with the product, and no byte of it can change."""

import hashlib
import importlib.util
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingchan.foundation.evidence import packages, proofs, queries, tree
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Head
from mingchan.foundation.evidence.tests.factories import COUNTED, DAY, MOVED, RIGHTS, actor, by_hand, drop_guards
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.refs import Ref

CHECKER = Path(__file__).resolve().parents[5] / "tools" / "verify_package.py"
MAKER = actor(rights=RIGHTS | {"package.make"})
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
RFC8032 = (
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", ""),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "af82"),
)


def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_package", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFY = checker()


def fill(records: int = 300) -> None:
    """A log of more than one kept subtree, with an object of some records and a file, and others around it."""
    around = [(f"stock:{number}", "", {"name": f"第{number}件"}) for number in range(100, 100 + records)]
    evidence.record(COUNTED, Ref("asset", 1), actor=MAKER, on=DAY, after={"name": "货架", "fen": 1200000})
    evidence.record_many(COUNTED, around, actor=MAKER, on=DAY)
    evidence.attach(
        PDF, name="决定.pdf", owner=Ref("asset", 1), division="140932", kind="APPROVAL", actor=MAKER, on=DAY
    )
    before, after = {"name": "货架", "fen": 1200000}, {"name": "货架", "fen": 1100000}
    evidence.record(MOVED, Ref("asset", 1), actor=MAKER, on=DAY, before=before, after=after, reason="=移库")


def packed(**given: Any) -> tuple[bytes, packages.Packed]:
    target = io.BytesIO()
    asked = {"about": Ref("asset", 1), "scope": {"资产": "货架"}, "reason": "年度审计取证", "actor": MAKER, "on": DAY}
    made = evidence.package(target, packages.seqs_of(["asset:1"]), **{**asked, **given})
    return target.getvalue(), made


def found(content: bytes) -> dict[str, Any]:
    return dict(VERIFY.check(io.BytesIO(content)))


@pytest.mark.django_db(transaction=True)
def test_a_package_holds_the_records_and_files_of_its_object_and_is_proven(tmp_path: Path) -> None:
    fill()
    content, made = packed()
    manifest = found(content)
    assert (manifest["records"], len(manifest["files"]), manifest["size"]) == (3, 1, 303)
    assert manifest["root"] == made.root
    assert hashlib.sha256(content).hexdigest() == made.sha256
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.read(manifest["files"][0]["path"]) == PDF
        assert "'=移库" in archive.read("事项.csv").decode("utf-8-sig")
    path = tmp_path / "package.zip"
    path.write_bytes(content)

    def run(*more: str) -> int:
        return subprocess.run([sys.executable, "-I", str(CHECKER), str(path), *more], capture_output=True).returncode

    assert run() == 2
    assert run("--key", made.key) == 0
    assert run("--checkpoint", made.checkpoint) == 0
    assert run("--key", "00" * 32) == 1
    assert run("--checkpoint", made.checkpoint.replace("303", "302")) == 1
    path.write_bytes(b"no package")
    assert run() == 3
    assert queries.history(Ref("asset", 1))[-1].sentence.startswith("制作证据包")


@pytest.mark.django_db(transaction=True)
def test_no_single_byte_of_a_package_can_be_changed_taken_out_or_put_in() -> None:
    fill(20)
    content, _made = packed()

    def fails(changed: bytes) -> None:
        with pytest.raises((VERIFY.Wrong, VERIFY.Unreadable)):
            found(changed)

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(content) - 1), st.integers(1, 255), st.binary(min_size=1, max_size=3))
    def tamper(at: int, mask: int, more: bytes) -> None:
        fails(content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :])
        fails(content[:at] + content[at + 1 :])
        fails(content[:at] + more + content[at:])

    tamper()
    for at in (*range(60), *range(len(content) - 900, len(content))):
        fails(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    fails(content + b"\0")


@pytest.mark.django_db(transaction=True)
def test_a_package_sealed_anew_with_another_key_is_told_by_the_key_on_paper() -> None:
    fill(5)
    content, made = packed()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    other = Ed25519PrivateKey.generate()
    seal = parts["seal.txt"].decode().replace(made.key, other.public_key().public_bytes_raw().hex()).encode()
    target = io.BytesIO()
    forged = packages.Archive(target)
    for name, part in {**parts, "seal.txt": seal, "seal.sig": (other.sign(seal).hex() + "\n").encode()}.items():
        forged.add(name, part)
    forged.close()
    manifest = found(target.getvalue())
    assert not VERIFY.anchored(manifest, "", "")
    with pytest.raises(VERIFY.Wrong):
        VERIFY.anchored(manifest, made.key, "")


@pytest.mark.django_db(transaction=True)
def test_a_record_edited_in_the_database_cannot_be_proven() -> None:
    fill(5)
    drop_guards("evidence_detail", "evidence_record")
    by_hand("UPDATE evidence_detail SET body = %s WHERE id = 0", [b'{"after":{"fen":1,"name":"x"}}'])
    content, _made = packed()
    with pytest.raises(VERIFY.Wrong, match="第 0 条的细节被改动"):
        found(content)


@pytest.mark.django_db(transaction=True)
def test_an_erased_detail_is_left_out_and_the_record_stays_proven() -> None:
    fill(5)
    evidence.erase_detail(0, reason="依申请删除", actor=MAKER, on=DAY)
    content, made = packed()
    assert made.erased == 1
    assert found(content)["records"] == 3


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_gone_is_named_and_a_scope_without_records_is_refused(settings: Any) -> None:
    fill(5)
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            path.unlink()
    content, made = packed()
    assert made.missing == 1
    assert found(content)["missing"][0]["name"] == "决定.pdf"
    with pytest.raises(Refusal, match="没有留痕记录"):
        evidence.package(io.BytesIO(), [], about=Ref("x", 1), scope={}, reason="年度审计", actor=MAKER, on=DAY)
    with pytest.raises(Refusal, match="用途"):
        packed(reason="")
    with pytest.raises(NotAllowed):
        packed(actor=actor())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("records", [1, 254, 255, 256, 600])
def test_proofs_made_together_are_those_made_one_by_one(records: int) -> None:
    evidence.record_many(COUNTED, [(f"stock:{n}", "", {"name": str(n)}) for n in range(records)], actor=MAKER, on=DAY)
    head = Head.objects.get(id=1)
    root = tree.root_of(tree.split_frontier(bytes(head.sha256)))
    asked = sorted({0, records // 2, records - 1, min(records - 1, 255), min(records - 1, 256)})
    together = dict(proofs.inclusion_proofs(asked, head.size))
    assert list(together) == asked
    for seq in asked:
        assert together[seq] == queries.inclusion_proof(seq, head.size)
        body = queries.record(seq, MAKER).body
        assert VERIFY.root_from(body, seq, head.size, together[seq]) == root
    with pytest.raises(ValueError, match="isn't in a log"):
        list(proofs.inclusion_proofs([records], head.size))


VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=lambda vector: f"{vector['index']} of {vector['size']}")
def test_both_programs_agree_with_the_vectors_of_inclusion(vector: dict[str, Any]) -> None:
    leaves = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]][: vector["size"]]
    hashes = [tree.leaf_hash(leaf) for leaf in leaves]
    proof = [bytes.fromhex(part) for part in vector["proof"]]
    assert tree.inclusion_proof(vector["index"], vector["size"], tree.range_root_over(hashes)) == proof
    leaf, root = leaves[vector["index"]], bytes.fromhex(vector["root"])
    assert VERIFY.root_from(leaf, vector["index"], vector["size"], proof) == root
    assert tree.verify_inclusion(vector["index"], vector["size"], hashes[vector["index"]], proof, root)


@pytest.mark.parametrize(("seed", "message"), RFC8032)
def test_the_checker_knows_the_signatures_of_the_standard_and_no_others(seed: str, message: str) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    public, text = key.public_key().public_bytes_raw(), bytes.fromhex(message)
    signature = key.sign(text)
    assert VERIFY.signed_by(public, text, signature)
    assert not VERIFY.signed_by(public, text + b"\0", signature)
    for at in (0, 31, 32, 63):
        assert not VERIFY.signed_by(public, text, signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :])
    larger = int.from_bytes(signature[32:], "little") + VERIFY.L
    assert not VERIFY.signed_by(public, text, signature[:32] + larger.to_bytes(32, "little"))
