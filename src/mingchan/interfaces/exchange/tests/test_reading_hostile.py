"""Files made to break a reader are refused with a cause, and never take the caller down."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from mingchan.interfaces.exchange.reading.container import examine
from mingchan.interfaces.exchange.reading.refusals import ContainerRefused, Limits, ReadingFailed
from mingchan.interfaces.exchange.reading.sandbox import run_in_child
from mingchan.interfaces.exchange.understanding.intake import read_workbook
from mingchan.interfaces.exchange.understanding.messages import REFUSALS, refusal_message
from mingchan.interfaces.exchange.understanding.options import ReadingOptions

CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book(path: Path, sheet: bytes, extra: dict[str, bytes] | None = None) -> Path:
    """A least workbook with one sheet part."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": CONTENT_TYPES.encode(),
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relations}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{relations}"><sheets><sheet name="表" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>".encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>".encode(),
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | (extra or {})).items():
            archive.writestr(name, content)
    return path


def sheet_xml(rows: str) -> bytes:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()


def plain_register(path: Path, rows: int = 3) -> Path:
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet("资产")
    sheet.write_row(0, 0, ["资产名称", "数量", "单价", "金额"])
    for number in range(1, rows + 1):
        sheet.write_row(number, 0, ["台式电脑", 2, 10, 20])
    workbook.close()
    return path


def refused(path: Path, filename: str = "") -> str:
    with pytest.raises(ContainerRefused) as caught:
        read_workbook(path, options=ReadingOptions(filename=filename))
    what, todo = refusal_message(caught.value.code, caught.value.params)
    assert what
    assert todo
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7 ...", "not_a_workbook"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_workbook"),
        (b"Rar!\x1a\x07", "not_a_workbook"),
        (b"MZ\x90\x00\x03", "not_a_workbook"),
        (b"\x01\x02\x03\x00\x00\x05", "not_a_workbook"),
        (b"<html><p>x</p></html>", "html_as_workbook"),
        (b"\xef\xbb\xbf  <table><tr><td></td></tr></table><p>x", "html_as_workbook"),
        (b"<table><tr><script>a</script>" + b"<td colspan=16384>x" * 3 + b"</table>", "too_many_cells"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "xml_spreadsheet"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "old_excel"),
        (b"PK\x03\x04 torn", "damaged"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(40),
            "encrypted",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(40),
            "not_a_workbook",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le") + bytes(40), "damaged"),
        (b"\xff\xff\x81\x30\x81", "encoding_unknown"),
    ],
)
def test_what_is_no_workbook_is_refused_by_its_content(tmp_path: Path, content: bytes, cause: str) -> None:
    path = tmp_path / "台账.xls"
    path.write_bytes(content)
    assert refused(path) == cause


def test_a_wps_file_is_refused_by_its_name(tmp_path: Path) -> None:
    assert refused(plain_register(tmp_path / "a.xlsx"), "台账.ET") == "wps_et"


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("word/document.xml", "not_a_workbook"),
        ("ppt/presentation.xml", "not_a_workbook"),
        ("xl/workbook.bin", "xlsb"),
        ("readme.txt", "not_a_workbook"),
        ("../../x.xml", "member_name"),
        ("/etc/x.xml", "member_name"),
    ],
)
def test_other_packages_are_told_from_workbooks(tmp_path: Path, name: str, cause: str) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    assert refused(path) == cause


def test_a_gigabyte_of_blanks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "blanks.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(210):
                member.write(b" " * (1 << 20))
    assert refused(path) == "unpacked_too_large"


def test_a_small_file_that_swells_two_hundredfold_is_refused(tmp_path: Path) -> None:
    assert refused(book(tmp_path / "a.xlsx", b" " * (20 << 20))) == "ratio"


