"""Contracts, their operators and their risks (经营合同、经营主体、风险): 2.4.2a to 2.4.2e, 4.2."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures.models import Opinion
from mingchan.lifecycle.operation.choices import BINDING, Grade
from mingchan.lifecycle.operation.models import Contract, Covered, Edition, Insurance
from mingchan.oversight.supervision.checks.base import Check, Hit, Scope, known, of_cards, standing, text
from mingchan.oversight.supervision.choices import Family, Severity
from mingchan.register.assets.models import Permit, Right


def bound_on(on: date, path: str = "") -> Q:
    """Contracts that bind on a day: signed by then, within their term, not ended before."""
    return (
        Q(**{f"{path}status__in": BINDING, f"{path}signed_on__lte": on})
        & Q(**{f"{path}starts_on__lte": on, f"{path}last_day__gte": on})
        & (Q(**{f"{path}ended_on__isnull": True}) | Q(**{f"{path}ended_on__gt": on}))
    )


def _live(scope: Scope) -> "QuerySet[Contract]":
    rows = Contract.objects.filter(bound_on(scope.on), county=scope.county)
    if scope.asset is not None:
        rows = rows.filter(Exists(Covered.objects.filter(contract=OuterRef("pk"), asset=scope.asset)))
    return rows.order_by("pk")


def _agreed() -> "QuerySet[Edition]":
    return Edition.objects.filter(contract=OuterRef("pk"), status="AGREED").order_by("-number")


def _without(scope: Scope) -> Iterator[Hit]:
    """Cards that somebody other than the owner runs, under no contract of the day."""

    def where(cards: "QuerySet[Any]", key: str) -> "QuerySet[Any]":
        run = Right.objects.filter(standing(scope.on), asset_id=OuterRef(key), kind="OPERATION")
        covered = Covered.objects.filter(bound_on(scope.on, "contract__"), asset_id=OuterRef(key))
        let: QuerySet[Any] = (
            cards.filter(operator__isnull=False)
            .exclude(operator=F("owner"))
            .annotate(run_on=Subquery(run.order_by("valid_from").values("valid_from")[:1]))
        )
        return let.filter(run_on__lt=scope.before("days")).exclude(Exists(covered))

    return of_cards(scope, where, since="run_on", figures={"operator": "operator__name", "run_on": "run_on"})


def _expired(scope: Scope) -> Iterator[Hit]:
    """Contracts past their last day whose things were neither returned nor let again."""
    again = Covered.objects.filter(bound_on(scope.on, "contract__"), asset_id=OuterRef("asset_id"))
    held = (
        Covered.objects.filter(contract__county=scope.county, contract__status__in=BINDING)
        .filter(Q(contract__last_day__lt=scope.on) | Q(contract__ended_on__lte=scope.on))
        .filter(Q(returned_on__isnull=True) | Q(returned_on__gt=scope.on), asset__status="ACTIVE")
        .exclude(Exists(again))
    )
    held = scope.of_asset(held, "asset")
    found: dict[int, tuple[str, str, date, str]] = {}
    counts: Counter[int] = Counter()
    for one, number, division, last, ended, operator in held.order_by("contract_id").values_list(
        "contract_id", "contract__number", "contract__division_code", "contract__last_day", "contract__ended_on",
        "contract__operator__name",
    ):  # fmt: skip
        since = min(day for day in (last, ended) if day is not None)
        found.setdefault(one, (number, division, since, operator))
        counts[one] += 1
    for one, (number, division, since, operator) in found.items():
        figures = {"last_on": text(since), "operator": operator, "count": counts[one]}
        yield Hit(one, number, division, since, figures)


def _long(scope: Scope) -> Iterator[Hit]:
    """Contracts in force for longer than the county allows."""
    years = scope.bound("years")
    for one, number, division, start, last, signed in _live(scope).values_list(
        "pk", "number", "division_code", "starts_on", "last_day", "signed_on"
    ):
        if known(last) >= _years_on(known(start), years):
            yield Hit(one, number, division, known(signed), {"start_on": text(start), "last_on": text(last)})


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _rents(scope: Scope) -> list[tuple[int, str, str, date, str, int, int, str]]:
    rows = Contract.objects.filter(bound_on(scope.on), county=scope.county).annotate(
        rent=Subquery(_agreed().values("yearly_fen")[:1]), share=Subquery(_agreed().values("share_of")[:1])
    )
    return [
        (one, number, division, known(signed), mode, rent, value, share)
        for one, number, division, signed, mode, rent, value, share in rows.order_by("pk").values_list(
            "pk", "number", "division_code", "signed_on", "mode", "rent", "value_fen", "share"
        )
    ]


def _free(scope: Scope) -> Iterator[Hit]:
    """Contracts in force with neither a rent nor a share."""
    for one, number, division, signed, _mode, rent, value, share in _rents(scope):
        if rent == 0 and share == "NONE":
            yield Hit(one, number, division, signed, {"value_fen": value})


def _cheap(scope: Scope) -> Iterator[Hit]:
    """Contracts whose rent for the value of the things lies far below the median of their mode."""
    rows = [row for row in _rents(scope) if row[5] and row[6]]
    by_mode: dict[str, list[int]] = {}
    for row in rows:
        by_mode.setdefault(row[4], []).append(row[5] * 1_000_000 // row[6])
    for one, number, division, signed, mode, rent, value, _share in rows:
        rates = by_mode[mode]
        usual = int(median(rates))
        if len(rates) >= scope.bound("peers") and rent * 1_000_000 // value * 100 < usual * (
            100 - scope.bound("percent")
        ):
            figures = {
                "rent_fen": rent,
                "value_fen": value,
                "usual_fen": usual * value // 1_000_000,
                "peers": len(rates),
            }
            yield Hit(one, number, division, signed, figures)


def _ends(scope: Scope) -> Iterator[Hit]:
    """Contracts that end within the county's warning and that no other follows."""
    follow = Contract.objects.filter(renews=OuterRef("pk"), status__in=("SIGNED", "RUNNING"))
    rows = _live(scope).filter(last_day__lte=scope.ahead("days")).exclude(Exists(follow))
    for one, number, division, last, operator in rows.values_list(
        "pk", "number", "division_code", "last_day", "operator__name"
    ):
        yield Hit(one, number, division, scope.on, {"last_on": text(last), "operator": operator})


