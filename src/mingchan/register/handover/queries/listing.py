"""Lists as pages show them (移交清单列表): filtered, by key, with their sums; one list; those of a person or asset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound
from mingchan.kernel.holds import Hold
from mingchan.register.assets.models import Asset
from mingchan.register.handover import permissions
from mingchan.register.handover.choices import OPEN, HandoverKind, Resolution, State
from mingchan.register.handover.models import Handover, Line, Signature, Tick

PAGE = 50
COUNT_CAP = 10_000
_NAMES = ("from_party", "to_party", "from_office", "to_office", "witness", "keeper", "organisation", "site")


@dataclass(frozen=True, slots=True)
class HandoverFilter:
    """What the page of lists is narrowed to. Empty values don't narrow; `open` stands for every unfinished state,
    `waiting` for the lists whose next step is the reader's."""

    kind: str = ""
    state: str = ""
    year: int | None = None
    party: int | None = None
    words: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "HandoverFilter":
        """The filter that a query string names; what can't be read doesn't narrow."""
        kind, state = given.get("kind", ""), given.get("state", "")
        return cls(
            kind=kind if kind in HandoverKind.values else "",
            state=state if state in (*State.values, "open", "waiting") else "",
            year=_whole(given.get("year", ""), 9999),
            party=_whole(given.get("party", ""), 2**62),
            words=given.get("q", "").replace("\x00", "").strip()[:60],
        )

    @property
    def count(self) -> int:
        """How many filters are in force."""
        return sum(value not in ("", None) for value in (self.kind, self.state, self.year, self.party, self.words))