def test_real_size_is_counted_whatever_the_header_declares(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", b"x" * (20 << 20))
    data = path.read_bytes()
    declared = struct.pack("<I", 20 << 20)
    assert data.count(declared) == 2
    path.write_bytes(data.replace(declared, struct.pack("<I", 1000)))
    assert refused(path) == "ratio"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", sheet_xml(""), {f"xl/media/{number}.bin": b"" for number in range(2_001)})
    assert refused(path) == "too_many_members"


def test_a_symbolic_link_and_a_doubled_member_are_refused(tmp_path: Path) -> None:
    linked = book(tmp_path / "a.xlsx", sheet_xml(""))
    with zipfile.ZipFile(linked, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refused(linked) == "member_name"
    doubled = book(tmp_path / "b.xlsx", sheet_xml(""))
    with zipfile.ZipFile(doubled, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", "x")
    assert refused(doubled) == "overlapping"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused(tmp_path: Path, encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'.encode(
        encoding
    )
    assert refused(book(tmp_path / "a.xlsx", sheet_xml(""), {"xl/sharedStrings.xml": bomb})) == "dtd"


def test_two_cells_at_the_far_corners_are_counted_and_refused(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    path = book(tmp_path / "a.xlsx", sheet_xml(rows))
    with pytest.raises(ContainerRefused) as caught:
        read_workbook(path)
    assert caught.value.code == "range_bomb"
    assert caught.value.params == {"sheet": "表", "cells": 2, "corner": "XFD1048576"}


def test_a_declared_dimension_is_not_believed(tmp_path: Path) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    facts = examine(book(tmp_path / "a.xlsx", xml), Limits()).parts["表"]
    assert (facts.cells, facts.last_row, facts.last_column) == (1, 1, 0)


def test_more_rows_than_one_import_may_have_are_refused_with_advice(tmp_path: Path) -> None:
    path = plain_register(tmp_path / "a.xlsx", rows=60)
    with pytest.raises(ContainerRefused) as caught:
        read_workbook(path, limits=Limits(rows=50))
    assert caught.value.code == "too_many_rows"
    assert "50" in refusal_message(caught.value.code, caught.value.params)[0]


def test_a_file_cut_short_or_flipped_never_brings_the_caller_down(tmp_path: Path) -> None:
    whole = plain_register(tmp_path / "whole.xlsx").read_bytes()
    chance = random.Random(7)
    torn = [whole[: len(whole) * part // 8] for part in range(1, 8)]
    for _ in range(8):
        flipped = bytearray(whole)
        for _ in range(20):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        torn.append(bytes(flipped))
    outcomes = set()
    for number, content in enumerate(torn):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(content)
        try:
            read_workbook(path)
        except (ContainerRefused, ReadingFailed) as ended:
            outcomes.add(ended.code)
    assert "damaged" in outcomes
    assert outcomes <= set(REFUSALS)


def test_running_out_of_memory_is_a_cause_and_not_a_crash(tmp_path: Path) -> None:
    path = plain_register(tmp_path / "a.xlsx", rows=20_000)
    with pytest.raises(ReadingFailed) as caught:
        read_workbook(path, limits=Limits(memory_bytes=3 << 20))
    assert caught.value.cause == "memory"


def test_running_out_of_time_ends_the_child(tmp_path: Path) -> None:
    path = plain_register(tmp_path / "a.xlsx", rows=2_000)
    with pytest.raises(ReadingFailed) as caught:
        read_workbook(path, limits=Limits(wall_seconds=0.0))
    assert caught.value.cause == "wall_time"


def test_a_cancelled_reading_stops(tmp_path: Path) -> None:
    with pytest.raises(ReadingFailed) as caught:
        read_workbook(plain_register(tmp_path / "a.xlsx"), cancelled=lambda: True)
    assert caught.value.cause == "cancelled"


def test_the_child_starts_without_the_callers_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen: dict[str, str] = {}
    real = subprocess.Popen

    def spy(*args: object, **kwargs: object) -> object:
        seen.update(kwargs["env"])  # type: ignore[arg-type]
        return real(*args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", spy)
    frames = list(run_in_child("understand", plain_register(tmp_path / "a.xlsx"), {}))
    assert frames[-1]["k"] == "end"
    assert "DATABASE_URL" not in seen


def test_reading_needs_no_web_framework_in_the_child() -> None:
    code = (
        "import sys, mingchan.interfaces.exchange.reading.child, mingchan.interfaces.exchange.understanding.workbook;"
        "print([name for name in sys.modules if name.startswith('django')])"
    )
    source = str(Path(__file__).resolve().parents[4])
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": source}
    )
    assert found.stdout.strip() == "[]"


def test_a_deflated_stream_that_ends_early_is_damage(tmp_path: Path) -> None:
    path = plain_register(tmp_path / "a.xlsx")
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    with zipfile.ZipFile(buffer) as archive:
        at = archive.getinfo("xl/workbook.xml").header_offset
    data = bytearray(buffer.getvalue())
    packed = zlib.compress(b"x" * 50)[2:-4]
    data[at + 8 : at + 10] = struct.pack("<H", 8)
    central = data.index(b"PK\x01\x02")
    while data[central + 46 : central + 46 + 15] != b"xl/workbook.xml":
        central = data.index(b"PK\x01\x02", central + 4)
    data[central + 10 : central + 12] = struct.pack("<H", 8)
    start = at + 30 + len("xl/workbook.xml")
    data[start : start + len(packed) - 2] = packed[:-2]
    path.write_bytes(bytes(data))
    assert refused(path) == "damaged"
