"""Disposals and their order (处置): 2.6.3, 3.4.3a, 3.4.3c."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures.models import Task
from mingchan.lifecycle.disposal import queries as disposal
from mingchan.lifecycle.disposal.models import Appraisal, Disposal, Item, MoneyEntry, PriceAsk, Result
from mingchan.oversight.supervision.checks.base import Check, Hit, Scope, known, of_cards, text
from mingchan.oversight.supervision.choices import Family, Severity
from mingchan.register.assets.models import Asset

SOLD = ("TRANSFER", "SALE", "AUCTION", "SWAP")
OPEN = ("REVIEW", "NOTICE", "MAY_PROCEED")
DONE = ("EXECUTED", "FILED")


def _disposals(scope: Scope, *states: str) -> "QuerySet[Disposal]":
    rows = Disposal.objects.filter(county=scope.county, state__in=states, submitted_on__lte=scope.on)
    if scope.asset is not None:
        rows = rows.filter(Exists(Item.objects.filter(disposal=OuterRef("pk"), asset=scope.asset)))
    return rows.order_by("pk")


def _appraised(on: date) -> "QuerySet[Appraisal]":
    return Appraisal.objects.filter(
        Q(replaced_on__isnull=True) | Q(replaced_on__gt=on), disposal=OuterRef("pk"), recorded_on__lte=on
    )


def _unapproved(scope: Scope) -> Iterator[Hit]:
    """Cards that left without a disposal that was carried out."""
    done = Item.objects.filter(asset=OuterRef("pk"), disposal__state__in=DONE)
    gone = Asset.objects.filter(county=scope.county, status="DISPOSED", state_since__lte=scope.on).exclude(Exists(done))
    if scope.asset is not None:
        gone = gone.filter(pk=scope.asset)
    for asset, code, name, division, since in gone.order_by("pk").values_list(
        "pk", "code", "name", "division_code", "state_since"
    ):
        yield Hit(asset, f"{code} {name}", division, since, {"since_on": text(since)}, asset)


def _unappraised(scope: Scope) -> Iterator[Hit]:
    """Sales, transfers, auctions and swaps approved or done without an appraisal."""
    rows = _disposals(scope, "MAY_PROCEED", *DONE).filter(kind__in=SOLD).exclude(Exists(_appraised(scope.on)))
    for one, number, division, since, cost in rows.values_list(
        "pk", "number", "division_code", "submitted_on", "cost_fen"
    ):
        yield Hit(one, number, division, known(since), {"submitted_on": text(since), "cost_fen": cost})


def _appraisal_ends(scope: Scope) -> Iterator[Hit]:
    """Open disposals whose appraisal's use ends within the warning."""
    rows = (
        _disposals(scope, *OPEN)
        .annotate(ends=Subquery(_appraised(scope.on).order_by("-valid_to").values("valid_to")[:1]))
        .filter(ends__lte=scope.ahead("days"))
    )
    for one, number, division, ends in rows.values_list("pk", "number", "division_code", "ends"):
        yield Hit(one, number, division, scope.on, {"ends_on": text(ends)})


def _sold_low(scope: Scope) -> Iterator[Hit]:
    """Things sold below the allowed part of their appraisal with no new approval of the price."""
    value = _appraised(scope.on).order_by("-base_on").values("value_fen")[:1]
    price = Result.objects.filter(disposal=OuterRef("pk"), executed_on__lte=scope.on)
    asked = PriceAsk.objects.filter(disposal=OuterRef("pk"), approved_on__lte=scope.on)
    rows = (
        _disposals(scope, *DONE)
        .annotate(
            worth=Subquery(value),
            price=Subquery(price.values("price_fen")[:1]),
            day=Subquery(price.values("executed_on")[:1]),
        )
        .filter(worth__gt=0, price__isnull=False, day__isnull=False)
        .filter(kind__in=("SALE", "AUCTION"))
        .exclude(Exists(asked))
    )
    for one, number, division, worth, paid, day in rows.values_list(
        "pk", "number", "division_code", "worth", "price", "day"
    ):
        if paid * 100 < worth * scope.bound("percent"):
            yield Hit(one, number, division, day, {"price_fen": paid, "worth_fen": worth})


