"""What was seen, as a pure function of a set of events (盘点结果), and how it differs from what should be there.

Events come from several phones, late, twice, in any order. Each is a fact with an id of its own; within one device they
have an order (`seq`), between devices there is none. So what one device says last counts for that device, and what two
devices say of one asset is kept side by side until a checker decides: nothing wins because it came later.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any, NamedTuple

from mingchan.lifecycle.stocktake.choices import ABOUT_CARDS, CHECK_KINDS, FIELD_KINDS, DifferenceKind

MILLI = 1000
MOST_TEXT = 500
MOST_POINTS = 20_000
"""A signature has so many points at most."""


class Booked(NamedTuple):
    """What should be there: quantity in thousandths, the place it belongs to, its state of use."""

    quantity_milli: int
    place: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as the rules read it. `at` is the place of the task it belongs to; a checker's event has none."""

    id: str
    device: str
    seq: int
    account: int
    kind: str
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    at: str = ""


class View(NamedTuple):
    """What one device says of one asset in the end. `place` is empty for its own place; `place_text` is a free word."""

    device: str
    account: int
    present: bool
    quantity_milli: int | None
    condition: str
    place: str
    place_text: str
    note: str
    labels: tuple[str, ...]
    events: tuple[str, ...]
    photos: tuple[str, ...]


class Verdict(NamedTuple):
    """What stands of an asset."""

    present: bool
    quantity_milli: int
    condition: str = ""
    place: str = ""
    place_text: str = ""
    label: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """An asset after everything that is known: how it stands, the views behind it, and what counts.

    `state`: UNSEEN, AGREED, DISAGREE or DECIDED. `asked_again` says that a recount was asked and none came yet.
    `events` are all that count, what a checker's word must know of.
    """

    code: str
    state: str
    views: tuple[View, ...] = ()
    verdict: Verdict | None = None
    asked_again: bool = False
    photos: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """What a set of events says: of each asset, of things without a card, who signed, who finished."""

    standings: Mapping[str, Standing]
    surplus: tuple[Seen, ...]
    signatures: tuple[Seen, ...]
    finished: frozenset[int]
    undone: frozenset[str]

    def of(self, code: str) -> Standing:
        """How an asset stands; one that nobody saw is unseen."""
        return self.standings.get(code) or Standing(code, "UNSEEN")


def once(events: Iterable[Seen]) -> list[Seen]:
    """The events, each once, in the one order that all their copies have."""
    unique = {event.id: event for event in events}
    return sorted(unique.values(), key=lambda event: (event.device, event.seq, event.id))


def undone(ordered: Sequence[Seen]) -> frozenset[str]:
    """Ids of events that count no more: an undo cancels one earlier event of its own device, also another undo."""
    places = {event.id: (event.device, event.seq) for event in ordered}
    gone: set[str] = set()
    for event in sorted(ordered, key=lambda one: (one.device, -one.seq, one.id)):
        if event.kind != "undo" or event.id in gone:
            continue
        target = str(event.data.get("event", ""))
        device, seq = places.get(target, ("", 0))
        if device == event.device and seq < event.seq:
            gone.add(target)
    return frozenset(gone)


def truth(events: Iterable[Seen], booked: Mapping[str, Booked]) -> Truth:
    """What the events say, whatever their order and however often each came (3.4.1)."""
    ordered = once(events)
    gone = undone(ordered)
    alive = [event for event in ordered if event.id not in gone]
    about: dict[str, list[Seen]] = {}
    decided: dict[str, list[Seen]] = {}
    for event in alive:
        if event.kind in CHECK_KINDS:
            decided.setdefault(event.code, []).append(event)
        elif event.kind in ABOUT_CARDS and event.code:
            about.setdefault(event.code, []).append(event)
    standings = {
        code: _standing(code, about.get(code, ()), decided.get(code, ()), booked.get(code))
        for code in sorted(about.keys() | decided.keys())
    }
    return Truth(
        standings,
        tuple(event for event in alive if event.kind == "surplus"),
        tuple(event for event in alive if event.kind == "signature"),
        frozenset(event.account for event in alive if event.kind == "finish"),
        gone,
    )


