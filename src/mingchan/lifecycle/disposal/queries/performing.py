"""Whether assets perform well (效益良好), as contexts beside and above know it (3.4.3a: 原则上不得处置).

Grades of a yearly evaluation and yields of income are not disposal's to know. `config.wiring` registers who is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

Check = Callable[[Sequence[int], date], Mapping[int, str]]
"""Of assets those that perform well on a day, each with why, in the user's words (2019年度绩效评价“优”)."""

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Have `check` asked, a few statements for however many assets; the same name replaces it."""
    _checks[name] = check


def forget(name: str) -> None:
    """Ask it no more."""
    _checks.pop(name, None)


def performing_well(asset_ids: Sequence[int], on: date) -> dict[int, str]:
    """Of the assets those that perform well, with all that is said of them."""
    found: dict[int, list[str]] = {}
    for check in _checks.values():
        for asset, why in check(asset_ids, on).items():
            found.setdefault(asset, []).append(why)
    return {asset: "；".join(words) for asset, words in found.items()}
