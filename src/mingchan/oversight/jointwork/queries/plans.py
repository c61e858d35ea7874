"""Reading tracking plans (年度监测查询): samples, looks, opinions, and the drawing once more."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from mingchan.kernel import canonical, crypto
from mingchan.kernel.actor import Actor
from mingchan.oversight.jointwork import permissions, rules
from mingchan.oversight.jointwork.choices import Conclusion, Look, Office, PlanState
from mingchan.oversight.jointwork.models import Looked, Opinion, Plan, Sample
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset, FormerCard

PAGE = 50


class Card(NamedTuple):
    """A card of the frame."""

    id: int
    code: str
    name: str
    division_code: str
    cost_fen: int


class OfficePart(NamedTuple):
    """One office's part of a year: its standing opinion, None while it is awaited, and how much it looked at."""

    office: str
    label: str
    opinion: Opinion | None
    looked: int
    is_own: bool


class SampleRow(NamedTuple):
    """A drawn asset with each office's last look at it."""

    sample: Sample
    looks: Mapping[str, Looked]


class Redrawn(NamedTuple):
    """The drawing made once more: whether the frame is the same and whether the same assets come out."""

    count: int
    same_frame: bool
    same_sample: bool


def frame(county: str) -> list[Card]:
    """Every card in the county's register, in one statement."""
    cards = Asset.objects.filter(county=county, status=Status.ACTIVE).order_by("code")
    return [Card(*row) for row in cards.values_list("id", "code", "name", "division_code", "cost_fen")]


def _frame_on(county: str, day: date) -> list[tuple[str, int]]:
    """Code and cost of every card that counted at the end of a day."""
    standing = Asset.objects.filter(county=county, status=Status.ACTIVE, state_since__lte=day)
    former = FormerCard.objects.filter(county=county, status=Status.ACTIVE, state_since__lte=day, left_on__gt=day)
    return [*standing.values_list("code", "cost_fen"), *former.values_list("code", "cost_fen")]


def redrawn(plan: Plan) -> Redrawn:
    """Draw once more from the register of that day: same frame, same sample, or not (3.4.2)."""
    assert plan.drawn_on is not None
    found = _frame_on(plan.county, plan.drawn_on)
    weighed = [rules.Weighed(code, rules.weight_of(plan.weighting, fen)) for code, fen in found]
    drawn = list(Sample.objects.filter(plan=plan).order_by("code").values_list("code", flat=True))
    again = rules.draw(weighed, plan.sample_size, plan.seed)
    return Redrawn(len(found), rules.frame_digest(weighed) == plan.frame_digest, again == drawn)


def plans(actor: Actor, on: date) -> list[tuple[Plan, int, bool]]:
    """The county's plans, newest year first, each with how many offices have signed and whether it is late."""
    permissions.require(actor, permissions.VIEW)
    found = list(Plan.objects.filter(county=actor.county).order_by("-year", "-id")[:PAGE])
    signed: dict[int, set[str]] = {}
    for plan_id, office in Opinion.objects.filter(plan__in=found).values_list("plan_id", "office").distinct():
        signed.setdefault(plan_id, set()).add(office)
    return [
        (plan, len(signed.get(plan.pk, ())), plan.state != PlanState.CONCLUDED and plan.due_on < on) for plan in found
    ]


def plan(plan_id: int, actor: Actor) -> Plan:
    """A plan. Raises NotFound."""
    return permissions.plan(actor, Plan.objects.filter(pk=plan_id).first())


def samples(plan: Plan) -> list[SampleRow]:
    """The drawn assets in order, with each office's last look."""
    last: dict[int, dict[str, Looked]] = {}
    for looked in Looked.objects.filter(sample__plan=plan).order_by("number"):
        last.setdefault(looked.sample_id, {})[looked.office] = looked
    rows = Sample.objects.filter(plan=plan).order_by("place")
    return [SampleRow(sample, last.get(sample.pk, {})) for sample in rows]


def standing_opinions(plan: Plan) -> dict[str, Opinion]:
    """Each office's last opinion."""
    return {one.office: one for one in Opinion.objects.filter(plan=plan).order_by("number")}


def offices(plan: Plan, rows: Sequence[SampleRow], actor: Actor) -> list[OfficePart]:
    """The four offices with their parts."""
    opinions, own = standing_opinions(plan), permissions.offices_of(actor)
    return [
        OfficePart(
            office.value, str(office.label), opinions.get(office.value),
            sum(office.value in row.looks for row in rows), office.value in own,
        )
        for office in Office
    ]  # fmt: skip


def content_digest(plan: Plan, office: str) -> str:
    """Digest of what an office signs beside its opinion: the plan, the sample, and its own looks."""
    rows = samples(plan)
    content = {
        "plan": plan.number,
        "seed": plan.seed,
        "office": office,
        "samples": [[row.sample.code, row.sample.cost_fen] for row in rows],
        "looks": [
            [row.sample.code, row.looks[office].look, row.looks[office].note] for row in rows if office in row.looks
        ],
    }
    return crypto.sha256(canonical.encode(content)).hex()


def waiting(actor: Actor, on: date) -> tuple[int, int, int]:
    """Opinions awaited of the actor's own offices, how many of them are late, and the plan of the first."""
    own = permissions.offices_of(actor)
    if not own:
        return 0, 0, 0
    open_plans = list(Plan.objects.filter(county=actor.county, state=PlanState.DRAWN).values_list("pk", "due_on"))
    given = set(Opinion.objects.filter(plan__in=[pk for pk, _due in open_plans]).values_list("plan_id", "office"))
    missing = [(pk, due) for pk, due in open_plans for office in own if (pk, office) not in given]
    late = sum(due < on for _pk, due in missing)
    return len(missing), late, missing[0][0] if missing else 0


def wrong_looks(rows: Sequence[SampleRow]) -> list[tuple[SampleRow, Looked]]:
    """Looks that found something else than the register says."""
    return [(row, look) for row in rows for look in row.looks.values() if look.look != Look.RIGHT]


def worst(opinions: Mapping[str, Opinion]) -> str:
    """The gravest conclusion given, empty when there is none."""
    order = list(Conclusion.values)
    return max((one.conclusion for one in opinions.values()), key=order.index, default="")
