"""Facts that operation records (经营事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

_FOUR, _CHANGE, _GATES, _RISK = "2.4.2a", "2.4.2b", "2.4.2c", "2.4.2e"

DRAFTED = EventKind("operation.contract.drafted", _("拟定经营合同 %(number)s：%(title)s"), (_FOUR,))
EDITED = EventKind("operation.contract.edited", _("修改经营合同 %(number)s"), (_FOUR,))
ASSETS_CHOSEN = EventKind("operation.contract.assets", _("经营合同 %(number)s 列入资产 %(count)s 项"), (_FOUR,))
DROPPED = EventKind("operation.contract.dropped", _("作废经营合同 %(number)s"), (_FOUR,))
SUBMITTED = EventKind("operation.contract.submitted", _("经营合同 %(number)s 提交审批"), (_CHANGE, _GATES))
SENT_BACK = EventKind("operation.contract.sent_back", _("经营合同 %(number)s 未获同意，退回拟定"), (_GATES,))
SIGNED = EventKind("operation.contract.signed", _("签订经营合同 %(number)s"), (_FOUR, _GATES))
AGREED = EventKind(
    "operation.contract.agreed", _("经营合同 %(number)s 第 %(edition)s 版生效"), (_FOUR, _CHANGE, _GATES)
)
BEGUN = EventKind("operation.contract.begun", _("经营合同 %(number)s 开始履行"), (_FOUR,))
OPERATES = EventKind("operation.asset.let", _("按合同交付经营：%(name)s，依据 %(basis)s"), (_FOUR, _CHANGE, "2.4.1"))
GIVEN_BACK = EventKind("operation.asset.returned", _("经营权收回：%(name)s，依据 %(basis)s"), (_FOUR, "2.4.1"))
ENDED = EventKind("operation.contract.ended", _("经营合同 %(number)s 提前终止"), (_FOUR,))
EXPIRED = EventKind("operation.contract.expired", _("经营合同 %(number)s 到期"), (_FOUR, "4.2"))
SETTLED = EventKind("operation.contract.settled", _("经营合同 %(number)s 终止结算"), (_FOUR,))
RETURNED = EventKind("operation.contract.returned", _("经营合同 %(number)s 归还资产 %(count)s 项"), (_FOUR, "2.4.1"))
REPORTED = EventKind("operation.report.sent", _("申报经营数据：%(number)s，%(period)s"), (_FOUR, "2.5a"))
ACCEPTED = EventKind("operation.report.accepted", _("采纳经营数据：%(number)s，%(period)s"), (_FOUR, "2.5a"))
REPORT_RETURNED = EventKind("operation.report.returned", _("退回经营数据：%(number)s，%(period)s"), (_FOUR,))
INSURED = EventKind("operation.insurance.noted", _("登记保险单：%(insurer)s %(policy)s"), (_RISK,))
INSURANCE_ENDED = EventKind("operation.insurance.ended", _("登记退保：%(insurer)s %(policy)s"), (_RISK,))
CLAIMED = EventKind("operation.claim.noted", _("登记出险：%(event)s"), (_RISK,))
CLAIM_CLOSED = EventKind("operation.claim.closed", _("理赔结案：%(event)s，%(outcome)s"), (_RISK,))
PROPOSED = EventKind("operation.change.proposed", _("提出%(kind)s：%(title)s"), (_CHANGE,))
CHANGE_DECIDED = EventKind("operation.change.decided", _("变更事项办结：%(kind)s，%(outcome)s"), (_CHANGE, _GATES))
CHANGED = EventKind("operation.change.done", _("执行%(kind)s"), (_CHANGE,))
OPERATOR_CHANGED = EventKind("operation.asset.operator", _("变更经营者：%(name)s，依据 %(basis)s"), (_CHANGE, "2.4.1"))
MODE_SET = EventKind("operation.asset.mode", _("确定经营方式为“%(mode)s”，涉及资产 %(count)s 项"), (_CHANGE,))
MODE_ENDED = EventKind("operation.asset.mode_ended", _("经营方式“%(mode)s”终止，涉及资产 %(count)s 项"), (_CHANGE,))
PRINTED = EventKind("operation.contract.printed", _("生成经营合同文本 %(number)s（%(form)s）"), (_FOUR,))
EXPORTED = EventKind("operation.list.exported", _("导出经营合同清单 %(count)s 份"), (_FOUR,))