def _whole(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 and int(text) <= most else None


class HandoverRow(NamedTuple):
    """A list as the page of lists shows it; cost in fen, of what is on it."""

    id: int
    number: str
    kind: str
    state: str
    from_name: str
    to_name: str
    drafted_on: Any
    executed_on: Any
    reason: str
    is_sample: bool
    items: int = 0
    cost_fen: int = 0
    ticked: int = 0


_COLUMNS = (
    "id", "number", "kind", "state", "from_party__name", "to_party__name", "drafted_on", "executed_on", "reason",
    "is_sample",
)  # fmt: skip


def waiting_for(actor: Actor) -> Q:
    """Lists whose next step is the actor's: to check on the spot, or to sign for its office that hasn't yet."""
    me = Account.objects.filter(pk=actor.account_id or 0)
    signed = Signature.objects.filter(
        handover=OuterRef("pk"), voided_on__isnull=True, office__in=me.values("office_id")
    )
    checks, signs = Q(pk__in=[]), Q(pk__in=[])
    for scope in actor.scopes(permissions.CHECK):
        checks |= Q(from_division__startswith=scope) | Q(to_division__startswith=scope)
    if actor.may(permissions.SIGN):
        office = me.values("office_id")
        signs = (Q(from_office__in=office) | Q(to_office__in=office)) & Q(~Exists(signed))
    return Q(state=State.CHECKING) & checks | Q(state=State.SIGNING) & signs


def narrowed(wanted: HandoverFilter, actor: Actor) -> QuerySet[Handover]:
    """Lists the actor may see, inside the filter."""
    found = Handover.objects.filter(permissions.visible_to(actor))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.state == "waiting":
        found = found.filter(waiting_for(actor))
    elif wanted.state:
        found = found.filter(state__in=OPEN if wanted.state == "open" else (wanted.state,))
    if wanted.year is not None:
        found = found.filter(year=wanted.year)
    if wanted.party is not None:
        found = found.filter(Q(from_party=wanted.party) | Q(to_party=wanted.party))
    if wanted.words:
        found = found.filter(
            Q(number__contains=wanted.words)
            | Q(reason__contains=wanted.words)
            | Q(from_party__name__contains=wanted.words)
            | Q(to_party__name__contains=wanted.words)
        )
    return found


def rows(
    wanted: HandoverFilter, actor: Actor, *, after: str = "", limit: int = PAGE
) -> tuple[list[HandoverRow], str | None]:
    """A page of lists, newest first, and the key after which the next one goes on."""
    found = narrowed(wanted, actor)
    last = _whole(after, 2**62)
    if last is not None:
        found = found.filter(pk__lt=last)
    page = [HandoverRow._make((*row, 0, 0, 0)) for row in found.order_by("-pk").values_list(*_COLUMNS)[: limit + 1]]
    following = str(page[limit - 1].id) if len(page) > limit else None
    return _with_sums(page[:limit]), following


def _with_sums(page: list[HandoverRow]) -> list[HandoverRow]:
    ids = [row.id for row in page]
    lines = Line.objects.filter(handover__in=ids).exclude(resolution=Resolution.LEFT_OUT)
    summed = {
        row["handover"]: (row["n"], int(row["cost"] or 0))
        for row in lines.values("handover").annotate(n=Count("pk"), cost=Sum("cost_fen"))
    }
    ticks = Tick.objects.filter(handover__in=ids, replaced_on__isnull=True).exclude(
        line__resolution=Resolution.LEFT_OUT
    )
    ticked = {row["handover"]: row["n"] for row in ticks.values("handover").annotate(n=Count("pk"))}
    found = []
    for row in page:
        items, cost = summed.get(row.id, (0, 0))
        found.append(row._replace(items=items, cost_fen=cost, ticked=ticked.get(row.id, 0)))
    return found


def count(wanted: HandoverFilter, actor: Actor) -> int:
    """How many lists, exact up to the cap; the cap plus one stands for more."""
    return int(narrowed(wanted, actor).order_by()[: COUNT_CAP + 1].count())


def handover(pk: int, actor: Actor, right: str = permissions.VIEW) -> Handover:
    """A list the actor may see. Raises NotFound otherwise, as if there were none; NotAllowed without `right`."""
    found = Handover.objects.filter(pk=pk, county=actor.county).select_related(*_NAMES).first()
    if found is None or not permissions.may(actor, permissions.VIEW, found):
        raise NotFound(_("没有这份移交清单"))
    return permissions.require(actor, right, found)


def line(handover_id: int, line_id: int) -> Line:
    """An item of a list. Raises NotFound when it isn't on it."""
    found = Line.objects.filter(pk=line_id, handover_id=handover_id).first()
    if found is None:
        raise NotFound(_("清单上没有这一项"))
    return found


def signatures(found: Handover) -> list[Signature]:
    """Every signature under a list, oldest first, those made void too."""
    return list(Signature.objects.filter(handover=found).order_by("pk"))


def open_for(person: int, actor: Actor) -> list[Handover]:
    """Unfinished lists by which a party gives something away or receives it, newest first."""
    found = Handover.objects.filter(permissions.visible_to(actor), state__in=OPEN)
    mine = Q(from_party=person) | Q(to_party=person) | Q(keeper=person)
    return list(found.filter(mine).select_related("from_party", "to_party").order_by("-pk")[:PAGE])


def kept_by(person: int, actor: Actor) -> tuple[list[int], int]:
    """Ids of counting cards that a person keeps and that are on no unfinished list, and how many are on one."""
    cards = Asset.objects.filter(county=actor.county, keeper=person, status="ACTIVE")
    listed = Line.objects.filter(asset__in=cards.values("pk"), is_open=True).values("asset")
    free = list(cards.exclude(pk__in=listed).order_by("code").values_list("pk", flat=True))
    return free, listed.count()


def of_asset(asset_id: int, actor: Actor, most: int = 20) -> list[Line]:
    """The lists an asset stands or stood on, as items with their lists, newest first."""
    visible = Handover.objects.filter(permissions.visible_to(actor))
    found = Line.objects.filter(asset_id=asset_id, handover__in=visible.values("pk"))
    return list(found.select_related("handover__from_party", "handover__to_party").order_by("-handover_id")[:most])


def listed_among(handover: Handover, ids: list[int]) -> dict[int, str]:
    """Of some assets those that stand on an unfinished list, each with its number ("" for this very list)."""
    lines = Line.objects.filter(asset__in=ids, is_open=True).values_list("asset", "handover", "handover__number")
    return {asset: "" if own == handover.pk else number for asset, own, number in lines}


def holds_on_assets(ids: Sequence[int]) -> dict[int, Hold]:
    """Of some assets those that stand on an unfinished list, which keeps them from being disposed of (3.4.3a)."""
    lines = Line.objects.filter(asset__in=one_of(ids, "bigint"), is_open=True)
    rows = lines.values_list("asset", "handover__number")
    return {asset: Hold(_("移交清单 %(number)s 正在办理") % {"number": number}) for asset, number in rows}


def unlisted(ids: list[int]) -> list[int]:
    """Of some assets those that stand on no unfinished list, in their order."""
    taken = set(Line.objects.filter(asset__in=one_of(ids, "bigint"), is_open=True).values_list("asset", flat=True))
    return [asset for asset in ids if asset not in taken]
