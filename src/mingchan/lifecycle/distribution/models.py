"""Tables of distribution (受益户、分配办法、分配方案、发放). Money in fen, shares in ten-thousandths.

Numbers of persons, phones and accounts are encrypted; masks beside them are what is shown, keyed digests keep them
unique. What must never be false (a person in two households, a receipt distributed twice, a payment before the filing,
a plan that isn't its pool) is refused by the database itself; see the second migration.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.distribution.choices import (
    WHOLE,
    Category,
    Method,
    PaymentMethod,
    PaymentStatus,
    PlanStatus,
    PolicyStatus,
    RosterStatus,
)


def _key(to: Any, label: Any, *, null: bool = False, index: bool = False) -> Any:
    return models.ForeignKey(
        to, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=index
    )


class Roster(models.Model):
    """A workbook of households on its way into the register (受益户名册). The file itself isn't kept: it holds whole
    numbers. What was read waits encrypted until it is confirmed, then it is emptied."""

    county = models.CharField(_("县"), max_length=6)
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件指纹"), max_length=64)
    as_of = models.DateField(_("名册日期"))
    status = models.CharField(_("状态"), max_length=10, choices=RosterStatus, default=RosterStatus.PREVIEW)
    household_count = models.PositiveIntegerField(_("户数"), default=0)
    person_count = models.PositiveIntegerField(_("人数"), default=0)
    issue_count = models.PositiveIntegerField(_("问题"), default=0)
    added = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变更"), default=0)
    left = models.PositiveIntegerField(_("退出"), default=0)
    content = models.BinaryField(_("读取内容（加密）"), null=True, blank=True)
    read_on = models.DateField(_("读取日期"))
    read_by = models.CharField(_("经办人"), max_length=50)
    applied_on = models.DateField(_("入册日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("受益户名册")
        indexes = [models.Index(fields=["county", "-id"], name="roster_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=RosterStatus.PREVIEW) | Q(content__isnull=True), name="roster_emptied"
            ),
            models.CheckConstraint(condition=Q(status__in=RosterStatus.values), name="roster_status_known"),
        ]


class Household(models.Model):
    """A household that may benefit (受益户), by its number in its village."""

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("所在村"), max_length=12)
    number = models.CharField(_("户号"), max_length=20)
    head = models.CharField(_("户主"), max_length=60)
    initials = models.CharField(_("拼音首字母"), max_length=60, blank=True, default="")
    people = models.PositiveSmallIntegerField(_("家庭人口"), default=1)
    phone_cipher = models.BinaryField(_("联系电话（加密）"), null=True, blank=True)
    phone_mask = models.CharField(_("联系电话（掩码）"), max_length=20, blank=True, default="")
    account_cipher = models.BinaryField(_("银行账号（加密）"), null=True, blank=True)
    account_mask = models.CharField(_("银行账号（掩码）"), max_length=20, blank=True, default="")
    account_mark = models.CharField(_("银行账号（密钥摘要）"), max_length=32, blank=True, default="")
    bank = models.CharField(_("开户行"), max_length=80, blank=True, default="")
    joined_on = models.DateField(_("纳入日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    left_reason = models.CharField(_("退出原因"), max_length=200, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("受益户")
        constraints = [
            models.UniqueConstraint(fields=["county", "division_code", "number"], name="household_number"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="household_in_order"
            ),
            models.CheckConstraint(condition=Q(people__gt=0), name="household_has_people"),
        ]
        indexes = [
            models.Index(fields=["county", "head"], name="household_head"),
            models.Index(fields=["county", "initials"], name="household_initials"),
            models.Index(fields=["county", "account_mark"], name="household_account"),
        ]

    @property
    def ref(self) -> Ref:
        """The household as other contexts name it."""
        return Ref("household", self.pk)


class Member(models.Model):
    """A person of a household (家庭成员) and since when. One person is in one household at a time."""

    county = models.CharField(_("县"), max_length=6)
    household = _key(Household, _("受益户"), index=True)
    name = models.CharField(_("姓名"), max_length=60)
    relation = models.CharField(_("与户主关系"), max_length=20, blank=True, default="")
    is_head = models.BooleanField(_("户主"), default=False)
    id_cipher = models.BinaryField(_("身份证号（加密）"), null=True, blank=True)
    id_mask = models.CharField(_("身份证号（掩码）"), max_length=18, blank=True, default="")
    id_mark = models.CharField(_("身份证号（密钥摘要）"), max_length=32)
    joined_on = models.DateField(_("自"))
    left_on = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        verbose_name = _("家庭成员")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "id_mark"], condition=Q(left_on__isnull=True), name="person_in_one_household"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="member_in_order"
            ),
        ]


class Standing(models.Model):
    """What a household is from a day on (户类型), until the day it is something else or leaves."""

    county = models.CharField(_("县"), max_length=6)
    household = _key(Household, _("受益户"))
    category = models.CharField(_("户类型"), max_length=12, choices=Category)
    starts_on = models.DateField(_("自"))
    ended_on = models.DateField(_("失效日"), null=True, blank=True)

    class Meta:
        verbose_name = _("户类型")
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(ended_on__isnull=True), name="standing_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")), name="standing_in_order"
            ),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="standing_category_known"),
        ]
        indexes = [models.Index(fields=["household", "starts_on"], name="standing_household")]


class Policy(models.Model):
    """How income is divided in a division from a day on (分配办法, 2.5b), in versions; in force once it is filed."""

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("适用区划"), max_length=12)
    edition = models.PositiveSmallIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=120)
    starts_on = models.DateField(_("施行日期"))
    method = models.CharField(_("分配方式"), max_length=8, choices=Method)
    categories = models.CharField(_("受益户类型"), max_length=120)
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")
    status = models.CharField(_("状态"), max_length=8, choices=PolicyStatus, default=PolicyStatus.DRAFT)
    made_on = models.DateField(_("拟定日期"))
    made_by = models.CharField(_("拟定人"), max_length=50)
    filing_number = models.CharField(_("备案号"), max_length=60, null=True, blank=True)  # noqa: DJ001 - filled once
    filed_on = models.DateField(_("备案日期"), null=True, blank=True)
    filed_by = models.CharField(_("备案经办人"), max_length=50, null=True, blank=True)  # noqa: DJ001 - filled once
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("分配办法")
        constraints = [
            models.UniqueConstraint(fields=["county", "division_code", "edition"], name="policy_edition"),
            models.UniqueConstraint(
                fields=["county", "division_code", "starts_on"],
                condition=Q(status=PolicyStatus.FILED),
                name="policy_one_from_a_day",
            ),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="policy_method_known"),
            models.CheckConstraint(
                condition=Q(status=PolicyStatus.FILED, filed_on__isnull=False, filing_number__isnull=False)
                | ~Q(status=PolicyStatus.FILED) & Q(filed_on__isnull=True),
                name="policy_filed_with_number",
            ),
        ]

    @property
    def category_codes(self) -> tuple[str, ...]:
        """Categories whose households may benefit."""
        return tuple(self.categories.split(","))


class PolicyShare(models.Model):
    """What a policy gives a use: least and most ten-thousandths of the pool (用途份额)."""

    policy = _key(Policy, _("分配办法"))
    use = models.CharField(_("用途"), max_length=20)
    least = models.PositiveSmallIntegerField(_("最低份额"))
    most = models.PositiveSmallIntegerField(_("最高份额"))

    class Meta:
        verbose_name = _("用途份额")
        constraints = [
            models.UniqueConstraint(fields=["policy", "use"], name="policy_share_once"),
            models.CheckConstraint(condition=Q(least__lte=F("most"), most__lte=WHOLE), name="policy_share_bounds"),
        ]


class PolicyWeight(models.Model):
    """What a category weighs when shares go by need (困难程度系数)."""

    policy = _key(Policy, _("分配办法"))
    category = models.CharField(_("户类型"), max_length=12, choices=Category)
    weight = models.PositiveSmallIntegerField(_("系数"))

    class Meta:
        verbose_name = _("困难程度系数")
        constraints = [models.UniqueConstraint(fields=["policy", "category"], name="policy_weight_once")]


class Plan(models.Model):
    """A plan (分配方案): receipts of a period by an income right, divided over uses and households (2.5a)."""

    county = models.CharField(_("县"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("序号"))
    division_code = models.CharField(_("受益区划"), max_length=12)
    holder = _key(Party, _("收益权人"))
    title = models.CharField(_("名称"), max_length=120)
    policy = _key(Policy, _("分配办法"), index=True)
    period_start = models.DateField(_("收益期间自"))
    last_day = models.DateField(_("收益期间至"))
    as_of = models.DateField(_("名册基准日"))
    pool_fen = models.BigIntegerField(_("可分配收益（分）"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    note = models.CharField(_("说明"), max_length=300, blank=True, default="")
    status = models.CharField(_("状态"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    case = _key(Case, _("审批事项"), null=True, index=True)
    made_on = models.DateField(_("拟定日期"))
    made_by = models.CharField(_("拟定人"), max_length=50)
    filing_number = models.CharField(_("备案号"), max_length=60, null=True, blank=True)  # noqa: DJ001 - filled once
    filed_on = models.DateField(_("备案日期"), null=True, blank=True)
    filed_by = models.CharField(_("备案经办人"), max_length=50, null=True, blank=True)  # noqa: DJ001 - filled once
    ended_on = models.DateField(_("办结日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("分配方案")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="plan_number"),
            models.CheckConstraint(condition=Q(pool_fen__gt=0), name="plan_of_something"),
            models.CheckConstraint(condition=Q(last_day__gte=F("period_start")), name="plan_period_in_order"),
            models.CheckConstraint(condition=Q(status__in=PlanStatus.values), name="plan_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=("FILED", "DONE"), filed_on__isnull=False, filing_number__isnull=False)
                | ~Q(status__in=("FILED", "DONE")) & Q(filed_on__isnull=True),
                name="plan_filed_with_number",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-id"], name="plan_list"),
            models.Index(fields=["county", "division_code", "-id"], name="plan_division"),
            models.Index(fields=["holder", "-id"], name="plan_holder"),
        ]

    @property
    def ref(self) -> Ref:
        """The plan as other contexts name it."""
        return Ref("distribution_plan", self.pk)


class PoolRow(models.Model):
    """A receipt in a plan's pool (可分配收益). While it counts, no other plan has it: never distributed twice."""

    county = models.CharField(_("县"), max_length=6)
    plan = _key(Plan, _("分配方案"), index=True)
    entry = models.CharField(_("收款明细"), max_length=60)
    receipt = models.CharField(_("收款"), max_length=60)
    contract = models.CharField(_("经营合同"), max_length=60)
    holder = _key(Party, _("收益权人"))
    division_code = models.CharField(_("区划"), max_length=12)
    received_on = models.DateField(_("收款日期"))
    fen = models.BigIntegerField(_("金额（分）"))
    released_on = models.DateField(_("释放日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("可分配收益")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "entry", "holder", "division_code"],
                condition=Q(released_on__isnull=True),
                name="receipt_distributed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "holder", "received_on"], name="pool_holder"),
            models.Index(fields=["contract"], name="pool_contract"),
        ]


class PlanLine(models.Model):
    """What a use gets by a plan (用途分配), in the plan's round."""

    plan = _key(Plan, _("分配方案"))
    round = models.PositiveSmallIntegerField(_("轮次"))
    use = models.CharField(_("用途"), max_length=20)
    share = models.PositiveSmallIntegerField(_("份额"))
    fen = models.BigIntegerField(_("金额（分）"))

    class Meta:
        verbose_name = _("用途分配")
        constraints = [
            models.UniqueConstraint(fields=["plan", "round", "use"], name="plan_line_once"),
            models.CheckConstraint(condition=Q(fen__gte=0, share__lte=WHOLE), name="plan_line_amount"),
        ]


class Share(models.Model):
    """What a household gets by a plan (到户分配), in the plan's round. `reason` when it was set by hand."""

    county = models.CharField(_("县"), max_length=6)
    plan = _key(Plan, _("分配方案"))
    round = models.PositiveSmallIntegerField(_("轮次"))
    household = _key(Household, _("受益户"))
    category = models.CharField(_("户类型"), max_length=12, choices=Category)
    weight = models.PositiveIntegerField(_("权数"))
    fen = models.BigIntegerField(_("金额（分）"))
    reason = models.CharField(_("特殊情形"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("到户分配")
        constraints = [
            models.UniqueConstraint(fields=["plan", "round", "household"], name="household_once_in_plan"),
            models.CheckConstraint(condition=Q(fen__gte=0), name="household_share_amount"),
        ]
        indexes = [
            models.Index(fields=["plan", "round", "id"], name="share_plan"),
            models.Index(fields=["household", "-id"], name="share_household"),
        ]


class PayoutList(models.Model):
    """A list by which households are paid (发放表)."""

    county = models.CharField(_("县"), max_length=6)
    plan = _key(Plan, _("分配方案"))
    number = models.PositiveSmallIntegerField(_("序号"))
    method = models.CharField(_("发放方式"), max_length=4, choices=PaymentMethod)
    count = models.PositiveIntegerField(_("户数"))
    fen = models.BigIntegerField(_("金额（分）"))
    voucher = models.CharField(_("凭证"), max_length=60, blank=True, default="")
    made_on = models.DateField(_("编制日期"))
    made_by = models.CharField(_("编制人"), max_length=50)

    class Meta:
        verbose_name = _("发放表")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="payout_number"),
            models.CheckConstraint(condition=Q(method__in=PaymentMethod.values), name="payout_method_known"),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="payout_list")]


