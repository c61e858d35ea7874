"""Rules of rounds and repairs: what events add up to, when a round is complete, where a cost goes, what comes next.

`outcome` is a function of the set of events: in whatever order they arrived, and however often, the answer is the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

LONGEST_ID, LONGEST_TEXT = 64, 500
MOST_STROKES = 400


class Seen(NamedTuple):
    """An event of the field as the rules see it; `asset` is the asset that its code meant, if any."""

    key: str
    device: str
    seq: int
    kind: str
    at: datetime
    skew_seconds: int
    asset: int | None
    data: Mapping[str, Any]


class Fault(NamedTuple):
    """A fault that stands: the event, what is wrong, how bad."""

    key: str
    asset: int
    what: str
    severity: str


@dataclass(slots=True)
class Result:
    """What a round found of one asset: the finding's word, answers by checklist and item, faults, a note."""

    finding: str = "UNSEEN"
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the events of a round add up to, by asset; whether somebody ended the work; who signed."""

    results: Mapping[int, Result]
    finished: bool
    signatures: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a checklist; `wants` is the answer that is as it should be, None where any is."""

    key: str
    text: str
    text_en: str
    answer: str
    wants: bool | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist (检查表) for assets whose class code begins with one of `classes`."""

    key: str
    title: str
    title_en: str
    classes: tuple[str, ...]
    items: tuple[Item, ...]


def checklists_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Checklist]:
    """The checklists that the policy pack says. Raises ValueError for a kind of answer that isn't known."""
    found = {}
    for row in rows:
        items = tuple(
            Item(one["key"], one["text"], one["text_en"], one["answer"], one.get("wants")) for one in row["items"]
        )
        if wrong := {one.answer for one in items} - {"yes_no", "number", "text"}:
            raise ValueError(f"unknown kinds of answers: {sorted(wrong)}")
        found[row["key"]] = Checklist(
            row["key"], row["title"], row["title_en"], tuple(str(one) for one in row["classes"]), items
        )
    return found


def checklist_for(class_code: str, lists: Iterable[Checklist]) -> str:
    """The key of the checklist whose class is the longest beginning of the code; empty when none fits."""
    fitting = [
        (len(prefix), one.key) for one in lists for prefix in one.classes if class_code.startswith(prefix)
    ]  # fmt: skip
    return max(fitting)[1] if fitting else ""


def moment_of(event: Seen) -> tuple[datetime, str, int, str]:
    """Which of two events is the later: the device's clock put right, then device, its number, the event's id."""
    return event.at - timedelta(seconds=event.skew_seconds), event.device, event.seq, event.key


def standing(events: Iterable[Seen]) -> list[Seen]:
    """The events without those that another one takes back, in their order; taking back is never taken back."""
    every = {event.key: event for event in events}
    undone = {str(event.data.get("event", "")) for event in every.values() if event.kind == "undo"}
    left = [event for event in every.values() if event.kind != "undo" and event.key not in undone]
    return sorted(left, key=moment_of)


def outcome(events: Iterable[Seen], lists: Mapping[str, Checklist] | None = None) -> Outcome:
    """What the events add up to. A thing is missing when the last that was seen of it is that it wasn't found."""
    kept, known = standing(events), lists or {}
    results: dict[int, Result] = defaultdict(Result)
    there: dict[int, bool] = {}
    for event in kept:
        if event.asset is None:
            continue
        result = results[event.asset]
        there[event.asset] = event.kind != "not_found"
        if event.kind == "check":
            answers = event.data.get("answers")
            key = str(event.data.get("checklist", ""))
            result.answers.setdefault(key, {}).update(answers if isinstance(answers, Mapping) else {})
        elif event.kind == "fault":
            what = str(event.data.get("what", "")).strip()[:LONGEST_TEXT]
            result.faults.append(Fault(event.key, event.asset, what, str(event.data.get("severity", ""))))
        if note := str(event.data.get("note", "")).strip():
            result.note = note[:LONGEST_TEXT]
    for asset, result in results.items():
        result.wrong = _wrong(result.answers, known)
        if not there[asset]:
            result.finding = "NOT_FOUND"
        else:
            result.finding = "FAULT" if result.faults or result.wrong else "SOUND"
    signatures = tuple(event.data for event in kept if event.kind == "signature")
    return Outcome(dict(results), any(event.kind == "finish" for event in kept), signatures)


