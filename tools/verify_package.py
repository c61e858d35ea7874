#!/usr/bin/env python3
"""Check an evidence package (证据包) without the database, the product or a network: Python's standard library only.

    python3 verify_package.py PACKAGE.zip --key HEX            the public key of the seal, from paper
    python3 verify_package.py PACKAGE.zip --checkpoint "TEXT"  or the checkpoint printed on a notice or report

Exit code 0: everything in it is intact and proven. 1: something was changed. 2: intact in itself, but without key or
checkpoint nobody can say who made it. 3: it can't be read as a package at all.

What is checked: every byte of the ZIP file (it has exactly one form), the seal (Ed25519, RFC 8032), the manifest, the
digest of each part and file, each record's one byte form, its detail against the commitment in it, the whole row
against the digest in it, and that each record is a leaf of the tree under the sealed head (RFC 6962, SHA-256).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import struct
import sys
import zlib
from pathlib import Path
from typing import Any, BinaryIO

FORMAT = "mingchan-evidence-package/1"
INTACT, CHANGED, UNANCHORED, UNREADABLE = 0, 1, 2, 3
PARTS = ("说明.txt", "records.jsonl", "事项.csv")
END = ("manifest.json", "seal.txt", "seal.sig")
CHUNK = 1 << 20


class Wrong(Exception):
    """Something in the package isn't what it must be."""


class Unreadable(Exception):
    """This is no package."""


# The archive: exactly one form for its contents, so that no byte is left unchecked.

LOCAL = struct.Struct("<4sHHHHHIIIHH")
CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
LAST = struct.Struct("<4sHHHHIIH")


class Entry:
    """One entry: where its content lies, its size and digest."""

    def __init__(self, name: str, start: int, size: int, sha256: str) -> None:
        self.name, self.start, self.size, self.sha256 = name, start, size, sha256


def read_archive(file: BinaryIO) -> dict[str, Entry]:
    """The entries in order. Raises Wrong where a byte differs from the one form such an archive has."""
    entries: dict[str, Entry] = {}
    central: list[bytes] = []
    at = 0
    while True:
        file.seek(at)
        head = file.read(LOCAL.size)
        if head[:4] != b"PK\x03\x04":
            break
        if len(head) < LOCAL.size:
            raise Wrong("文件被截断")
        crc, size, length = (LOCAL.unpack(head)[index] for index in (6, 7, 9))
        raw = file.read(length)
        if len(raw) != length or head != LOCAL.pack(b"PK\x03\x04", 20, 0x800, 0, 0, 0x21, crc, size, size, length, 0):
            raise Wrong(f"第 {len(entries) + 1} 个条目的头部被改动")
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            raise Wrong("条目名被改动") from None
        digest, found, left = hashlib.sha256(), 0, size
        while left:
            part = file.read(min(CHUNK, left))
            if not part:
                raise Wrong(f"{name} 被截断")
            digest.update(part)
            found, left = zlib.crc32(part, found), left - len(part)
        if found != crc:
            raise Wrong(f"{name} 的校验和不符")
        if name in entries:
            raise Wrong(f"{name} 出现两次")
        entries[name] = Entry(name, at + LOCAL.size + length, size, digest.hexdigest())
        fields = (20, 20, 0x800, 0, 0, 0x21, crc, size, size, length, 0, 0, 0, 0, 0, at)
        central.append(CENTRAL.pack(b"PK\x01\x02", *fields) + raw)
        at += LOCAL.size + length + size
    if not entries:
        raise Unreadable("不是证据包")
    directory = b"".join(central)
    wanted = directory + LAST.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), at, 0)
    file.seek(at)
    if file.read(len(wanted) + 1) != wanted:
        raise Wrong("压缩包目录被改动")
    return entries


def content(file: BinaryIO, entry: Entry) -> bytes:
    """The bytes of an entry."""
    file.seek(entry.start)
    return file.read(entry.size)


# JSON in its one form: keys sorted, no blanks, no floats, no nulls.


def canonical(value: Any) -> bytes:
    """The one byte form of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parse(data: bytes, what: str) -> dict[str, Any]:
    """A document in its one form. Raises Wrong when it isn't one."""
    try:
        found = json.loads(data)
        same = isinstance(found, dict) and canonical(found) == data
    except (ValueError, RecursionError):
        same = False
    if not same:
        raise Wrong(f"{what} 不是规范形式")
    return found


