"""How operation is written on pages: tones, tabs, terms on an axis of years, names of parties."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import permissions, queries
from mingchan.lifecycle.operation.choices import ChangeStatus, ClaimStatus, Grade, ReportStatus, Status
from mingchan.lifecycle.operation.queries import ContractFilter, ContractRow

TONES = {
    Status.DRAFT: "neutral", Status.PROCEDURE: "info", Status.SIGNED: "info", Status.RUNNING: "good",
    Status.EXPIRED: "neutral", Status.ENDED: "warn", Status.DROPPED: "neutral",
}  # fmt: skip
GRADES = {Grade.LOW: "good", Grade.MEDIUM: "warn", Grade.HIGH: "bad", "": "neutral"}
CHANGES = {
    ChangeStatus.PROCEDURE: "info", ChangeStatus.APPROVED: "warn", ChangeStatus.DONE: "good",
    ChangeStatus.REJECTED: "neutral",
}  # fmt: skip
REPORTS = {ReportStatus.SENT: "info", ReportStatus.ACCEPTED: "good", ReportStatus.RETURNED: "warn"}
CLAIMS = {ClaimStatus.OPEN: "info", ClaimStatus.PAID: "good", ClaimStatus.REFUSED: "neutral"}
PARTIES = 2000


def tabs(active: str, actor: Actor) -> list[dict[str, Any]]:
    """The pages of operation that the reader may open."""
    pages = [("list", _("合同")), ("terms", _("期限图"))]
    if actor.scopes(permissions.VIEW):
        pages.append(("changes", _("经营变更")))
    if actor.parties(permissions.VIEW):
        pages.append(("mine", _("我的合同")))
    return [{"label": label, "url": reverse(f"operation:{name}"), "active": name == active} for name, label in pages]


def list_url(wanted: ContractFilter) -> str:
    """The list, narrowed."""
    query = urlencode(wanted.parameters())
    return reverse("operation:list") + (f"?{query}" if query else "")


def paper_url(paper: Attachment | None, request: HttpRequest) -> str:
    """Where a paper is opened, empty for nobody's right."""
    if paper is None or not request.actor.may("paper.view"):  # type: ignore[attr-defined]
        return ""
    return reverse("evidence:download", args=[paper.pk])


def reference_url(reference: str) -> str:
    """Where the paper of a row is opened, empty without one."""
    return reverse("evidence:download", args=[Ref.parse(reference).id]) if reference else ""


def condition_choices() -> list[tuple[str, str]]:
    """The states of use of the policy pack, as a select box offers them."""
    known = policy.conditions()
    return [(word, known[word].label_en if policy.english() else word) for word in known]


def party_names(actor: Actor) -> list[str]:
    """Parties to choose from, with their division where the name alone wouldn't do."""
    rows = list(
        Party.objects.filter(county=actor.county).order_by("name").values_list("name", "division_code")[:PARTIES]
    )
    twice = {
        one
        for one, following in zip(sorted(row[0] for row in rows), sorted(row[0] for row in rows)[1:], strict=False)
        if one == following
    }
    divisions = directory.division_names(row[1] for row in rows if row[0] in twice)
    return [f"{name}（{divisions.get(code, code)}）" if name in twice else name for name, code in rows]


def division_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of divisions by code."""
    return dict(directory.division_names(codes))


class Bar(NamedTuple):
    """A contract's term on the axis, in thousandths of its width."""

    row: ContractRow
    x: int
    width: int
    tone: str
    open: bool


class Axis(NamedTuple):
    """The years that are drawn, each with its place, and where today stands."""

    years: Sequence[tuple[int, int]]
    today: int


def term_bars(rows: Sequence[ContractRow], on: date) -> tuple[Axis, list[Bar]]:
    """The terms of contracts drawn over whole years, from the first that begins to the last that ends."""
    dated = [row for row in rows if row.starts_on is not None and row.last_day is not None]
    if not dated:
        return Axis((), -1), []
    first = date(min(row.starts_on.year for row in dated if row.starts_on), 1, 1)
    last = date(max(row.last_day.year for row in dated if row.last_day) + 1, 1, 1)
    whole = (last - first).days

    def place(day: date) -> int:
        return (day - first).days * 1000 // whole

    bars = []
    for row in dated:
        assert row.starts_on is not None
        assert row.last_day is not None
        end = row.ended_on or row.last_day
        x = place(row.starts_on)
        bars.append(
            Bar(
                row, x, max(place(end) - x, 4), TONES[Status(row.status)], row.status in (Status.RUNNING, Status.SIGNED)
            )
        )
    years = [(year, place(date(year, 1, 1))) for year in range(first.year, last.year)]
    today = place(on) if first <= on < last else -1
    return Axis(years, today), bars


def mode_choices() -> list[tuple[str, str]]:
    """Modes as a select box offers them."""
    return [(mode.code, mode.label) for mode in queries.modes().values()]
