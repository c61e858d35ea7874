"""Definitions, cases, tasks, opinions, delegations and working days (流程、事项、待办、意见、委托、工作日)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.procedures.choices import (
    Answer,
    CaseStatus,
    Kind,
    MessageKind,
    PaperKind,
    ReminderKind,
    TaskStatus,
)


class Definition(models.Model):
    """A county's own version of a procedure (流程版本), in force from a day; the pack's file is version 0."""

    county = models.CharField(_("县"), max_length=6)
    code = models.CharField(_("流程代码"), max_length=40)
    number = models.PositiveIntegerField(_("版本"))
    name = models.CharField(_("流程名称"), max_length=80)
    content = models.TextField(_("流程图文件"))
    digest = models.CharField(_("摘要"), max_length=64)
    valid_from = models.DateField(_("启用日期"))
    reason = models.CharField(_("修改理由"), max_length=200)
    added_by = models.CharField(_("上传人"), max_length=50)
    added_on = models.DateField(_("上传日期"))

    class Meta:
        verbose_name = _("流程版本")
        constraints = [models.UniqueConstraint(fields=["county", "code", "number"], name="definition_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class Case(models.Model):
    """One matter on its way through a procedure (事项). `run` is the engine's text; it keeps the version it began with.

    `facts` is what the conditions of the drawing may ask, `found` what the steps added, both as JSON. `file_digest`
    names the file that is judged (title, text, papers, and the subject by the digest its own context gives); a new
    `round` begins when that file is changed, and opinions of earlier rounds count no more. `interested` lists parties
    with an interest of their own, offices and persons, whose accounts don't decide. `tables` are the decision tables
    that the drawing asks, as text by code.
    """

    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("序号"))
    code = models.CharField(_("流程代码"), max_length=40)
    definition = models.PositiveIntegerField(_("流程版本"), default=0)
    content = models.TextField(_("流程图文件"))
    content_digest = models.CharField(_("流程图摘要"), max_length=64)
    title = models.CharField(_("事项"), max_length=200)
    text = models.TextField(_("说明"), blank=True, default="")
    subject = models.CharField(_("对象"), max_length=80, blank=True, default="")
    drafter = models.ForeignKey(Account, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Party, verbose_name=_("经办单位"), on_delete=models.PROTECT, related_name="+")
    facts = models.TextField(_("提交时的事实"), default="{}")
    found = models.TextField(_("办理中得出的事实"), default="{}")
    interested = models.TextField(_("利害关系方"), default="[]")
    subject_digest = models.CharField(_("对象摘要"), max_length=64, blank=True, default="")
    file_digest = models.CharField(_("卷宗摘要"), max_length=64, blank=True, default="")
    round = models.PositiveIntegerField(_("轮次"), default=1)
    run = models.TextField(_("运行状态"))
    run_digest = models.CharField(_("运行状态摘要"), max_length=64)
    path = models.TextField(_("已走过的环节"), default="[]")
    tables = models.TextField(_("决策表"), null=True, blank=True)  # noqa: DJ001 - null where a drawing asks none
    tables_digest = models.CharField(_("决策表摘要"), max_length=64, null=True, blank=True)  # noqa: DJ001
    status = models.CharField(_("状态"), max_length=10, choices=CaseStatus, default=CaseStatus.RUNNING)
    opened_on = models.DateField(_("提交日期"))
    ended_on = models.DateField(_("办结日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("事项")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="case_number"),
            models.UniqueConstraint(
                fields=["county", "code", "subject"],
                condition=Q(status="RUNNING") & ~Q(subject=""),
                name="case_one_running_for_subject",
            ),
            models.CheckConstraint(
                condition=Q(status="RUNNING", ended_on__isnull=True) | ~Q(status="RUNNING") & Q(ended_on__isnull=False),
                name="case_ended_when_over",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "status", "-id"], name="case_list"),
            models.Index(fields=["subject"], name="case_subject"),
            models.Index(fields=["drafter", "-id"], name="case_drafter"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """The case's number as it is written: 2020-0007."""
        return f"{self.year}-{self.number:04d}"


