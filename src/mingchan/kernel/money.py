"""Money (金额) in whole fen and quantities (数量) in thousandths: plain integers, formatted and split exactly.

One yuan is 100 fen; one 万元 is 1,000,000 fen. No float ever holds an amount.
"""

from collections.abc import Sequence

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
MILLI = 1000
LARGEST_FEN = 2**53
"""Amounts beyond this can't pass through a spreadsheet unharmed and are refused (INP-08)."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def format_yuan(fen: int) -> str:
    """Amount in yuan with two decimals and thousands separators: 123456 → 1,234.56."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan:,}.{rest:02d}"


def format_wan(fen: int) -> str:
    """Amount in 万元, exact, at least two decimals and no trailing zeros beyond them: 163117200 → 163.1172."""
    sign = "-" if fen < 0 else ""
    wan, rest = divmod(abs(fen), FEN_PER_WAN)
    decimals = f"{rest:06d}".rstrip("0")
    return f"{sign}{wan:,}.{decimals.ljust(2, '0')}"


def format_quantity(milli: int) -> str:
    """Quantity with thousands separators and no needless decimals: 1826000 → 1,826; 12500 → 12.5."""
    sign = "-" if milli < 0 else ""
    whole, rest = divmod(abs(milli), MILLI)
    decimals = f"{rest:03d}".rstrip("0")
    return f"{sign}{whole:,}" + (f".{decimals}" if decimals else "")


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by weights so that the parts sum to it (largest remainder, first wins a tie).

    Raises ValueError when no weight is positive or one is negative.
    """
    if not weights or min(weights) < 0 or sum(weights) == 0:
        raise ValueError("weights must be non-negative and not all zero")
    whole = sum(weights)
    sign = -1 if total < 0 else 1
    parts = [abs(total) * weight // whole for weight in weights]
    missing = abs(total) - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(abs(total) * weights[i] % whole), i))
    for i in order[:missing]:
        parts[i] += 1
    return [sign * part for part in parts]


def _group_words(value: int) -> str:
    words, pending_zero = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            words += ("零" if pending_zero and words else "") + _DIGITS[digit] + _PLACES[place]
            pending_zero = False
        else:
            pending_zero = True
    return words


def capital_words(fen: int) -> str:
    """The amount in formal Chinese numerals (人民币大写) as vouchers print it: 140950 → 人民币壹仟肆佰零玖元伍角.

    Follows 《正确填写票据和结算凭证的基本规定》: 整 after whole yuan, none after fen. Raises ValueError below zero
    or from 10^16 yuan.
    """
    if fen < 0 or fen >= 10**18:
        raise ValueError("amount out of the range that papers can state")
    yuan, rest = divmod(fen, FEN_PER_YUAN)
    jiao, cents = divmod(rest, 10)
    words, gap = "", False
    for index in (3, 2, 1, 0):
        group = yuan // 10_000**index % 10_000
        if group:
            if words and (gap or group < 1000):
                words += "零"
            words += _group_words(group) + _GROUPS[index]
            gap = False
        elif words:
            gap = True
    words = f"{words}元" if words else ""
    if not rest:
        return f"人民币{words or '零元'}整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif words:
        words += "零"
    if cents:
        words += _DIGITS[cents] + "分"
    return f"人民币{words}"