def _standing(code: str, seen: Sequence[Seen], decided: Sequence[Seen], booked: Booked | None) -> Standing:
    aside = {known for event in decided if event.kind == "recount" for known in event.data.get("seen", ())}
    kept = [event for event in seen if event.id not in aside]
    views = _views(kept, booked)
    photos = tuple(dict.fromkeys(photo for event in seen for photo in event.photos))
    if not views:
        return Standing(code, "UNSEEN", asked_again=bool(aside), photos=photos)
    known = {event.id for event in kept}
    ids = tuple(event.id for event in kept)
    words = [
        event
        for event in decided
        if event.kind == "decide" and known <= set(event.data.get("seen", ())) and event.id not in aside
    ]
    last = {event.device: _word(event, booked) for event in words}
    if len(set(last.values())) == 1:
        return Standing(code, "DECIDED", views, next(iter(last.values())), photos=photos, events=ids)
    agreed = None if last else _agreed(views, booked)
    return Standing(code, "DISAGREE" if agreed is None else "AGREED", views, agreed, photos=photos, events=ids)


def _views(seen: Sequence[Seen], booked: Booked | None) -> tuple[View, ...]:
    """One view for each device; where a thing is seen at another place, whoever missed it at its own says nothing."""
    by_device: dict[str, list[Seen]] = {}
    for event in seen:
        by_device.setdefault(event.device, []).append(event)
    views = [_view(events, booked) for _device, events in sorted(by_device.items())]
    if any(view.present and view.place for view in views):
        views = [view for view in views if view.present]
    return tuple(views)


def _view(events: Sequence[Seen], booked: Booked | None) -> View:
    """What one device says in the end: later events add to earlier ones or put them right."""
    present, quantity, condition, place, place_text, note = True, None, "", "", "", ""
    labels: list[str] = []
    for event in events:
        data = event.data
        note = str(data.get("note", "")) or note
        if event.kind == "not_found":
            present, quantity, condition, place, place_text = False, None, "", "", ""
            continue
        present = True
        if event.at and event.kind != "elsewhere" and (booked is None or event.at != booked.place):
            place = event.at
        if event.kind == "claim":
            labels.append(str(data.get("label", "")))
        elif event.kind == "damaged":
            condition = str(data.get("condition", "")) or "损坏"
        elif event.kind == "elsewhere":
            place, place_text = str(data.get("place") or ""), str(data.get("text", ""))
            place = "" if booked is not None and place == booked.place else place
        if event.kind in ("found", "count"):
            counted = milli(data.get("quantity"))
            quantity = counted if counted is not None else quantity
            condition = str(data.get("condition", "")) or condition
    return View(
        events[-1].device, events[-1].account, present, quantity, condition, place, place_text, note, tuple(labels),
        tuple(event.id for event in events), tuple(dict.fromkeys(p for event in events for p in event.photos)),
    )  # fmt: skip


def _quantity(view: View, booked: Booked | None) -> int:
    if not view.present:
        return 0
    if view.quantity_milli is not None:
        return view.quantity_milli
    return booked.quantity_milli if booked is not None else MILLI


def _agreed(views: Sequence[View], booked: Booked | None) -> Verdict | None:
    """What all views say together, None when they don't. Who says nothing of the state contradicts nobody."""
    facts = {(view.present, _quantity(view, booked), view.place, view.place_text) for view in views}
    conditions = {view.condition for view in views if view.condition}
    if len(facts) > 1 or len(conditions) > 1:
        return None
    present, quantity, place, place_text = next(iter(facts))
    labels = [label for view in views for label in view.labels]
    note = "；".join(dict.fromkeys(view.note for view in views if view.note))
    return Verdict(
        present, quantity, next(iter(conditions), ""), place, place_text, labels[-1] if labels else None, note
    )


def _word(event: Seen, booked: Booked | None) -> Verdict:
    """What a checker decided."""
    data = event.data
    present = bool(data.get("present", True))
    counted = milli(data.get("quantity"))
    usual = booked.quantity_milli if booked is not None else MILLI
    return Verdict(
        present,
        0 if not present else usual if counted is None else counted,
        str(data.get("condition", "")),
        str(data.get("place", "")),
        str(data.get("text", "")),
        note=str(data.get("note", "")),
    )


