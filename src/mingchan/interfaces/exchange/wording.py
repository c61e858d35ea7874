"""Issues and refusals in the clerk's words: those the reading finds, and those only the county's own data can raise."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mingchan.interfaces.exchange.understanding import messages

COUNTY_ISSUES = {
    "division_unknown": (_("“%(value)s”不是本县的乡镇或行政村。"), _("请按区划名称更正；撤并前的旧名可直接使用。")),
    "code_in_register": (_("资产编号“%(value)s”已在台账中。"), _("如是同一资产，请在卡片中更正；否则请改编号。")),
    "looks_registered": (
        _("抽查 %(checked)s 行，有 %(same)s 行与台账中的卡片相同，可能已经登记过。"),
        _("请确认这不是同一批资产的另一份表，以免重复登记。"),
    ),
    "survey_left_out": (
        _("本表是调查表，与资产明细表在同一个工作簿里，不随资产登记。"),
        _("请把调查表单独存成一个文件上传，或将整个工作簿改为按调查表导入。"),
    ),
    "dates_missing": (_("有 %(count)s 行没有取得日期。"), _("如能查到，请补填；不知道日时可写“2019年6月”。")),
    "serial_in_register": (_("序列号“%(value)s”已在台账中。"), _("如是同一资产，请勿重复登记；否则请核对序列号。")),
}

COLUMN_NAMES = (
    _("资产编号"), _("资产名称"), _("资产类别"), _("规格型号"), _("品牌"), _("计量单位"), _("数量"), _("单价"),
    _("金额"), _("购置日期"), _("启用日期"), _("项目名称"), _("项目年度"), _("资金来源"), _("资金来源/中央"),
    _("资金来源/省"), _("资金来源/市"), _("资金来源/县"), _("资金来源/其他"), _("所有权"), _("使用权"), _("经营权"),
    _("收益权"), _("保管人"), _("联系电话"), _("站点名称"), _("所在乡镇"), _("行政村"), _("所在镇和村"),
    _("存放地点"), _("使用状况"), _("序列号"), _("残值率"), _("使用月数"), _("使用年限"), _("供应商"),
    _("建设体系"), _("层级"), _("备注"), _("子项目"), _("资金文号"), _("支出内容"), _("收款单位"), _("支付日期"),
    _("用途"), _("合同编号"), _("发票号码"),
    _("账面数量"), _("实盘数量"), _("账面价值"), _("核实价值"), _("盘点结果"), _("实际存放地点"), _("实际保管人"),
    _("实际使用单位"), _("实物状态"), _("调查人"), _("调查日期"),
    _("支付金额"), _("形成资产金额"), _("费用性支出"), _("级次"), _("文号"), _("下达日期"), _("下达金额"),
)  # fmt: skip
"""The usual headings, marked here for the catalogue of texts: where they are defined they are data."""


def column(label: str) -> str:
    """A usual heading in the reader's language."""
    return gettext(label)


def issue(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and what to do about it."""
    if code in COUNTY_ISSUES:
        sentence, advice = COUNTY_ISSUES[code]
        return str(sentence) % params, str(advice)
    return messages.issue_message(code, params)


def refusal(code: str, params: Mapping[str, Any]) -> str:
    """Why a file can't be read, and what to do about it."""
    return " ".join(messages.refusal_message(code, params))
