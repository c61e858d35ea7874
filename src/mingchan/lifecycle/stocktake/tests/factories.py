"""A stocktake in a town's station, and the people who take part, for tests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Grant
from mingchan.foundation.procedures.tests import factories as procedures
from mingchan.kernel.actor import Actor
from mingchan.kernel.fieldwork import Event
from mingchan.lifecycle.stocktake import services
from mingchan.lifecycle.stocktake.drafts import PlanDraft
from mingchan.lifecycle.stocktake.models import Difference, Line, Member, Plan, Task
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as make

COUNTY = "140932"
REGISTERED, BASE, BEGUN, COUNTED, SETTLED = (
    date(2020, 3, 10), date(2020, 12, 31), date(2021, 1, 5), date(2021, 1, 20), date(2021, 2, 1),
)  # fmt: skip
DUE = date(2021, 3, 31)
NOON = datetime(2021, 1, 20, 4, 0, tzinfo=UTC)
OFFICES = {"audit": "县审计局", "finance": "县财政局"}


def actor(username: str, role: str, on: date) -> Actor:
    """Somebody of the county with one role."""
    return procedures.actor(username, role, OFFICES.get(role, "县工信局"), on=on)


def clerk(on: date = BEGUN) -> Actor:
    return actor("clerk", "bureau_clerk", on)


def head(on: date = BEGUN) -> Actor:
    return actor("head", "bureau_head", on)


def checker(on: date = COUNTED) -> Actor:
    return actor("reviewer", "bureau_reviewer", on)


def auditor(on: date = BEGUN) -> Actor:
    return actor("auditor", "audit", on)


def counter(name: str = "zhao", on: date = COUNTED) -> Actor:
    return actor(name, "town_keeper", on)


def cards(count: int = 3, **given: Any) -> list[Asset]:
    """Cards at one station, kept by somebody else than the counters."""
    owner = given.pop("owner", make.party("偏关县工业和信息化局"))
    keeper = given.pop("keeper", make.party("董改花", "PERSON", make.VILLAGE))
    place = given.pop("site", None) or make.site()
    names = given.pop("names", [f"台式电脑{number}" for number in range(1, count + 1)])
    drafts = [make.draft(name, owner=owner, keeper=keeper, site=place, **given) for name in names]
    made = make.register(drafts, on=REGISTERED)
    return list(Asset.objects.filter(pk__gte=made.first_id, pk__lte=made.last_id).order_by("pk"))


def draft(**given: Any) -> Plan:
    """A yearly stocktake of the whole county, drafted."""
    values: dict[str, Any] = {
        "title": "2020年度资产清查", "kind": "YEARLY", "base_on": BASE, "starts_on": BEGUN, "due_on": DUE,
        "needs_signature": False,
    }  # fmt: skip
    return services.draft(PlanDraft(**{**values, **given}), actor=clerk(), on=BEGUN)


def approved(**given: Any) -> Plan:
    plan = draft(**given)
    return services.approve(plan.pk, version=plan.version, actor=head(), on=BEGUN)


def member(plan: Plan, who: Actor, role: str) -> Member:
    assert who.account_id is not None
    return services.add_member(plan.pk, who.account_id, role, actor=clerk(), on=BEGUN)


def counting(counters: Sequence[str] = ("zhao",), **given: Any) -> Plan:
    """Under way: every place counted by each of the counters, checked by the reviewer."""
    plan = approved(**given)
    tasks = list(Task.objects.filter(plan=plan).values_list("pk", flat=True))
    member(plan, checker(BEGUN), "CHECKER")
    for name in counters:
        added = member(plan, counter(name, BEGUN), "COUNTER")
        services.assign(plan.pk, tasks, added.pk, actor=clerk(), on=BEGUN)
    plan.refresh_from_db()
    return services.start(plan.pk, version=plan.version, actor=clerk(), on=BEGUN)


def only_task(plan: Plan) -> Task:
    return Task.objects.get(plan=plan)


def event(seq: int, kind: str, code: str = "", device: str = "phone-zhao", **data: Any) -> Event:
    """An event as a phone makes it."""
    photos = data.pop("photos", ())
    return Event(
        id=f"{device}-{seq:06d}", device=device, seq=seq, kind=kind, at=NOON, code=code, data=data, photos=photos
    )


def take(task: Task, given: Sequence[Event], who: Actor | None = None) -> list[Any]:
    """What a phone brings in."""
    return services.take_in(task.pk, given, received_at=NOON, actor=who or counter(), on=COUNTED)


def found(codes: Sequence[str], device: str = "phone-zhao", start: int = 1) -> list[Event]:
    """One event for each thing that is there."""
    return [event(start + number, "found", code, device) for number, code in enumerate(codes)]


def codes_of(plan: Plan) -> list[str]:
    return list(Line.objects.filter(plan=plan).order_by("code").values_list("code", flat=True))


def checking(plan: Plan, **given: Any) -> Plan:
    """Counting has ended."""
    plan.refresh_from_db()
    return services.end_counting(plan.pk, version=plan.version, actor=clerk(COUNTED), on=COUNTED, **given)


def settling(plan: Plan) -> Plan:
    """The checker confirmed what was found."""
    plan.refresh_from_db()
    return services.confirm(plan.pk, version=plan.version, actor=checker(), on=COUNTED)


def differing(seen: Sequence[tuple[str, dict[str, Any]]], **given: Any) -> Plan:
    """A stocktake of as many cards as there are words, settled up to its differences."""
    made = cards(len(seen), **given.pop("cards", {}))
    plan = counting(**given)
    task = Task.objects.filter(plan=plan).order_by("pk").first()
    assert task is not None
    acts = [
        event(number, kind, card.code if kind not in ("surplus", "finish") else "", **data)
        for number, ((kind, data), card) in enumerate(zip(seen, made, strict=True), 1)
    ]
    take(task, [*acts, event(len(acts) + 1, "finish")])
    return settling(checking(plan))


def difference(plan: Plan, kind: str) -> Difference:
    return Difference.objects.get(plan=plan, kind=kind)


__all__ = ["Account", "Grant", "directory"]
