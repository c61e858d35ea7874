"""Reading reports from the public (群众反映查询): for the offices, for the reporter by number and code, for anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Grant
from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref
from mingchan.oversight.complaints import permissions, rules
from mingchan.oversight.complaints.choices import OPEN, Kind, State
from mingchan.oversight.complaints.drafts import Office
from mingchan.oversight.complaints.models import Complaint, Step

PROTECTED = (Protected("complaint", Complaint, children=(Child(Step, "complaint", "steps", ("number",)),)),)
"""What the verifier compares with the log."""
PAGE = 50
COUNT_CAP = 10_000
CODE_CONTEXT = "complaint.code"


@dataclass(frozen=True, slots=True)
class ComplaintFilter:
    """What the list is narrowed to. `open` stands for every unanswered state, `overdue` for those past their term."""

    state: str = ""
    kind: str = ""
    asset_code: str = ""
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "ComplaintFilter":
        """The filter that a query string names; what can't be read doesn't narrow."""
        state, kind = given.get("state", ""), given.get("kind", "")
        return cls(
            state=state if state in (*State.values, "open", "overdue") else "",
            kind=kind if kind in Kind.values else "",
            asset_code=given.get("asset", "").replace("\x00", "").strip()[:40],
            words=given.get("q", "").replace("\x00", "").strip()[:60],
        )

    @property
    def count(self) -> int:
        """How many filters are in force."""
        return sum(bool(value) for value in (self.state, self.kind, self.asset_code, self.words))


class Row(NamedTuple):
    """A report as the list shows it."""

    id: int
    number: str
    kind: str
    source: str
    state: str
    text: str
    asset_code: str
    place: str
    division_code: str
    office_name: str
    received_on: date
    due_on: date
    closed_on: date | None
    is_sample: bool


def narrowed(wanted: ComplaintFilter, actor: Actor, on: date) -> QuerySet[Complaint]:
    """Reports the actor may see, inside the filter."""
    found = Complaint.objects.filter(permissions.visible_to(actor))
    if wanted.state == "open":
        found = found.filter(state__in=OPEN)
    elif wanted.state == "overdue":
        found = found.filter(state__in=OPEN, due_on__lt=on)
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.asset_code:
        found = found.filter(asset_code=wanted.asset_code)
    if wanted.words:
        text = wanted.words
        found = found.filter(
            Q(number__icontains=text) | Q(text__contains=text) | Q(place__contains=text) | Q(asset_code__icontains=text)
        )
    return found


def rows(
    wanted: ComplaintFilter, actor: Actor, on: date, *, after: str = "", limit: int = PAGE
) -> tuple[list[Row], str | None]:
    """A page of reports, newest first, and the key after which the next one goes on."""
    found = narrowed(wanted, actor, on)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    page = [Row._make(row) for row in found.order_by("-pk").values_list(*Row._fields)[: limit + 1]]
    return page[:limit], str(page[limit - 1].id) if len(page) > limit else None


def count(wanted: ComplaintFilter, actor: Actor, on: date) -> int:
    """How many reports, exact up to the cap; the cap plus one stands for more."""
    return int(narrowed(wanted, actor, on).order_by()[: COUNT_CAP + 1].count())


class Counts(NamedTuple):
    """Reports the actor may see: not yet accepted, under way, past their term, answered or declined."""

    received: int
    under_way: int
    overdue: int
    closed: int


def counts(actor: Actor, on: date) -> Counts:
    """How many reports stand where."""
    found = Complaint.objects.filter(permissions.visible_to(actor)).aggregate(
        received=Count("pk", filter=Q(state=State.RECEIVED)),
        under_way=Count("pk", filter=Q(state__in=(State.ACCEPTED, State.INVESTIGATED))),
        overdue=Count("pk", filter=Q(state__in=OPEN, due_on__lt=on)),
        closed=Count("pk", filter=~Q(state__in=OPEN)),
    )
    return Counts(**found)


def complaint(complaint_id: int, actor: Actor) -> Complaint:
    """A report the actor may see. Raises NotFound otherwise, as if there were none."""
    found = Complaint.objects.filter(permissions.visible_to(actor), pk=complaint_id).first()
    if found is None:
        raise NotFound(_("没有这条群众反映。"))
    return found


def steps(complaint_id: int) -> list[Step]:
    """What was done, in order."""
    return list(Step.objects.filter(complaint_id=complaint_id).order_by("number"))


def files(complaint_id: int) -> list[Attachment]:
    """The photographs and papers of a report."""
    return evidence.attachments_of(Ref("complaint", complaint_id))


def of_asset(asset_code: str, actor: Actor) -> list[Row]:
    """Reports about an asset that the actor may see, newest first."""
    found = Complaint.objects.filter(permissions.visible_to(actor), asset_code=asset_code).order_by("-pk")
    return [Row._make(row) for row in found.values_list(*Row._fields)[:PAGE]]


def offices(county: str, on: date) -> list[Office]:
    """Offices whose accounts may handle reports, each over its division, the county's first."""
    roles = [code for code, role in policy.roles().items() if permissions.HANDLE in role.rights]
    in_force = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    grants = (
        Grant.objects.filter(
            in_force,
            role__in=roles,
            scope__startswith=county,
            party__isnull=True,
            account__is_active=True,
            account__may_log_in=True,
        )
        .order_by("id")
        .values_list("scope", "account__office_id", "account__office__name")
    )
    return sorted(dict.fromkeys(map(Office._make, grants)), key=lambda office: len(office.scope))


