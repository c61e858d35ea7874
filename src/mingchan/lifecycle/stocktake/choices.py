"""Words of stocktakes: kinds of plans, how far they are, what is seen, how it differs, what is decided (清查盘点)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanKind(TextChoices):
    """Why things are counted (盘点方式)."""

    YEARLY = "YEARLY", _("年度清查")
    HANDOVER = "HANDOVER", _("移交盘点")
    SPOT = "SPOT", _("专项抽查")
    SAMPLE = "SAMPLE", _("随机抽样盘点")


class PlanState(TextChoices):
    """How far a plan is (盘点进度). A closed plan is final."""

    DRAFT = "DRAFT", _("拟定中")
    APPROVED = "APPROVED", _("已批准，待开始")
    COUNTING = "COUNTING", _("清点中")
    CHECKING = "CHECKING", _("复核中")
    SETTLING = "SETTLING", _("差异处理中")
    PROCEDURE = "PROCEDURE", _("审批与公示中")
    CLOSED = "CLOSED", _("已办结")
    CANCELLED = "CANCELLED", _("已取消")


OVER = frozenset({PlanState.CLOSED, PlanState.CANCELLED})
"""States in which nothing more happens."""
TAKING = frozenset({PlanState.COUNTING, PlanState.CHECKING})
"""States in which events are taken in."""
COMPARED = frozenset({PlanState.CHECKING, PlanState.SETTLING, PlanState.PROCEDURE, PlanState.CLOSED})
"""States in which differences stand."""


class Role(TextChoices):
    """What somebody does in a stocktake (盘点分工)."""

    COUNTER = "COUNTER", _("盘点人")
    CHECKER = "CHECKER", _("复核人")
    OBSERVER = "OBSERVER", _("监盘人")


class EventKind(TextChoices):
    """What somebody did or saw on the spot (盘点记录). The last two are the checker's, made at the desk only."""

    FOUND = "found", _("在")
    COUNT = "count", _("清点数量")
    DAMAGED = "damaged", _("损坏")
    ELSEWHERE = "elsewhere", _("在别处")
    NOT_FOUND = "not_found", _("未找到")
    SURPLUS = "surplus", _("账外物")
    SCAN = "scan", _("扫码")
    CLAIM = "claim", _("补贴标签")
    SIGNATURE = "signature", _("签字")
    UNDO = "undo", _("撤销记录")
    FINISH = "finish", _("清点完毕")
    DECIDE = "decide", _("复核认定")
    RECOUNT = "recount", _("要求复盘")


FIELD_KINDS = tuple(kind.value for kind in EventKind if kind not in (EventKind.DECIDE, EventKind.RECOUNT))
"""Kinds that counters bring in."""
CHECK_KINDS = (EventKind.DECIDE.value, EventKind.RECOUNT.value)
"""Kinds that checkers make."""
ABOUT_CARDS = ("found", "count", "damaged", "elsewhere", "not_found", "claim")
"""Kinds that say something of one asset and name its number."""


class Outcome(TextChoices):
    """What became of an expected asset (盘点结果)."""

    NONE = "", _("未盘")
    MATCH = "MATCH", _("账实相符")
    DIFFERS = "DIFFERS", _("有差异")
    MISSING = "MISSING", _("盘亏")
    UNSEEN = "UNSEEN", _("未盘到")


class DifferenceKind(TextChoices):
    """How what is there differs from what should be (盘点差异)."""

    SHORTAGE = "SHORTAGE", _("盘亏")
    UNSEEN = "UNSEEN", _("未盘到")
    SURPLUS = "SURPLUS", _("盘盈")
    QUANTITY = "QUANTITY", _("数量不符")
    PLACE = "PLACE", _("地点不符")
    STATE = "STATE", _("状况不符")
    UNLABELLED = "UNLABELLED", _("没有标签")
    DISAGREE = "DISAGREE", _("两次清点不一致")


class DifferenceState(TextChoices):
    """How far a difference is (处理进度)."""

    OPEN = "OPEN", _("待处理")
    DECIDED = "DECIDED", _("已定，待批准")
    SETTLED = "SETTLED", _("已处理")
    LAPSED = "LAPSED", _("复盘后消除")


class Decision(TextChoices):
    """What is decided of a difference (处理决定)."""

    FOUND_LATER = "FOUND_LATER", _("事后找到")
    LOSS = "LOSS", _("提请报损")
    PART_LOSS = "PART_LOSS", _("短少部分提请报损")
    QUANTITY = "QUANTITY", _("更正数量")
    MOVE = "MOVE", _("更正地点")
    PUT_BACK = "PUT_BACK", _("已搬回原处")
    STATE = "STATE", _("更正使用状况")
    KEEP_STATE = "KEEP_STATE", _("状况无须更正")
    REGISTER = "REGISTER", _("评估入账")
    NOT_OURS = "NOT_OURS", _("不属于本项目资产")
    LABELLED = "LABELLED", _("已补贴标签")
    VIEW = "VIEW", _("采用其中一次清点")


DECISIONS: dict[str, tuple[Decision, ...]] = {
    DifferenceKind.SHORTAGE: (Decision.FOUND_LATER, Decision.LOSS),
    DifferenceKind.UNSEEN: (Decision.FOUND_LATER, Decision.LOSS),
    DifferenceKind.SURPLUS: (Decision.REGISTER, Decision.NOT_OURS),
    DifferenceKind.QUANTITY: (Decision.QUANTITY, Decision.PART_LOSS, Decision.FOUND_LATER),
    DifferenceKind.PLACE: (Decision.MOVE, Decision.PUT_BACK),
    DifferenceKind.STATE: (Decision.STATE, Decision.KEEP_STATE),
    DifferenceKind.UNLABELLED: (Decision.LABELLED,),
    DifferenceKind.DISAGREE: (),
}
"""What may be decided of each kind. A disagreement ends by the checker's word or a recount."""


class Fault(TextChoices):
    """Why an event isn't kept (不予接收的原因). It stays on the phone, to be seen there."""

    KIND = "KIND", _("系统不认识这种记录")
    DATA = "DATA", _("记录内容的格式不对")
    CODE = "CODE", _("记录没有写明资产编号")
    ASSET = "ASSET", _("台账里没有这个资产编号")
    TEXT = "TEXT", _("文字过长或格式不对")
    QUANTITY = "QUANTITY", _("数量应为不小于零的数，最多三位小数")
    PLACE = "PLACE", _("没有这个盘点地点")
    MISSING = "MISSING", _("缺少必填内容")
    SIGNATURE = "SIGNATURE", _("签字的格式不对")
    PHOTO = "PHOTO", _("这种记录须附照片")
    IDENTITY = "IDENTITY", _("记录编号、设备或序号不对")
    TAKEN = "TAKEN", _("这个记录编号已用于另一条记录")


MOST_LINES = 300_000
"""A plan expects so many assets at most."""
MOST_EVENTS = 2_000
"""So many events are taken in at once."""
EXPORT_MOST = 100_000
