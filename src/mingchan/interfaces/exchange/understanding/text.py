"""Cells as text: what was written, cleaned of what cannot be seen, and the marks that mean "as above" or "none"."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any, NamedTuple

MERGED = "\x00merged"
ABOVE = "\x00above"
DITTO_MARKS = frozenset(
    {
        MERGED,
        ABOVE,
        "〃",
        "″",
        '"',
        '""',
        "“",
        "”",
        "＂",
        "''",
        "〝",
        "〞",
        "‘’",
        "“”",
        "〃〃",
        "同上",
        "同前",
        "上同",
        "同 上",
        "同　上",
        "如上",
    }
)
BLANK_MARKS = frozenset(
    {
        "",
        "无",
        "/",
        "／",
        "—",
        "－",
        "-",
        "--",
        "——",
        "―",
        "–",
        "暂无",
        "空",
        "\\",
        "N/A",
        "n/a",
        "NULL",
        "null",
        "未填",
        "不详",
    }
)
ERROR_TEXTS = frozenset(
    {
        "#REF!",
        "#DIV/0!",
        "#N/A",
        "#VALUE!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#DATA!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "Err:502",
        "Err:508",
        "Err:504",
        "Err:522",
    }
)
_TOTAL_SIGNS = ("小计", "合计", "总计", "共计", "累计", "：", ":", " 计", "\u3000")
_MARKS = DITTO_MARKS | BLANK_MARKS
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+\d{2,3}", re.ASCII)
_SPACES = re.compile(r"\s+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
DIGITS_KEPT = 1e15


class Flag(NamedTuple):
    """What a parser has to say about a cell beside its value: keep the original, and perhaps an issue."""

    keep: bool
    severity: str = ""
    code: str = ""
    params: dict[str, Any] | None = None


KEEP = Flag(True)
DITTO = Flag(True, "", "ditto")
Parsed = tuple[Any, Flag | None]


def error(code: str, **params: Any) -> Parsed:
    """No value, and an error to show."""
    return None, Flag(True, "error", code, params)


def original_text(raw: Any) -> str:
    """A cell's text as a clerk would read it: whole numbers without a decimal point, dates in ISO form."""
    if isinstance(raw, str):
        return "" if raw in (MERGED, ABOVE) else raw
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < DIGITS_KEPT else repr(raw)
    if isinstance(raw, dt.datetime):
        return raw.isoformat(sep=" ")
    if isinstance(raw, dt.date):
        return raw.isoformat()
    return str(raw)


def folded(text: str) -> str:
    """Full-width forms of ASCII to ASCII (digits, letters, signs, the wide blank and ￥); nothing else changes."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def compact(text: str) -> str:
    """Without any white space, full-width folded: for comparing headings and marks."""
    return _SPACES.sub("", folded(text))


def same_key(text: str) -> str:
    """The form in which two codes count as one: width, case and blanks ignored."""
    if text.isascii():
        return text.upper()
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_ditto(text: str) -> bool:
    """True for marks that mean "same as the cell above"."""
    return text in DITTO_MARKS or (len(text) < 8 and text.strip() in DITTO_MARKS)


def cleaned(text: str) -> tuple[str, bool, str]:
    """Text without controls, invisible characters and outer blanks.

    Returns the text, whether it differs from what was written by more than outer blanks, and a warning code or "".
    """
    stripped = text.strip()
    if stripped.isprintable():
        return stripped, False, ""
    warning = ""
    kept: list[str] = []
    for char in stripped:
        if char in _INVISIBLE:
            continue
        if char in _DIRECTION:
            warning = "text_direction"
            continue
        category = unicodedata.category(char)
        if category in ("Zs", "Zl", "Zp") or char in "\t\n\r\v\f\x85":
            kept.append(" ")
        elif category == "Cs":
            kept.append("\ufffd")
            warning = "text_unreadable"
        elif category == "Cc":
            warning = warning or "text_control"
        else:
            kept.append(char)
            if category == "Co":
                warning = warning or "text_private"
    result = _SPACES.sub(" ", "".join(kept)).strip()
    return result, result != text, warning


def parse_text(raw: Any, limit: int = 200) -> Parsed:
    """A text cell: cleaned text or None. Numbers become their digits unless digits were lost."""
    if isinstance(raw, str):
        if raw.isprintable() and len(raw) <= limit and raw not in _MARKS and raw[0] not in "# E" and raw[-1] != " ":
            if raw[0].isdigit() and _SCIENTIFIC.fullmatch(raw):
                return error("digits_lost")
            return raw, None
        return _odd_text(raw, limit)
    if isinstance(raw, float):
        if raw != raw or raw in (float("inf"), float("-inf")):
            return error("not_text")
        if abs(raw) >= DIGITS_KEPT:
            return error("digits_lost")
        return original_text(raw), None
    return original_text(raw), None


def _odd_text(raw: str, limit: int) -> Parsed:
    if is_ditto(raw):
        return None, DITTO
    text, changed, warning = cleaned(raw)
    if text in BLANK_MARKS:
        return None, KEEP if raw else None
    if text.upper() in ERROR_TEXTS or text in ERROR_TEXTS:
        return error("cell_error")
    if _SCIENTIFIC.fullmatch(text):
        return error("digits_lost")
    if len(text) > limit:
        return error("text_too_long", length=len(text), limit=limit)
    if warning == "text_unreadable":
        return error("text_unreadable")
    if warning:
        return text, Flag(True, "warning", warning, {})
    return text, KEEP if changed or text != raw else None


def plain_texts(raws: tuple[Any, ...], limit: int) -> list[str] | None:
    """A batch of text cells as they stand, or None unless the cell parser would leave every one unchanged."""
    if set(map(type, raws)) != {str}:
        return None
    joined = "\n".join(raws)
    if not joined.replace("\n", "").isprintable() or joined.count("\n") != len(raws) - 1:
        return None
    if not _MARKS.isdisjoint(raws) or max(map(len, raws)) > limit:
        return None
    framed = f"\n{joined}\n"
    if any(sign in framed for sign in ("\n ", " \n", "\n#", "\nErr", "E+", "e+")):
        return None
    return list(raws)


def plain_codes(raws: tuple[Any, ...], limit: int) -> list[str] | None:
    """A batch of codes as they stand, or None unless every one is ASCII without blanks and otherwise plain."""
    values = plain_texts(raws, limit)
    if values is None:
        return None
    joined = "".join(values)
    return values if joined.isascii() and " " not in joined else None


def has_total(raws: tuple[Any, ...]) -> bool:
    """True when some cell of a batch may be a total word or a signature; a cheap test that may be wrong to the safe
    side."""
    joined = "\n".join(raw for raw in raws if raw.__class__ is str)
    return any(word in joined for word in _TOTAL_SIGNS)


def parse_code(raw: Any, limit: int = 80) -> Parsed:
    """A code, serial number or telephone number: text with full-width forms folded and inner blanks removed."""
    value, flag = parse_text(raw, limit)
    if value is None:
        return value, flag
    code = value if value.isascii() and " " not in value else compact(unicodedata.normalize("NFKC", value))
    if code != value and (flag is None or not flag.code):
        flag = KEEP
    return code, flag


def parse_person(raw: Any, limit: int = 60) -> Parsed:
    """A person's name: "张 三" loses the blank that only lines names up."""
    value, flag = parse_text(raw, limit)
    if value is None or " " not in value:
        return value, flag
    joined = value.replace(" ", "")
    if len(joined) <= 4 and not any(char.isascii() for char in joined):
        return joined, flag if flag is not None and flag.code else KEEP
    return value, flag
