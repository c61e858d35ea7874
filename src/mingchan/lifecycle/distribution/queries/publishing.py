"""What of distribution is public (分配公开): sums, uses, households by number with masked names; no number of a person.

The notice of a plan and the lines for the public portal. Nothing here opens a cipher text.
"""

from typing import NamedTuple

from django.db.models import Count, F, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.errors import NotFound
from mingchan.kernel.money import format_yuan
from mingchan.kernel.period import format_day
from mingchan.kernel.publication import Publication
from mingchan.lifecycle.distribution import pack, rules
from mingchan.lifecycle.distribution.choices import Category, PaymentStatus, PlanStatus
from mingchan.lifecycle.distribution.models import Payment, Plan, PlanLine, Share
from mingchan.lifecycle.distribution.queries import plans


def publication(case: Case) -> Publication:
    """The notice of a plan (分配方案公示), always in Chinese. Raises NotFound for another case."""
    plan = Plan.objects.select_related("holder", "policy").filter(case=case).first()
    if plan is None:
        raise NotFound(_("没有这个分配方案"))
    with translation.override("zh-hans"):
        rows = plans.every_share(plan)
        names = directory.division_names({plan.division_code, *(row.division for row in rows)})
        uses = "，".join(
            f"{row.label} {format_yuan(row.line.fen)} 元（{rules.percent(row.line.share)}）"
            for row in plans.lines_of(plan)
        )
        paragraphs = [
            _("%(holder)s %(start)s至%(last)s的资产收益共 %(pool)s 元，拟按《%(policy)s》（%(method)s）分配。")
            % {
                "holder": plan.holder.name,
                "start": format_day(plan.period_start),
                "last": format_day(plan.last_day),
                "pool": format_yuan(plan.pool_fen),
                "policy": plan.policy.title,
                "method": plan.policy.get_method_display(),
            },
            _("各用途：%(uses)s。") % {"uses": uses},
        ]
        if rows:
            words = _("受益户 %(count)s 户，共 %(fen)s 元，名单见下；姓名已遮掩，同名的以户号区分。")
            total = format_yuan(sum(row.fen for row in rows))
            paragraphs.append(words % {"count": len(rows), "fen": total})
        labels = dict(Category.choices)
        return Publication(
            kind="DISTRIBUTION_PLAN",
            title=_("关于“%(title)s”的公示") % {"title": plan.title},
            paragraphs=paragraphs,
            division_code=plan.division_code,
            subject=plan.ref,
            columns=[_("村"), _("户号"), _("户主"), _("户类型"), _("金额（元）")],
            rows=[
                [
                    names.get(row.division, row.division),
                    row.number,
                    rules.mask_name(row.head),
                    str(labels[row.category]),
                    format_yuan(row.fen),
                ]
                for row in rows
            ],
            clauses=("2.4.2c", "2.5a", "2.5b"),
        )


class PublicShare(NamedTuple):
    """A household's line for everybody: village, number, masked name, fen, whether it has the money."""

    division: str
    number: str
    head: str
    fen: int
    is_paid: bool


class PublicUse(NamedTuple):
    """A use of a plan for everybody, in fen."""

    use: str
    label: str
    fen: int


class PublicDistribution(NamedTuple):
    """A filed plan for everybody: sums in fen, uses, and the households' lines of the division that was asked for."""

    plan: int
    number: str
    title: str
    division: str
    holder: str
    period_start: str
    last_day: str
    pool_fen: int
    paid_fen: int
    households: int
    uses: tuple[PublicUse, ...]
    shares: tuple[PublicShare, ...]
    is_sample: bool


def public_distribution(county: str, division_prefix: str = "") -> list[PublicDistribution]:
    """Filed plans that concern a division, newest first; lines of its own households only (4.3)."""
    found = Plan.objects.filter(county=county, status__in=(PlanStatus.FILED, PlanStatus.DONE)).select_related("holder")
    shares = Share.objects.filter(
        plan__in=found.values("pk"), round=F("plan__round"), household__division_code__startswith=division_prefix
    )
    paid = set(
        Payment.objects.filter(share__in=shares.values("pk"), status=PaymentStatus.PAID).values_list("share", flat=True)
    )
    lines: dict[int, list[PublicShare]] = {}
    names = ("plan_id", "pk", "household__division_code", "household__number", "household__head", "fen")
    for plan, key, division, number, head, fen in shares.order_by("pk").values_list(*names):
        share = PublicShare(division, number, rules.mask_name(head), fen, key in paid)
        lines.setdefault(plan, []).append(share)
    uses: dict[int, dict[str, int]] = {}
    rows = PlanLine.objects.filter(plan__in=found.values("pk"), round=F("plan__round"))
    for plan, use, fen in rows.values_list("plan_id", "use", "fen"):
        uses.setdefault(plan, {})[use] = fen
    sums = dict(
        Payment.objects.filter(payout__plan__in=found.values("pk"), status=PaymentStatus.PAID)
        .values_list("payout__plan_id")
        .annotate(fen=Sum("fen"))
        .order_by()
    )
    counts = dict(
        Share.objects.filter(plan__in=found.values("pk"), round=F("plan__round"))
        .values_list("plan_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return [
        PublicDistribution(
            plan.pk,
            plans.number_of(plan),
            plan.title,
            plan.division_code,
            plan.holder.name,
            plan.period_start.isoformat(),
            plan.last_day.isoformat(),
            plan.pool_fen,
            sums.get(plan.pk, 0),
            counts.get(plan.pk, 0),
            tuple(
                PublicUse(use, spec.text, uses[plan.pk][use])
                for use, spec in pack.uses().items()
                if use in uses.get(plan.pk, {})
            ),
            tuple(lines.get(plan.pk, ())),
            plan.is_sample,
        )
        for plan in found.order_by("-pk")
        if plan.pk in lines or plan.division_code.startswith(division_prefix)
    ]
