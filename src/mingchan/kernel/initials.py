"""Pinyin initials (拼音首字母) of a text, for searching: 办公电脑 → bgdn.

Character by character from the most usual reading, remembered: a register of 100,000 names costs a dictionary look-up
per character, where working out readings by phrase would cost more than storing the rows.
"""

import unicodedata
from functools import cache

from pypinyin.pinyin_dict import pinyin_dict


@cache
def _initial(char: str) -> str:
    reading = pinyin_dict.get(ord(char))
    if reading is not None:
        return unicodedata.normalize("NFD", reading)[0].lower()
    plain = unicodedata.normalize("NFKC", char).lower()
    return plain if plain.isalnum() else ""


def initials(text: str) -> str:
    """Initials of the characters that have a reading; letters and digits stand for themselves, marks are left out."""
    return "".join(map(_initial, text))
