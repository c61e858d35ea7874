"""What is checked (检查目录): every check with its clauses, family and bounds, its explanation of a finding, the runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mingchan.kernel import money, period
from mingchan.oversight.supervision import pack
from mingchan.oversight.supervision.checks import ALL, BY_CODE
from mingchan.oversight.supervision.checks.base import Text
from mingchan.oversight.supervision.choices import Family, Severity
from mingchan.oversight.supervision.models import Finding, Run


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """A check for readers: code, title, family, severity, clauses, risk pattern, the county's bounds and term."""

    code: str
    title: Text
    family: str
    severity: str
    clauses: tuple[str, ...]
    pattern: str
    bounds: Mapping[str, Any]
    due: int
    role: str
    then: Text

    @property
    def family_label(self) -> Text:
        """The family in words."""
        return Family(self.family).label

    @property
    def severity_label(self) -> Text:
        """How grave it is, in words."""
        return Severity(self.severity).label


def _by_hand(code: str, title: Text, then: Text, clauses: tuple[str, ...]) -> CheckInfo:
    spec = pack.specs()[code]
    return CheckInfo(code, title, Family.WATCH, Severity.MEDIUM, clauses, "", spec.bounds, spec.due, spec.role, then)


def checks() -> tuple[CheckInfo, ...]:
    """Every check in the order of pages, at the end the two kinds of findings that people raise (1.2a, 4.2)."""
    found = [
        CheckInfo(
            one.code, one.title, one.family, one.severity, one.clauses, one.pattern,
            pack.specs()[one.code].bounds, pack.specs()[one.code].due, pack.specs()[one.code].role, one.then,
        )
        for one in ALL
    ]  # fmt: skip
    found.append(_by_hand("complaint", _("群众反映的问题"), _("核实整改并附证据"), ("4.3", "2.6.2")))
    found.append(_by_hand("inspection", _("抽查发现的问题"), _("整改并附证据"), ("3.4.2", "2.6.1b")))
    return tuple(found)


def info(code: str) -> CheckInfo:
    """One check. Raises KeyError for an unknown code."""
    return {one.code: one for one in checks()}[code]


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding in words: the sentence with its figures, what to do, where."""

    text: str
    then: str
    url: str


def explain(finding: Finding | Any) -> Explained:
    """Why a finding stands, with the very figures, and the page on which it is put right."""
    figures = orjson.loads(finding.figures)
    check = BY_CODE.get(finding.check_code)
    if check is None:
        hand = info(finding.check_code)
        return Explained(str(figures.get("text", "")), str(hand.then), "")
    shown = {**shown_figures(pack.specs()[check.code].bounds), **shown_figures(figures)}
    key = str(finding.subject).rpartition(":")[2]
    try:
        url = reverse(check.page, args=[int(key)] if check.takes_subject else [])
    except NoReverseMatch:
        url = ""
    return Explained(str(check.because) % _Gaps(shown), str(check.then), url)


class _Gaps(dict[str, str]):
    """Figures of a sentence; one that a former version of the check didn't keep shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def shown_figures(figures: Mapping[str, Any]) -> dict[str, str]:
    """Figures as people write them: `…_fen` in yuan, days in words, numbers with separators."""
    language = get_language() or "zh"
    found: dict[str, str] = {}
    for name, value in figures.items():
        if name.endswith("_fen"):
            found[name] = money.format_yuan(int(value))
        elif isinstance(value, date):
            found[name] = period.format_day(value, language=language)
        elif name.endswith("_on"):
            found[name] = period.format_day(date.fromisoformat(value) if value else None, language=language)
        elif isinstance(value, int) and name != "year":
            found[name] = f"{value:,}"
        else:
            found[name] = str(value)
    return found


def last_run(county: str) -> Run | None:
    """The last run over the whole county, None before the first."""
    return Run.objects.filter(county=county, scope="").order_by("-pk").first()


def runs(county: str, limit: int = 50) -> list[Run]:
    """The last runs, newest first."""
    return list(Run.objects.filter(county=county).order_by("-pk")[:limit])