def _policies(on: date) -> "QuerySet[Insurance]":
    ended = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    return Insurance.objects.filter(ended, contract=OuterRef("pk"), starts_on__lte=on, last_day__gte=on)


def _uninsured(scope: Scope) -> Iterator[Hit]:
    """Contracts of high risk and of weight without a policy of the day."""
    rows = (
        _live(scope)
        .filter(grade=Grade.HIGH, value_fen__gte=scope.bound("value_fen"))
        .exclude(Exists(_policies(scope.on)))
        .annotate(
            last=Subquery(
                Insurance.objects.filter(contract=OuterRef("pk"), last_day__lt=scope.on)
                .order_by()
                .values("contract")
                .annotate(last=Max("last_day"))
                .values("last")
            )
        )
    )
    for one, number, division, starts, value, last in rows.values_list(
        "pk", "number", "division_code", "starts_on", "value_fen", "last"
    ):
        since = known(last or starts)
        yield Hit(one, number, division, since, {"value_held_fen": value, "uncovered_on": text(since)})


def _cover_ends(scope: Scope) -> Iterator[Hit]:
    """Contracts of high risk whose last policy ends within the warning."""
    rows = (
        _live(scope)
        .filter(grade=Grade.HIGH)
        .annotate(last=Subquery(_policies(scope.on).order_by("-last_day").values("last_day")[:1]))
        .filter(last__lt=scope.ahead("days"), last_day__gt=F("last"))
    )
    for one, number, division, last in rows.values_list("pk", "number", "division_code", "last"):
        yield Hit(one, number, division, scope.on, {"last_on": text(last)})


def _conflicts(scope: Scope) -> Iterator[Hit]:
    """Operators who had a say in their own contract, or whose office runs what it lets."""
    rows = Edition.objects.filter(
        bound_on(scope.on, "contract__"), contract__county=scope.county, status="AGREED", case__isnull=False
    )
    parties = list(rows.values_list("case_id", "contract_id", "contract__operator_id"))
    by_case = {case: (contract, operator) for case, contract, operator in parties}
    opinions = Opinion.objects.filter(case_id__in=rows.values("case_id"), given_on__lte=scope.on).filter(
        Q(account__person_id__isnull=False) | Q(office_id__in=rows.values("contract__operator_id"))
    )
    facts = {
        pk: (number, division, known(signed), operator)
        for pk, number, division, signed, operator in _live(scope).values_list(
            "pk", "number", "division_code", "signed_on", "operator__name"
        )
    }
    seen: set[tuple[int, int]] = set()
    for case, person, office, account, name in opinions.order_by("pk").values_list(
        "case_id", "account__person_id", "office_id", "account_id", "account_name"
    ):
        contract, operator = by_case[case]
        if operator not in (person, office) or contract not in facts or (contract, account) in seen:
            continue
        seen.add((contract, account))
        number, division, signed, words = facts[contract]
        yield Hit(contract, number, division, signed, {"operator": words, "person": name}, None, f"account:{account}")


def _kept_by_operator(scope: Scope) -> Iterator[Hit]:
    """Cards whose operator is also the person who watches over them."""
    return of_cards(
        scope,
        lambda cards, _key: cards.filter(operator__isnull=False, operator=F("keeper")),
        since="state_since",
        figures={"operator": "operator__name"},
    )


