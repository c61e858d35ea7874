"""Pure rules of disclosure: the period of a notice, when it may end, what must be masked (2.6.3, 3.4.3a, 1.2b)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

CALENDAR, WORKING = "CALENDAR", "WORKING"
MOST_DAYS = 366
SATURDAY = 5


class Period(NamedTuple):
    """First and last day of a notice, both counted (公示期)."""

    first: date
    last: date


def period(published: date, days: int, unit: str, exceptions: Mapping[date, bool]) -> Period:
    """The period of a notice published on a day: that day doesn't count, then come so many whole days.

    `unit` is CALENDAR or WORKING; working days are Monday to Friday but for the exceptions (True: worked). Raises
    ValueError for less than a day, more than a year, or a calendar in which so many working days never come.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"a period of {days} days")
    if unit == CALENDAR:
        return Period(published + timedelta(days=1), published + timedelta(days=days))
    counted = []
    for ahead in range(1, 10 * MOST_DAYS):
        day = published + timedelta(days=ahead)
        if exceptions.get(day, day.weekday() < SATURDAY):
            counted.append(day)
        if len(counted) == days:
            return Period(counted[0], day)
    raise ValueError("a calendar without working days")


class Blocked(StrEnum):
    """Why a notice may not be closed."""

    NOT_RUNNING = "NOT_RUNNING"
    NOT_OVER = "NOT_OVER"
    OBJECTION = "OBJECTION"
    NO_PROOF = "NO_PROOF"
    CORRECTING = "CORRECTING"
    CASE_CHANGED = "CASE_CHANGED"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a notice that is to be closed.

    `open_objections` were raised in time, to it or to one that it replaces, and wait for an answer; `unproven` boards
    have neither proof nor reason; `is_awaited` is false when the case it was made for no longer waits for it.
    """

    is_running: bool
    last_day: date | None
    open_objections: int
    unproven: int
    has_correction: bool
    is_awaited: bool


def why_not_close(standing: Standing, on: date) -> Blocked | None:
    """Why the notice may not be closed on a day; None when it may. It never ends on or before its last day."""
    if not standing.is_running or standing.last_day is None:
        return Blocked.NOT_RUNNING
    if not standing.is_awaited:
        return Blocked.CASE_CHANGED
    if standing.has_correction:
        return Blocked.CORRECTING
    if on <= standing.last_day:
        return Blocked.NOT_OVER
    if standing.open_objections:
        return Blocked.OBJECTION
    return Blocked.NO_PROOF if standing.unproven else None


def may_publish(account: int | None, writers: Iterable[int | None]) -> bool:
    """Whether an account may publish words: none of those who drafted or changed them or brought the matter in.

    The system itself, which has no account, may: it publishes for nobody.
    """
    return account is None or account not in set(writers)


def is_late(raised: date, last_day: date) -> bool:
    """Whether an objection came after the period; it holds nothing then, but is answered all the same."""
    return raised > last_day


# ---- Personal data -----------------------------------------------------------------------------------------------

IDENTITY, MOBILE, ACCOUNT = "IDENTITY", "MOBILE", "ACCOUNT"
HIDDEN = {IDENTITY: "（身份证号略）", MOBILE: "（电话略）", ACCOUNT: "（账号略）"}
"""What stands in the place of a number: no part of it, for the first six digits and the last four give most away."""

_SEP = r"[ \u00a0\-–—.·]?"
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_IDENTITY = re.compile(
    _BEFORE
    + r"[1-9]\d{5}"
    + _SEP
    + r"(?:1[89]|20)\d{2}"
    + _SEP
    + r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    + _SEP
    + r"\d{3}[0-9Xx]"
    + _AFTER
)
_OLD_IDENTITY = re.compile(_BEFORE + r"[1-8]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}" + _AFTER)
_HALF_IDENTITY = re.compile(_BEFORE + r"\d{4,14}[*＊xX×]{2,}[0-9*＊]{0,10}[0-9Xx]{2,4}" + _AFTER)
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86" + _SEP + r")?1[3-9]\d" + _SEP + r"\d{4}" + _SEP + r"\d{4}" + r"(?![0-9])")
_HALF_MOBILE = re.compile(r"(?<![0-9])1[3-9]\d[*＊]{2,}\d{3,4}(?![0-9])")
_ACCOUNT = re.compile(_BEFORE + r"(?:62|60|95|43|52)\d{2}(?:[ \-]?\d{4}){2,3}(?:[ \-]?\d{1,4})?" + _AFTER)
_PATTERNS = (
    (IDENTITY, _IDENTITY),
    (IDENTITY, _HALF_IDENTITY),
    (MOBILE, _MOBILE),
    (MOBILE, _HALF_MOBILE),
    (ACCOUNT, _ACCOUNT),
    (IDENTITY, _OLD_IDENTITY),
)
_NAME_HEADS = ("姓名", "户主", "受益户", "受益人", "农户", "户名", "成员", "联系人", "承租人姓名", "领款人")
_TWO_PART_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af·•]{2,30}")
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]{2,4}(?:[·•][\u3400-\u9fff]{1,10})*")
_NOT_NAMES = ("公司", "合作社", "委员会", "政府", "局", "中心", "站", "村", "集体", "合计", "小计", "总计", "户")


class Leak(NamedTuple):
    """Personal data that stands somewhere: which kind, and where, as an index of the text it is in."""

    kind: str
    where: int


def _folded(text: str) -> str:
    """The text with full-width digits, letters and signs made plain, character by character, so that places stay."""
    return "".join(one if len(one) == 1 else char for char in text for one in (unicodedata.normalize("NFKC", char),))


def _numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Personal numbers in a text: kind, where each begins and ends; none overlaps another."""
    folded = _folded(text)
    taken: list[tuple[int, int]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            if all(match.end() <= begin or match.start() >= end for begin, end in taken):
                taken.append(match.span())
                yield kind, match.start(), match.end()


def kinds_in(text: str) -> list[str]:
    """The kinds of personal numbers that stand in a text, in order of their place."""
    return [kind for kind, _begin, _end in sorted(_numbers(text), key=lambda found: found[1])]


def mask_numbers(text: str) -> str:
    """The text without personal numbers (identity, mobile, bank card): words stand in their place."""
    found = sorted(_numbers(text), key=lambda one: one[1], reverse=True)
    for kind, begin, end in found:
        text = text[:begin] + HIDDEN[kind] + text[end:]
    return text


def mask_name(name: str) -> str:
    """A person's name for the public: 张三 → 张*, 张小三 → 张*三; longer names keep first and last character.

    What isn't a name (an organisation, a sum, a name masked already) stays as it is.
    """
    text = name.strip()
    if "*" in text or not is_name(text):
        return name
    return f"{text[0]}*" if len(text) == 2 else f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"


def is_name(text: str) -> bool:
    """Whether a cell of a column of people holds a person's name."""
    return bool(_CHINESE_NAME.fullmatch(text)) and not text.endswith(_NOT_NAMES)


def name_columns(columns: Sequence[str]) -> list[int]:
    """Which columns hold people's names, by their heading."""
    return [index for index, head in enumerate(columns) if head.strip().endswith(_NAME_HEADS)]


@dataclass(frozen=True, slots=True)
class Content:
    """What a notice says: title, paragraphs, and a table of text cells; `contact` says where to object."""

    title: str
    paragraphs: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    contact: str = ""


def masked(content: Content) -> Content:
    """The content as the public may see it: people's names in their columns and wherever else they stand, numbers."""
    heads = name_columns(content.columns)
    names = {row[index].strip() for row in content.rows for index in heads if index < len(row)}
    names = {name for name in names if is_name(name)}

    def plain(text: str) -> str:
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, mask_name(name))
        return mask_numbers(text)

    rows = tuple(
        tuple(mask_numbers(mask_name(cell)) if index in heads else plain(cell) for index, cell in enumerate(row))
        for row in content.rows
    )
    paragraphs = tuple(plain(text) for text in content.paragraphs)
    return Content(plain(content.title), paragraphs, content.columns, rows, mask_numbers(content.contact))


