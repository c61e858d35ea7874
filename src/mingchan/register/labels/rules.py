"""Rules of labels: the code with its check digits, what a scanned text means, how many fit on a sheet.

A code is `BQ`, six digits of the county, seven of a running number, two check digits by ISO/IEC 7064, MOD 97-10: all
fifteen digits as a number leave 1 when divided by 97. Ten generates every remainder of the prime 97, so each wrong
digit and each two digits in each other's place change the remainder, wherever they stand. No code names a person.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "BQ"
COUNTY_DIGITS, SERIAL_DIGITS = 6, 7
LAST_SERIAL = 10**SERIAL_DIGITS - 1
LENGTH = len(PREFIX) + COUNTY_DIGITS + SERIAL_DIGITS + 2
LONGEST_TEXT = 300
_CODE = re.compile(r"BQ\d{15}")
_BETWEEN = re.compile(r"[\s\-—－·_]+")


def check_digits(body: str) -> str:
    """The two check digits of a code's thirteen digits (ISO/IEC 7064, MOD 97-10)."""
    return f"{98 - int(body) * 100 % 97:02d}"


def code_of(county: str, serial: int) -> str:
    """The code of a county's label. Raises ValueError for a county that isn't six digits or a number out of range."""
    if not re.fullmatch(r"[0-9]{6}", county) or not 0 < serial <= LAST_SERIAL:
        raise ValueError((county, serial))
    body = f"{county}{serial:0{SERIAL_DIGITS}d}"
    return f"{PREFIX}{body}{check_digits(body)}"


def shown(code: str) -> str:
    """A code in groups, as it is printed and read out: BQ 140932 0000123 45."""
    at = len(PREFIX)
    parts = (code[:at], code[at : at + COUNTY_DIGITS], code[at + COUNTY_DIGITS : -2], code[-2:])
    return " ".join(parts)


def looks_like_code(text: str) -> bool:
    """Whether a text has the shape of a label's code, right or mistyped."""
    return bool(_CODE.fullmatch(text))


def is_code(text: str) -> bool:
    """Whether a text is a label's code with the right check digits."""
    return looks_like_code(text) and int(text[len(PREFIX) :]) % 97 == 1


def plain(text: str) -> str:
    """What was scanned or typed, without address, blanks and dashes of a label's code: a label's or an asset's code."""
    last = text.replace("\x00", "").strip()[:LONGEST_TEXT].split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
    joined = _BETWEEN.sub("", last).upper()
    return joined if looks_like_code(joined) else last.strip()[:40]


def part_of_code(text: str) -> str:
    """The digits by which a label is looked for, when a text holds nothing else but blanks, dashes and `BQ`."""
    joined = _BETWEEN.sub("", text).upper().removeprefix(PREFIX)
    return joined if joined.isascii() and joined.isdecimal() else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How labels stand on a sheet, or one to a page: lengths in tenths of a millimetre, `size` in tenths of a point.

    `left` and `top` are where the first label begins, `across` and `down` the steps from one to the next.
    """

    key: str
    title: str
    title_en: str
    page_width: int
    page_height: int
    columns: int
    rows: int
    width: int
    height: int
    left: int
    top: int
    across: int
    down: int
    size: int

    @property
    def per_page(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows

    def fits(self) -> bool:
        """Whether every label lies on the sheet and none over another."""
        right = self.left + (self.columns - 1) * self.across + self.width
        bottom = self.top + (self.rows - 1) * self.down + self.height
        apart = (self.columns == 1 or self.across >= self.width) and (self.rows == 1 or self.down >= self.height)
        return right <= self.page_width and bottom <= self.page_height and apart and min(self.left, self.top) >= 0


def layouts_of(rows: Mapping[str, Mapping[str, object]]) -> dict[str, Layout]:
    """The layouts that the policy pack says. Raises ValueError for one that doesn't fit its sheet."""
    found = {key: Layout(key=key, **row) for key, row in rows.items()}  # type: ignore[arg-type]
    wrong = [key for key, layout in found.items() if not layout.fits()]
    if wrong:
        raise ValueError(f"labels don't fit their sheet: {wrong}")
    return found


def sheets(count: int, per_page: int, first: int) -> int:
    """How many sheets so many labels take when printing begins at place `first` (from 1) of the first sheet."""
    return -(-(count + first - 1) // per_page) if count else 0
