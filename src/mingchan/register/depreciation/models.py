"""Runs, terms and charges of depreciation (折旧计提、折旧条件、折旧明细). Money in fen.

Months are counted year × 12 + month.

A term says how one asset is charged in one book until it changes: `base_fen` spread over `months` from `began` on,
after `before_fen`. A change of life or value opens a new term; what was charged stays. A run vouches for the terms it
opened and ended and for its charges by two digests, so that a million charges need one record in the log.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.ledger.models import Book, Voucher
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import SixClass
from mingchan.register.assets.models import Asset
from mingchan.register.depreciation.choices import Purpose, RunKind, RunState


class Course(models.Model):
    """How far a book is charged (计提进度): first and last month with a run, counted; derived from the runs."""

    book = models.OneToOneField(
        Book, verbose_name=_("账套"), primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    first = models.IntegerField(_("首月"))
    through = models.IntegerField(_("末月"))

    class Meta:
        verbose_name = _("计提进度")


class Run(models.Model):
    """A month's depreciation of one book (折旧计提), charged in one act and taken back only as a whole."""

    county = models.CharField(_("县"), max_length=6)
    book = models.ForeignKey(Book, verbose_name=_("账套"), on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.IntegerField(_("月份"))
    kind = models.CharField(_("计提种类"), max_length=8, choices=RunKind)
    state = models.SmallIntegerField(_("计提状态"), choices=RunState, default=RunState.BEING_WRITTEN)
    day = models.DateField(_("计提日期"))
    posted_by = models.CharField(_("计提人"), max_length=50)
    count = models.IntegerField(_("资产项数"), default=0)
    total_fen = models.BigIntegerField(_("计提金额（分）"), default=0)
    charges_digest = models.CharField(_("折旧明细摘要值"), max_length=64, blank=True, default="")
    terms_digest = models.CharField(_("折旧条件摘要值"), max_length=64, blank=True, default="")
    voucher = models.ForeignKey(
        Voucher, verbose_name=_("记账凭证"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reversal = models.ForeignKey(
        Voucher, verbose_name=_("红字凭证"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reversed_on = models.DateField(_("冲销日期"), null=True, blank=True)
    reversed_by = models.CharField(_("冲销人"), max_length=50, blank=True, default="")
    reason = models.CharField(_("冲销原因"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("折旧计提")
        constraints = [
            models.UniqueConstraint(
                fields=["book", "month", "kind"], condition=Q(state__lt=RunState.REVERSED), name="run_once_a_month"
            ),
            models.CheckConstraint(condition=Q(month__gte=190001, month__lte=299912), name="run_month"),
            models.CheckConstraint(condition=Q(count__gte=0, total_fen__gte=0), name="run_sums"),
            models.CheckConstraint(
                condition=Q(state=RunState.BEING_WRITTEN)
                | ~Q(charges_digest="") & ~Q(terms_digest="") & (Q(total_fen=0) | Q(voucher__isnull=False)),
                name="run_posted_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.REVERSED, reversed_on__isnull=False) & ~Q(reason="")
                | Q(state__lt=RunState.REVERSED, reversed_on__isnull=True, reversal__isnull=True),
                name="run_reversed_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "month", "id"], name="run_county"),
            models.Index(fields=["book", "id"], name="run_book"),
        ]

    @property
    def ref(self) -> Ref:
        """The run as other contexts name it."""
        return Ref("depreciation_run", self.pk)


class Term(models.Model):
    """How one asset is charged in one book from a month on (折旧条件).

    `booked_fen` is what the book held as charged when the term began (opening balance, taken over, or former terms);
    `before_fen` what the straight line begins after. Only `ended_by` and `is_live` ever change.
    """

    run = models.ForeignKey(Run, verbose_name=_("起于计提"), on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey(
        Book, verbose_name=_("账套"), on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    asset = models.ForeignKey(
        Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    six_class = models.CharField(_("资产大类"), max_length=10, choices=SixClass)
    purpose = models.CharField(_("用途"), max_length=10, choices=Purpose, blank=True, default=Purpose.NONE)
    cost_fen = models.BigIntegerField(_("原值（分）"))
    life_months = models.IntegerField(_("使用年限（月）"))
    due = models.IntegerField(_("应计提首月"))
    base_fen = models.BigIntegerField(_("应摊金额（分）"))
    months = models.IntegerField(_("应摊月数"))
    began = models.IntegerField(_("起摊月"))
    before_fen = models.BigIntegerField(_("此前已提（分）"))
    booked_fen = models.BigIntegerField(_("期初账面已提（分）"))
    ended_by = models.ForeignKey(
        Run,
        verbose_name=_("止于计提"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    is_live = models.BooleanField(_("现行"), default=True)

    class Meta:
        verbose_name = _("折旧条件")
        constraints = [
            models.UniqueConstraint(fields=["asset", "book"], condition=Q(is_live=True), name="term_live_once"),
            models.CheckConstraint(
                condition=Q(months__gt=0, base_fen__gte=0, before_fen__gte=0, life_months__gt=0), name="term_sums"
            ),
        ]
        indexes = [
            models.Index(fields=["book", "asset"], condition=Q(is_live=True), name="term_of_book"),
            models.Index(fields=["asset", "id"], name="term_asset"),
            models.Index(fields=["ended_by"], condition=Q(ended_by__isnull=False), name="term_ended"),
        ]


class Charge(models.Model):
    """What one asset was charged in one run (折旧明细), in fen. A reversed run's charges stay and count no more."""

    pk = models.CompositePrimaryKey("run_id", "asset_id")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    fen = models.BigIntegerField(_("计提金额（分）"))

    class Meta:
        verbose_name = _("折旧明细")
