"""Batches (确权批次): the list by key, one batch, its holders, steps and assets, as far as the actor may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import RegisterFilter, visible_to
from mingchan.register.assets.queries.filtering import Cards, bases
from mingchan.register.rights import permissions, rules
from mingchan.register.rights.choices import State
from mingchan.register.rights.models import Confirmation, Member, Proposed, Step

PAGE = 50


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as the list shows it."""

    id: int
    title: str
    state: str
    count: int
    cost_fen: int
    maker: str
    drafted_on: date
    approved_on: date | None
    is_sample: bool


class MemberRow(NamedTuple):
    """An asset of a batch: as it was when proposed, and whether the card changed since."""

    asset_id: int
    code: str
    name: str
    site: str | None
    quantity_milli: int
    cost_fen: int
    unit: str
    status: str
    is_changed: bool


WAITING = "WAITING"
"""Stands for the batches whose next step is the reader's, where a state is asked for."""


def visible(actor: Actor) -> QuerySet[Confirmation]:
    """Batches over divisions in which the actor may see or confirm."""
    rights = (permissions.VIEW, permissions.PROPOSE, permissions.CHECK, permissions.APPROVE)
    return Confirmation.objects.filter(reach.inside(actor, *rights))


def batch(batch_id: int, actor: Actor) -> Confirmation:
    """One batch. Raises NotFound out of the actor's reach, as if there were none."""
    found = visible(actor).filter(pk=batch_id).select_related("maker", "checker", "approver").first()
    if found is None:
        raise NotFound(_("没有这个确权批次"))
    return found


def waiting_for(actor: Actor) -> QuerySet[Confirmation]:
    """Batches whose next step is the actor's: to check or approve another's, to put right its own."""
    me = actor.account_id or 0
    checks, approves = Q(pk__in=[]), Q(pk__in=[])
    for scope in actor.scopes(permissions.CHECK):
        checks |= Q(division_code__startswith=scope)
    for scope in actor.scopes(permissions.APPROVE):
        approves |= Q(division_code__startswith=scope)
    others = Q(state=State.PROPOSED) & checks | Q(state=State.CHECKED) & approves & ~Q(checker_id=me)
    return Confirmation.objects.filter(
        others & ~Q(maker_id=me) | Q(state=State.RETURNED, maker_id=me), county=actor.county
    )


def batches(
    actor: Actor, *, state: str = "", after: int | None = None, limit: int = PAGE
) -> tuple[list[BatchRow], int | None]:
    """Batches, newest first, and the key after which the next page goes on; `state` may be `WAITING`, for the actor."""
    rows = waiting_for(actor) if state == WAITING else visible(actor)
    if state in State.values:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    columns = ("id", "title", "state", "count", "cost_fen", "maker__name", "drafted_on", "approved_on", "is_sample")
    found = [BatchRow(*row) for row in rows.order_by("-id").values_list(*columns)[: limit + 1]]
    return found[:limit], (found[limit - 1].id if len(found) > limit else None)


def by_state(actor: Actor) -> dict[str, int]:
    """How many batches are in each state; batches are few."""
    found = dict.fromkeys(State.values, 0)
    for state in visible(actor).values_list("state", flat=True):
        found[state] += 1
    return found


def proposed(batch_id: int) -> list[Proposed]:
    """The holders of a batch in the order they were given."""
    rows = Proposed.objects.filter(confirmation_id=batch_id).select_related("party", "organisation")
    return list(rows.order_by("id"))


def steps(batch_id: int) -> list[Step]:
    """The steps of a batch, oldest first."""
    return list(Step.objects.filter(confirmation_id=batch_id).select_related("account").order_by("id"))


def members(batch_id: int, *, after: int | None = None, limit: int = PAGE) -> tuple[list[MemberRow], int | None]:
    """Assets of a batch by key, and where the next page goes on."""
    rows = Member.objects.filter(confirmation_id=batch_id)
    if after is not None:
        rows = rows.filter(asset_id__gt=after)
    columns = (
        "asset_id", "asset__code", "asset__name", "asset__site__name", "quantity_milli", "cost_fen", "asset__unit",
        "asset__status", "version", "asset__version",
    )  # fmt: skip
    found = [
        MemberRow._make((*values, was != now))
        for *values, was, now in rows.order_by("asset_id").values_list(*columns)[: limit + 1]
    ]
    return found[:limit], (found[limit - 1].asset_id if len(found) > limit else None)


def ids_of(batch_id: int) -> list[int]:
    """The assets of a batch by number."""
    rows = Member.objects.filter(confirmation_id=batch_id).order_by("asset_id")
    return list(rows.values_list("asset_id", flat=True))


def contents(confirmation: Confirmation) -> list[tuple[str, list[Proposed]]]:
    """The holders of a batch by kind of right."""
    found: dict[str, list[Proposed]] = {}
    for one in proposed(confirmation.pk):
        found.setdefault(one.kind, []).append(one)
    return list(found.items())


def persons(ids: Iterable[int | None]) -> dict[int, rules.Person]:
    """Who accounts are, by id."""
    rows = Account.objects.filter(pk__in=[one for one in ids if one is not None])
    return {row[0]: rules.Person(*row) for row in rows.values_list("pk", "name", "office_id", "person_id")}


def cards_of(confirmation: Confirmation) -> QuerySet[Asset]:
    """The cards of a batch."""
    return Asset.objects.filter(pk__in=Member.objects.filter(confirmation_id=confirmation.pk).values("asset_id"))


def sums(cards: QuerySet[Asset]) -> dict[str, int]:
    """How many cards and what they cost, for the page that begins a batch."""
    found = cards.order_by().aggregate(n=Count("pk"), c=Sum("cost_fen"))
    return {"count": int(found["n"] or 0), "cost_fen": int(found["c"] or 0)}


def cards_for(actor: Actor, asked: RegisterFilter, chosen: Sequence[int] = ()) -> Cards:
    """The cards a batch would take: chosen ones, or all that the filter finds, over which the actor may propose."""
    seen = visible_to(actor, permissions.PROPOSE)
    if chosen:
        cards: Cards = Asset.objects.filter(visible_to(actor), pk__in=one_of(list(chosen), "bigint"))
        return cards.filter(seen, status=Status.ACTIVE)
    if asked.as_of is not None or asked.status not in ("", Status.ACTIVE):
        raise Refusal(_("确权只针对现在在册的资产，请去掉截至日期和卡片状态"), clauses=("2.3",))
    return bases(asked, actor)[0].filter(seen)
