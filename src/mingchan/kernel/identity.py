"""Identity numbers (公民身份号码, GB 11643-1999): what is wrong with one, in a word that doors turn into a sentence.

Only length, birth date and check digit decide. The division in front is no ground to refuse: the county's people born
before 2000 carry 142234, those after 140932. Numbers of fifteen digits ended in 2013 and have no check digit, so they
are refused by a word of their own.
"""

from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
OLD, LENGTH, SIGNS, BIRTH, CHECK = "old", "length", "signs", "birth", "check"
LENGTH_NOW, LENGTH_THEN = 18, 15


def check_character(body: str) -> str:
    """The check character of the first 17 digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def birth_of(number: str) -> date | None:
    """The day of birth in a number of eighteen characters, None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def fault(number: str, on: date | None = None) -> str | None:
    """What is wrong: `old`, `length`, `signs`, `birth` (no such day, or after `on`), `check`; None when it is right."""
    if len(number) == LENGTH_THEN and number.isascii() and number.isdecimal():
        return OLD
    if len(number) != LENGTH_NOW:
        return LENGTH
    if not (number[:17].isascii() and number[:17].isdecimal()) or number[17].upper() not in CHECKS:
        return SIGNS
    born = birth_of(number)
    if born is None or (on is not None and born > on):
        return BIRTH
    return None if check_character(number[:17]) == number[17].upper() else CHECK
