"""One disposal as it stands (单个处置方案): its assets, papers present and missing, appraisal, price, money."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, F, Min, Q, QuerySet, Sum, When

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import queries as procedures
from mingchan.foundation.procedures.choices import TaskStatus
from mingchan.foundation.procedures.models import Task
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.lifecycle.disposal import permissions, rules
from mingchan.lifecycle.disposal.choices import DONE, RUNNING, Money, State
from mingchan.lifecycle.disposal.models import Appraisal, Disposal, Item, MoneyEntry, Paper, PriceAsk, Result
from mingchan.lifecycle.disposal.queries.ways import PaperSpec, kind
from mingchan.lifecycle.disposal.queries.ways import papers as all_papers
from mingchan.register.assets.models import Asset

PAGE = 50
_NAMES = ("office", "owner", "recipient", "case")


def disposal(disposal_id: int, actor: Actor, right: str = permissions.VIEW) -> Disposal:
    """One disposal, with the names on it. Raises NotFound out of sight, NotAllowed without the right."""
    found = Disposal.objects.filter(pk=disposal_id, county=actor.county).select_related(*_NAMES).first()
    return permissions.require(actor, right, found)


def by_case(case_id: int) -> Disposal | None:
    """The disposal that a case is about."""
    return Disposal.objects.filter(case=case_id).select_related(*_NAMES).first()


def items(found: Disposal, after: int = 0, limit: int = PAGE) -> tuple[list[Item], int | None]:
    """A page of a disposal's assets in their order, and after which the next one goes on."""
    rows = list(Item.objects.filter(disposal=found, line_no__gt=after).order_by("line_no")[: limit + 1])
    return rows[:limit], rows[limit - 1].line_no if len(rows) > limit else None


def every_item(found: Disposal) -> list[Item]:
    """All assets of a disposal in their order."""
    return list(Item.objects.filter(disposal=found).order_by("line_no"))


def asset_ids(found: Disposal) -> list[int]:
    """Ids of a disposal's assets in their order."""
    return list(Item.objects.filter(disposal=found).order_by("line_no").values_list("asset_id", flat=True))


def versions(found: Sequence[Item]) -> dict[int, int]:
    """The versions of the cards of items, by asset, for forms that change a card."""
    ids = [item.asset_id for item in found]
    return dict(Asset.objects.filter(pk__in=ids).values_list("pk", "version"))


class Needed(NamedTuple):
    """A paper that the kind asks for and what is there of it."""

    spec: PaperSpec
    there: list[Paper]


def papers(found: Disposal) -> list[Needed]:
    """The papers that the kind asks for, each with what is there, and then those that nobody asked for."""
    by_code: dict[str, list[Paper]] = {}
    for paper in Paper.objects.filter(disposal=found).select_related("attachment").order_by("pk"):
        by_code.setdefault(paper.code, []).append(paper)
    asked = [Needed(spec, by_code.pop(spec.code, [])) for spec in kind(found.kind).papers]
    return asked + [Needed(spec, by_code[code]) for code, spec in all_papers().items() if code in by_code]


def missing_papers(found: Disposal) -> list[PaperSpec]:
    """What the kind asks for and isn't there."""
    there = set(Paper.objects.filter(disposal=found).values_list("code", flat=True))
    return [spec for spec in kind(found.kind).papers if spec.code not in there]


def appraisals(found: Disposal) -> list[Appraisal]:
    """All appraisals, the one in force first."""
    rows = list(Appraisal.objects.filter(disposal=found).select_related("report").order_by("-pk"))
    return sorted(rows, key=lambda row: row.replaced_on is not None)


def appraisal(found: Disposal) -> Appraisal | None:
    """The appraisal in force."""
    return Appraisal.objects.filter(disposal=found, replaced_on__isnull=True).first()


def price_asks(found: Disposal) -> list[PriceAsk]:
    """Prices below the floor that were asked for, newest first."""
    return list(PriceAsk.objects.filter(disposal=found).order_by("-pk"))


def approved_price(found: Disposal) -> int | None:
    """The lowest price that the approver has allowed beside the appraisal, None when none was."""
    asked = PriceAsk.objects.filter(disposal=found, approved_on__isnull=False).order_by("price_fen").first()
    return asked.price_fen if asked is not None else None


