"""Pure rules of procedures: working days, who may decide, whether an answer is complete (2.4.2c, 3.4.3a)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SATURDAY = 5
LONGEST = 3660
"""So many days ahead a term may lie; a county that declares every day a holiday must not hang the program."""


class Fault(StrEnum):
    """Why an account may not decide a task, or an answer can't be taken."""

    OWN_CASE = "OWN_CASE"
    DECIDED_BEFORE = "DECIDED_BEFORE"
    INTERESTED = "INTERESTED"
    NO_ROLE = "NO_ROLE"
    NOT_DRAFTER = "NOT_DRAFTER"
    FOR_DRAFTER = "FOR_DRAFTER"
    BAD_ANSWER = "BAD_ANSWER"
    NO_REASON = "NO_REASON"
    NO_DOCUMENT = "NO_DOCUMENT"
    BAD_VOTES = "BAD_VOTES"
    VOTES_DISAGREE = "VOTES_DISAGREE"
    NO_QUORUM = "NO_QUORUM"
    PAPERS_MISSING = "PAPERS_MISSING"


def is_working(day: date, exceptions: Mapping[date, bool]) -> bool:
    """Whether a day is worked: what the exceptions say, else Monday to Friday."""
    return exceptions.get(day, day.weekday() < SATURDAY)


def days_after(day: date) -> Iterator[date]:
    """The days that follow a day, for as long as any term may be."""
    for ahead in range(1, LONGEST + 1):
        yield day + timedelta(days=ahead)


def after_working_days(day: date, count: int, exceptions: Mapping[date, bool]) -> date:
    """The day on which so many working days after `day` have passed; the day itself doesn't count."""
    left = count
    last = day
    for last in days_after(day):
        left -= is_working(last, exceptions)
        if left <= 0:
            break
    return last


def last_due_for(on: date, count: int, exceptions: Mapping[date, bool]) -> date:
    """The latest day due after which so many working days have passed by `on`."""
    left, day = count, on
    for back in range(LONGEST):
        day = on - timedelta(days=back)
        left -= is_working(day, exceptions)
        if left <= 0:
            break
    return day - timedelta(days=1)


def working_days_between(first: date, last: date, exceptions: Mapping[date, bool]) -> int:
    """Working days after `first` up to and with `last`; none when `last` isn't later."""
    return sum(is_working(first + timedelta(days=n), exceptions) for n in range(1, (last - first).days + 1))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an account that wants to decide a task.

    `delegator` is the account it acts for (None: for itself); `selves` are other accounts of the same person, and
    `delegator_selves` of the delegator; `is_interested` says whether it or its office, or its delegator or theirs, has
    an interest.
    """

    account: int
    office: int
    delegator: int | None
    has_role: bool
    is_interested: bool
    selves: frozenset[int] = frozenset()
    delegator_selves: frozenset[int] = frozenset()

    @property
    def own(self) -> frozenset[int]:
        """Every account of the person who acts."""
        return self.selves | {self.account}

    @property
    def others(self) -> frozenset[int]:
        """Every account of the person acted for; none without a delegation."""
        return self.delegator_selves | {self.delegator} if self.delegator is not None else frozenset()


def may_decide(standing: Standing, *, drafter: int, for_drafter: bool, decided: Collection[int]) -> Fault | None:
    """Why an account may not decide, if so.

    A revision is the drafter's own. Every other step is for another person than the drafter (nobody decides on their
    own proposal, by another account or through a delegate), who has the step's role in the division, no interest in the
    matter, and hasn't decided another step of this round. `decided` are the accounts and delegators that gave an
    opinion elsewhere in this round.
    """
    if for_drafter:
        return None if standing.account == drafter and standing.delegator is None else Fault.NOT_DRAFTER
    if not standing.has_role:
        return Fault.NO_ROLE
    if drafter in standing.own:
        return Fault.OWN_CASE
    if drafter in standing.others:
        return Fault.FOR_DRAFTER
    if standing.is_interested:
        return Fault.INTERESTED
    if not (standing.own | standing.others).isdisjoint(decided):
        return Fault.DECIDED_BEFORE
    return None


@dataclass(frozen=True, slots=True)
class Votes:
    """A collective decision (集体研究): how many should attend, and how they voted."""

    members: int
    agreed: int
    against: int
    abstained: int

    @property
    def present(self) -> int:
        return self.agreed + self.against + self.abstained

    def text(self) -> str:
        """As it is kept: members, for, against, abstained."""
        return f"{self.members},{self.agreed},{self.against},{self.abstained}"

    @classmethod
    def read(cls, text: str) -> "Votes":
        """What `text` wrote. Raises ValueError for anything else."""
        members, agreed, against, abstained = (int(part) for part in text.split(","))
        return cls(members, agreed, against, abstained)


def answer_fault(
    kind: str,
    answer: str,
    *,
    allowed: Collection[str],
    text: str,
    document_no: str,
    votes: Votes | None,
    missing_papers: Collection[str],
) -> Fault | None:
    """Why an answer can't be taken. `missing_papers` are papers that the step demands and the case hasn't.

    An approval carries its document number (批复文号). A collective decision needs more than half of the members
    present and, to agree, more than half of all members in favour; a dissent or a return needs its reason.
    """
    if answer not in allowed:
        return Fault.BAD_ANSWER
    if answer in ("REJECT", "RETURN", "REMARK") and not text.strip():
        return Fault.NO_REASON
    if kind in ("approval", "filing") and answer in ("AGREE", "DONE") and not document_no.strip():
        return Fault.NO_DOCUMENT
    if kind == "vote" and answer != "RETURN":
        fault = _vote_fault(answer, votes)
        if fault is not None:
            return fault
    if answer in ("AGREE", "REMARK", "DONE") and missing_papers:
        return Fault.PAPERS_MISSING
    return None


def _vote_fault(answer: str, votes: Votes | None) -> Fault | None:
    if votes is None or min(votes.agreed, votes.against, votes.abstained) < 0 or votes.present > votes.members:
        return Fault.BAD_VOTES
    if votes.present * 2 <= votes.members:
        return Fault.NO_QUORUM
    passed = votes.agreed * 2 > votes.members
    return None if passed == (answer == "AGREE") else Fault.VOTES_DISAGREE
