"""Programme money and what it bought (资金、项目、账实): 2.2, 2.6.1a, 3.1, 3.2."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.policy import queries as policy
from mingchan.oversight.supervision.checks.base import Check, Hit, Scope, known, of_cards, standing, text
from mingchan.oversight.supervision.choices import Family, Severity
from mingchan.register.assets.models import FundingShare
from mingchan.register.funding.choices import StageKind
from mingchan.register.funding.models import FundUse, Project, Stage
from mingchan.register.survey.models import Difference
from mingchan.register.tracing.models import PaymentShare


def _uses(scope: Scope) -> "QuerySet[FundUse]":
    return FundUse.objects.filter(county=scope.county, status="ACTIVE", paid_on__lte=scope.on)


def _not_carded(scope: Scope) -> Iterator[Hit]:
    """Payments for assets that cards don't account for in full."""
    shares = PaymentShare.objects.filter(standing(scope.on), use=OuterRef("pk")).order_by().values("use")
    rows = (
        _uses(scope)
        .filter(asset_fen__gt=0, paid_on__lt=scope.before("days"))
        .annotate(linked=Coalesce(Subquery(shares.annotate(whole=Sum("amount_fen")).values("whole")), 0))
        .filter(linked__lt=F("asset_fen"))
        .order_by("pk")
    )
    if scope.asset is not None:
        rows = rows.filter(Exists(PaymentShare.objects.filter(use=OuterRef("pk"), asset=scope.asset)))
    for one, item, division, paid, whole, linked in rows.values_list(
        "pk", "item", "division_code", "paid_on", "asset_fen", "linked"
    ):
        figures = {"paid_on": text(paid), "asset_fen": whole, "open_fen": whole - linked}
        yield Hit(one, item or str(_("支出")), division, known(paid), figures)


def _years_differ(scope: Scope) -> Iterator[Hit]:
    """Years in which money for assets and the cost of cards differ."""
    paid = dict(
        _uses(scope)
        .filter(line__year__gt=0)
        .order_by()
        .values_list("line__year")
        .annotate(whole=Sum("asset_fen"))
        .values_list("line__year", "whole")
    )
    if not paid:
        return
    held: dict[int, int] = {}
    for cards, _key in scope.cards():
        rows = cards.filter(year__in=list(paid)).order_by().values_list("year").annotate(whole=Sum("cost_fen"))
        for year, whole in rows:
            held[year] = held.get(year, 0) + int(whole)
    for year in sorted(paid):
        gap = int(paid[year]) - held.get(year, 0)
        if abs(gap) > scope.bound("fen"):
            figures = {"paid_fen": int(paid[year]), "held_fen": held.get(year, 0), "gap_fen": gap, "year": year}
            yield Hit(year, str(_("%(year)s年度") % {"year": year}), scope.county, date(year, 12, 31), figures)


def _shares_differ(scope: Scope) -> Iterator[Hit]:
    """Cards whose parts of funding don't add up to their cost."""

    def where(cards: "QuerySet[Any]", key: str) -> "QuerySet[Any]":
        parts = FundingShare.objects.filter(asset_id=OuterRef(key)).order_by().values("asset_id")
        whole = Subquery(parts.annotate(whole=Sum("amount_fen")).values("whole"), output_field=IntegerField())
        summed: QuerySet[Any] = cards.annotate(parts_sum=whole).filter(parts_sum__isnull=False)
        return summed.exclude(parts_sum=F("cost_fen"))

    return of_cards(scope, where, since="state_since", figures={"parts_fen": "parts_sum", "cost_fen": "cost_fen"})


def _same_invoice(scope: Scope) -> Iterator[Hit]:
    """Invoices of one seller that two purchases name."""
    doubled = (
        _uses(scope)
        .exclude(invoice_no="")
        .order_by()
        .values("invoice_no", "payee_name")
        .annotate(lines=Count("line", distinct=True), first=Min("pk"), last=Max("paid_on"), whole=Sum("paid_fen"))
        .filter(lines__gt=1)
        .order_by("first")
    )
    if scope.asset is not None:
        doubled = doubled.filter(pk__in=PaymentShare.objects.filter(asset=scope.asset).values("use"))
    for row in doubled.values_list("first", "invoice_no", "payee_name", "lines", "last", "whole"):
        first, invoice, payee, lines, last, whole = row
        division = FundUse.objects.filter(pk=first).values_list("division_code", flat=True).get()
        figures = {"invoice": invoice, "payee": payee, "count": lines, "paid_fen": int(whole)}
        yield Hit(first, f"{invoice} {payee}".strip(), division, last, figures)