def _split(scope: Scope) -> Iterator[Hit]:
    """Like disposals of one unit close together, each below the limit of the meeting and their sum above it."""
    rows = _disposals(scope, *OPEN, *DONE).order_by("office_id", "kind", "submitted_on", "pk")
    groups: dict[tuple[int, str], list[tuple[int, str, str, date, int]]] = {}
    for one, number, division, office, kind, day, cost, amount in rows.values_list(
        "pk", "number", "division_code", "office_id", "kind", "submitted_on", "cost_fen", "amount_fen"
    ):
        groups.setdefault((office, kind), []).append((one, number, division, known(day), cost or amount))
    days = scope.bound("days")
    for (_office, kind), found in groups.items():
        for index, (one, number, division, day, _cost) in enumerate(found):
            near = [row for row in found[: index + 1] if (day - row[3]).days <= days]
            total = sum(row[4] for row in near)
            level = disposal.level(kind, total, scope.county, scope.on)
            if len(near) > 1 and all(disposal.level(kind, row[4], scope.county, scope.on) != level for row in near):
                figures = {"count": len(near), "sum_fen": total, "numbers": "、".join(row[1] for row in near)}
                yield Hit(one, number, division, day, figures)


def _well(scope: Scope) -> Iterator[Hit]:
    """Disposals of things that do well with no need stated."""
    rows = _disposals(scope, *OPEN, *DONE).filter(performs_well=True, exception="")
    for one, number, division, since, words in rows.values_list(
        "pk", "number", "division_code", "submitted_on", "performance"
    ):
        yield Hit(one, number, division, known(since), {"performance": words})


def _not_done(scope: Scope) -> Iterator[Hit]:
    """Approved disposals not carried out for long: the card still counts."""
    waiting = Task.objects.filter(case=OuterRef("case_id"), waits="execution", status="WAITING")
    rows = (
        _disposals(scope, "MAY_PROCEED")
        .annotate(since=Subquery(waiting.values("opened_on")[:1]))
        .filter(since__lt=scope.before("days"))
    )
    for one, number, division, since, count in rows.values_list("pk", "number", "division_code", "since", "count"):
        yield Hit(one, number, division, since, {"since_on": text(since), "count": count})


def _not_paid_over(scope: Scope) -> Iterator[Hit]:
    """Proceeds of disposals that should be with the treasury."""
    days = timedelta(days=scope.bound("days"))
    rows = list(_disposals(scope, *DONE).values_list("pk", "number", "division_code"))
    purses: dict[int, dict[str, int]] = {}
    first: dict[int, date] = {}
    entries = MoneyEntry.objects.filter(disposal_id__in=[row[0] for row in rows], moved_on__lte=scope.on)
    for key, kind, fen, day in entries.order_by("moved_on").values_list(
        "disposal_id", "kind", "amount_fen", "moved_on"
    ):
        purse = purses.setdefault(key, {})
        purse[kind] = purse.get(kind, 0) + fen
        if kind == "RECEIVED":
            first.setdefault(key, day)
    for one, number, division in rows:
        purse = purses.get(one, {})
        left = purse.get("RECEIVED", 0) - purse.get("COST", 0) - purse.get("TAX", 0)
        left = max(0, left) - purse.get("REMITTED", 0)
        if one in first and left > 0 and first[one] + days < scope.on:
            yield Hit(one, number, division, first[one], {"received_on": text(first[one]), "open_fen": left})