class Place(NamedTuple):
    """Where in a notice personal data stands: TITLE, PARAGRAPH n, CONTACT, HEAD n, or CELL n in row m (from 1)."""

    part: str
    number: int = 0
    row: int = 0


NAME = "NAME"


def remaining(content: Content) -> list[tuple[str, Place]]:
    """Personal data that the content still shows: the kind (IDENTITY, MOBILE, ACCOUNT, NAME) and the place of each."""
    found = [(kind, Place("TITLE")) for kind in kinds_in(content.title)]
    for number, text in enumerate(content.paragraphs, 1):
        found += [(kind, Place("PARAGRAPH", number)) for kind in kinds_in(text)]
    found += [(kind, Place("CONTACT")) for kind in kinds_in(content.contact)]
    for number, text in enumerate(content.columns, 1):
        found += [(kind, Place("HEAD", number)) for kind in kinds_in(text)]
    heads = name_columns(content.columns)
    for row_number, row in enumerate(content.rows, 1):
        for number, cell in enumerate(row, 1):
            found += [(kind, Place("CELL", number, row_number)) for kind in kinds_in(cell)]
            if number - 1 in heads and is_name(cell.strip()):
                found.append((NAME, Place("CELL", number, row_number)))
    return found


def mask_person(name: str) -> str:
    """Whoever raised an objection, for lists: the first character, stars for the rest, none for no name."""
    text = name.strip()
    return text[:1] + "*" * min(len(text) - 1, 3) if text else ""


def mask_contact(contact: str) -> str:
    """A phone or other contact, for lists: its first three and last two characters when it is long, else stars."""
    text = contact.strip()
    if not text:
        return ""
    return f"{text[:3]}****{text[-2:]}" if len(text) >= 9 else "****"


def may_handle(account: int | None, office: int | None, *, drafters: Sequence[int], interested: Sequence[int]) -> bool:
    """Whether an account may deal with an objection: not one's own matter's drafter, nor of a body with an interest."""
    return account is not None and account not in drafters and office not in interested


def division_prefix(code: str) -> str:
    """The digits that everything inside a division begins with: six of a county, nine of a town, else twelve."""
    text = code[:12]
    if text.endswith("000000"):
        return text[:6]
    return text[:9] if text.endswith("000") else text
