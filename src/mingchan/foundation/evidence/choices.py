"""Words of the trace: kinds of attachments, states of a verifier run, verdicts and codes of findings."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttachmentKind(TextChoices):
    """What a file is to its owner (附件类别)."""

    WORKBOOK = "WORKBOOK", _("导入的表格")
    PHOTO = "PHOTO", _("照片")
    CONTRACT = "CONTRACT", _("合同")
    INVOICE = "INVOICE", _("发票")
    ACCEPTANCE = "ACCEPTANCE", _("验收资料")
    APPROVAL = "APPROVAL", _("批复文件")
    TITLE = "TITLE", _("权属资料")
    OTHER = "OTHER", _("其他")


class RunState(TextChoices):
    """How far a run of the verifier is (校验状态)."""

    WAITING = "WAITING", _("等待")
    RUNNING = "RUNNING", _("进行中")
    DONE = "DONE", _("已完成")
    FAILED = "FAILED", _("未完成")


class Verdict(StrEnum):
    """What the verifier says (结论)."""

    INTACT = "INTACT"
    TAMPERED = "TAMPERED"


class Outcome(StrEnum):
    """How an act ended (结果)."""

    OK = "ok"
    REFUSED = "refused"
