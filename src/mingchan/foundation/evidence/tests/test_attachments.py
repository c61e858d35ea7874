"""Files are kept by what they are, not by what they are called: cleaned, limited, written whole, found by digest."""

import hashlib
import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mingchan.foundation.evidence import queries, storing
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Attachment, Record
from mingchan.foundation.evidence.tests.factories import DAY, actor, by_hand
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref

OWNER = Ref("asset", 1)


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120).save(out, form, **options)
    return out.getvalue()


def archive(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in members.items():
            file.writestr(name.replace("__", "/"), text)
    return out.getvalue()


OFFICE = "[Content_Types].xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def office(*members: str) -> bytes:
    return archive(**{OFFICE: "<Types/>", **dict.fromkeys(members, "x")})


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (picture(), "a.png", storing.PNG),
        (picture("JPEG"), "a.jpg", storing.JPEG),
        (picture("WEBP"), "a.webp", storing.WEBP),
        (picture(), "骗人.pdf", storing.PNG),
        (b"%PDF-1.7\n%...", "a.pdf", storing.PDF),
        (office("xl/workbook.xml"), "a.xlsx", storing.XLSX),
        (office("xl/workbook.bin"), "a.xlsb", storing.XLSX),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsm", storing.XLSM),
        (office("word/document.xml"), "a.docx", storing.DOCX),
        (archive(mimetype=storing.ODS, content="x"), "a.ods", storing.ODS),
        (OLE + "Workbook\0".encode("utf-16-le"), "a.xls", storing.XLS),
        ("编码,名称\n1,电脑\n".encode(), "a.csv", storing.CSV),
        ("编码,名称\n".encode("gb18030"), "a.csv", storing.CSV),
        ("说明".encode("utf-16"), "a.txt", storing.TEXT),
        ("\ufeff说明".encode(), "a", storing.TEXT),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, name: str, media_type: str) -> None:
    assert storing.sniff(content, name) == media_type


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不接收"),
        (b"\n <!doctype html><script>1</script>", "不接收"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "不接收"),
        (b"MZ\x90\x00\x03\x00", "不接收"),
        (b"\x7fELF\x02\x01", "不接收"),
        (b"GIF89a\x01\x00", "不接收"),
        (b"#!/bin/sh\nrm", "不接收"),
        (b"{\\rtf1 hello}", "不接收"),
        (archive(a="x"), "压缩包"),
        (archive(mimetype="text/plain"), "压缩包"),
        (office("ppt/presentation.xml"), "压缩包"),
        (b"PK\x03\x04broken", "损坏"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE + "WordDocument".encode("utf-16-le"), "不接收"),
        (b"a\x00b", "不接收"),
    ],
)
def test_anything_else_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        storing.sniff(content, "a.csv")


def test_a_photograph_loses_what_is_hidden_in_it_and_keeps_its_upright_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    raw = picture("JPEG", size=(40, 30), exif=exif, comment=b"secret note") + b"hidden behind the end"
    assert b"SecretPhone" in raw
    clean = storing.clean_image(raw, storing.JPEG)
    for secret in (b"SecretPhone", b"secret note", b"hidden", b"Exif"):
        assert secret not in clean
    with Image.open(io.BytesIO(clean)) as image:
        assert image.size == (30, 40)
        assert not image.getexif()


@pytest.mark.parametrize(
    ("form", "mode", "media_type"),
    [("PNG", "P", storing.PNG), ("PNG", "RGBA", storing.PNG), ("PNG", "1", storing.PNG), ("JPEG", "CMYK", storing.JPEG),
     ("JPEG", "L", storing.JPEG), ("WEBP", "RGBA", storing.WEBP)],
)  # fmt: skip
def test_images_of_every_mode_come_through(form: str, mode: str, media_type: str) -> None:
    with Image.open(io.BytesIO(storing.clean_image(picture(form, mode=mode), media_type))) as image:
        assert image.size == (40, 30)
        assert image.format == form


def test_text_in_a_png_is_left_behind() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "secret author")
    assert b"secret author" not in storing.clean_image(picture(pnginfo=info), storing.PNG)


def _huge_png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_picture_of_30000_by_30000_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("decoded"))
    with pytest.raises(Refusal, match="30000×30000"):
        storing.clean_image(_huge_png(), storing.PNG)


@pytest.mark.parametrize("cut", [9, 30, 60])
@pytest.mark.parametrize(("form", "media_type"), [("PNG", storing.PNG), ("JPEG", storing.JPEG), ("WEBP", storing.WEBP)])
def test_a_damaged_picture_is_refused(form: str, media_type: str, cut: int) -> None:
    content = picture(form)
    with pytest.raises(Refusal, match="损坏"):
        storing.clean_image(content[: min(cut, len(content) - 20)], media_type)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\合同.PDF", "合同.pdf"),
        ("合同\u202efdp.exe", "合同fdp.exe.pdf"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("合同.jpg.html", "合同.jpg.html.pdf"),
        ("CON.pdf", "file-CON.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ('a:b*c?"<>|.pdf', "abc.pdf"),
        ("名" * 300 + ".pdf", "名" * 120 + ".pdf"),
        ("a\u200bb\ufeff.pdf", "ab.pdf"),
    ],
)
def test_a_name_is_made_safe_to_show(given: str, kept: str) -> None:
    assert storing.safe_name(given, storing.PDF) == kept


