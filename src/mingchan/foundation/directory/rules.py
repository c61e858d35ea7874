"""Rules of the directory (组织规则), plain Python: check digits, passwords, lock-out, names of divisions."""

import re
import secrets
import string
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from mingchan.kernel import identity

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def uscc_check(body: str) -> str:
    """The check character of the first 17 characters of a unified social credit code (GB 32100-2015)."""
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(body, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def uscc_is_right(code: str) -> bool:
    """Whether a unified social credit code is well formed. Codes of village collectives begin with N and are right."""
    if len(code) != 18 or any(char not in USCC_ALPHABET for char in code) or not (code[2:8].isdecimal()):
        return False
    return uscc_check(code[:17]) == code[17]


def id_check(body: str) -> str:
    """The check character of the first 17 digits of an identity number (GB 11643-1999)."""
    return identity.check_character(body)


def id_is_right(number: str) -> bool:
    """Whether an identity number has a true birth date and check digit."""
    return identity.fault(number) is None


class PasswordRule(NamedTuple):
    """What a password must be: least length, least kinds of characters, days until it must be changed (0 never)."""

    length: int
    classes: int
    days: int


TOO_SHORT, TOO_PLAIN, HAS_NAME = "short", "plain", "name"


def character_classes(text: str) -> int:
    """How many of lower case, upper case, digits and others occur in the text."""
    return sum(
        (
            any("a" <= char <= "z" for char in text),
            any("A" <= char <= "Z" for char in text),
            any(char.isdecimal() for char in text),
            any(not (char.isascii() and char.isalnum()) for char in text),
        )
    )


def password_faults(password: str, username: str, rule: PasswordRule) -> tuple[str, ...]:
    """What is wrong with a password (等保 身份鉴别): `short`, `plain`, or `name` when it holds the login name."""
    faults = []
    if len(password) < rule.length:
        faults.append(TOO_SHORT)
    if character_classes(password) < rule.classes:
        faults.append(TOO_PLAIN)
    if username and username.lower() in password.lower():
        faults.append(HAS_NAME)
    return tuple(faults)


def password_is_due(set_on: date | None, on: date, rule: PasswordRule) -> bool:
    """Whether the password is older than the rule allows."""
    return bool(rule.days) and (set_on is None or on - set_on > timedelta(days=rule.days))


def random_password(length: int = 14) -> str:
    """A first password that keeps every rule, without letters and digits that look alike."""
    alphabet = [char for char in string.ascii_letters + string.digits if char not in "0O1lI5S2Z"]
    while True:
        word = "".join(secrets.choice(alphabet) for _ in range(length))
        if character_classes(word) == 3:
            return word


def locked_until(failures: Sequence[datetime], limit: int, minutes: int) -> datetime | None:
    """Until when a name is locked, from its failures newest first; None when it never was.

    `limit` failures within the lock's length lock it from the newest on.
    """
    span = timedelta(minutes=minutes)
    if len(failures) < limit or failures[0] - failures[limit - 1] > span:
        return None
    return failures[0] + span


def address_wait(failures: int, limit: int) -> timedelta:
    """How long an address must wait after its newest failure: nothing below the limit, then doubling up to a minute."""
    if failures < limit:
        return timedelta(0)
    return timedelta(seconds=min(2 ** min(failures - limit + 1, 6), 60))


class NameRow(NamedTuple):
    """A name a division's code stood for between two vintages of the official list."""

    code: str
    name: str
    level: str
    parent_code: str
    first_vintage: date
    last_vintage: date


_OFFICIAL_ENDINGS = (
    "社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "民委员会",
    "村委会", "居委会", "委会", "委员会", "社区", "村",
)  # fmt: skip


@lru_cache(maxsize=16384)
def plain_name(name: str) -> str:
    """A name as a paper would print it: no blanks beside Chinese characters, one width of letters, Chinese brackets."""
    folded = _BLANK_BESIDE_CHINESE.sub("", " ".join(unicodedata.normalize("NFKC", name).split()))
    return folded.translate(_CHINESE_BRACKETS) if _CHINESE.search(folded) else folded


_CHINESE = re.compile("[㐀-鿿豈-﫿𠀀-𲎯]")
_BLANK_BESIDE_CHINESE = re.compile("(?<=[^ -~]) | (?=[^ -~])")
_CHINESE_BRACKETS = str.maketrans("()", "（）")


def short_name(name: str) -> str:
    """The name as people write it: 马梁村委会 → 马梁村, 小村村委会 → 小村, 南关社区居委会 → 南关社区."""
    for ending, kept in (("村村委会", "村"), ("村村民委员会", "村"), ("村委会", "村"), ("村民委员会", "村")):
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)] + kept
    for ending in ("社区居委会", "社区居民委员会"):
        if name.endswith(ending):
            return name[: -len(ending)] + "社区"
    return name


def name_keys(name: str) -> tuple[str, ...]:
    """Keys under which a village may be meant, the most certain first: the name itself, then without its endings."""
    text = plain_name(name)
    keys = [text]
    for ending in _OFFICIAL_ENDINGS:
        if text.endswith(ending) and len(text) > len(ending):
            keys.append(text[: -len(ending)])
    return tuple(dict.fromkeys(key for key in keys if key))


def successors(rows: Iterable[NameRow]) -> dict[str, str]:
    """Where each code that ended went (沿革): ended code → present code, absent when it can't be known.

    Between two vintages a village went where its name newly appears, if that name ended once and appeared once. A town
    went where all its moved villages went. A village that was merged into another has no successor: the lists don't
    say which, and a name alone must not decide it.
    """
    listed = list(rows)
    vintages = sorted({row.first_vintage for row in listed} | {row.last_vintage for row in listed})
    present = {
        vintage: {row.code: row for row in listed if row.first_vintage <= vintage <= row.last_vintage}
        for vintage in vintages
    }
    step: dict[str, str] = {}
    for earlier, later in pairwise(vintages):
        before, after = present[earlier], present[later]
        ended = [row for code, row in before.items() if code not in after and row.level == "VILLAGE"]
        begun = [row for code, row in after.items() if code not in before and row.level == "VILLAGE"]
        ended_names, begun_names = Counter(row.name for row in ended), Counter(row.name for row in begun)
        by_name = {row.name: row for row in begun}
        moved_to: dict[str, set[str]] = defaultdict(set)
        for row in ended:
            if ended_names[row.name] == 1 and begun_names[row.name] == 1:
                step[row.code] = by_name[row.name].code
                moved_to[row.parent_code].add(by_name[row.name].parent_code)
        for code, row in before.items():
            if code not in after and row.level == "TOWN" and len(moved_to[code]) == 1:
                step[code] = next(iter(moved_to[code]))
    now = present[vintages[-1]] if vintages else {}
    found = {}
    for code in step:
        target, seen = code, set()
        while target not in now and target in step and target not in seen:
            seen.add(target)
            target = step[target]
        if target in now and target != code:
            found[code] = target
    return found


def roles_apart(held: Iterable[str], added: str, apart: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Roles already held that the added one may not stand beside (会计法 25, 三员分立)."""
    return tuple(sorted(set(held) & apart.get(added, frozenset())))
