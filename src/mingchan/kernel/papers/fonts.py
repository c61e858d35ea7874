"""The fonts of papers (字体): those of the package, before them the county's own, and which characters they hold.

No system font is ever used, so a paper looks the same on every machine. A county that owns 仿宋 or 小标宋 names them in
`MINGCHAN_PAPER_FONTS`: a folder, then the family for each place of a form, for example
`/srv/fonts;body=FangSong_GB2312;title=FZXiaoBiaoSong-B05S`.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from mingchan.kernel.errors import Refusal

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
PLACES = {"body": SERIF, "title": SERIF, "head": SANS, "note": SERIF}
"""Places of a form and the family each has without the county's own fonts: text, title, headings, small notes."""


@dataclass(frozen=True, slots=True)
class Faces:
    """Fonts ready to use: folders, families by place in order of preference, all characters that they hold."""

    folders: list[str]
    families: dict[str, list[str]]
    characters: frozenset[int]


def faces() -> Faces:
    """The fonts by the setting PAPER_FONTS. Raises Refusal when the folder or a family it names isn't there."""
    return _faces(settings.PAPER_FONTS)


@lru_cache(maxsize=4)
def _faces(setting: str) -> Faces:
    folder, *pairs = [part.strip() for part in setting.split(";") if part.strip()] or [""]
    asked = {place.strip(): family.strip() for place, _is, family in (pair.partition("=") for pair in pairs)}
    if folder and not Path(folder).is_dir():
        raise Refusal(_("打印字体的文件夹“%(folder)s”不存在，请管理员检查 MINGCHAN_PAPER_FONTS") % {"folder": folder})
    folders = [str(pylopdf_fonts_zh_cn.serif_path().parent), *([folder] if folder else [])]
    handle = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    known = {font.family: Path(font.path or "") for font in handle.fonts()}
    for place, family in asked.items():
        if place not in PLACES or family not in known:
            raise Refusal(
                _("打印字体“%(place)s=%(family)s”不可用，可用的字体有：%(known)s")
                % {"place": place, "family": family, "known": "、".join(sorted(known))}
            )
    families = {
        place: list(dict.fromkeys(filter(None, (asked.get(place), usual, SERIF, SANS))))
        for place, usual in PLACES.items()
    }
    used = {family for names in families.values() for family in names}
    return Faces(folders, families, frozenset().union(*(characters_of(known[family]) for family in used)))


@lru_cache(maxsize=16)
def characters_of(path: Path) -> frozenset[int]:
    """The code points a font file (ttf, otf, ttc) has glyphs for, from its `cmap` tables of formats 4 and 12."""
    data = path.read_bytes()
    starts = [0]
    if data[:4] == b"ttcf":
        (count,) = struct.unpack_from(">I", data, 8)
        starts = list(struct.unpack_from(f">{count}I", data, 12))
    found: set[int] = set()
    for start in starts:
        (tables,) = struct.unpack_from(">H", data, start + 4)
        for index in range(tables):
            tag, _sum, offset, _length = struct.unpack_from(">4sIII", data, start + 12 + 16 * index)
            if tag == b"cmap":
                found |= _mapped(data, offset)
    return frozenset(found)


def _mapped(data: bytes, cmap: int) -> set[int]:
    found: set[int] = set()
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for index in range(count):
        _platform, _encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)
        table = cmap + offset
        (form,) = struct.unpack_from(">H", data, table)
        if form == 4:
            found |= _segments(data, table)
        elif form == 12:
            (groups,) = struct.unpack_from(">I", data, table + 12)
            for group in range(groups):
                first, last, glyph = struct.unpack_from(">III", data, table + 16 + 12 * group)
                found.update(range(first + (glyph == 0), last + 1))
    return found


def _segments(data: bytes, table: int) -> set[int]:
    """Code points of a `cmap` of format 4: segments, of which some give glyphs one by one, zero for none."""
    (double,) = struct.unpack_from(">H", data, table + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", data, table + 14)
    first_at = table + 16 + double
    firsts = struct.unpack_from(f">{count}H", data, first_at)
    deltas = struct.unpack_from(f">{count}H", data, first_at + double)
    ranges = struct.unpack_from(f">{count}H", data, first_at + 2 * double)
    found: set[int] = set()
    for index, (first, last) in enumerate(zip(firsts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if ranges[index]:
                at = first_at + 2 * double + 2 * index + ranges[index] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", data, at)
                if glyph == 0:
                    continue
            if (glyph + deltas[index]) & 0xFFFF:
                found.add(code)
    return found