@pytest.mark.django_db
def test_an_attached_file_is_kept_under_its_digest_and_recorded() -> None:
    content = b"%PDF-1.7\ncontract"
    made = evidence.attach(io.BytesIO(content), name="合同.pdf", owner=OWNER, division="140932101", kind="CONTRACT",
                           actor=actor(), on=DAY)  # fmt: skip
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert (made.size, made.media_type, made.uploader) == (len(content), storing.PDF, "张三")
    found, path = queries.open_attachment(made.pk)
    assert path.read_bytes() == content
    assert path.parent.parent.name == made.sha256[:2]
    assert path.parent.name == made.sha256[2:4]
    assert list(path.parent.iterdir()) == [path]
    assert queries.attachments_of(OWNER) == [found]
    assert queries.attachments_of_many([OWNER, Ref("asset", 2)]) == {"asset:1": [found]}
    assert queries.history(Ref("attachment", made.pk))[0].sentence == "附上文件《合同.pdf》（asset:1）"


@pytest.mark.django_db
def test_an_unknown_kind_of_attachment_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="SELFIE"):
        evidence.attach(b"a", name="a.txt", owner=OWNER, division="", kind="SELFIE", actor=actor(), on=DAY)


@pytest.mark.django_db
def test_one_content_of_two_owners_is_kept_once() -> None:
    one, two = (
        evidence.attach(b"a,b\n", name="a.csv", owner=Ref("asset", number), division=f"14093210{number}", kind="OTHER",
                        actor=actor(), on=DAY)
        for number in (1, 2)
    )  # fmt: skip
    assert one.sha256 == two.sha256
    assert [found.pk for found in queries.attachments_of(Ref("asset", 2))] == [two.pk]
    in_one = actor(scope="140932101")
    assert queries.attachment_for(one.pk, in_one).pk == one.pk
    with pytest.raises(NotFound):
        queries.attachment_for(two.pk, in_one)


@pytest.mark.django_db
def test_a_file_beyond_the_limit_is_refused_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    with pytest.raises(Refusal, match="MB"):
        evidence.attach(io.BytesIO(b"a" * (50 * 1024 * 1024 + 1)), name="a.txt", owner=OWNER, division="", kind="OTHER",
                        actor=actor(), on=DAY)  # fmt: skip
    assert not Attachment.objects.exists()
    assert not Path(settings.MEDIA_ROOT).exists()


@pytest.mark.django_db
def test_who_may_not_attach_there_is_refused() -> None:
    elsewhere = actor(scope="140932102")
    with pytest.raises(NotAllowed):
        evidence.attach(b"a", name="a.txt", owner=OWNER, division="140932101", kind="OTHER", actor=elsewhere, on=DAY)
    importer = actor(rights=frozenset({"exchange.import"}))
    evidence.attach(b"a", name="a.txt", owner=OWNER, division="140932101", kind="WORKBOOK", actor=importer, on=DAY)
    with pytest.raises(NotAllowed):
        evidence.attach(b"a", name="a.txt", owner=OWNER, division="140932101", kind="OTHER", actor=importer, on=DAY)
    assert Record.objects.count() == 1


@pytest.mark.django_db
def test_a_write_that_fails_leaves_no_half_file(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def fail(*_args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(storing.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        evidence.attach(b"a", name="a.txt", owner=OWNER, division="", kind="OTHER", actor=actor(), on=DAY)
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_the_verifier_names_a_file_that_is_gone_or_changed() -> None:
    one, two = (
        evidence.attach(text, name="说明.txt", owner=OWNER, division="", kind="OTHER", actor=actor(), on=DAY)
        for text in (b"one", b"two")
    )
    storing.path_of(one.sha256).unlink()
    storing.path_of(two.sha256).write_bytes(b"other")
    gone, changed = evidence.verify([]).findings
    assert (gone.code, gone.obj, gone.expected) == ("file.missing", f"attachment:{one.pk}", one.sha256)
    assert (changed.code, changed.obj) == ("file.changed", f"attachment:{two.pk}")
    assert changed.found == hashlib.sha256(b"other").hexdigest()
    assert "说明.txt" in changed.sentence
    with pytest.raises(NotFound):
        queries.open_attachment(one.pk)


@pytest.mark.django_db
def test_a_forged_attachment_row_is_named() -> None:
    evidence.attach(b"one", name="a.txt", owner=OWNER, division="", kind="OTHER", actor=actor(), on=DAY)
    by_hand("INSERT INTO evidence_attachment (county, sha256, size, name, media_type, kind, owner, division_code, "
            "attached_on, recorded_at, uploader) SELECT county, sha256, size, name, media_type, kind, 'asset:2', "
            "division_code, attached_on, recorded_at, uploader FROM evidence_attachment")  # fmt: skip
    assert [finding.code for finding in evidence.verify([]).findings] == ["row.added"]
