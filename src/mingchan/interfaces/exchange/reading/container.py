"""Says what a file is by its content, and refuses hostile containers before any spreadsheet reader sees them.

Declared sizes are summed and real sizes counted while unpacking; document type declarations, overlapping members,
odd names and used ranges far larger than their cells are refused. Nothing is ever written to disk.
"""

from __future__ import annotations

import html
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from mingchan.interfaces.exchange.reading.parts import PartFacts, column_letter, count_part
from mingchan.interfaces.exchange.reading.refusals import ContainerRefused, Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PIECE = 1 << 18
_HEAD_BYTES = 4096
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM6", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "rtf"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"ID;P", "sylk"),
    (b"SQLite format 3", "database"),
    (b"TABLE\r\n0,1", "dif"),
    (b"MIME-Version:", "web page"),
)
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("EncryptionInfo", "encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "word"),
    ("PowerPoint Document", "slides"),
    ("VisioDocument", "drawing"),
)
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<meta", b"<head", b"<style", b"<?xml", b"<body", b"<div")
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_XML_NAMES = (".xml", ".rels", ".vml")
_NOT_UNPACKED = ("/media/", "/embeddings/", "thumbnails/", "pictures/")
_SHEET_TAG = re.compile(r"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION_TAG = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass
class Container:
    """A file that may be read: its kind (xlsx, xls, ods, csv, html), notes for the clerk, and counts by sheet name."""

    kind: str
    size: int
    notes: list[str] = field(default_factory=list)
    parts: dict[str, PartFacts] = field(default_factory=dict)


def examine(path: Path, limits: Limits, *, filename: str = "") -> Container:
    """Sniff and measure the file at ``path``. ``filename`` is the name the clerk gave it.

    Raises ContainerRefused with a cause code for everything that may not be read.
    """
    size = path.stat().st_size
    if size == 0:
        raise ContainerRefused("empty_file")
    if size > limits.file_bytes:
        raise ContainerRefused("file_too_large", {"size": size, "limit": limits.file_bytes})
    if filename.lower().endswith(".et"):
        raise ContainerRefused("wps_et")
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        if head.startswith(b"PK"):
            return _examine_zip(file, size, limits)
        if head.startswith(_OLE):
            file.seek(0)
            return Container(_ole_kind(file.read()), size)
    if head[:4] in _OLD_EXCEL:
        raise ContainerRefused("old_excel")
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise ContainerRefused("not_a_workbook", {"kind": kind})
    return _examine_text(head, size)


def _ole_kind(content: bytes) -> str:
    folded = content.upper()
    kinds = {kind for name, kind in _OLE_STREAMS if name.upper().encode("utf-16-le") + b"\x00\x00" in folded}
    if "encrypted" in kinds:
        raise ContainerRefused("encrypted")
    if "xls" in kinds:
        return "xls"
    raise ContainerRefused("not_a_workbook", {"kind": next(iter(kinds), "ole")})


def _examine_text(head: bytes, size: int) -> Container:
    zeros = sorted((head[::2].count(0), head[1::2].count(0)))
    unicode16 = head.startswith((b"\xff\xfe", b"\xfe\xff")) or zeros[1] > max(8, 8 * zeros[0])
    if b"\x00" in head and not unicode16:
        raise ContainerRefused("not_a_workbook", {"kind": "binary"})
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and start.startswith(b"<?xml"):
        raise ContainerRefused("xml_spreadsheet")
    if start.startswith(_MARKUP):
        return Container("html", size)
    return Container("csv", size)


class _Budget:
    """Bytes that may still be unpacked from one container."""

    def __init__(self, limits: Limits, packed: int) -> None:
        self.left = limits.unpacked_bytes
        self.limits = limits
        self.packed = packed
        self.used = 0

    def take(self, count: int) -> None:
        self.used += count
        if self.used > self.limits.unpacked_bytes:
            raise ContainerRefused("unpacked_too_large", {"limit": self.limits.unpacked_bytes})
        if self.used > self.limits.ratio_from_bytes and self.used > self.packed * self.limits.ratio:
            raise ContainerRefused("ratio", {"limit": self.limits.ratio})


def _unpack(file: BinaryIO, member: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    """Unpack one member in pieces, counting what really comes out, whatever its header declares."""
    file.seek(member.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise ContainerRefused("damaged")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    file.seek(name_length + extra_length, 1)
    left = member.compress_size
    inflater = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        packed = file.read(min(left, _PIECE))
        if not packed:
            raise ContainerRefused("damaged")
        left -= len(packed)
        while packed:
            if inflater is None:
                piece, packed = packed, b""
            else:
                try:
                    piece = inflater.decompress(packed, 4 * _PIECE)
                except zlib.error as error:
                    raise ContainerRefused("damaged") from error
                packed = inflater.unconsumed_tail
            budget.take(len(piece))
            if piece:
                yield piece
    if inflater is not None and not inflater.eof:
        raise ContainerRefused("damaged")


def _checked_members(file: BinaryIO, size: int, limits: Limits) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, UnicodeDecodeError, NotImplementedError) as error:
        raise ContainerRefused("damaged") from error
    if len(members) > limits.members:
        raise ContainerRefused("too_many_members", {"count": len(members), "limit": limits.members})
    names: set[str] = set()
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        name = member.filename.replace("\\", "/")
        outside = name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name) is not None
        if outside or "\x00" in member.orig_filename or stat.S_ISLNK(member.external_attr >> 16):
            raise ContainerRefused("member_name", {"name": ascii(member.filename)[:80]})
        if member.flag_bits & 1:
            raise ContainerRefused("encrypted")
        if name in names or member.header_offset < end:
            raise ContainerRefused("overlapping", {"name": ascii(member.filename)[:80]})
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ContainerRefused("compression", {"method": member.compress_type})
        names.add(name)
        end = member.header_offset + 30 + member.compress_size
    declared = sum(member.file_size for member in members)
    if declared > limits.unpacked_bytes:
        raise ContainerRefused("unpacked_too_large", {"limit": limits.unpacked_bytes})
    if declared > limits.ratio_from_bytes and declared > size * limits.ratio:
        raise ContainerRefused("ratio", {"limit": limits.ratio})
    return members


def _zip_kind(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        raise ContainerRefused("xlsb")
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    if any(name.startswith("word/") for name in names):
        raise ContainerRefused("not_a_workbook", {"kind": "word"})
    if any(name.startswith("ppt/") for name in names):
        raise ContainerRefused("not_a_workbook", {"kind": "slides"})
    if any(name.endswith(".iwa") for name in names):
        raise ContainerRefused("not_a_workbook", {"kind": "numbers"})
    if "[content_types].xml" in names:
        return "xlsx"
    raise ContainerRefused("not_a_workbook", {"kind": "archive"})


def _no_declaration(first: bytes, name: str) -> None:
    plain = first[:_HEAD_BYTES].replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise ContainerRefused("dtd", {"name": name[:80]})


def _examine_zip(file: BinaryIO, size: int, limits: Limits) -> Container:
    members = _checked_members(file, size, limits)
    names = {member.filename.replace("\\", "/").lower() for member in members}
    container = Container(_zip_kind(names), size)
    if any(name.endswith("vbaproject.bin") for name in names):
        container.notes.append("macros_dropped")
    budget = _Budget(limits, size)
    small: dict[str, bytes] = {}
    counted: dict[str, PartFacts] = {}
    for member in members:
        name = member.filename.replace("\\", "/")
        lower = name.lower()
        if not lower.endswith(_XML_NAMES) or any(part in lower for part in _NOT_UNPACKED):
            continue
        pieces = _guarded(_unpack(file, member, budget), name)
        if "worksheets/" in lower and lower.endswith(".xml"):
            counted[lower] = count_part(pieces)
        elif lower in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "meta-inf/manifest.xml"):
            small[lower] = b"".join(pieces)
        else:
            for _piece in pieces:
                pass
    if b"encryption-data" in small.get("meta-inf/manifest.xml", b""):
        raise ContainerRefused("encrypted")
    container.parts = _named_parts(counted, small)
    _refuse_masses(counted, container.parts, limits)
    return container


def _guarded(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    first = b""
    for piece in pieces:
        if len(first) < _HEAD_BYTES:
            first += piece[:_HEAD_BYTES]
            _no_declaration(first, name)
        yield piece


def _named_parts(counted: dict[str, PartFacts], small: dict[str, bytes]) -> dict[str, PartFacts]:
    """Counts by sheet name. A workbook whose index cannot be read simply has no names here."""
    targets = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in _tags(_RELATION_TAG, small.get("xl/_rels/workbook.xml.rels", b""))
    }
    named: dict[str, PartFacts] = {}
    for sheet in _tags(_SHEET_TAG, small.get("xl/workbook.xml", b"")):
        target = targets.get(sheet.get("id", ""), "")
        place = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        facts = counted.get(place.lower())
        if facts is not None:
            named[sheet.get("name", "")] = facts
    return named


def _tags(pattern: re.Pattern[str], part: bytes) -> Iterator[dict[str, str]]:
    """Attributes (without prefix) of every tag of one kind; no XML parser is needed to list sheets."""
    for tag in pattern.findall(part.decode("utf-8", "replace")):
        yield {name.rpartition(":")[2]: html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(tag)}


def _refuse_masses(counted: dict[str, PartFacts], named: dict[str, PartFacts], limits: Limits) -> None:
    titles = {id(facts): name for name, facts in named.items()}
    total = sum(facts.cells for facts in counted.values())
    for facts in counted.values():
        sheet = titles.get(id(facts), "")
        if facts.rows > limits.rows * 4 and facts.cells > limits.rows * 4:
            raise ContainerRefused("too_many_rows", {"sheet": sheet, "count": facts.rows, "limit": limits.rows})
        if facts.box > limits.cells * 3:
            corner = f"{column_letter(facts.last_column)}{facts.last_row}"
            raise ContainerRefused("range_bomb", {"sheet": sheet, "cells": facts.cells, "corner": corner})
    if total > limits.cells:
        raise ContainerRefused("too_many_cells", {"count": total, "limit": limits.cells})
