"""How a class is proposed from a name (分类建议): plain Python over the pack's synonyms, no database."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

EXACT = 100
NAMED = 95
CONTAINED = 80
LOOSE = 60

_ASIDE = re.compile(r"[\s（）()\[\]【】《》〈〉“”\"'·、，,。./\\_-]+")


class Match(NamedTuple):
    """A class code with how sure the name is of it, in whole percent."""

    code: str
    confidence: int


def key(name: str) -> str:
    """A name reduced to what counts: width folded, upper case, no blanks, brackets or punctuation."""
    return _ASIDE.sub("", unicodedata.normalize("NFKC", name)).upper()


def without_aside(name: str) -> str:
    """The name without what stands in brackets: 空调（柜机） → 空调."""
    return re.sub(r"[（(].*?[）)]", "", name)


class Proposer:
    """Finds the class of a name: the whole name first, then the longest known word at its end, then anywhere in it."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {key(word): code for word, code in words.items() if key(word)}
        self._by_length = sorted(self._words, key=lambda word: (-len(word), word))
        self._longest = max((len(word) for word in self._words), default=0)

    def propose(self, name: str) -> Match | None:
        """The class of the name, or None when no known word is in it."""
        whole = key(name)
        if not whole:
            return None
        if whole in self._words:
            return Match(self._words[whole], EXACT)
        bare = key(without_aside(name))
        if bare in self._words:
            return Match(self._words[bare], NAMED)
        for length in range(min(self._longest, len(bare)), 1, -1):
            if (code := self._words.get(bare[-length:])) is not None:
                return Match(code, CONTAINED)
        for word in self._by_length:
            if len(word) > 1 and word in bare:
                return Match(self._words[word], LOOSE)
        return None


def words_of(rows: Iterable[tuple[str, str, Iterable[str]]]) -> dict[str, str]:
    """Words and official names to codes. A synonym wins over another code's official name."""
    found: dict[str, str] = {}
    for code, name, _synonyms in rows:
        found.setdefault(name, code)
    for code, _name, synonyms in rows:
        for word in synonyms:
            found[word] = code
    return found