def office_for(county: str, division: str, kind: str, on: date) -> Office | None:
    """The office nearest to a place that handles reports; for misuse, or without a place, the county's (2.6.2)."""
    place = county if kind == Kind.MISUSE else division or county
    fitting = [office for office in offices(county, on) if place.startswith(office.scope)]
    if not fitting:
        return None
    longest = max(len(office.scope) for office in fitting)
    return next(office for office in fitting if len(office.scope) == longest)


class FollowedStep(NamedTuple):
    """A step as the reporter sees it: which act, when, by which office; findings stay inside."""

    act: str
    on: date
    office_name: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What the reporter sees of the own report."""

    number: str
    kind: str
    state: str
    received_on: date
    due_on: date
    office_name: str
    answer: str
    closed_on: date | None
    followed_by: str
    steps: tuple[FollowedStep, ...]


def followed(county: str, number: str, code: str) -> Followed | None:
    """The report with the number, for whoever has its code; None when either is wrong, without saying which."""
    found = Complaint.objects.filter(county=county, number=rules.plain_number(number)).first()
    digest = crypto.lookup_digest(rules.plain_code(code), context=CODE_CONTEXT)
    kept = bytes(found.code_digest) if found is not None else b"\x00" * len(digest)
    if not crypto.same(kept, digest) or found is None:
        return None
    done = Step.objects.filter(complaint=found).order_by("number").values_list("act", "on", "office_name")
    return Followed(
        number=found.number,
        kind=found.kind,
        state=found.state,
        received_on=found.received_on,
        due_on=found.due_on,
        office_name=found.office_name,
        answer=found.answer,
        closed_on=found.closed_on,
        followed_by=found.followed_by,
        steps=tuple(map(FollowedStep._make, done)),
    )


class PublicAnswer(NamedTuple):
    """An answer that anybody may read; the report's own text is never among it, for it may name people."""

    number: str
    kind: str
    division_code: str
    asset_code: str
    received_on: date
    closed_on: date
    office_name: str
    answer: str
    followed_by: str


def public_answers(county: str, division: str = "", limit: int = PAGE) -> list[PublicAnswer]:
    """Answers made public, newest first, of the county or of the places under a division prefix (4.3)."""
    found = Complaint.objects.filter(county=county, is_public=True)
    if division:
        found = found.filter(division_code__startswith=division)
    return [PublicAnswer._make(row) for row in found.order_by("-id").values_list(*PublicAnswer._fields)[:limit]]


class PublicCounts(NamedTuple):
    """How many reports came in, how many were answered or declined, how many are past their term."""

    received: int
    closed: int
    overdue: int


def public_counts(county: str, on: date) -> PublicCounts:
    """The county's reports in three figures, for anybody."""
    found = Complaint.objects.filter(county=county).aggregate(
        received=Count("pk"),
        closed=Count("pk", filter=~Q(state__in=OPEN)),
        overdue=Count("pk", filter=Q(state__in=OPEN, due_on__lt=on)),
    )
    return PublicCounts(**found)
