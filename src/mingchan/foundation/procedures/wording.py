"""What people read when procedures say no (审批用语)."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.procedures.rules import Fault

FAULTS: Mapping[Fault, Promise] = {
    Fault.OWN_CASE: _("不能审批自己提交的事项，须由他人办理"),
    Fault.FOR_DRAFTER: _("不能代经办人审批其本人提交的事项"),
    Fault.DECIDED_BEFORE: _("您已在本事项的其他环节发表意见，同一人不能在一个事项中占两个席位"),
    Fault.INTERESTED: _("您所在单位与本事项有利害关系，应当回避"),
    Fault.NO_ROLE: _("这一环节不由您办理"),
    Fault.NOT_DRAFTER: _("只有经办人本人可以修改后重新提交"),
    Fault.BAD_ANSWER: _("这一环节不能填写这种意见"),
    Fault.NO_REASON: _("附意见、不同意或退回时，请写明理由"),
    Fault.NO_DOCUMENT: _("请填写批复或备案的文号"),
    Fault.BAD_VOTES: _("请如实填写应到人数和同意、反对、弃权票数，票数之和不能超过应到人数"),
    Fault.VOTES_DISAGREE: _("表决结果与意见不一致：同意票超过应到人数的一半为通过，否则为不通过"),
    Fault.NO_QUORUM: _("到会人数未超过应到人数的一半，不能形成决定"),
    Fault.PAPERS_MISSING: _("本环节要求的材料还没有上传"),
}
"""Why an account can't decide, or an answer can't be taken."""

DIAGRAM: Mapping[str, Promise] = {
    "too_large": _("文件超过 512 KB"),
    "no_xml": _("文件不是 BPMN 流程图（XML 无法读取：%(detail)s）"),
    "doctype": _("文件含有 DOCTYPE 声明，不能使用"),
    "one_process": _("文件应为 BPMN 2.0，且只含一个流程"),
    "forbidden_element": _(
        "不允许使用的元素“%(detail)s”（%(element)s）：脚本、服务、调用、子流程、定时器等一律不能使用"
    ),
    "id_twice": _("元素编号“%(element)s”重复"),
    "bad_id": _("元素编号“%(element)s”只能由英文字母、数字和下划线组成，且不以数字或下划线开头"),
    "bad_days": _("环节“%(element)s”的期限“%(detail)s”应为 1 至 365 的整数（工作日）"),
    "unknown_kind": _("环节“%(element)s”的类型“%(detail)s”不认识"),
    "unknown_role": _("环节“%(element)s”的角色“%(detail)s”不在制度包中"),
    "unknown_clause": _("环节“%(element)s”所引条款“%(detail)s”不在方案中"),
    "unknown_decision": _("决策表“%(detail)s”不存在（%(element)s）"),
    "clause_left_out": _("方案第 %(detail)s 条要求的环节没有了，不能删去"),
    "wait_left_out": _("等待“%(detail)s”的环节没有了，系统要靠它继续办理，不能删去"),
    "step_left_out": _("缺少方案要求的环节：%(detail)s"),
    "step_avoidable": _("有一条路可以绕过方案要求的环节：%(detail)s"),
    "step_too_late": _("先后次序不对：%(detail)s"),
    "dissent_passes": _("环节“%(element)s”不同意时仍会走到“同意”（%(detail)s）"),
    "bad_layout": _("图形坐标无法读取：%(detail)s"),
    "too_many_steps": _("环节过多（%(detail)s 个），请拆分流程"),
    "too_many_ways": _("可能的走向过多，无法逐一核对，请简化流程"),
    "one_start": _("应有且只有一个开始（现有 %(detail)s 个）"),
    "no_approval_end": _("没有以“同意”（APPROVED）结束的终点"),
    "bad_outcome": _("终点“%(element)s”应写明结果 APPROVED 或 REJECTED"),
    "loose_flow": _("连线“%(element)s”的一端没有接上环节"),
    "no_name": _("环节“%(element)s”没有名称"),
    "no_role": _("环节“%(element)s”没有写明由哪个角色办理"),
    "no_waits": _("等待环节“%(element)s”没有写明等待什么"),
    "end_goes_on": _("终点“%(element)s”之后不能再有连线"),
    "dead_end": _("环节“%(element)s”之后没有去处"),
    "split_without_gateway": _("环节“%(element)s”有几条去路，请用网关表示选择或并行"),
    "condition_outside_choice": _("“%(element)s”不是选择网关，其连线不能带条件"),
    "choice_without_default": _("选择网关“%(element)s”应有且只有一条默认去路，其余去路都写明条件"),
    "bad_condition": _("连线“%(element)s”的条件看不懂：%(detail)s"),
    "nothing_to_do": _("流程中没有任何要办理的环节"),
    "never_reached": _("环节“%(element)s”永远走不到"),
    "never_ends": _("从环节“%(element)s”走不到终点"),
    "turns_by_itself": _("网关“%(element)s”会自己循环，没有人办理的环节"),
    "stuck": _("可能卡在“%(element)s”：并行汇合等不到全部分支"),
    "twice_at_once": _("“%(element)s”之后可能同时出现两份同样的待办"),
    "ends_too_early": _("到达终点“%(element)s”时其他分支可能还没有办完"),
}
"""Why a drawing can't be used, by the code of its fault."""


TABLE: Mapping[str, Promise] = {
    "too_large": _("文件超过 64 KB"),
    "not_plain": _("文件含有 YAML 的引用或标签，不能使用"),
    "no_yaml": _("文件不是决策表（YAML 无法读取：%(where)s）"),
    "wrong_kind": _("文件的结构不对：%(where)s"),
    "no_code": _("决策表没有代码，或代码不是由英文字母、数字和下划线组成"),
    "other_code": _("文件的代码“%(where)s”与所换的决策表不同"),
    "no_columns": _("决策表没有列，或列名重复"),
    "bad_column": _("列“%(where)s”既不是数额，也没有列出可取的值"),
    "bad_row": _("第 %(where)s 行用了不存在的列，或没有写明结果"),
    "bad_test": _("第 %(where)s 的条件看不懂"),
    "too_many": _("组合过多（%(where)s 种），无法逐一核对，请简化"),
    "gap": _("有空档：%(where)s 没有适用的行"),
    "overlap": _("有重叠：第 %(where)s 行同时适用"),
    "no_fact": _("缺少“%(where)s”，或其值不在表中"),
    "unknown_clause": _("所引条款“%(where)s”不在方案中"),
}
"""Why a decision table can't be used, by the word of its fault."""


def of_table(fault: str, where: str) -> str:
    """One sentence about a fault of a decision table."""
    return str(TABLE[fault]) % {"where": where}


def of_fault(code: str, element: str, detail: str) -> str:
    """One sentence about a fault of a drawing."""
    return str(DIAGRAM[code]) % {"element": element, "detail": detail}