def _frozen(scope: Scope) -> Iterator[Hit]:
    """Cards held still by a disposal that was rejected or withdrawn."""
    over = Item.objects.filter(asset=OuterRef("pk"), disposal__state__in=("REJECTED", "WITHDRAWN", "FILED"))
    current = Item.objects.filter(asset=OuterRef("pk"), disposal__state__in=("DRAFT", *OPEN, "EXECUTED"))
    return of_cards(
        scope,
        lambda cards, _key: (
            cards.filter(frozen_by__startswith="disposal:").filter(Exists(over)).exclude(Exists(current))
            if cards.model is Asset
            else cards.none()
        ),
        since="state_since",
        figures={"since_on": "state_since"},
    )


CHECKS = (
    Check(
        "disposed_unapproved", _("擅自处置"), Family.LOSS, Severity.HIGH, ("3.4.3c", "2.6.3"), "asset", _unapproved,
        _("卡片自%(since_on)s起为已处置，没有办结的处置审批。"),
        _("查明去向，追究责任，补办手续"), "assets:card", ("assets", "disposal"), "R22",
    ),
    Check(
        "disposal_unappraised", _("处置未评估"), Family.LOSS, Severity.HIGH, ("2.6.3", "3.4.3a"), "disposal",
        _unappraised,
        _("%(submitted_on)s提出，账面原值%(cost_fen)s元，没有资产评估报告。"),
        _("委托评估并登记评估结果"), "disposal:detail", ("disposal",), "R23",
    ),
    Check(
        "appraisal_ends", _("评估结论即将失效"), Family.RUNNING, Severity.WARNING, ("4.2", "2.6.3"), "disposal",
        _appraisal_ends, _("评估结论使用至%(ends_on)s，在%(days)s天预警期内，处置尚未实施。"),
        _("在有效期内实施，或重新评估"), "disposal:detail", ("disposal",),
    ),
    Check(
        "sold_low", _("成交价低于评估价"), Family.LOSS, Severity.HIGH, ("2.6.3",), "disposal", _sold_low,
        _("评估值%(worth_fen)s元，成交价%(price_fen)s元，低于评估值的%(percent)s%%，没有重新批复。"),
        _("查明原因，补办价格批复或追回差价"), "disposal:detail", ("disposal",), "R25",
    ),
    Check(
        "disposal_split", _("拆分处置"), Family.LOSS, Severity.MEDIUM, ("3.4.3a",), "disposal", _split,
        _("%(days)s天内同类处置 %(count)s 次（%(numbers)s），合计%(sum_fen)s元，达到更高审批权限。"),
        _("合并上报"), "disposal:detail", ("disposal",), "R26", by_asset=False,
    ),
    Check(
        "good_disposed", _("效益良好仍处置"), Family.LOSS, Severity.MEDIUM, ("3.4.3a",), "disposal", _well,
        _("效益良好（%(performance)s），未说明确需处置的理由。"),
        _("撤回方案，或写明理由后重新报批"), "disposal:detail", ("disposal",), "R27",
    ),
    Check(
        "approved_not_done", _("已批复处置未实施销账"), Family.RUNNING, Severity.MEDIUM, ("3.4.1", "3.4.3a"),
        "disposal",
        _not_done, _("%(since_on)s起可以实施，超过%(days)s天 %(count)s 件资产仍在册。"),
        _("实施处置并登记结果，或撤回"), "disposal:detail", ("disposal",), "R28",
    ),
    Check(
        "proceeds_kept", _("处置收入未上缴"), Family.INCOME, Severity.HIGH, ("2.6.3",), "disposal", _not_paid_over,
        _("%(received_on)s收到处置收入，超过%(days)s天尚有%(open_fen)s元未上缴财政。"),
        _("上缴并登记缴款凭证"), "disposal:detail", ("disposal",), "R16",
    ),
    Check(
        "frozen_over", _("处置已结而卡片仍冻结"), Family.IDLE, Severity.MEDIUM, ("3.4.1",), "asset", _frozen,
        _("自%(since_on)s起被处置程序冻结，程序已结束。"),
        _("核对处置结果，解除冻结"), "assets:card", ("assets", "disposal"), "R28",
    ),
)  # fmt: skip