class Task(models.Model):
    """A step that waits for an office (待办), or for another part of the system when `waits` is set."""

    case = models.ForeignKey(Case, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="tasks")
    county = models.CharField(_("县"), max_length=6)
    division_code = models.CharField(_("区划"), max_length=12)
    node = models.CharField(_("环节"), max_length=60)
    token = models.CharField(_("令牌"), max_length=40)
    name = models.CharField(_("环节名称"), max_length=80)
    role = models.CharField(_("角色"), max_length=40, blank=True, default="")
    seat = models.CharField(_("席位"), max_length=60, blank=True, default="")
    kind = models.CharField(_("环节类型"), max_length=10, choices=Kind, blank=True, default="")
    waits = models.CharField(_("等待"), max_length=40, blank=True, default="")
    round = models.PositiveIntegerField(_("轮次"), default=1)
    status = models.CharField(_("状态"), max_length=8, choices=TaskStatus, default=TaskStatus.WAITING)
    opened_on = models.DateField(_("到达日期"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("待办")
        constraints = [
            models.UniqueConstraint(fields=["case", "token"], name="task_once"),
            models.CheckConstraint(
                condition=Q(status="WAITING", closed_on__isnull=True)
                | ~Q(status="WAITING") & Q(closed_on__gte=F("opened_on")),
                name="task_closed_when_over",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "status", "role", "due_on", "id"], name="task_of_role"),
            models.Index(fields=["county", "status", "due_on", "id"], name="task_due"),
        ]

    def __str__(self) -> str:
        return self.name


class Opinion(models.Model):
    """What was said at a step (意见), about a file of exactly this digest. Never changed.

    The seat belongs to the body: `office` is whose opinion it is, `account` who gave it, `delegator` for whom.
    """

    task = models.OneToOneField(Task, verbose_name=_("待办"), on_delete=models.PROTECT, related_name="opinion")
    case = models.ForeignKey(Case, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="opinions")
    round = models.PositiveIntegerField(_("轮次"))
    account = models.ForeignKey(Account, verbose_name=_("办理人"), on_delete=models.PROTECT, related_name="+")
    account_name = models.CharField(_("办理人姓名"), max_length=50)
    office = models.ForeignKey(Party, verbose_name=_("办理单位"), on_delete=models.PROTECT, related_name="+")
    office_name = models.CharField(_("单位名称"), max_length=120)
    delegator = models.ForeignKey(
        Account, verbose_name=_("委托人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(_("意见"), max_length=8, choices=Answer)
    text = models.CharField(_("意见内容"), max_length=1000, blank=True, default="")
    document_no = models.CharField(_("文号"), max_length=80, blank=True, default="")
    votes = models.CharField(_("表决"), max_length=40, blank=True, default="")
    file_digest = models.CharField(_("卷宗摘要"), max_length=64, blank=True, default="")
    given_on = models.DateField(_("日期"))
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("意见")
        indexes = [models.Index(fields=["account", "-id"], name="opinion_account")]

    def __str__(self) -> str:
        return f"{self.office_name} {self.answer}"


class CasePaper(models.Model):
    """A paper of a case (卷宗材料) by the attachment that holds it.

    `is_judged` papers belong to the file that is decided about; the others came with a step (minutes, an approval).
    """

    case = models.ForeignKey(Case, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="papers")
    code = models.CharField(_("材料"), max_length=20, choices=PaperKind)
    attachment = models.ForeignKey(Attachment, verbose_name=_("附件"), on_delete=models.PROTECT, related_name="+")
    is_judged = models.BooleanField(_("属于送审卷宗"))
    round = models.PositiveIntegerField(_("轮次"))
    added_by = models.CharField(_("上传人"), max_length=50)
    added_on = models.DateField(_("上传日期"))

    class Meta:
        verbose_name = _("卷宗材料")

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


class Delegation(models.Model):
    """One account acts for another for a term (委托代办). Ended by a day, never deleted."""

    county = models.CharField(_("县"), max_length=6)
    giver = models.ForeignKey(Account, verbose_name=_("委托人"), on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Account, verbose_name=_("受托人"), on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("失效日"))
    reason = models.CharField(_("事由"), max_length=200)
    given_on = models.DateField(_("登记日期"))

    class Meta:
        verbose_name = _("委托代办")
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="delegation_in_order"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="delegation_to_another"),
        ]
        indexes = [models.Index(fields=["taker", "valid_to"], name="delegation_taker")]

    def __str__(self) -> str:
        return f"{self.giver_id}→{self.taker_id}"


class DayException(models.Model):
    """A day that isn't what its weekday says (调休): a working Saturday or a holiday on a weekday."""

    county = models.CharField(_("县"), max_length=6)
    day = models.DateField(_("日期"))
    is_working = models.BooleanField(_("上班"))
    note = models.CharField(_("说明"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("工作日调整")
        constraints = [models.UniqueConstraint(fields=["county", "day"], name="day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.is_working}"


class TableVersion(models.Model):
    """A county's own version of a decision table (决策表版本), in force from a day; the pack's file is version 0."""

    county = models.CharField(_("县"), max_length=6)
    code = models.CharField(_("决策表代码"), max_length=40)
    number = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=80)
    content = models.TextField(_("决策表文件"))
    digest = models.CharField(_("摘要"), max_length=64)
    valid_from = models.DateField(_("启用日期"))
    reason = models.CharField(_("修改理由"), max_length=200)
    added_by = models.CharField(_("上传人"), max_length=50)
    added_on = models.DateField(_("上传日期"))

    class Meta:
        verbose_name = _("决策表版本")
        constraints = [models.UniqueConstraint(fields=["county", "code", "number"], name="table_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Reminder(models.Model):
    """That a task was reminded of, marked overdue or taken to the supervising office (提醒、逾期、督办), once each."""

    county = models.CharField(_("县"), max_length=6)
    case = models.ForeignKey(Case, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="reminders")
    task = models.ForeignKey(Task, verbose_name=_("待办"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("种类"), max_length=10, choices=ReminderKind)
    role = models.CharField(_("告知的角色"), max_length=40)
    division_code = models.CharField(_("区划"), max_length=12)
    text = models.CharField(_("说明"), max_length=200, blank=True, default="")
    given_by = models.CharField(_("催办人"), max_length=50, blank=True, default="")
    given_on = models.DateField(_("日期"))

    class Meta:
        verbose_name = _("催办记录")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "kind"], condition=~Q(kind="URGED"), name="reminder_once_for_each_kind"
            ),
            models.UniqueConstraint(
                fields=["task", "given_on"], condition=Q(kind="URGED"), name="reminder_urged_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["county", "kind", "role", "-id"], name="reminder_of_role")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"


class Copy(models.Model):
    """A case that was copied to somebody (抄送), by the drawing or by hand; `read_on` is when they said so."""

    county = models.CharField(_("县"), max_length=6)
    case = models.ForeignKey(Case, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="copies")
    node = models.CharField(_("环节"), max_length=60, blank=True, default="")
    round = models.PositiveIntegerField(_("轮次"))
    account = models.ForeignKey(Account, verbose_name=_("抄送给"), on_delete=models.PROTECT, related_name="+")
    account_name = models.CharField(_("姓名"), max_length=50)
    office_name = models.CharField(_("单位"), max_length=120)
    note = models.CharField(_("附言"), max_length=200, blank=True, default="")
    given_by = models.CharField(_("抄送人"), max_length=50, blank=True, default="")
    given_on = models.DateField(_("抄送日期"))
    read_on = models.DateField(_("阅知日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("抄送")
        constraints = [
            models.UniqueConstraint(fields=["case", "node", "round", "account"], name="copy_once"),
            models.CheckConstraint(
                condition=Q(read_on__isnull=True) | Q(read_on__gte=F("given_on")), name="copy_read_after_it_was_given"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="copy_account"),
            models.Index(fields=["account"], condition=Q(read_on__isnull=True), name="copy_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}→{self.account_id}"


class Message(models.Model):
    """Something told to an account (消息): about a fact that has its own record; when it was seen is no fact."""

    account = models.ForeignKey(
        Account, verbose_name=_("收信人"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(_("种类"), max_length=10, choices=MessageKind)
    case = models.ForeignKey(Case, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(_("内容"), max_length=200, blank=True, default="")
    given_on = models.DateField(_("日期"))
    seen_on = models.DateField(_("查看日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        indexes = [
            models.Index(fields=["account", "-id"], name="message_account"),
            models.Index(fields=["account"], condition=Q(seen_on__isnull=True), name="message_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"