def milli(value: Any) -> int | None:
    """A quantity as people count it (3, "2.5"), in thousandths; None for nothing or for what is no quantity."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        exact = Decimal(str(value).strip() or "x") * MILLI
    except InvalidOperation:
        return None
    if not exact.is_finite() or exact != exact.to_integral_value(ROUND_DOWN) or not 0 <= exact < 10**12:
        return None
    return int(exact)


def plain_quantity(value: int) -> int | str:
    """A quantity in thousandths as the field reads it: a whole number, or a text with its decimals."""
    whole, rest = divmod(value, MILLI)
    return whole if rest == 0 else f"{whole}.{rest:03d}".rstrip("0")


class Gap(NamedTuple):
    """One way in which an asset differs from its card, with what was found."""

    code: str
    kind: str
    found_milli: int
    condition: str = ""
    place: str = ""
    place_text: str = ""
    label: str = ""
    note: str = ""


def gaps(code: str, standing: Standing, booked: Booked | None) -> list[Gap]:
    """How an asset differs from what should be there; an asset from outside the stocktake is at a wrong place."""
    if standing.state == "UNSEEN":
        return [Gap(code, DifferenceKind.UNSEEN, 0)] if booked is not None else []
    if standing.state == "DISAGREE" or standing.verdict is None:
        return [Gap(code, DifferenceKind.DISAGREE, 0)]
    found = standing.verdict
    if not found.present:
        return [Gap(code, DifferenceKind.SHORTAGE, 0, note=found.note)] if booked is not None else []
    known = (found.quantity_milli, found.condition, found.place, found.place_text, found.label or "", found.note)
    made = []
    if booked is not None and found.quantity_milli == 0:
        return [Gap(code, DifferenceKind.SHORTAGE, 0, note=found.note)]
    if booked is not None and found.quantity_milli != booked.quantity_milli:
        made.append(Gap(code, DifferenceKind.QUANTITY, *known))
    if found.place or found.place_text or booked is None:
        made.append(Gap(code, DifferenceKind.PLACE, *known))
    if booked is not None and found.condition and found.condition != booked.condition:
        made.append(Gap(code, DifferenceKind.STATE, *known))
    if found.label is not None:
        made.append(Gap(code, DifferenceKind.UNLABELLED, *known))
    return made


def fault(kind: str, code: str, data: Any, *, places: Collection[str], by_checker: bool = False) -> str:
    """Why an event can't be kept, as a word of `choices.Fault`; empty when it can."""
    if kind not in (CHECK_KINDS if by_checker else FIELD_KINDS):
        return "KIND"
    if not isinstance(data, Mapping):
        return "DATA"
    if (kind in ABOUT_CARDS or kind in CHECK_KINDS) and not code:
        return "CODE"
    texts = [data.get(name) for name in ("note", "text", "condition", "name", "unit", "model", "label", "event")]
    if any(text is not None and (not isinstance(text, str) or len(text) > MOST_TEXT) for text in texts):
        return "TEXT"
    quantity = data.get("quantity")
    if quantity is not None and milli(quantity) is None:
        return "QUANTITY"
    place = data.get("place")
    if place not in (None, "") and str(place) not in places and kind != "surplus":
        return "PLACE"
    needed = {
        "count": ("quantity",), "surplus": ("name", "quantity"), "undo": ("event",), "signature": ("role", "name"),
    }.get(kind, ())  # fmt: skip
    if any(data.get(name) in (None, "") for name in needed):
        return "MISSING"
    if kind == "surplus" and not milli(quantity):
        return "QUANTITY"
    if kind == "signature" and not _is_signature(data):
        return "SIGNATURE"
    return ""


def _is_signature(data: Mapping[str, Any]) -> bool:
    strokes = data.get("strokes", [])
    if data.get("role") not in ("keeper", "counter") or not isinstance(strokes, list):
        return False
    points = [point for stroke in strokes if isinstance(stroke, list) for point in stroke]
    return len(points) <= MOST_POINTS and all(
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(value, int | float) and not isinstance(value, bool) for value in point)
        for point in points
    )


class Mate(NamedTuple):
    """A member of a team as the rules see it: role, account, and the parties and names that it may be keeper by."""

    role: str
    account: int
    persons: frozenset[int]
    names: frozenset[str]


def keeps(mate: Mate, keepers: Collection[tuple[int | None, str]]) -> bool:
    """Whether a member is one of the keepers, by its party or by its name: whoever keeps a thing doesn't count it."""
    return any((key is not None and key in mate.persons) or (name and name in mate.names) for key, name in keepers)
