"""Dates as county tables write them, with the precision that was really given: day, month or year."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from mingchan.interfaces.exchange.understanding.text import (
    BLANK_MARKS,
    DITTO,
    ERROR_TEXTS,
    KEEP,
    Flag,
    Parsed,
    cleaned,
    compact,
    error,
    is_ditto,
)

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
_FIRST_SERIAL, _LAST_SERIAL = 14_611, 73_415  # 1940-01-01 to 2100-12-31
_EPOCH = dt.date(1899, 12, 30)
_TIME = r"(?:T?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.0+)?)?)?"
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?" + _TIME)
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?份?")
_YEAR = re.compile(r"([0-9]{4})年?度?")
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SIX = re.compile(r"([0-9]{4})([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_CHINESE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,4})[日号])?)?"
)
_NUMERAL = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}


def parse_date(raw: Any, today: str) -> Parsed:
    """A date cell to ``(ISO date, precision)`` where precision is D, M or Y; a month counts as its first day.

    ``today`` (ISO) is the business date; later dates are an error.
    Errors: date_impossible, date_unclear, date_future, cell_error. Warning: month_ambiguous (2019.1 as a number).
    """
    if isinstance(raw, dt.datetime):
        return _checked(raw.date(), "D", today, None)
    if isinstance(raw, dt.date):
        return _checked(raw, "D", today, None)
    if isinstance(raw, float):
        return _number(raw, today)
    if not isinstance(raw, str):
        return error("date_unclear")
    if is_ditto(raw):
        return None, DITTO
    text = compact(cleaned(raw)[0])
    if text in BLANK_MARKS:
        return None, KEEP if raw else None
    if text.upper() in ERROR_TEXTS:
        return error("cell_error")
    return _written(text, raw, today)


def _checked(day: dt.date, precision: str, today: str, flag: Flag | None) -> Parsed:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return error("date_impossible")
    iso = day.isoformat()
    if today and iso > today:
        return error("date_future", today=today)
    return (iso, precision), flag


def _made(year: int, month: int, day: int, precision: str, today: str, flag: Flag | None) -> Parsed:
    try:
        made = dt.date(year, month, day)
    except ValueError:
        return error("date_impossible")
    return _checked(made, precision, today, flag)


def _written(text: str, raw: str, today: str) -> Parsed:
    found = _DAY.fullmatch(text)
    if found is not None:
        same = len(raw) == 10 and raw[4] == raw[7] == "-" and raw.isascii()
        return _made(int(found[1]), int(found[2]), int(found[3]), "D", today, None if same else KEEP)
    found = _MONTH.fullmatch(text)
    if found is not None:
        return _made(int(found[1]), int(found[2]), 1, "M", today, KEEP)
    found = _EIGHT.fullmatch(text)
    if found is not None:
        return _made(int(found[1]), int(found[2]), int(found[3]), "D", today, KEEP)
    found = _SIX.fullmatch(text)
    if found is not None:
        return _made(int(found[1]), int(found[2]), 1, "M", today, KEEP)
    found = _YEAR.fullmatch(text)
    if found is not None:
        return _made(int(found[1]), 1, 1, "Y", today, KEEP)
    if _SERIAL.fullmatch(text):
        return _number(float(text), today)
    found = _CHINESE.fullmatch(text)
    if found is not None:
        year = int("".join(str(_NUMERAL[char]) for char in found[1]))
        month, day = _small(found[2]), _small(found[3])
        return _made(year, month or 1, day or 1, "D" if day else "M" if month else "Y", today, KEEP)
    return error("date_unclear")


def _small(text: str | None) -> int:
    """一 to 三十一 as a number; 0 for nothing."""
    if not text:
        return 0
    before, ten, after = text.partition("十")
    if not ten:
        return _NUMERAL[text] if len(text) == 1 else 99
    if len(before) > 1 or len(after) > 1:
        return 99
    return (_NUMERAL[before] if before else 1) * 10 + (_NUMERAL[after] if after else 0)


def _number(value: float, today: str) -> Parsed:
    if value != value or abs(value) > 1e9:
        return error("date_unclear")
    whole = int(value)
    if value == whole:
        if 19_000_101 <= whole <= 21_001_231:
            return _made(whole // 10_000, whole // 100 % 100, whole % 100, "D", today, KEEP)
        if 190_001 <= whole <= 210_012:
            return _made(whole // 100, whole % 100, 1, "M", today, KEEP)
        if EARLIEST_YEAR <= whole <= LATEST_YEAR:
            return _made(whole, 1, 1, "Y", today, KEEP)
    if EARLIEST_YEAR < value < LATEST_YEAR + 1:
        decimals = repr(value).partition(".")[2]
        if len(decimals) > 2:
            return error("date_unclear")
        parsed, flag = _made(whole, int(decimals), 1, "M", today, KEEP)
        if decimals == "1" and parsed is not None:
            flag = Flag(True, "warning", "month_ambiguous", {"year": whole})
        return parsed, flag
    if _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return _checked(_EPOCH + dt.timedelta(days=whole), "D", today, KEEP)
    return error("date_unclear")


def parse_year(raw: Any) -> Parsed:
    """A project year: 2018, "2018年度" or a date in it."""
    if isinstance(raw, float):
        return (int(raw), None) if raw.is_integer() and EARLIEST_YEAR <= raw <= LATEST_YEAR else error("year_unclear")
    if isinstance(raw, dt.date):
        return raw.year, KEEP
    if not isinstance(raw, str):
        return error("year_unclear")
    if is_ditto(raw):
        return None, DITTO
    text = compact(cleaned(raw)[0])
    if text in BLANK_MARKS:
        return None, KEEP if raw else None
    if text.upper() in ERROR_TEXTS:
        return error("cell_error")
    found = _YEAR.fullmatch(text)
    if found is None or not EARLIEST_YEAR <= int(found[1]) <= LATEST_YEAR:
        return error("year_unclear")
    return int(found[1]), None if raw == found[1] else KEEP
