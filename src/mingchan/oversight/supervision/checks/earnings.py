"""Income from what is due to what is paid out (收益): 2.5a, 2.5b, 2.6.3, 3.4.3b."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.lifecycle.distribution.models import Member, Payment, Plan, PlanLine
from mingchan.lifecycle.income.models import Cancellation, Entry, Receivable, Remittance, Settlement
from mingchan.lifecycle.operation.models import Covered
from mingchan.oversight.disclosure.models import Notice
from mingchan.oversight.supervision.checks.base import Check, Hit, Scope, text
from mingchan.oversight.supervision.choices import Family, Severity

VILLAGES = ("VILLAGE_COMMITTEE", "COLLECTIVE")
INCOME_KINDS = ("RENT", "SHARE", "OTHER")
PAID = ("RECEIPT", "CREDIT", "RELEASE")


def _overdue(scope: Scope) -> Iterator[Hit]:
    """Dues that weren't paid in full by so many days after their day."""
    rows = Receivable.objects.filter(
        county=scope.county, issued_on__lte=scope.on, due_on__lt=scope.before("days"), kind__in=INCOME_KINDS
    )
    if scope.past:
        paid = Entry.objects.filter(receivable=OuterRef("pk"), day__lte=scope.on).order_by().values("receivable")
        gone = Cancellation.objects.filter(receivable=OuterRef("pk"), cancelled_on__lte=scope.on)
        rows = rows.annotate(paid=Coalesce(Subquery(paid.annotate(whole=Sum("fen")).values("whole")), 0)).exclude(
            Exists(gone)
        )
    else:
        rows = rows.filter(cancelled_on__isnull=True).annotate(paid=F("settled_fen"))
    rows = rows.filter(paid__lt=F("fen")).order_by("pk")
    if scope.asset is not None:
        rows = rows.filter(Exists(Covered.objects.filter(contract=OuterRef("contract_id"), asset=scope.asset)))
    for one, year, number, division, due, fen, paid_fen, operator in rows.values_list(
        "pk", "year", "number", "division_code", "due_on", "fen", "paid", "operator__name"
    ).iterator(chunk_size=5000):
        figures = {"operator": operator, "due_on": text(due), "due_fen": fen, "open_fen": fen - paid_fen}
        yield Hit(one, f"应收{year}-{number:06d} {operator}", division, due, figures)


def _not_remitted(scope: Scope) -> Iterator[Hit]:
    """Bodies that hold income of the treasury beyond its term."""
    received = (
        Entry.objects.filter(
            county=scope.county, kind__in=PAID, receivable__kind__in=INCOME_KINDS, day__lt=scope.before("days")
        )
        .exclude(receivable__creditor__kind__in=VILLAGES)
        .order_by()
        .values_list("receivable__creditor_id")
        .annotate(whole=Sum("fen"), last=Max("day"))
    )
    sent = dict(
        Remittance.objects.filter(county=scope.county, remitted_on__lte=scope.on)
        .order_by()
        .values_list("payer_id")
        .annotate(whole=Sum("fen"))
    )
    late = {body: (int(whole) - int(sent.get(body, 0)), last) for body, whole, last in received}
    late = {body: pair for body, pair in late.items() if pair[0] > 0}
    for one, name, division in (
        Party.objects.filter(pk__in=late).order_by("pk").values_list("pk", "name", "division_code")
    ):
        fen, last = late[one]
        yield Hit(one, name, division, last, {"open_fen": fen, "received_on": text(last)})