# Ed25519 (RFC 8032, 5.1.7) in whole numbers. Slow, but a package has one signature.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
I = pow(2, (P - 1) // 4, P)  # noqa: E741 - the letter of the standard
Point = tuple[int, int, int, int]


def _x_of(y: int, sign: int) -> int:
    if y >= P:
        raise Wrong("签名的点不合规")
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    if (x * x - square) % P or (x == 0 and sign):
        raise Wrong("签名的点不合规")
    return P - x if x & 1 != sign else x


def _point(data: bytes) -> Point:
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return x, y, 1, x * y % P


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = _add(found, point)
        point = _add(point, point)
        factor >>= 1
    return found


BASE = _point(bytes([0x58]) + bytes([0x66]) * 31)


def signed_by(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message is the key's."""
    if len(key) != 32 or len(signature) != 64:
        return False
    try:
        holder, given = _point(key), _point(signature[:32])
    except Wrong:
        return False
    factor = int.from_bytes(signature[32:], "little")
    if factor >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = _times(factor, BASE), _add(given, _times(challenge, holder))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# The tree (RFC 6962, 2.1.1).


def root_from(body: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root that a record's bytes and its proof lead to. Raises Wrong when the proof doesn't fit the place."""
    node, at, last = hashlib.sha256(b"\x00" + body).digest(), index, size - 1
    if not 0 <= index < size:
        raise Wrong(f"第 {index} 条超出校验点")
    for part in proof:
        if len(part) != 32 or last == 0:
            raise Wrong(f"第 {index} 条的证明长短不对")
        if at & 1 or at == last:
            node = hashlib.sha256(b"\x01" + part + node).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + part).digest()
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong(f"第 {index} 条的证明长短不对")
    return node


# The package.


def _hex(text: Any, what: str) -> bytes:
    if not isinstance(text, str) or not re.fullmatch(r"([0-9a-f]{2})*", text):
        raise Wrong(f"{what} 不是十六进制")
    return bytes.fromhex(text)


def check_seal(seal: bytes, signature: bytes, manifest: bytes) -> tuple[str, int, bytes, str]:
    """County, size and root of the sealed tree head, and the key of the seal. Raises Wrong."""
    lines = seal.decode("utf-8", "replace").split("\n")
    if len(lines) != 7 or lines[6] or lines[0] != FORMAT or not re.fullmatch(r"[1-9][0-9]{0,17}", lines[2]):
        raise Wrong("封签被改动")
    if not re.fullmatch(rb"[0-9a-f]{128}\n", signature):
        raise Wrong("签名被改动")
    key = _hex(lines[5], "公钥")
    if not signed_by(key, seal, bytes.fromhex(signature.decode().strip())):
        raise Wrong("封签的签名不成立")
    if hashlib.sha256(manifest).hexdigest() != lines[4]:
        raise Wrong("清单与封签不符")
    return lines[1], int(lines[2]), _hex(lines[3], "根"), lines[5]


def check_listed(entries: dict[str, Entry], manifest: dict[str, Any]) -> None:
    """Every part and file is there as the manifest says, and nothing else. Raises Wrong."""
    listed = [(one["path"], one["sha256"], one["size"]) for one in (*manifest["others"], *manifest["files"])]
    names = [path for path, _sha256, _size in listed] + list(END)
    if list(entries) != names or tuple(names[: len(PARTS)]) != PARTS:
        raise Wrong("包内文件与清单不符")
    for path, sha256, size in listed:
        if (entries[path].sha256, entries[path].size) != (sha256, size):
            raise Wrong(f"{path} 的内容被改动")


def check_record(line: bytes, size: int, root: bytes) -> tuple[int, str, str]:
    """A record's number, its object, and the digest of the file it is about (empty for others). Raises Wrong."""
    row = parse(line, "留痕行")
    seq, body = row.get("seq"), str(row.get("body", "")).encode()
    record = parse(body, f"第 {seq} 条")
    if type(seq) is not int or record.get("seq") != seq or set(row) - {"seq", "body", "proof", "salt", "detail"}:
        raise Wrong(f"第 {seq} 条的序号不符")
    proof = [_hex(part, "证明") for part in row.get("proof", [])]
    if root_from(body, seq, size, proof) != root:
        raise Wrong(f"第 {seq} 条不在校验点之下")
    if ("salt" in row) != ("detail" in row):
        raise Wrong(f"第 {seq} 条的细节不全")
    if "detail" not in row:
        return seq, str(record.get("obj")), ""
    detail = str(row["detail"]).encode()
    commit = hashlib.sha256(b"\x02" + _hex(row["salt"], "盐") + detail).hexdigest()
    if record.get("commit") != "sha256:" + commit:
        raise Wrong(f"第 {seq} 条的细节被改动")
    after = json.loads(detail).get("after")
    if "after" in record and (
        after is None or record["after"] != "sha256:" + hashlib.sha256(canonical(after)).hexdigest()
    ):
        raise Wrong(f"第 {seq} 条的业务数据与摘要不符")
    about = str(after.get("sha256", "")) if isinstance(after, dict) else ""
    return seq, str(record.get("obj")), about


def check(file: BinaryIO) -> dict[str, Any]:
    """What the package proves: its manifest, with the key. Raises Wrong or Unreadable."""
    entries = read_archive(file)
    if not set(END) <= set(entries):
        raise Wrong("包内文件不全")
    raw = content(file, entries["manifest.json"])
    county, size, root, key = check_seal(content(file, entries["seal.txt"]), content(file, entries["seal.sig"]), raw)
    manifest = parse(raw, "清单")
    try:
        if (manifest["format"], manifest["county"], manifest["size"], manifest["root"]) != (
            FORMAT, county, size, root.hex(),
        ):  # fmt: skip
            raise Wrong("清单与封签不符")
        check_listed(entries, manifest)
        count, last, files = 0, -1, {}
        file.seek(entries["records.jsonl"].start)
        left = entries["records.jsonl"].size
        while left:
            line = file.readline(left)
            left -= len(line)
            if not line.endswith(b"\n"):
                raise Wrong("留痕行被截断")
            seq, obj, about = check_record(line[:-1], size, root)
            if seq <= last:
                raise Wrong(f"第 {seq} 条次序不对")
            count, last = count + 1, seq
            files[seq] = (obj, about)
        if count != manifest["records"]:
            raise Wrong("留痕条数与清单不符")
        for one in (*manifest["files"], *manifest["missing"]):
            if files.get(one["seq"]) != (f"attachment:{one['attachment']}", one["sha256"]):
                raise Wrong(f"附件 {one['attachment']} 没有留痕记录证明")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Wrong(f"清单或留痕行缺少内容：{error}") from None
    return {**manifest, "key": key}


def anchored(found: dict[str, Any], key: str, checkpoint: str) -> bool:
    """Whether the package is of the key or checkpoint that its reader holds. Raises Wrong when it is of another."""
    if key and key.strip().lower() != found["key"]:
        raise Wrong("封签不是所给公钥的签名")
    if checkpoint:
        seen = re.search(r"([\d,]+)\s*·\s*([0-9A-Fa-f]{4}(?:-[0-9A-Fa-f]{4}){3})", checkpoint)
        if seen is None:
            raise Wrong("看不懂所给的校验点")
        if (int(seen[1].replace(",", "")), seen[2].replace("-", "").lower()) != (found["size"], found["root"][:16]):
            raise Wrong("证据包不在所给的校验点之下")
    return bool(key or checkpoint)


def main(arguments: list[str] | None = None) -> int:
    """Check the package named on the command line and say what was found."""
    reader = argparse.ArgumentParser(description="核验证据包", add_help=True)
    reader.add_argument("package", type=Path)
    reader.add_argument("--key", default="", help="封签公钥（64 位十六进制），由制作单位书面交付")
    reader.add_argument("--checkpoint", default="", help="公示、报告上印的校验点")
    given = reader.parse_args(arguments)
    try:
        with given.package.open("rb") as file:
            found = check(file)
        sure = anchored(found, given.key, given.checkpoint)
    except Wrong as wrong:
        print(f"不通过：{wrong}")
        return CHANGED
    except (Unreadable, OSError) as problem:
        print(f"读不了：{problem}")
        return UNREADABLE
    print("范围：" + "；".join(f"{name} {words}" for name, words in found["scope"].items()))
    print(f"制作：{found['made_by']}，{found['made_on']}；留痕 {found['records']} 条，附件 {len(found['files'])} 个")
    for one in found["missing"]:
        print(f"注意：附件《{one['name']}》制作时内容已不在，只有它的摘要")
    print(f"校验点：{found['size']:,} 条，根 {found['root']}")
    print(f"公钥：{found['key']}")
    if not sure:
        print("内容完整，但没有给出公钥或校验点，不能断定由谁制作。")
        return UNANCHORED
    print("通过：每个字节、每条留痕和每个附件都与校验点相符。")
    return INTACT


if __name__ == "__main__":
    sys.exit(main())