def _unconsented(scope: Scope) -> Iterator[Hit]:
    """Rights of operation that began after the card, by neither a consent nor a contract."""
    consent = Permit.objects.filter(
        asset_id=OuterRef("asset_id"), party_id=OuterRef("party_id"), given_on__lte=OuterRef("valid_from")
    )
    rows = (
        Right.objects.filter(standing(scope.on), kind="OPERATION", asset__county=scope.county, asset__status="ACTIVE")
        .filter(valid_from__gt=F("asset__registered_on"))
        .exclude(Exists(consent))
        .exclude(
            Exists(
                Covered.objects.filter(
                    asset_id=OuterRef("asset_id"),
                    contract__operator_id=OuterRef("party_id"),
                    contract__status__in=BINDING,
                )
            )
        )
        .order_by("asset_id")
    )
    for asset, code, name, division, since, party, person in scope.of_asset(rows, "asset").values_list(
        "asset_id",
        "asset__code",
        "asset__name",
        "asset__division_code",
        "valid_from",
        "party__name",
        "asset__keeper__name",
    ):
        yield Hit(
            asset,
            f"{code} {name}",
            division,
            since,
            {"operator": party, "since_on": text(since)},
            asset,
            "",
            person or "",
        )


CHECKS = (
    Check(
        "used_without_contract", _("有使用无合同"), Family.OPERATOR, Severity.HIGH, ("2.4.2a",), "asset", _without,
        _("自%(run_on)s起由%(operator)s经营，超过%(days)s天没有有效的经营合同。"),
        _("与经营者签订合同，或收回资产"), "assets:card", ("assets", "operation"), "R10",
    ),
    Check(
        "contract_expired", _("合同到期未续未还"), Family.RUNNING, Severity.MEDIUM, ("2.4.2a",), "contract", _expired,
        _("合同于%(last_on)s到期或终止，%(operator)s仍占用 %(count)s 件资产，未交回、未续签。"),
        _("登记交回，或续签合同"), "operation:contract", ("operation",), "R12",
    ),
    Check(
        "contract_long", _("合同期限过长"), Family.OPERATOR, Severity.MEDIUM, ("2.4.2a", "2.6.1b"), "contract", _long,
        _("期限自%(start_on)s至%(last_on)s，超过规定的%(years)s年。"),
        _("协商变更期限，或补办批准并申请豁免"), "operation:contract", ("operation",), "R13",
    ),
    Check(
        "rent_free", _("无偿使用"), Family.LOSS, Severity.HIGH, ("2.6.1b", "1.2"), "contract", _free,
        _("原值%(value_fen)s元的资产交付经营，合同未约定租金，也未约定分成。"),
        _("依法补充约定收益，或补办无偿使用的批准"), "operation:contract", ("operation",), "R14", by_asset=False,
    ),
    Check(
        "rent_low", _("租金明显偏低"), Family.LOSS, Severity.MEDIUM, ("2.6.1b", "1.2"), "contract", _cheap,
        _("年租金%(rent_fen)s元；同类 %(peers)s 份合同的中位水平折合%(usual_fen)s元，低于其%(percent)s%%以上。"),
        _("核实定价依据，协商调整租金"), "operation:contract", ("operation",), "R14", by_asset=False,
    ),
    Check(
        "contract_ends", _("合同即将到期"), Family.RUNNING, Severity.WARNING, ("4.2", "2.4.2a"), "contract", _ends,
        _("%(operator)s的合同于%(last_on)s到期，在%(days)s天预警期内，尚无接续合同。"),
        _("确定续签、重新选择经营者或收回"), "operation:contract", ("operation",),
    ),
    Check(
        "uninsured", _("高风险项目未投保"), Family.RUNNING, Severity.HIGH, ("2.4.2e",), "contract", _uninsured,
        _("高风险合同涉及资产%(value_held_fen)s元，自%(uncovered_on)s起没有有效保单。"),
        _("购买商业保险并登记保单"), "operation:contract", ("operation",), "R32",
    ),
    Check(
        "insurance_ends", _("保险即将到期"), Family.RUNNING, Severity.WARNING, ("4.2", "2.4.2e"), "contract",
        _cover_ends,
        _("高风险合同的最后一份保单于%(last_on)s到期，在%(days)s天预警期内。"),
        _("续保并登记保单"), "operation:contract", ("operation",),
    ),
    Check(
        "operator_decides", _("经营者参与审批本人合同"), Family.OPERATOR, Severity.HIGH, ("4.2", "2.4.2b"), "contract",
        _conflicts,
        _("%(person)s在%(operator)s的合同审批中签署了意见，应当回避。"),
        _("核实利益关系，重新履行决策程序"), "operation:contract", ("operation", "procedures", "directory"), "R40",
        by_asset=False,
    ),
    Check(
        "operator_keeps", _("经营者兼任管护责任人"), Family.OPERATOR, Severity.MEDIUM, ("4.2", "2.6.1b"), "asset",
        _kept_by_operator, _("经营者%(operator)s同时是管护责任人，经营与监督未分开。"),
        _("另行落实管护责任人"), "assets:card", ("assets", "custody"), "R40",
    ),
    Check(
        "operator_unconsented", _("擅自变更经营者"), Family.OPERATOR, Severity.HIGH, ("2.4.2b",), "asset", _unconsented,
        _("%(operator)s自%(since_on)s起取得经营权，没有县工信局同意变更的记录，也没有合同。"),
        _("恢复原经营者，或按程序报县工信局同意"), "assets:card", ("assets", "operation"), "R21",
    ),
)  # fmt: skip
