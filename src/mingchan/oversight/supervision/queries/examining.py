"""Running checks without writing anything (检查): over a county or one asset, as of today or of a past day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from mingchan.oversight.supervision import pack
from mingchan.oversight.supervision.checks import ALL, BY_CODE, Check, Hit, Scope


def scope_of(check: Check, county: str, on: date, *, past: bool, asset: int | None = None) -> Scope:
    """What a check looks at, with the county's bounds."""
    return Scope(county=county, on=on, bounds=pack.specs()[check.code].bounds, asset=asset, past=past)


def chosen(
    codes: Iterable[str] | None = None, reads: Iterable[str] | None = None, *, by_asset: bool = False
) -> list[Check]:
    """The checks of the codes, or of those that read the contexts; all of them when neither is given."""
    found = [BY_CODE[code] for code in codes] if codes is not None else list(ALL)
    if reads is not None:
        touched = set(reads)
        found = [check for check in found if touched.intersection(check.reads)]
    return [check for check in found if check.by_asset] if by_asset else found


def examine(
    county: str, on: date, *, past: bool, asset: int | None = None, codes: Iterable[str] | None = None
) -> Iterator[tuple[Check, list[Hit]]]:
    """What each check finds on a day, check by check (1.2a). With an asset: only checks that can look at one alone."""
    for check in chosen(codes, by_asset=asset is not None):
        yield check, list(check.find(scope_of(check, county, on, past=past, asset=asset)))


def stands(check: Check, subject: str, fact: str, county: str, on: date, asset: int | None) -> Hit | None:
    """The fact as it stands on the day, None when it is gone."""
    alone = asset if check.by_asset and check.kind == "asset" else None
    for hit in check.find(scope_of(check, county, on, past=False, asset=alone)):
        if hit.fact == fact and f"{check.kind}:{hit.subject}" == subject:
            return hit
    return None


def as_row(check: Check, hit: Hit) -> Mapping[str, Any]:
    """A hit as plain data for machines."""
    return {
        "check": check.code,
        "clauses": list(check.clauses),
        "family": check.family,
        "severity": check.severity,
        "subject": f"{check.kind}:{hit.subject}",
        "fact": hit.fact,
        "title": hit.title,
        "division": hit.division,
        "since": hit.since.isoformat(),
        "figures": dict(hit.figures),
    }
