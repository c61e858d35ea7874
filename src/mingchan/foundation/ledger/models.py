"""Books, accounts, periods, vouchers, lines and month balances (账套、科目、会计期间、凭证、分录、科目月发生额).

The database itself refuses what may not happen to a posted voucher; see the second migration.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account as Login
from mingchan.foundation.directory.models import Party
from mingchan.foundation.ledger.choices import Element, Seal, Side, System, VoucherKind
from mingchan.kernel.refs import Ref


class Book(models.Model):
    """A book (账套) of one owner: 单独建账、独立核算."""

    county = models.CharField(_("县"), max_length=6)
    owner = models.ForeignKey(Party, verbose_name=_("会计主体"), on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(_("区划"), max_length=12)
    name = models.CharField(_("账套名称"), max_length=120)
    system = models.CharField(_("会计制度"), max_length=12, choices=System)
    opened_on = models.DateField(_("建账日期"))
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("账套")
        constraints = [models.UniqueConstraint(fields=["owner"], name="book_once_per_owner")]
        indexes = [models.Index(fields=["county", "division_code", "id"], name="book_division")]

    @property
    def ref(self) -> Ref:
        """The book as other contexts name it."""
        return Ref("book", self.pk)


class Account(models.Model):
    """An account (会计科目) of one book. Lines go to active leaves only."""

    book = models.ForeignKey(
        Book, verbose_name=_("账套"), on_delete=models.PROTECT, related_name="accounts", db_index=False
    )
    code = models.CharField(_("科目编码"), max_length=20)
    name = models.CharField(_("科目名称"), max_length=60)
    element = models.CharField(_("会计要素"), max_length=16, choices=Element)
    normal_side = models.CharField(_("余额方向"), max_length=6, choices=Side)
    parent_code = models.CharField(_("上级科目"), max_length=20, blank=True, default="")
    is_leaf = models.BooleanField(_("末级"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("会计科目")
        constraints = [models.UniqueConstraint(fields=["book", "code"], name="account_once")]


class AccountRole(models.Model):
    """Which account of a book plays a role (科目用途), so that postings name roles and fit either accounting system."""

    book = models.ForeignKey(
        Book, verbose_name=_("账套"), on_delete=models.PROTECT, related_name="roles", db_index=False
    )
    role = models.CharField(_("用途"), max_length=40)
    account = models.ForeignKey(Account, verbose_name=_("科目"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("科目用途")
        constraints = [models.UniqueConstraint(fields=["book", "role"], name="role_once")]


class Period(models.Model):
    """A closed month of a book (会计期间). Months close in order; a month without a row after the last is open.

    A closed month takes postings only while a reopening (反结账) runs, which ends by itself at `reopened_until`.
    """

    book = models.ForeignKey(
        Book, verbose_name=_("账套"), on_delete=models.PROTECT, related_name="periods", db_index=False
    )
    month = models.IntegerField(_("月份"))
    closed_on = models.DateField(_("结账日期"))
    closed_by = models.ForeignKey(
        Login, verbose_name=_("结账人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_name = models.CharField(_("结账人姓名"), max_length=50)
    reopened_by = models.ForeignKey(
        Login, verbose_name=_("反结账人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reopened_name = models.CharField(_("反结账人姓名"), max_length=50, blank=True, default="")
    reopened_reason = models.CharField(_("反结账原因"), max_length=200, blank=True, default="")
    reopened_basis = models.CharField(_("反结账依据"), max_length=60, null=True, blank=True)  # noqa: DJ001 - absent in old records
    reopened_at = models.DateTimeField(_("反结账时间"), null=True, blank=True)
    reopened_until = models.DateTimeField(_("反结账有效至"), null=True, blank=True)

    class Meta:
        verbose_name = _("会计期间")
        constraints = [
            models.UniqueConstraint(fields=["book", "month"], name="period_once"),
            models.CheckConstraint(condition=Q(month__gte=190001, month__lte=299912), name="period_month"),
            models.CheckConstraint(
                condition=Q(reopened_by__isnull=True) | Q(closed_by__isnull=True) | ~Q(reopened_by=F("closed_by")),
                name="period_reopened_by_another",
            ),
            models.CheckConstraint(
                condition=Q(reopened_until__isnull=True)
                | Q(reopened_by__isnull=False, reopened_at__isnull=False) & ~Q(reopened_reason=""),
                name="period_reopening_complete",
            ),
        ]

    @property
    def ref(self) -> Ref:
        """The period as other contexts name it."""
        return Ref("period", self.pk)


class Voucher(models.Model):
    """A voucher (记账凭证). Sealed, neither it nor its lines ever change; a reversal that names it undoes a mistake."""

    county = models.CharField(_("县"), max_length=6)
    book = models.ForeignKey(Book, verbose_name=_("账套"), on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField(_("凭证号"))
    kind = models.CharField(_("凭证字"), max_length=4, choices=VoucherKind, default=VoucherKind.GENERAL)
    day = models.DateField(_("凭证日期"))
    month = models.IntegerField(_("会计月份"))
    division_code = models.CharField(_("区划"), max_length=12)
    summary = models.CharField(_("摘要"), max_length=200)
    source = models.CharField(_("来源"), max_length=60)
    key = models.CharField(_("唯一业务号"), max_length=120)
    reverses = models.OneToOneField(
        "self", verbose_name=_("冲销凭证"), null=True, blank=True, on_delete=models.PROTECT, related_name="reversal"
    )
    sealed = models.SmallIntegerField(_("已记账"), choices=Seal, default=Seal.BEING_WRITTEN)
    line_count = models.IntegerField(_("分录数"))
    total_fen = models.BigIntegerField(_("金额（分）"))
    lines_digest = models.CharField(_("分录摘要值"), max_length=64)
    line_marks = models.BinaryField(_("分录标记"), default=b"")
    posted_by = models.CharField(_("制单人"), max_length=50)
    recorded_at = models.DateTimeField(_("记账时间"))

    class Meta:
        verbose_name = _("记账凭证")
        constraints = [
            models.UniqueConstraint(fields=["book", "month", "kind", "number"], name="voucher_number_once"),
            models.UniqueConstraint(fields=["county", "key"], name="voucher_key_once"),
            models.CheckConstraint(condition=Q(sealed__in=(0, 1)), name="voucher_sealed_or_not"),
            models.CheckConstraint(condition=Q(number__gte=1, line_count__gte=2), name="voucher_counts"),
            models.CheckConstraint(condition=~Q(summary="") & ~Q(source="") & ~Q(key=""), name="voucher_has_source"),
        ]
        indexes = [
            models.Index(fields=["book", "id"], name="voucher_book"),
            models.Index(fields=["county", "month", "id"], name="voucher_county"),
            models.Index(fields=["source"], name="voucher_source"),
        ]

    @property
    def ref(self) -> Ref:
        """The voucher as other contexts name it."""
        return Ref("voucher", self.pk)

    @property
    def label(self) -> str:
        """The number as papers name it: 记-202003-0001."""
        return f"{self.get_kind_display()}-{self.month}-{self.number:04d}"


class Line(models.Model):
    """A line of a voucher (分录): one account, one side, whole fen. Negative only in a red-letter voucher (红字).

    Its keys need no constraint of their own: the guard of lines asks for an unsealed voucher and an active account of
    the book, a line never changes, and neither a voucher nor an account ever goes.
    """

    voucher = models.ForeignKey(
        Voucher, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    month = models.IntegerField(_("会计月份"))
    line_no = models.IntegerField(_("行次"))
    debit_fen = models.BigIntegerField(_("借方金额（分）"))
    credit_fen = models.BigIntegerField(_("贷方金额（分）"))
    subject = models.CharField(_("对象"), max_length=40, blank=True, default="")
    summary = models.CharField(_("摘要"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("分录")
        constraints = [
            models.UniqueConstraint(fields=["voucher", "line_no"], name="line_once"),
            models.CheckConstraint(
                condition=Q(debit_fen=0) & ~Q(credit_fen=0) | ~Q(debit_fen=0) & Q(credit_fen=0), name="line_one_side"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "month", "id"], name="line_account"),
            models.Index(fields=["subject"], name="line_subject"),
        ]


class MonthBalance(models.Model):
    """What moved on an account in a month (科目月发生额), kept with every posting: always the sum of the lines."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.IntegerField(_("月份"))
    debit_fen = models.BigIntegerField(_("借方发生额（分）"))
    credit_fen = models.BigIntegerField(_("贷方发生额（分）"))

    class Meta:
        verbose_name = _("科目月发生额")
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="balance_once"),
        ]
        indexes = [models.Index(fields=["book", "month"], name="balance_book")]
