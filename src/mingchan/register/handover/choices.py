"""Words of handing over: kinds of lists, their states, sides, what a check found, and why something can't be done."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HandoverKind(TextChoices):
    """What passes from one side to the other (移交类别)."""

    OWNERSHIP = "OWNERSHIP", _("产权移交")
    USE = "USE", _("使用移交")
    CUSTODY = "CUSTODY", _("管护交接")


class State(TextChoices):
    """How far a list is (清单状态)."""

    DRAFT = "DRAFT", _("拟定中")
    CHECKING = "CHECKING", _("现场清点")
    SIGNING = "SIGNING", _("待对方签署")
    EXECUTED = "EXECUTED", _("已移交")
    CANCELLED = "CANCELLED", _("已撤销")


OPEN = (State.DRAFT, State.CHECKING, State.SIGNING)
"""States in which nothing has passed yet."""


class Side(TextChoices):
    """The two sides of a list (移交双方)."""

    FROM = "FROM", _("移出方")
    TO = "TO", _("接收方")


class Result(TextChoices):
    """What was found on the spot (清点结果)."""

    MATCHES = "MATCHES", _("相符")
    DIFFERS = "DIFFERS", _("不符")
    NOT_FOUND = "NOT_FOUND", _("未找到")


class Resolution(TextChoices):
    """What becomes of an item whose check found a difference (差异处理)."""

    NONE = "", _("无")
    LEFT_OUT = "LEFT_OUT", _("移出清单")
    ACCEPTED = "ACCEPTED", _("按现状接收")


class Shown(TextChoices):
    """Which items a page shows (显示哪些)."""

    ALL = "all", _("全部")
    UNTICKED = "unticked", _("未清点")
    MATCHES = "matches", _("相符")
    DIFFERENT = "different", _("有差异")
    LEFT_OUT = "left_out", _("已移出清单")


class Fault(TextChoices):
    """Why a list can't be drafted, signed or carried out, in the user's words."""

    SAME_SIDES = "SAME_SIDES", _("移出方和接收方不能是同一主体")
    NO_REASON = "NO_REASON", _("请填写移交事由")
    NO_KEEPER = "NO_KEEPER", _("产权移交须指明新的管护责任人（须是个人），以免资产无人管护")
    KEEPER_NOT_PERSON = "KEEPER_NOT_PERSON", _("管护责任人须是个人")
    TERM_IN_PAST = "TERM_IN_PAST", _("管护任期止日须晚于拟定日期")
    OPERATION_APART = "OPERATION_APART", _("经营权的变动须另按程序报批，不能随清单移交")
    NOT_OWNER = "NOT_OWNER", _("不归移出方所有")
    NOT_USER = "NOT_USER", _("移出方不是使用权人")
    NOT_KEEPER = "NOT_KEEPER", _("移出方不是管护责任人")
    OTHER_HOLDER = "OTHER_HOLDER", _("这项权利由其他主体持有")
    NOT_ACTIVE = "NOT_ACTIVE", _("卡片已拆分或已撤回")
    LISTED = "LISTED", _("已在另一份未办结的移交清单上")
    NO_ITEMS = "NO_ITEMS", _("清单上没有要移交的资产")
    UNTICKED = "UNTICKED", _("还有资产没有清点")
    UNRESOLVED = "UNRESOLVED", _("还有清点差异没有处理")
    CHANGED = "CHANGED", _("卡片在列入清单后有改动")
    WRONG_OFFICE = "WRONG_OFFICE", _("只有这一方单位的账号可以为这一方签署")
    NOT_THE_PERSON = "NOT_THE_PERSON", _("这一方本人有账号，须由本人签署")
    OTHER_PERSON = "OTHER_PERSON", _("对方本人不能为这一方签署")
    BOTH_SIDES = "BOTH_SIDES", _("同一个人不能为双方签署")
    SIGNED_ALREADY = "SIGNED_ALREADY", _("这一方已经签署")
    LIST_CHANGED = "LIST_CHANGED", _("您打开签署页之后清单有改动，请重新核对后再签署")
    MISSING_LEFT_ONLY = "MISSING_LEFT_ONLY", _("没有找到的资产不能按现状接收，请移出清单并说明原因")
    NO_DIFFERENCE = "NO_DIFFERENCE", _("这一项没有差异，无须按现状接收")
    NO_NOTE = "NO_NOTE", _("请写明原因")
    NO_COUNT = "NO_COUNT", _("实点数量须大于零；一件也没有的，请选“未找到”")
    SAME_COUNT_SAME_STATE = "SAME_COUNT_SAME_STATE", _("选“不符”时，数量、状况至少一项应与清单不同，或写明备注")
    COUNT_DIFFERS = "COUNT_DIFFERS", _("实点数量与清单不同，请选“不符”")
