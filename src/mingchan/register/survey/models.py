"""Surveys, what they found, which card each row is, in what they differ, and what the settled survey says of each card.

Rows never change. Matches and differences change until the survey is settled; from then on triggers of the database
refuse every change of them and of the survey, whoever writes.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.register.assets.choices import AssetType, SixClass, System, Tier
from mingchan.register.assets.models import Asset
from mingchan.register.survey.choices import Decision, Kind, State, Verdict, Way


def _asset(label: Any, *, null: bool = False) -> "models.ForeignKey[Any, Any]":
    """A key to a card; the indexes are the tables' own."""
    return models.ForeignKey(
        Asset, verbose_name=label, null=null, blank=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Survey(models.Model):
    """What a third party found in a part of the county (调查摸底), and what came of it (3.2).

    `scope` are division codes joined by commas, empty for the whole county; `systems` likewise. `before` and `after`
    are the register's figures of that part by system, tier and class, at the comparison and at the settling.
    """

    county = models.CharField(_("县"), max_length=6)
    title = models.CharField(_("调查名称"), max_length=120)
    surveyor = models.ForeignKey(Party, verbose_name=_("调查机构"), on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(
        Party, verbose_name=_("委托单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    surveyed_from = models.DateField(_("调查开始"), null=True, blank=True)
    surveyed_to = models.DateField(_("调查结束"), null=True, blank=True)
    scope = models.CharField(_("调查区划"), max_length=400, blank=True, default="")
    systems = models.CharField(_("调查体系"), max_length=80, blank=True, default="")
    document = models.CharField(_("调查文件"), max_length=60, blank=True, default="")
    source = models.CharField(_("来源"), max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.MATCHING)
    row_count = models.PositiveIntegerField(_("调查行数"), default=0)
    taken_on = models.DateField(_("收到日期"))
    compared_on = models.DateField(_("比对日期"), null=True, blank=True)
    before = models.TextField(_("比对时的台账"), blank=True, default="")
    after = models.TextField(_("办结时的台账"), blank=True, default="")
    settled_on = models.DateField(_("办结日期"), null=True, blank=True)
    settled_by = models.CharField(_("办结人"), max_length=50, blank=True, default="")
    conclusion = models.CharField(_("办结意见"), max_length=500, blank=True, default="")
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("调查")
        indexes = [models.Index(fields=["county", "-id"], name="survey_newest")]
        constraints = [
            models.UniqueConstraint(fields=["county", "source"], name="survey_source_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="survey_state_known"),
            models.CheckConstraint(
                condition=~Q(state="SETTLED") | Q(settled_on__isnull=False), name="survey_settled_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.title


def _of_survey() -> "models.ForeignKey[Any, Any]":
    """A key to the survey; the indexes are the tables' own."""
    return models.ForeignKey(Survey, verbose_name=_("调查"), on_delete=models.PROTECT, related_name="+", db_index=False)


class SurveyRow(models.Model):
    """One line of a survey sheet (调查记录), as it was understood, with the original texts that were changed (2.2)."""

    survey = _of_survey()
    division_code = models.CharField(_("区划"), max_length=12)
    sheet = models.CharField(_("工作表"), max_length=80, blank=True, default="")
    row = models.PositiveIntegerField(_("行"), default=0)
    name = models.CharField(_("资产名称"), max_length=120)
    code = models.CharField(_("资产编号"), max_length=40, blank=True, default="")
    class_code = models.CharField(_("资产分类代码"), max_length=9, blank=True, default="")
    model = models.CharField(_("规格型号"), max_length=120, blank=True, default="")
    brand = models.CharField(_("品牌"), max_length=60, blank=True, default="")
    serial_no = models.CharField(_("序列号"), max_length=60, blank=True, default="")
    unit = models.CharField(_("计量单位"), max_length=20, blank=True, default="")
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"), null=True, blank=True)
    cost_fen = models.BigIntegerField(_("价值（分）"), null=True, blank=True)
    system = models.CharField(_("建设体系"), max_length=20, choices=System, blank=True, default="")
    tier = models.CharField(_("层级"), max_length=8, choices=Tier, blank=True, default="")
    type_stated = models.BooleanField(_("表内写明体系层级"), default=False)
    site = models.CharField(_("站点"), max_length=120, blank=True, default="")
    place = models.CharField(_("存放地点"), max_length=120, blank=True, default="")
    keeper = models.CharField(_("管护人"), max_length=120, blank=True, default="")
    user = models.CharField(_("使用人"), max_length=120, blank=True, default="")
    condition = models.CharField(_("使用状况"), max_length=20, blank=True, default="")
    result = models.CharField(_("调查结果"), max_length=60, blank=True, default="")
    is_missing = models.BooleanField(_("未见实物"), default=False)
    surveyed_on = models.DateField(_("调查日期"), null=True, blank=True)
    surveyed_by = models.CharField(_("调查人"), max_length=60, blank=True, default="")
    note = models.CharField(_("备注"), max_length=500, blank=True, default="")
    originals = models.TextField(_("原文"), blank=True, default="")

    class Meta:
        verbose_name = _("调查记录")
        indexes = [
            models.Index(fields=["survey", "id"], name="survey_row_list"),
            models.Index(fields=["survey", "division_code", "id"], name="survey_row_division"),
            models.Index(fields=["survey", "code"], condition=~Q(code=""), name="survey_row_code"),
            models.Index(fields=["survey", "serial_no"], condition=~Q(serial_no=""), name="survey_row_serial"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity_milli__isnull=True) | Q(quantity_milli__gte=0), name="survey_row_quantity"
            ),
            models.CheckConstraint(condition=Q(cost_fen__isnull=True) | Q(cost_fen__gte=0), name="survey_row_cost"),
        ]

    def __str__(self) -> str:
        return self.name


class Match(models.Model):
    """Which card a row is (匹配): one card for a row, one row for a card, with the reason that shows it."""

    survey = _of_survey()
    row = models.OneToOneField(SurveyRow, verbose_name=_("调查记录"), on_delete=models.PROTECT, related_name="match")
    asset = _asset(_("资产"))
    way = models.CharField(_("匹配方式"), max_length=8, choices=Way)
    score = models.PositiveSmallIntegerField(_("匹配度"))
    ties = models.PositiveIntegerField(_("并列"), default=0)
    made_by = models.CharField(_("匹配人"), max_length=50, blank=True, default="")
    made_on = models.DateField(_("匹配日期"))
    reason = models.CharField(_("理由"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("匹配")
        indexes = [models.Index(fields=["survey", "way", "id"], name="survey_match_way")]
        constraints = [
            models.UniqueConstraint(fields=["survey", "asset"], name="survey_match_card_once"),
            models.CheckConstraint(condition=Q(score__lte=100), name="survey_match_score"),
        ]

    def __str__(self) -> str:
        return f"survey_row:{self.row_id} → asset:{self.asset_id}"


class Difference(models.Model):
    """One thing in which survey and register differ (差异), and what was decided about it, by whom and when (3.2).

    `register_number` and `survey_number` are fen or thousandths where the kind is value or quantity. `gap_fen` is by
    how much the survey's value stands above the register's. `asset_version` is the version of the card that was
    compared: correcting a card that changed since in what was compared is refused.
    """

    survey = _of_survey()
    kind = models.CharField(_("差异"), max_length=16, choices=Kind)
    row = models.ForeignKey(
        SurveyRow, verbose_name=_("调查记录"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asset = _asset(_("资产"), null=True)
    division_code = models.CharField(_("区划"), max_length=12)
    title = models.CharField(_("资产名称"), max_length=120)
    code = models.CharField(_("资产编号"), max_length=40, blank=True, default="")
    register_text = models.CharField(_("台账"), max_length=400, blank=True, default="")
    survey_text = models.CharField(_("调查"), max_length=400, blank=True, default="")
    register_number = models.BigIntegerField(_("台账数值"), null=True, blank=True)
    survey_number = models.BigIntegerField(_("调查数值"), null=True, blank=True)
    gap_fen = models.BigIntegerField(_("价值差额（分）"), default=0)
    asset_version = models.PositiveIntegerField(_("卡片版本"), default=0)
    decision = models.CharField(_("处理意见"), max_length=10, choices=Decision, blank=True, default="")
    reason = models.CharField(_("理由"), max_length=500, blank=True, default="")
    decided_by = models.CharField(_("处理人"), max_length=50, blank=True, default="")
    decided_on = models.DateField(_("处理日期"), null=True, blank=True)
    new_asset = _asset(_("新登记的资产"), null=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("调查差异")
        indexes = [
            models.Index(fields=["survey", "decision", "kind", "id"], name="survey_diff_decision"),
            models.Index(fields=["survey", "kind", "id"], name="survey_diff_kind"),
            models.Index(fields=["survey", "division_code", "id"], name="survey_diff_division"),
            models.Index(fields=["survey", "gap_fen", "id"], name="survey_diff_gap"),
            models.Index(fields=["asset"], condition=Q(asset__isnull=False), name="survey_diff_asset"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "kind", "row"], condition=Q(row__isnull=False), name="survey_diff_row_once"
            ),
            models.UniqueConstraint(
                fields=["survey", "kind", "asset"], condition=Q(asset__isnull=False), name="survey_diff_card_once"
            ),
            models.CheckConstraint(
                condition=Q(row__isnull=False) | Q(asset__isnull=False), name="survey_diff_about_something"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_on__isnull=True)
                | (Q(decision__in=Decision.values, decided_on__isnull=False) & ~Q(reason="") & ~Q(decided_by="")),
                name="survey_diff_decision_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class ScopeMark(models.Model):
    """What a settled survey says of one card (界定结果): whether it is in the plan's scope, and of which type (2.1.1,
    2.1.2). Written once, when the survey is settled."""

    survey = _of_survey()
    asset = models.ForeignKey(Asset, verbose_name=_("资产"), on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(_("范围"), max_length=8, choices=Verdict)
    division_code = models.CharField(_("区划"), max_length=12)
    system = models.CharField(_("建设体系"), max_length=20, choices=System)
    tier = models.CharField(_("层级"), max_length=8, choices=Tier)
    asset_type = models.CharField(_("资产类型"), max_length=16, choices=AssetType)
    six_class = models.CharField(_("资产大类"), max_length=10, choices=SixClass)
    funding = models.CharField(_("资金来源"), max_length=20, blank=True, default="")
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"))
    cost_fen = models.BigIntegerField(_("原值（分）"))

    class Meta:
        verbose_name = _("界定结果")
        constraints = [models.UniqueConstraint(fields=["survey", "asset"], name="scope_mark_once")]
        indexes = [models.Index(fields=["survey", "verdict", "id"], name="scope_mark_list")]

    def __str__(self) -> str:
        return f"asset:{self.asset_id} {self.verdict}"