class Payment(models.Model):
    """A payment to a household by a list (发放). What is paid can't be paid again; what came back can."""

    county = models.CharField(_("县"), max_length=6)
    payout = _key(PayoutList, _("发放表"), index=True)
    share = _key(Share, _("到户分配"), index=True)
    fen = models.BigIntegerField(_("金额（分）"))
    status = models.CharField(_("状态"), max_length=8, choices=PaymentStatus, default=PaymentStatus.ISSUED)
    paid_on = models.DateField(_("发放日期"), null=True, blank=True)
    proof = models.CharField(_("发放凭据"), max_length=120, null=True, blank=True)  # noqa: DJ001 - filled once
    paid_voucher = models.CharField(_("发放凭证"), max_length=60, null=True, blank=True)  # noqa: DJ001 - filled once
    returned_on = models.DateField(_("退回日期"), null=True, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=200, null=True, blank=True)  # noqa: DJ001 - filled once
    return_voucher = models.CharField(_("退回凭证"), max_length=60, null=True, blank=True)  # noqa: DJ001 - filled once

    class Meta:
        verbose_name = _("发放")
        constraints = [
            models.UniqueConstraint(
                fields=["share"], condition=~Q(status=PaymentStatus.RETURNED), name="share_paid_once"
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(status=PaymentStatus.ISSUED, paid_on__isnull=True, returned_on__isnull=True)
                | Q(status=PaymentStatus.PAID, paid_on__isnull=False, proof__isnull=False, returned_on__isnull=True)
                | Q(status=PaymentStatus.RETURNED, returned_on__isnull=False),
                name="payment_status_shown",
            ),
        ]


class Spending(models.Model):
    """Money of a use spent (用途支出): on what, to whom, by which paper; never above what the plan gives the use."""

    county = models.CharField(_("县"), max_length=6)
    line = _key(PlanLine, _("用途分配"), index=True)
    fen = models.BigIntegerField(_("金额（分）"))
    spent_on = models.DateField(_("支出日期"))
    payee = models.CharField(_("收款方"), max_length=120)
    purpose = models.CharField(_("事由"), max_length=200)
    paper = models.CharField(_("附件"), max_length=60)
    voucher = models.CharField(_("凭证"), max_length=60, blank=True, default="")
    made_by = models.CharField(_("经办人"), max_length=50)

    class Meta:
        verbose_name = _("用途支出")
        constraints = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="spending_of_something"),
            models.CheckConstraint(condition=~Q(paper=""), name="spending_with_paper"),
        ]
