"""Values as a paper writes them (填写): amounts, quantities and dates become text in one place, before the form.

| value | the form gets |
| --- | --- |
| whole number under `cost_fen` | `cost` 1,234.56, `cost_words` 人民币壹仟…, and `cost_fen` itself for sums |
| whole number under `quantity_milli` | `quantity` 1,826, and `quantity_milli` |
| date | 2020年2月15日 |
| None | empty text |
| text | itself, without invisible characters, with U+00A5 for the wide yuan sign |
| translated text | its Chinese: papers are Chinese whatever the reader reads |
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise

from mingchan.kernel.money import capital_words, format_quantity, format_yuan
from mingchan.kernel.period import format_day

WIDE_YUAN, YUAN = "\uffe5", "\u00a5"
_BLANKS = re.compile(r"[\t\v\f\u00a0\u2028\u2029]")


def written(value: Any) -> Any:
    """A value, or a whole mapping of them, as plain JSON. Raises TypeError for what has no one written form."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, Mapping):
        return {name: part for key, item in value.items() for name, part in _field(str(key), item)}
    if isinstance(value, list | tuple):
        return [written(item) for item in value]
    if isinstance(value, Promise):
        return clean(str(value))
    raise TypeError(f"a paper can't show {type(value).__name__}: {value!r}")


def _field(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if key.endswith("_fen") and type(value) is int:
        yield key, value
        yield key.removesuffix("_fen"), format_yuan(value)
        if value >= 0:
            yield f"{key.removesuffix('_fen')}_words", capital_words(value)
    elif key.endswith("_milli") and type(value) is int:
        yield key, value
        yield key.removesuffix("_milli"), format_quantity(value)
    else:
        yield key, written(value)
        for unit in ("_fen", "_milli"):
            if value is None and key.endswith(unit):
                yield key.removesuffix(unit), ""


def clean(text: str) -> str:
    """Text without what can't be seen: control and format characters go, odd blanks become one, line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    text = _BLANKS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).replace(WIDE_YUAN, YUAN)
    kept = (c for c in text if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cf") and not _is_variation(c)))
    return unicodedata.normalize("NFC", "".join(kept))


def _is_variation(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of written data with the place it stands at: `assets[3].name`."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value, start=1):
            yield from texts(item, f"{path}[{index}]")


def longest(value: Any) -> int:
    """The length of the longest list inside the data."""
    if isinstance(value, dict):
        return max((longest(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return max([len(value), *(longest(item) for item in value)])
    return 0
