"""Words of the search (检索词): the tokens a card is found by, and the tokens a typed word asks for.

Chinese has no blanks between words, so texts are cut into pairs of neighbouring characters (二元组): 冷库制冷 gives
冷库, 库制, 制冷, and any two characters of it are found. Whatever has a name gives its pinyin initials too, in pairs,
and the names of cards and sites their single characters. A card's number gives its parts and triples of its serial,
because pairs of digits are on every card.
"""

import re
from array import array
from collections.abc import Sequence
from functools import lru_cache
from operator import add

from mingchan.kernel import initials as kernel_initials

INITIALS_MARK = "拼"
"""Stands before a pair of pinyin initials, so that the pair can't be taken for Latin letters of a model."""

_CHINESE = re.compile(r"[\u3400-\u9fff]")


def _fold(text: str) -> str:
    """The text as it's compared: lower case, full-width letters and digits made plain."""
    return text.lower().translate(_PLAIN) if _WIDE.search(text) else text.lower()


_WIDE = re.compile("[\uff01-\uff5e\u3000]")
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


_RUNS = re.compile(r"[^\W_]+")


def _pieces(text: str) -> list[str]:
    """The text without blanks and marks between letters: runs of word characters, folded."""
    if text.isascii():
        return [text.lower()] if text.isalnum() else _RUNS.findall(text.lower())
    return _RUNS.findall(_fold(text))


KEPT = 16384


def initials(text: str) -> str:
    """Pinyin initials of a text: 办公电脑 → bgdn. Letters and digits stand for themselves, marks are left out."""
    return kernel_initials.initials("".join(_pieces(text)))


@lru_cache(maxsize=KEPT)
def grams(text: str) -> str:
    """Tokens of what a card refers to or lies in, a party or a place: its pairs and its pinyin initials in pairs."""
    return grams_of(text)


def grams_of(text: str) -> str:
    """As `grams`, for who remembers what was cut."""
    return " ".join(dict.fromkeys(_tokens(_pieces(text), bool(_CHINESE.search(text)))))


@lru_cache(maxsize=KEPT)
def name_grams(text: str) -> str:
    """Tokens of the name of a card or site: its pairs, its pinyin initials in pairs, its single characters."""
    characters = _CHINESE.findall(text)
    return " ".join(dict.fromkeys([*_tokens(_pieces(text), bool(characters)), *characters]))


def _tokens(pieces: list[str], is_chinese: bool) -> list[str]:
    found: list[str] = []
    for piece in pieces:
        found += map(add, piece, piece[1:]) if len(piece) > 1 else piece
    if is_chinese:
        short = kernel_initials.initials("".join(pieces))
        found += [INITIALS_MARK + pair for pair in map(add, short, short[1:])]
    return found


# Many texts at once: what every card has of its own is cut in one piece, a few calls for thousands of cards. --------

_END = "\0"
"""Stands between texts that are cut in one piece; no text holds it."""
_RUNS_AND_ENDS = re.compile("[^\\W_]+|\0")


def windows(runs: Sequence[str], width: int) -> list[str]:
    """Of each run its neighbouring characters, `width` at a time, with blanks between: abcd → "ab bc cd" or "abc bcd".

    Empty for a run that is shorter. The runs are letters and digits and not empty.
    """
    if not runs:
        return []
    text = array("I")
    text.frombytes(f"{_END}{_END.join(runs)}{_END}".encode("utf-32-le", "surrogatepass"))
    count = len(text) - width + 1
    cells = array("I", [0x20]) * (count * (width + 1))
    for at in range(width):
        cells[at :: width + 1] = text[at : at + count]
    # Every end between two runs stands in `width` cells; what lies between them are the cells that cross the end.
    parts = cells.tobytes().decode("utf-32-le", "surrogatepass").split(_END)
    return [part[width:-width] for part in parts[1::width]]


def pairs_of(texts: Sequence[str]) -> list[str]:
    """Of each text the pairs of its letters and digits, never across a blank or mark; a run of one gives itself."""
    whole = _END.join([text.replace(_END, " ") for text in texts] if _END in "".join(texts) else texts)
    pieces = _RUNS_AND_ENDS.findall(_fold(whole))
    runs = [piece for piece in pieces if piece != _END]
    cut = iter(windows(runs, 2))
    return " ".join([piece if piece == _END else next(cut) or piece for piece in pieces]).split(_END)


def codes_of(codes: Sequence[str]) -> list[str]:
    """Of each card's number the tokens: each part whole, and the triples of the last part."""
    parts = [_pieces(code) for code in codes]
    last = iter(windows([part[-1] for part in parts if part], 3))
    return [f"{' '.join(part)} {next(last)}" if part else "" for part in parts]


def wanted(word: str) -> list[list[str]]:
    """What a typed word asks for: alternatives, each a list of tokens that must all be there. Empty: nothing to ask."""
    pieces = _pieces(word)
    if not pieces:
        return []
    pairs = [piece[i : i + 2] for piece in pieces for i in range(len(piece) - 1)]
    alternatives = [list(dict.fromkeys(pairs or pieces))]
    joined = "".join(pieces)
    if joined.isascii() and joined.isalpha() and len(joined) >= 2:
        alternatives.append(list(dict.fromkeys(INITIALS_MARK + joined[i : i + 2] for i in range(len(joined) - 1))))
    if any(char.isdigit() for char in joined) and joined.isascii() and len(joined) >= 3:
        asked: list[str] = []
        for piece in pieces[:-1]:
            asked.append(piece)
        last = pieces[-1]
        alternatives.append(list(dict.fromkeys([*asked, last])))
        if len(last) > 3:
            alternatives.append(list(dict.fromkeys([*asked, *(last[i : i + 3] for i in range(len(last) - 2))])))
    return alternatives


def is_initials(word: str) -> bool:
    """Whether a word may be pinyin initials, which no column holds and no comparison of texts can check."""
    return word.isascii() and word.isalpha()


def words_of(text: str) -> list[str]:
    """The words of a search box, at most six."""
    return _fold(text).split()[:6]