def _stages(scope: Scope) -> dict[int, dict[str, date]]:
    """The first day of each stage of each project, replaced entries left out."""
    replaced = Stage.objects.filter(replaces=OuterRef("pk"))
    rows = (
        Stage.objects.filter(project__county=scope.county, happened_on__lte=scope.on)
        .exclude(Exists(replaced))
        .order_by()
        .values_list("project_id", "kind")
        .annotate(first=Min("happened_on"))
    )
    found: dict[int, dict[str, date]] = {}
    for project, kind, day in rows:
        found.setdefault(project, {})[kind] = day
    return found


def _no_accounts(scope: Scope) -> Iterator[Hit]:
    """Projects accepted long ago without final accounts."""
    found = _stages(scope)
    late = {
        key: days["ACCEPTANCE"]
        for key, days in found.items()
        if "ACCEPTANCE" in days and "ACCOUNTS" not in days and days["ACCEPTANCE"] < scope.before("days")
    }
    for one, name, division in (
        Project.objects.filter(pk__in=late).order_by("pk").values_list("pk", "name", "division_code")
    ):
        yield Hit(one, name, division or scope.county, late[one], {"accepted_on": text(late[one])})


def _stage_gaps(scope: Scope) -> Iterator[Hit]:
    """Projects with a later stage on record and an earlier one missing, up to acceptance."""
    order = [kind.value for kind in StageKind]
    needed = order[: order.index("ACCEPTANCE") + 1]
    labels = dict(StageKind.choices)
    gaps: dict[int, tuple[list[str], date]] = {}
    for key, days in _stages(scope).items():
        last = max(order.index(kind) for kind in days)
        missing = [kind for kind in needed if order.index(kind) < last and kind not in days]
        if missing:
            gaps[key] = (missing, max(days.values()))
    for one, name, division in (
        Project.objects.filter(pk__in=gaps).order_by("pk").values_list("pk", "name", "division_code")
    ):
        missing, since = gaps[one]
        figures = {"missing": "、".join(str(labels[kind]) for kind in missing), "count": len(missing)}
        yield Hit(one, name, division or scope.county, since, figures)


def _differences(scope: Scope, *kinds: str) -> "QuerySet[Difference]":
    rows = Difference.objects.filter(
        Q(decided_on__isnull=True) | Q(decided_on__gt=scope.on) | Q(decision="PENDING"),
        survey__county=scope.county,
        survey__compared_on__lt=scope.before("days"),
        survey__state__in=("SETTLING", "SETTLED"),
        kind__in=kinds,
    )
    return scope.of_asset(rows, "asset").order_by("pk")


def _lost(scope: Scope) -> Iterator[Hit]:
    """Things that a survey didn't find, or found fewer of, undecided."""
    rows = _differences(scope, "ONLY_REGISTER", "QUANTITY").filter(
        Q(kind="ONLY_REGISTER") | Q(survey_number__lt=F("register_number")), asset__isnull=False
    )
    for key, asset, code, name, division, register, survey, since, title in rows.values_list(
        "pk", "asset_id", "asset__code", "asset__name", "asset__division_code", "register_text", "survey_text",
        "survey__compared_on", "survey__title",
    ):  # fmt: skip
        figures = {
            "survey": title,
            "register": register,
            "found": survey or str(_("未找到")),
            "compared_on": text(since),
        }
        yield Hit(asset, f"{code} {name}", division, known(since), figures, asset, f"difference:{key}")


def _extra(scope: Scope) -> Iterator[Hit]:
    """Things that a survey found and no card holds, undecided: one finding for each survey."""
    rows = (
        _differences(scope, "ONLY_SURVEY")
        .order_by()
        .values("survey_id", "survey__title", "survey__compared_on")
        .annotate(count=Count("pk"), worth=Sum("gap_fen"))
        .order_by("survey_id")
    )
    for row in rows:
        since = known(row["survey__compared_on"])
        figures = {
            "count": row["count"],
            "worth_fen": abs(int(row["worth"] or 0)),
            "compared_on": text(since),
        }
        yield Hit(row["survey_id"], row["survey__title"], scope.county, since, figures)


