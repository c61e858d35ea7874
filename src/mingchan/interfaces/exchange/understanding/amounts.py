"""Money, quantities and other numbers as cells hold them, under a strict grammar (no reading by guess).

Money is whole fen, quantity whole thousandths. A float counts as the decimal it prints as, never as its binary rest.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mingchan.interfaces.exchange.understanding.text import (
    BLANK_MARKS,
    DITTO,
    ERROR_TEXTS,
    KEEP,
    Flag,
    Parsed,
    cleaned,
    error,
    folded,
    is_ditto,
    original_text,
)

MOST = 1 << 53
UNIT_FEN = {"元": 100, "圆": 100, "千元": 100_000, "万元": 1_000_000, "百万元": 100_000_000, "亿元": 10_000_000_000}
_SUFFIX = {"": 0, "元整": 100, "元": 100, "圆": 100, "千元": 100_000, "万元": 1_000_000, "万": 1_000_000}
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_MONEY = re.compile(rf"'?(?:¥|RMB|CNY|人民币)?\s*([+-]?{_DIGITS})\s*(元整|元|圆|千元|万元|万)?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]{1,2})?")
_QUANTITY = re.compile(rf"'?([+-]?{_DIGITS})\s*([^\s0-9.,+\-/*(]{{1,4}})?(?:\s*\([^()]*\))?")
_PERCENT = re.compile(rf"({_DIGITS})\s*%?")
COUNTABLE = (
    frozenset("台套辆个组间件张把块座只部本条架副扇口盏面支根双对幅册枚盒箱桶袋瓶棵株头匹处栋幢孔项樘具床")
    | (frozenset("顶艘门颗卷包份站"))
    | {"台套", "台/套", "台（套）", "台(套)"}
)


def _exact_units(value: float, factor: int) -> int | None:
    """``value`` × ``factor`` when the decimal that ``value`` prints as gives a whole number, else None."""
    units = round(value * factor)
    if units / factor == value:
        return units
    shown = float(f"{value:.15g}")  # a sum made by a spreadsheet carries binary dust after 15 digits
    units = round(shown * factor)
    return units if units / factor == shown else None


def parse_money(raw: Any, factor: int) -> Parsed:
    """A money cell to fen. ``factor`` is the fen in one unit of the column (元 100, 万元 1,000,000).

    Errors: not_a_number, cell_error, amount_negative, below_fen, amount_too_large.
    """
    if isinstance(raw, float):
        if raw != raw or raw in (float("inf"), float("-inf")):
            return error("not_a_number")
        units = _exact_units(raw, factor) if abs(raw) < MOST else MOST + 1
        if units is None:
            return _below_fen(Decimal(repr(raw)) * factor)
        return _in_range(units, None if factor == 100 else KEEP)
    if isinstance(raw, str):
        return _money_text(raw, factor)
    return error("not_a_number")


def plain_fen(raws: tuple[Any, ...]) -> list[int] | None:
    """A batch of yuan as floats to fen, or None unless every cell is a float that is exactly so many fen."""
    if set(map(type, raws)) != {float}:
        return None
    try:
        fen = [round(raw * 100) for raw in raws]
    except (ValueError, OverflowError):
        return None
    if min(fen) < 0 or max(fen) > MOST or [one / 100 for one in fen] != list(raws):
        return None
    return fen


def _money_text(raw: str, factor: int) -> Parsed:
    if is_ditto(raw):
        return None, DITTO
    text = folded(cleaned(raw)[0]).strip()
    if text in BLANK_MARKS:
        return None, KEEP if raw else None
    if text.upper() in ERROR_TEXTS:
        return error("cell_error")
    found = _MONEY.fullmatch(text)
    if found is None:
        return error("not_a_number")
    stated = _SUFFIX[found[2] or ""]
    if stated and stated < factor and found[2] != "元整":
        return error("unit_differs", stated=found[2])
    fen = Decimal(found[1].replace(",", "")) * (stated or factor)
    if fen != fen.to_integral_value():
        return _below_fen(fen)
    return _in_range(int(fen), None if factor == 100 and _PLAIN.fullmatch(raw) else KEEP)


def _below_fen(fen: Decimal) -> Parsed:
    rounded = int(fen.quantize(Decimal(1), ROUND_HALF_UP))
    return rounded if 0 <= rounded <= MOST else None, Flag(True, "error", "below_fen", {"fen": str(fen.normalize())})


def _in_range(fen: int, flag: Flag | None) -> Parsed:
    if fen < 0:
        return error("amount_negative")
    if fen > MOST:
        return error("amount_too_large")
    return fen, flag


def parse_quantity(raw: Any) -> Parsed:
    """A quantity to thousandths; ``2台`` gives the number (and the unit is told in the flag's params).

    Errors: not_a_number, cell_error, quantity_not_positive, quantity_too_fine.
    """
    if isinstance(raw, float):
        if raw != raw or abs(raw) > MOST / 1000:
            return error("not_a_number")
        units = _exact_units(raw, 1000)
        return error("quantity_too_fine") if units is None else _positive(units, None)
    if not isinstance(raw, str):
        return error("not_a_number")
    if is_ditto(raw):
        return None, DITTO
    text = folded(cleaned(raw)[0]).strip()
    if text in BLANK_MARKS:
        return None, KEEP if raw else None
    if text.upper() in ERROR_TEXTS:
        return error("cell_error")
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return error("not_a_number")
    units_exact = Decimal(found[1].replace(",", "")) * 1000
    if units_exact != units_exact.to_integral_value():
        return error("quantity_too_fine")
    if abs(units_exact) > MOST:
        return error("not_a_number")
    if found[2]:
        return _positive(int(units_exact), Flag(True, "", "unit_in_quantity", {"unit": found[2]}))
    return _positive(int(units_exact), None if raw.isascii() and raw.isdigit() else KEEP)


def parse_count(raw: Any) -> Parsed:
    """A quantity that was counted, to thousandths: as ``parse_quantity``, but nought is a count too."""
    value, flag = parse_quantity(raw)
    if flag is None or flag.code != "quantity_not_positive":
        return value, flag
    if isinstance(raw, float):
        return (0, None) if raw == 0 else (value, flag)
    found = _QUANTITY.fullmatch(folded(cleaned(raw)[0]).strip())
    return (0, KEEP) if found and not Decimal(found[1].replace(",", "")) else (value, flag)


def _positive(milli: int, flag: Flag | None) -> Parsed:
    return (milli, flag) if milli > 0 else error("quantity_not_positive")


def parse_whole(raw: Any, factor: int = 1) -> Parsed:
    """A whole number such as a useful life; ``factor`` 12 turns years into months. A trailing 年 or 月 is allowed."""
    if isinstance(raw, float):
        value = raw * factor
        return (
            (int(value), KEEP if factor != 1 else None)
            if raw >= 0 and value.is_integer() and value < 1e6
            else (error("not_a_whole_number"))
        )
    if not isinstance(raw, str):
        return error("not_a_whole_number")
    if is_ditto(raw):
        return None, DITTO
    text = folded(cleaned(raw)[0]).strip()
    if text in BLANK_MARKS:
        return None, KEEP if raw else None
    if text.upper() in ERROR_TEXTS:
        return error("cell_error")
    found = re.fullmatch(r"([0-9]{1,5})\s*(年|个月|月)?", text)
    if found is None:
        return error("not_a_whole_number")
    months = {"年": 12, "月": 1, "个月": 1}.get(found[2] or "", factor) if factor != 1 or found[2] else factor
    return int(found[1]) * months, None if raw.isascii() and months == 1 else KEEP


def parse_percent(raw: Any) -> Parsed:
    """A residual rate in whole per cent: 5, "5%" and a per-cent cell (0.05) all give 5."""
    if isinstance(raw, str):
        if is_ditto(raw):
            return None, DITTO
        text = folded(cleaned(raw)[0]).strip()
        if text in BLANK_MARKS:
            return None, KEEP if raw else None
        if text.upper() in ERROR_TEXTS:
            return error("cell_error")
        found = _PERCENT.fullmatch(text)
        if found is None:
            return error("not_a_number")
        value = Decimal(found[1].replace(",", ""))
        if text.endswith("%") or value >= 1 or value == 0:
            return _whole_percent(value, None if raw.isascii() and raw.isdigit() else KEEP)
        return _whole_percent(value * 100, KEEP)
    if isinstance(raw, float) and raw == raw and 0 <= raw <= 100:
        value = Decimal(original_text(raw))
        return _whole_percent(value * 100, KEEP) if 0 < value < 1 else _whole_percent(value, None)
    return error("not_a_number")


def _whole_percent(value: Decimal, flag: Flag | None) -> Parsed:
    if value > 100:
        return error("percent_out_of_range")
    if value != value.to_integral_value():
        return None, Flag(True, "warning", "percent_not_whole", {})
    return int(value), flag