def _year_end(scope: Scope) -> date:
    """The day in a year by which the year before must be settled."""
    month = scope.bound("month")
    return (date(scope.on.year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _not_settled(scope: Scope) -> Iterator[Hit]:
    """The year before, when its income wasn't settled and countersigned by the deadline."""
    year, deadline = scope.on.year - 1, _year_end(scope)
    if scope.on <= deadline:
        return
    due = Receivable.objects.filter(county=scope.county, due_on__year=year, cancelled_on__isnull=True)
    closed = Settlement.objects.filter(county=scope.county, year=year, closed_on__lte=scope.on)
    if not due.exists() or closed.exists():
        return
    whole = due.aggregate(count=Count("pk"), fen=Sum("fen"))
    figures = {"year": year, "deadline_on": text(deadline), "count": whole["count"], "due_fen": int(whole["fen"])}
    yield Hit(year, str(_("%(year)s年度收益清算") % {"year": year}), scope.county, deadline, figures)


def _not_filed(scope: Scope) -> Iterator[Hit]:
    """Distribution plans whose notice ended and that weren't filed within the days allowed."""
    notice = Notice.objects.filter(case=OuterRef("case_id"), closed_on__lt=scope.before("days"), outcome="PASSED")
    rows = (
        Plan.objects.filter(
            Q(filed_on__isnull=True) | Q(filed_on__gt=scope.on),
            county=scope.county,
            case__isnull=False,
            status__in=("PROPOSED", "FILED", "DONE"),
        )
        .annotate(noticed=Subquery(notice.order_by("-closed_on").values("closed_on")[:1]))
        .filter(noticed__isnull=False)
        .order_by("pk")
    )
    for one, title, division, noticed, pool in rows.values_list("pk", "title", "division_code", "noticed", "pool_fen"):
        yield Hit(one, title, division, noticed, {"noticed_on": text(noticed), "pool_fen": pool})


def _households() -> list[str]:
    return [code for code, row in policy.document("income_uses.yaml").items() if row.get("households")]


def _share_low(scope: Scope) -> Iterator[Hit]:
    """Plans of the years of the fight against poverty that give households less than the county's share."""
    lines = PlanLine.objects.filter(plan=OuterRef("pk"), round=OuterRef("round"), use__in=_households())
    rows = (
        Plan.objects.filter(county=scope.county, made_on__lte=scope.on, period_start__lte=scope.bounds["until"])
        .exclude(status__in=("DRAFT", "REJECTED", "WITHDRAWN"))
        .annotate(
            given=Coalesce(Subquery(lines.order_by().values("plan").annotate(whole=Sum("fen")).values("whole")), 0)
        )
        .order_by("pk")
    )
    for one, title, division, made, pool, given in rows.values_list(
        "pk", "title", "division_code", "made_on", "pool_fen", "given"
    ):
        if pool and given * 10_000 < pool * scope.bound("share_bp"):
            yield Hit(one, title, division, made, {"pool_fen": pool, "given_fen": given})


def _twice(scope: Scope) -> Iterator[Hit]:
    """People who stand in two households at once."""
    rows = (
        Member.objects.filter(
            Q(left_on__isnull=True) | Q(left_on__gt=scope.on), county=scope.county, joined_on__lte=scope.on
        )
        .exclude(id_mark="")
        .order_by()
        .values("id_mark")
        .annotate(
            count=Count("household", distinct=True),
            first=Min("household"),
            last=Max("household"),
            since=Max("joined_on"),
        )
        .filter(count__gt=1)
        .order_by("first")
    )
    found = list(rows.values_list("id_mark", "count", "first", "last", "since"))
    people = {
        (mark, household): (name, mask, head, division, number)
        for mark, household, name, mask, head, division, number in Member.objects.filter(
            id_mark__in=[row[0] for row in found]
        ).values_list(
            "id_mark",
            "household_id",
            "name",
            "id_mask",
            "household__head",
            "household__division_code",
            "household__number",
        )
    }
    for mark, count, first, last, since in found:
        name, mask, _head, division, number = people[mark, first]
        figures = {"person": mask or name[:1], "count": count, "first": number, "second": people[mark, last][4]}
        yield Hit(
            first, str(_("受益户 %(number)s") % {"number": number}), division, since, figures, None, f"household:{last}"
        )


def _returned(scope: Scope) -> Iterator[Hit]:
    """Payments the bank returned and that nobody made again within the days allowed."""
    again = Payment.objects.filter(share=OuterRef("share_id"), pk__gt=OuterRef("pk"))
    rows = (
        Payment.objects.filter(county=scope.county, status="RETURNED", returned_on__lt=scope.before("days"))
        .exclude(Exists(again))
        .order_by()
        .values("payout__plan_id", "payout__plan__title", "payout__plan__division_code")
        .annotate(count=Count("pk"), fen=Sum("fen"), since=Min("returned_on"))
        .order_by("payout__plan_id")
    )
    for row in rows:
        figures = {"count": row["count"], "open_fen": int(row["fen"]), "since_on": text(row["since"])}
        yield Hit(
            row["payout__plan_id"],
            row["payout__plan__title"],
            row["payout__plan__division_code"],
            row["since"],
            figures,
        )


CHECKS = (
    Check(
        "rent_overdue", _("收益欠收"), Family.INCOME, Severity.HIGH, ("2.5a",), "receivable", _overdue,
        _("%(operator)s应于%(due_on)s缴纳%(due_fen)s元，超过%(days)s天仍欠%(open_fen)s元。"),
        _("发出催缴单，收款或依法追缴"), "income:receivable", ("income",), "R15",
    ),
    Check(
        "not_remitted", _("收益未及时上缴"), Family.INCOME, Severity.HIGH, ("2.6.3", "3.4.2"), "party", _not_remitted,
        _("%(received_on)s以前收到的收益尚有%(open_fen)s元超过%(days)s天未上缴国库。"),
        _("填制缴款书上缴，并登记"), "income:remittances", ("income",), "R16", by_asset=False, takes_subject=False,
    ),
    Check(
        "not_settled", _("收益未清算"), Family.INCOME, Severity.HIGH, ("3.4.3b", "2.5a"), "income_settlement", _not_settled,
        _("%(year)s年应收 %(count)s 笔共%(due_fen)s元，未在%(deadline_on)s前完成清算并会签。"),
        _("编制清算表，确认并会签"), "income:settlement", ("income",), "R17", by_asset=False,
    ),
    Check(
        "plan_not_filed", _("分配方案未备案"), Family.INCOME, Severity.MEDIUM, ("2.5b",), "distribution_plan", _not_filed,
        _("公示于%(noticed_on)s期满，可分配%(pool_fen)s元，超过%(days)s天未报县财政备案。"),
        _("报县财政局备案"), "distribution:plan", ("distribution", "disclosure"), "R18", by_asset=False,
    ),
    Check(
        "household_share", _("受益户份额不足"), Family.INCOME, Severity.MEDIUM, ("2.5a", "2.5b"), "distribution_plan",
        _share_low, _("攻坚期内方案可分配%(pool_fen)s元，分给受益户%(given_fen)s元，低于万分之%(share_bp)s。"),
        _("重新拟定分配方案"), "distribution:plan", ("distribution",), "R19", by_asset=False,
    ),
    Check(
        "member_twice", _("受益人重复"), Family.INCOME, Severity.MEDIUM, ("2.5a", "3.4.2"), "household", _twice,
        _("身份证号%(person)s同时在 %(count)s 户名下：%(first)s、%(second)s。"),
        _("核实后更正受益户名单"), "distribution:household", ("distribution",), "R20", by_asset=False,
    ),
    Check(
        "payment_returned", _("发放退回未重发"), Family.RIGHTS, Severity.MEDIUM, ("2.5a", "1.2b"), "distribution_plan",
        _returned, _("自%(since_on)s起有 %(count)s 笔共%(open_fen)s元被银行退回，超过%(days)s天未重新发放。"),
        _("核实账号后重新发放"), "distribution:plan", ("distribution",), "R17", by_asset=False,
    ),
)  # fmt: skip
