"""Files of the trace (附件存放): type by content, a safe name, a clean image, an atomic write by digest."""

import hashlib
import io
import os
import re
import tempfile
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from mingchan.kernel.errors import Refusal

LARGEST_BYTES = 50 * 1024 * 1024
LARGEST_PIXELS = 64_000_000
LONGEST_NAME = 120
LARGEST_MEMBERS = 10_000
THUMBNAIL = 320

# The guard below looks at the size in the header before anything is decoded; the library's own limit only warns.
Image.MAX_IMAGE_PIXELS = None

PNG, JPEG, WEBP, PDF = "image/png", "image/jpeg", "image/webp", "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM = "application/vnd.ms-excel.sheet.macroenabled.12"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLS, ODS, TEXT, CSV = (
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "text/plain",
    "text/csv",
)
SUFFIXES: dict[str, tuple[str, ...]] = {
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    WEBP: (".webp",),
    PDF: (".pdf",),
    XLSX: (".xlsx",),
    XLSM: (".xlsm",),
    DOCX: (".docx",),
    XLS: (".xls", ".et"),
    ODS: (".ods",),
    TEXT: (".txt",),
    CSV: (".csv",),
}
IMAGES = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = ("%!", "#!", "GIF8", "{\\rtf")
"""What texts begin with that some program would carry out or draw."""
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


class Stored(NamedTuple):
    """What was kept: digest and size of the bytes as stored, the type by content, a name safe to show."""

    sha256: str
    size: int
    media_type: str
    name: str


def safe_name(name: str, media_type: str) -> str:
    """A file name safe to show and to offer: no path, no control or direction characters, the suffix of its type."""
    kept = "".join(
        " " if unicodedata.category(char) == "Zs" else char
        for char in name.replace("\\", "/").rsplit("/", 1)[-1]
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and char not in ':*?"<>|'
    ).strip(" .")
    suffix = PurePosixPath(kept).suffix.lower()
    stem, ending = (kept[: -len(suffix)], suffix) if suffix in SUFFIXES[media_type] else (kept, SUFFIXES[media_type][0])
    stem = stem[:LONGEST_NAME].strip(" .")
    if not stem or _RESERVED.match(stem):
        stem = f"file-{stem}" if stem else "file"
    return stem + ending


def sniff(content: bytes, name: str = "", *, with_markup: bool = False) -> str:
    """Media type by content, from the closed list. Raises Refusal for anything else, saying why.

    `with_markup`: a web page is plain text too.
    """
    if not content:
        raise Refusal(_("文件是空的。"), field="file")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK"):
        return _sniff_zip(content)
    if content.startswith(_OLE):
        return _sniff_ole(content)
    return _sniff_text(content, name, with_markup)


def _sniff_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if len(names) <= LARGEST_MEMBERS:
                if "[Content_Types].xml" in names and "xl/vbaProject.bin" in names:
                    return XLSM
                if "[Content_Types].xml" in names and any(name.startswith("xl/workbook.") for name in names):
                    return XLSX
                if "[Content_Types].xml" in names and "word/document.xml" in names:
                    return DOCX
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                    with archive.open("mimetype") as member:
                        if member.read(200).strip().decode("ascii", "replace") == ODS:
                            return ODS
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError, EOFError) as error:
        raise Refusal(_("文件已损坏，打不开。"), field="file") from error
    raise Refusal(_("不接收压缩包：请逐个上传其中的文件。"), field="file")


def _sniff_ole(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refusal(_("文件有密码：请去掉密码后再上传。"), field="file")
    if any(f"{stream}\0".encode("utf-16-le") in content for stream in ("Workbook", "Book")):
        return XLS
    raise Refusal(_("不接收这种文件：只收图片、PDF、表格、Word（docx）和文本。"), field="file")


def _sniff_text(content: bytes, name: str, with_markup: bool) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        plain = not any(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f" for char in set(text))
        if plain and not text.lstrip().startswith(_PROGRAMS if with_markup else ("<", *_PROGRAMS)):
            return CSV if name.lower().endswith(".csv") else TEXT
        break
    raise Refusal(_("不接收这种文件：只收图片、PDF、表格、Word（docx）和文本。"), field="file")


def _header(content: bytes, media_type: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=(IMAGES[media_type],))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refusal(_("图片已损坏，打不开。"), field="file") from error
    if image.width * image.height > LARGEST_PIXELS:
        raise Refusal(
            _("图片太大（%(width)s×%(height)s 像素）：请缩小后再上传。")
            % {"width": image.width, "height": image.height},
            field="file",
        )
    return image


def _encode(image: Image.Image, media_type: str) -> bytes:
    if media_type == JPEG and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    if media_type == WEBP and image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA")
    transparency = image.info.get("transparency")
    image.info = {} if transparency is None else {"transparency": transparency}
    out = io.BytesIO()
    options: dict[str, object] = {} if media_type == PNG else {"quality": 90}
    image.save(out, format=IMAGES[media_type], **options)
    return out.getvalue()


def clean_image(content: bytes, media_type: str) -> bytes:
    """The image turned upright and encoded anew, without place, camera, comments or anything hidden behind it.

    Raises Refusal when it can't be decoded or has more than LARGEST_PIXELS pixels (checked before decoding).
    """
    try:
        with _header(content, media_type) as image:
            image.load()
            return _encode(ImageOps.exif_transpose(image).copy(), media_type)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError) as error:
        raise Refusal(_("图片已损坏，打不开。"), field="file") from error


def thumbnail(sha256: str, media_type: str) -> bytes:
    """A small JPEG of the stored image, kept for the next time. Raises OSError without content."""
    kept = Path(settings.MINGCHAN_HOME) / "thumbnails" / f"{sha256}.jpg"
    if kept.exists():
        return kept.read_bytes()
    with _header(path_of(sha256).read_bytes(), media_type) as image:
        image.thumbnail((THUMBNAIL, THUMBNAIL))
        small = _encode(image.copy(), JPEG)
    _write(kept, small)
    return small


def path_of(sha256: str) -> Path:
    """Where the content with the digest lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def read_limited(content: BinaryIO | bytes, largest: int = LARGEST_BYTES) -> bytes:
    """All the content. Raises Refusal beyond the size limit."""
    data = content if isinstance(content, bytes) else content.read(largest + 1)
    if len(data) > largest:
        raise Refusal(_("文件超过 %(limit)s MB。") % {"limit": largest // (1024 * 1024)}, field="file")
    return data


def store(content: BinaryIO | bytes, name: str, *, only_images: bool = False, with_markup: bool = False) -> Stored:
    """Keep the content under the digest of its bytes, written whole or not at all. Images are encoded anew first.

    `with_markup` takes a web page too, as the plain text it is: office systems save tables so under a workbook's name.
    Raises Refusal for a type outside the list, and with `only_images` for anything that isn't a picture.
    """
    data = read_limited(content)
    media_type = sniff(data, name, with_markup=with_markup)
    if only_images and media_type not in IMAGES:
        raise Refusal(_("照片应为 PNG、JPEG 或 WebP 图片；其他文件请换一个类别上传。"), field="file")
    if media_type in IMAGES:
        data = clean_image(data, media_type)
    digest = hashlib.sha256(data).hexdigest()
    target = path_of(digest)
    if not target.exists():
        _write(target, data)
    return Stored(digest, len(data), media_type, safe_name(name, media_type))


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