def floor(found: Disposal) -> int | None:
    """The least price in fen that needs no new approval, None where there is no appraisal."""
    value = appraisal(found)
    if value is None or not kind(found.kind).outside:
        return None
    percent = policy.figure("disposal.price_percent")
    least = -(-value.value_fen * percent // 100)
    approved = approved_price(found)
    return least if approved is None else min(least, approved)


def result(found: Disposal) -> Result | None:
    """How it was carried out."""
    return Result.objects.filter(disposal=found).select_related("incoming").first()


class Purse(NamedTuple):
    """The money of a disposal in fen. `outstanding` is what the treasury still has to get."""

    received: int = 0
    costs: int = 0
    taxes: int = 0
    remitted: int = 0
    first_received_on: date | None = None

    @property
    def surplus(self) -> int:
        """What is left of what came in."""
        return self.received - self.costs - self.taxes

    @property
    def outstanding(self) -> int:
        """What is due to the treasury and wasn't paid over."""
        return max(0, self.surplus) - self.remitted


def purse(found: Disposal) -> Purse:
    """The money of one disposal."""
    return purses([found.pk])[found.pk]


def purses(disposal_ids: Sequence[int]) -> dict[int, Purse]:
    """The money of several disposals, in one statement."""
    sums: dict[int, dict[str, Any]] = {key: {} for key in disposal_ids}
    rows = MoneyEntry.objects.filter(disposal__in=disposal_ids).order_by("moved_on", "pk")
    for key, what, fen, on in rows.values_list("disposal_id", "kind", "amount_fen", "moved_on"):
        kept = sums[key]
        kept[what] = kept.get(what, 0) + fen
        if what == Money.RECEIVED:
            kept.setdefault("first", on)
    return {
        key: Purse(
            kept.get(Money.RECEIVED, 0), kept.get(Money.COST, 0), kept.get(Money.TAX, 0),
            kept.get(Money.REMITTED, 0), kept.get("first"),
        )
        for key, kept in sums.items()
    }  # fmt: skip


def is_overdue(found: Purse, on: date) -> bool:
    """Whether money should have been with the treasury by now."""
    return rules.is_overdue(found.outstanding, found.first_received_on, policy.figure("disposal.remit_days"), on)


def entries(found: Disposal) -> list[MoneyEntry]:
    """The movements of a disposal's money in their order."""
    return list(MoneyEntry.objects.filter(disposal=found).order_by("moved_on", "pk"))


class Owed(NamedTuple):
    """Money of a disposal in fen that the treasury still has to get, and since when it is here."""

    disposal: int
    fen: int
    since: date | None


def owed(disposals: QuerySet[Disposal]) -> list[Owed]:
    """Those disposals whose money isn't wholly with the treasury, in one statement, whatever became of the others."""
    signed = When(kind=Money.RECEIVED, then=F("amount_fen"))
    rows = (
        MoneyEntry.objects.filter(disposal__in=disposals.filter(state__in=DONE).order_by().values("pk"))
        .values("disposal_id")
        .annotate(
            left=Sum(Case(signed, default=-F("amount_fen"), output_field=BigIntegerField())),
            since=Min("moved_on", filter=Q(kind=Money.RECEIVED)),
        )
        .filter(left__gt=0)
        .order_by("disposal_id")
    )
    return [Owed(row["disposal_id"], int(row["left"]), row["since"]) for row in rows]


def is_late(found: Owed, on: date) -> bool:
    """Whether what is owed should have been with the treasury by now."""
    return rules.is_overdue(found.fen, found.since, policy.figure("disposal.remit_days"), on)


def overdue(county: str, on: date) -> list[tuple[Disposal, Purse]]:
    """Disposals whose money should be with the treasury and isn't, oldest first (2.6.3)."""
    late = [row.disposal for row in owed(Disposal.objects.filter(county=county)) if is_late(row, on)]
    found = purses(late)
    rows = Disposal.objects.filter(pk__in=late).select_related("office").order_by("pk")
    return [(one, found[one.pk]) for one in rows]


def appraised(first: date | None, last: date) -> QuerySet[Appraisal]:
    """Appraisals in force of disposals not carried out yet whose term ends in a stretch of days."""
    rows = Appraisal.objects.filter(replaced_on__isnull=True, disposal__state__in=(State.DRAFT, *RUNNING))
    rows = rows.filter(valid_to__lte=last)
    return rows if first is None else rows.filter(valid_to__gte=first)


def open_since(case_id: int) -> date | None:
    """Since when the case waits to be carried out, None when it doesn't."""
    waiting = Task.objects.filter(case=case_id, waits="execution", status=TaskStatus.WAITING)
    return waiting.values_list("opened_on", flat=True).first()


def of_asset(asset_id: int, actor: Actor, most: int = 20) -> list[Item]:
    """The proposals an asset stands or stood on, newest first."""
    seen = Disposal.objects.filter(permissions.visible_to(actor))
    found = Item.objects.filter(asset_id=asset_id, disposal__in=seen.values("pk"))
    return list(found.select_related("disposal").order_by("-disposal_id")[:most])


def case_of(found: Disposal, actor: Actor, on: date) -> Any:
    """The case, None before there is one or out of the actor's sight."""
    if found.case_id is None:
        return None
    try:
        return procedures.case(found.case_id, actor, on)
    except NotFound:
        return None