def _wrong(answers: Mapping[str, Mapping[str, Any]], lists: Mapping[str, Checklist]) -> list[tuple[str, str]]:
    """Items answered otherwise than they should be, as (checklist, item)."""
    return [
        (key, item.key)
        for key, given in sorted(answers.items())
        if key in lists
        for item in lists[key].items
        if item.wants is not None and isinstance(given.get(item.key), bool) and given[item.key] is not item.wants
    ]


def is_complete(events: Sequence[Seen]) -> bool:
    """Whether the work was ended and nothing is under way any more: no number of any device is missing."""
    if not outcome(events).finished:
        return False
    numbers: dict[str, set[int]] = defaultdict(set)
    for event in events:
        numbers[event.device].add(event.seq)
    return all(seen == set(range(1, max(seen) + 1)) for seen in numbers.values())


def fault_of_event(kind: str, data: Mapping[str, Any], severities: Sequence[str]) -> str:
    """What is wrong with an event's data, as a word; empty when nothing is."""
    if kind == "fault":
        if not str(data.get("what", "")).strip():
            return "no_what"
        return "" if data.get("severity") in severities else "severity"
    if kind == "check":
        answers = data.get("answers")
        fine = isinstance(answers, Mapping) and all(_is_answer(value) for value in answers.values())
        return "" if fine else "answers"
    if kind == "undo":
        return "" if str(data.get("event", "")).strip() else "undo"
    if kind == "signature":
        strokes = data.get("strokes", [])
        return "" if isinstance(strokes, list) and 0 < len(strokes) <= MOST_STROKES else "strokes"
    return ""


def _is_answer(value: Any) -> bool:
    return (
        value is None
        or isinstance(value, bool | int | float)
        or (isinstance(value, str) and len(value) <= LONGEST_TEXT)
    )


def next_due(due_on: date, closed_on: date, every_days: int) -> date:
    """When the next round is due: a rhythm after the last one was done, but not before its own turn."""
    return max(due_on, closed_on) + timedelta(days=every_days)


# ---- Repairs ----------------------------------------------------------------------------------------------------

_NEXT: Mapping[str, frozenset[str]] = {
    "REPORTED": frozenset({"ASSIGN", "DECLINE"}),
    "ASSIGNED": frozenset({"REPAIR", "ASSIGN", "DECLINE"}),
    "REPAIRED": frozenset({"ACCEPT", "SEND_BACK"}),
    "ACCEPTED": frozenset(),
    "DECLINED": frozenset(),
}
_AFTER: Mapping[str, str] = {
    "REPORT": "REPORTED",
    "ASSIGN": "ASSIGNED",
    "REPAIR": "REPAIRED",
    "SEND_BACK": "ASSIGNED",
    "ACCEPT": "ACCEPTED",
    "DECLINE": "DECLINED",
}


def acts(state: str) -> frozenset[str]:
    """What may be done next with a repair."""
    return _NEXT[state]


def state_after(act: str, state: str) -> str:
    """The state an act leads to; an act that isn't about progress leaves it."""
    return _AFTER.get(act, state)


def treatment(nature: str, cost_fen: int, asset_fen: int, *, least_fen: int, least_percent: int) -> str:
    """Where the cost of work on an asset goes (政府会计准则第3号——固定资产, 后续支出).

    Work that makes it more useful or lets it last longer (改建、扩建、大型维修改造) is added to its cost, once it is at
    least `least_fen` and `least_percent` of the asset's cost; daily repair and upkeep is an expense, however dear.
    """
    if cost_fen == 0:
        return "NONE"
    if nature == "IMPROVE" and cost_fen >= least_fen and cost_fen * 100 >= least_percent * asset_fen:
        return "CAPITAL"
    return "EXPENSE"


def down_days(since: date | None, until: date | None) -> int | None:
    """Days out of use; None when the thing could be used all the while, or still stands still."""
    return (until - since).days if since is not None and until is not None else None
