"""Words of the exchange: states of a batch, kinds of sheets, severities."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchState(TextChoices):
    """Where a batch (导入批次) stands. Only APPLIED has changed the register."""

    RECEIVED = "RECEIVED", _("已收到")
    READING = "READING", _("读取中")
    READY = "READY", _("待确认")
    REFUSED = "REFUSED", _("无法读取")
    QUEUED = "QUEUED", _("排队入账")
    APPLYING = "APPLYING", _("入账中")
    APPLIED = "APPLIED", _("已入账")
    WITHDRAWN = "WITHDRAWN", _("已撤回")
    DISCARDED = "DISCARDED", _("已作废")


class SheetKind(TextChoices):
    """What a sheet was understood as (工作表类型)."""

    REGISTER = "register", _("资产明细表")
    FUND_USE = "fund_use", _("资金投向使用明细表")
    APPROPRIATION = "appropriation", _("资金下达情况表")
    SURVEY = "survey", _("调查表")
    SUMMARY = "summary", _("汇总表")
    NOTES = "notes", _("填表说明")
    UNKNOWN = "unknown", _("未识别")


class Purpose(TextChoices):
    """What a workbook with a list of assets is for (用途): to be registered, or a survey to be compared (3.2)."""

    REGISTER = "REGISTER", _("登记入账")
    SURVEY = "SURVEY", _("调查摸底")


class Severity(TextChoices):
    """How grave an issue is. An error stops the confirmation; a warning is read and accepted."""

    ERROR = "error", _("错误")
    WARNING = "warning", _("提醒")


class Difference(TextChoices):
    """What a workbook handed in again would do with one row (差异)."""

    ADDED = "ADDED", _("新增")
    CHANGED = "CHANGED", _("变化")
    GONE = "GONE", _("消失")
