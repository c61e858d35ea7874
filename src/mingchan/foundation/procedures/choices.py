"""Words of procedures: states of a case and of its tasks, what may be said at a step (2.4.2c, 3.4.3a)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseStatus(TextChoices):
    """Where a case (事项) stands."""

    RUNNING = "RUNNING", _("办理中")
    APPROVED = "APPROVED", _("已同意")
    REJECTED = "REJECTED", _("不同意")
    WITHDRAWN = "WITHDRAWN", _("已撤回")


class TaskStatus(TextChoices):
    """Where a task (待办) stands; void: the file it was about was changed, or the case ended without it."""

    WAITING = "WAITING", _("待办")
    DONE = "DONE", _("已办")
    VOID = "VOID", _("已作废")


class Answer(TextChoices):
    """What is said at a step (意见)."""

    AGREE = "AGREE", _("同意")
    REMARK = "REMARK", _("同意，附意见")
    REJECT = "REJECT", _("不同意")
    RETURN = "RETURN", _("退回修改")
    DONE = "DONE", _("已办理")


class Kind(TextChoices):
    """What a step is (环节类型)."""

    OPINION = "opinion", _("审核")
    VOTE = "vote", _("集体研究")
    APPROVAL = "approval", _("批准")
    FILING = "filing", _("备案")
    REVISION = "revision", _("拟定修改")
    RECORD = "record", _("登记办理结果")


class ReminderKind(TextChoices):
    """How a task was brought to mind (提醒与督办)."""

    SOON = "SOON", _("到期前提醒")
    OVERDUE = "OVERDUE", _("逾期")
    ESCALATED = "ESCALATED", _("上报督办")
    URGED = "URGED", _("催办")


class MessageKind(TextChoices):
    """What a message (消息) is about."""

    SOON = "SOON", _("快到期限")
    OVERDUE = "OVERDUE", _("已逾期")
    ESCALATED = "ESCALATED", _("上报督办")
    URGED = "URGED", _("催办")
    COPIED = "COPIED", _("抄送")
    RETURNED = "RETURNED", _("退回修改")
    ENDED = "ENDED", _("办结")


class PaperKind(TextChoices):
    """Papers of a case (材料); a drawing's `papers` names them by these words in small letters."""

    PLAN = "plan", _("方案")
    BASIS = "basis", _("依据文件")
    MINUTES = "minutes", _("会议纪要")
    APPRAISAL = "appraisal", _("评估报告")
    TECHNICAL = "technical", _("技术鉴定意见")
    APPROVAL = "approval", _("批复文件")
    CONTRACT = "contract", _("合同或协议")
    OTHER = "other", _("其他材料")


ANSWERS = {
    Kind.OPINION: (Answer.AGREE, Answer.REMARK, Answer.REJECT, Answer.RETURN),
    Kind.VOTE: (Answer.AGREE, Answer.REJECT, Answer.RETURN),
    Kind.APPROVAL: (Answer.AGREE, Answer.REJECT, Answer.RETURN),
    Kind.FILING: (Answer.DONE, Answer.RETURN),
    Kind.REVISION: (Answer.DONE,),
    Kind.RECORD: (Answer.DONE,),
}
"""What may be said at a step of each kind."""