def _short_lives(scope: Scope) -> Iterator[Hit]:
    """Cards with a useful life below the least that the rules allow, or none where things wear."""
    by_life: dict[int, list[str]] = {}
    for code in policy.asset_codes().values():
        if code.life_months:
            by_life.setdefault(code.life_months, []).append(code.code)
    for months, codes in sorted(by_life.items()):
        for hit in of_cards(
            scope,
            lambda cards, _key, codes=codes, months=months: cards.filter(class_code__in=codes).filter(  # type: ignore[misc]
                Q(life_months__isnull=True) | Q(life_months__lt=months)
            ),
            since="state_since",
            figures={"life": "life_months", "class": "class_code"},
        ):
            yield hit._replace(figures={"life": 0, **hit.figures, "least": months})


CHECKS = (
    Check(
        "paid_without_card", _("已付款未登记资产"), Family.LOSS, Severity.HIGH, ("2.2", "3.2"), "fund_use", _not_carded,
        _("%(paid_on)s付款形成资产%(asset_fen)s元，超过%(days)s天仍有%(open_fen)s元没有对应的资产卡片。"),
        _("登记资产并关联支出，或更正支出性质"), "funding:use", ("funding", "tracing", "assets"), "R05",
    ),
    Check(
        "money_and_assets", _("资金与资产不平"), Family.LOSS, Severity.HIGH, ("3.1", "3.2"), "fund_year", _years_differ,
        _("项目资金应形成资产%(paid_fen)s元，在册资产原值%(held_fen)s元，相差%(gap_fen)s元。"),
        _("逐笔核对支出与卡片"), "tracing:payments", ("funding", "assets"), "R34", by_asset=False, takes_subject=False,
    ),
    Check(
        "shares_differ", _("资金来源合计不符"), Family.LOSS, Severity.MEDIUM, ("2.1.1", "3.1"), "asset", _shares_differ,
        _("各资金来源合计%(parts_fen)s元，与原值%(cost_fen)s元不符。"),
        _("更正卡片的资金来源"), "assets:card", ("assets",), "R35",
    ),
    Check(
        "same_invoice", _("同一票据重复入账"), Family.LOSS, Severity.MEDIUM, ("3.2",), "fund_use", _same_invoice,
        _("%(payee)s的票据 %(invoice)s 在 %(count)s 个采购项目中入账，合计%(paid_fen)s元。"),
        _("核对原始凭证，更正或冲销重复的支出"), "funding:use", ("funding",), "R36", by_asset=False,
    ),
    Check(
        "no_final_accounts", _("竣工逾期未决算"), Family.WATCH, Severity.MEDIUM, ("2.6.1a", "2.4.1"), "project",
        _no_accounts, _("%(accepted_on)s竣工验收，超过%(days)s天未办竣工决算。"),
        _("办理竣工决算并登记阶段"), "funding:project", ("funding",), "R37", by_asset=False,
    ),
    Check(
        "stage_missing", _("项目环节缺失"), Family.WATCH, Severity.MEDIUM, ("2.6.1a",), "project", _stage_gaps,
        _("已进入后续环节，缺少 %(count)s 个环节的记录：%(missing)s。"),
        _("补录环节及文件"), "funding:project", ("funding",), "R37", by_asset=False,
    ),
    Check(
        "survey_lost", _("账实不符（盘亏）"), Family.LOSS, Severity.HIGH, ("3.4.1", "3.4.3b"), "asset", _lost,
        _("《%(survey)s》%(compared_on)s比对：账面%(register)s，实地%(found)s，超过%(days)s天未处理。"),
        _("查明原因，处理差异"), "assets:card", ("survey", "assets"), "R04",
    ),
    Check(
        "survey_extra", _("账外资产"), Family.LOSS, Severity.HIGH, ("2.2", "3.2"), "survey", _extra,
        _("%(compared_on)s比对发现账外资产 %(count)s 项，价值%(worth_fen)s元，超过%(days)s天未处理。"),
        _("逐项登记或说明"), "survey:differences", ("survey",), "R05", by_asset=False,
    ),
    Check(
        "life_short", _("折旧年限不符"), Family.RUNNING, Severity.MEDIUM, ("2.2", "3.4.1"), "asset", _short_lives,
        _("使用年限 %(life)s 个月，低于该类资产（%(class)s）最低年限 %(least)s 个月。"),
        _("更正使用年限"), "assets:card", ("assets",), "R29",
    ),
)  # fmt: skip
