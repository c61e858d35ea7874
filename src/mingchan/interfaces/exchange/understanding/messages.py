"""Every issue and refusal code as two sentences for the clerk: what is wrong, and what to do.

The reading process knows codes only; the page, the command and the returned workbook make the sentences here.
Money in ``params`` is in fen and quantities in thousandths; they are shown in 元 and units.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingchan.interfaces.exchange.understanding.catalogue import COLUMNS

Sentence = str | Promise

ISSUES: dict[str, tuple[Sentence, Sentence]] = {
    "name_missing": (_("缺少资产名称。"), _("请填写资产名称；若不是资产行，请将该行标为不导入。")),
    "quantity_missing": (_("缺少数量。"), _("请填写数量。")),
    "quantity_not_positive": (_("数量必须大于零。"), _("请改为实际数量；退回或减少的资产请在处置中登记。")),
    "quantity_not_whole": (_("计量单位“%(unit)s”的数量必须是整数。"), _("请改为整数，或更正计量单位。")),
    "quantity_too_fine": (_("数量的小数超过三位。"), _("请保留三位以内小数。")),
    "quantity_column_missing": (_("本表没有数量列，每行按 1 计。"), _("如不是每行一件，请指定数量列。")),
    "unit_in_quantity_differs": (
        _("数量中的单位“%(stated)s”与计量单位“%(unit)s”不同。"),
        _("请核对计量单位，当前按计量单位列。"),
    ),
    "not_a_number": (_("不是可以确认的数字。"), _("请只填数字，例如 4800 或 4,800.00，不要写“约”、范围或外文记数。")),
    "not_a_whole_number": (_("不是整数。"), _("请填写整数。")),
    "amount_negative": (_("金额不能为负数。"), _("请填写资产原值；减少的资产请在处置中登记。")),
    "amount_missing": (_("缺少金额。"), _("请填写金额。")),
    "amount_too_large": (_("金额超过可登记的上限。"), _("请核对单位是元还是万元。")),
    "below_fen": (_("金额不足一分的部分无法登记。"), _("请保留到分（两位小数）；万元为单位时保留六位以内小数。")),
    "unit_differs": (_("单元格写明“%(stated)s”，与本列的单位不同。"), _("请统一单位后重填。")),
    "unit_assumed": (_("本表没有写明金额单位，按元读取。"), _("如为万元，请在表中写明“单位：万元”后重新上传。")),
    "unit_price_rounded": (
        _("单价有不足一分的小数，登记时四舍五入到分，金额不变。"),
        _("无需处理；如需精确请拆分行。"),
    ),
    "price_times_quantity": (
        _("单价 %(price)s × 数量 %(quantity)s = %(product)s，与金额 %(cost)s 不符。"),
        _("请更正单价、数量或金额。"),
    ),
    "cost_missing": (_("缺少金额，也无法由单价和数量算出。"), _("请填写金额。")),
    "cost_computed": (_("金额为空，按单价×数量算出。"), _("请核对。")),
    "cost_zero": (_("金额为零。"), _("请核对；确属无价值的资产请在备注中说明。")),
    "split_differs": (_("各资金来源合计 %(split)s，与金额 %(cost)s 不符。"), _("请更正资金来源各列或金额。")),
    "parts_differ": (
        _("形成资产 %(asset)s 加费用性支出 %(expense)s 与支付金额 %(paid)s 不符。"),
        _("请更正其中一项。"),
    ),
    "percent_out_of_range": (_("残值率超过 100%%。"), _("请填写百分数，例如 5 或 5%%。")),
    "percent_not_whole": (_("残值率不是整数百分比，未采用。"), _("如需登记，请在资产卡片中填写。")),
    "date_impossible": (_("日期不存在。"), _("请按“2019-06-18”填写；不知道日时可写“2019年6月”。")),
    "date_unclear": (_("看不懂的日期。"), _("请按“2019-06-18”填写；不知道日时可写“2019年6月”。")),
    "date_future": (_("日期晚于今天（%(today)s）。"), _("请更正日期。")),
    "month_ambiguous": (
        _("数字 %(year)s.1 可能是 1 月，也可能是 10 月（末尾的 0 会丢失），现按 1 月。"),
        _("请改写为“2019年10月”这样的文字。"),
    ),
    "service_before_acquired": (_("启用日期早于取得日期 %(acquired_on)s。"), _("请核对两个日期。")),
    "year_unclear": (_("看不懂的年度。"), _("请填写四位年份，例如 2018。")),
    "cell_error": (_("单元格是公式错误值。"), _("请在原表中修正公式，或直接填写数值。")),
    "formula_without_value": (_("公式没有保存计算结果，按空白读取。"), _("请在表格软件中打开并重新保存，再上传。")),
    "digits_lost": (_("长数字被存成了数值，末尾几位已丢失。"), _("请把该列设为文本格式，对照原件重新填写。")),
    "not_text": (_("单元格内容不是文字。"), _("请填写文字。")),
    "text_too_long": (_("文字太长（%(length)s 字，最多 %(limit)s 字）。"), _("请缩短，详细内容可放在附件中。")),
    "text_control": (_("含有看不见的控制字符，已去掉。"), _("请核对文字。")),
    "text_direction": (_("含有改变书写方向的字符，已去掉。"), _("请核对文字是否与所见一致。")),
    "text_private": (_("含有自造字，别的电脑可能显示不出。"), _("请换成标准字，或在备注中说明。")),
    "text_unreadable": (_("文字中有无法识别的字符。"), _("请重新输入该单元格。")),
    "ditto_without_above": (_("“同上”的上方没有内容。"), _("请填写实际内容。")),
    "asset_code_twice": (_("资产编号与“%(sheet)s”第 %(row)s 行重复。"), _("请更正编号，或删去重复的行。")),
    "serial_no_twice": (_("序列号与“%(sheet)s”第 %(row)s 行重复。"), _("请更正序列号，或删去重复的行。")),
    "funding_out_of_scope": (
        _("资金来源不属于方案范围（中央服务业专项发展资金、统筹整合县财政资金）。"),
        _("请更正资金来源；确需登记的，请说明理由后放行。"),
    ),
    "funding_admitted": (_("资金来源在方案范围之外，共 %(rows)s 行，已按理由放行。"), _("无需处理。")),
    "town_unknown": (_("没有这个乡镇。"), _("请填写现行或 2020 年的乡镇名称。")),
    "village_unknown": (_("“%(town)s”没有这个村。"), _("请核对村名，或选择合并后的村。")),
    "total_differs": (
        _("“%(label)s”为 %(stated)s，各行相加为 %(computed)s。"),
        _("请核对漏行、重行或合计公式；导入以各行为准。"),
    ),
    "summary_differs": (_("汇总表“%(label)s”为 %(stated)s，明细表为 %(computed)s。"), _("请核对；导入以明细表为准。")),
    "summary_unmatched": (_("汇总表“%(label)s”没有找到对应的明细表。"), _("请核对表名。")),
    "sheet_hidden": (_("这是隐藏的工作表，已一并读取。"), _("如不应导入，请将此表标为不导入。")),
    "rows_hidden": (_("有隐藏的行 %(rows)s 处、列 %(columns)s 处，已一并读取。"), _("请核对隐藏内容是否应导入。")),
    "sheet_not_understood": (_("没有认出表头，此表未读取。"), _("请在表头写明“资产名称、数量、金额”等，或忽略此表。")),
    "column_left_out": (_("此列没有对应的项目，不导入。"), _("如需导入，请指定对应项目。")),
    "column_unsure": (_("此列按表头推测为“%(field)s”，把握 %(confidence)s%%。"), _("请确认或更正对应关系。")),
    "nothing_to_import": (_("没有找到可以导入的表。"), _("请确认表头含有“资产名称”和“数量”“金额”等列。")),
}

REFUSALS: dict[str, tuple[Sentence, Sentence]] = {
    "empty_file": (_("文件是空的。"), _("请重新导出后上传。")),
    "file_too_large": (_("文件太大。"), _("请删去图片，或按年度、乡镇拆成几个文件。")),
    "unpacked_too_large": (_("文件解压后太大，未打开。"), _("请把数据复制到新的工作簿后另存为 xlsx。")),
    "ratio": (_("文件的压缩比异常，未打开。"), _("请把数据复制到新的工作簿后另存为 xlsx。")),
    "too_many_members": (_("文件内部的部件过多，未打开。"), _("请把数据复制到新的工作簿后另存为 xlsx。")),
    "member_name": (_("文件内部含有不安全的路径，未打开。"), _("请确认文件来源，在表格软件中另存为 xlsx 后再传。")),
    "overlapping": (_("文件内部结构互相重叠，未打开。"), _("请确认文件来源，在表格软件中另存为 xlsx 后再传。")),
    "compression": (_("文件使用了不支持的压缩方式。"), _("请在表格软件中另存为 xlsx 后再传。")),
    "dtd": (_("文件含有不允许的文档类型声明。"), _("请确认文件来源，在表格软件中另存为 xlsx 后再传。")),
    "encrypted": (_("文件有密码。"), _("请去掉打开密码后再上传。")),
    "damaged": (_("文件已损坏或不完整。"), _("请在表格软件中打开检查，另存为 xlsx 后再传。")),
    "not_a_workbook": (_("这不是电子表格文件。"), _("请上传 xlsx、xls、ods 或 csv 文件。")),
    "xlsb": (_("不支持 xlsb 格式。"), _("请另存为 xlsx 后再传。")),
    "wps_et": (_("不支持 et 格式。"), _("请在 WPS 表格中另存为 xlsx 后再传。")),
    "old_excel": (_("表格格式过旧（Excel 4.0 以前）。"), _("请另存为 xlsx 后再传。")),
    "xml_spreadsheet": (_("这是 XML 表格。"), _("请在表格软件中打开，另存为 xlsx 后再传。")),
    "html_as_workbook": (_("这是网页文件，里面没有表格。"), _("请在表格软件中打开，另存为 xlsx 后再传。")),
    "range_bomb": (
        _("工作表“%(sheet)s”的使用范围大到 %(corner)s，实际只有 %(cells)s 个单元格。"),
        _("请删除远处的多余单元格，或把数据复制到新的工作簿。"),
    ),
    "too_many_rows": (_("数据超过 %(limit)s 行。"), _("请按年度或乡镇拆成几个文件，分次导入。")),
    "too_many_cells": (_("单元格太多。"), _("请删去无用的列和空行，或拆成几个文件。")),
    "too_many_sheets": (_("工作表太多（%(count)s 张，最多 %(limit)s 张）。"), _("请拆成几个文件。")),
    "no_sheets": (_("文件里没有工作表。"), _("请重新导出后上传。")),
    "encoding_unknown": (_("认不出文字编码。"), _("请另存为“CSV UTF-8”或 xlsx 后再传。")),
    "memory": (_("读取此文件需要的内存过多，已停止。"), _("请把数据复制到新的工作簿，或拆成几个文件。")),
    "cpu_time": (_("读取此文件用时过长，已停止。"), _("请把数据复制到新的工作簿，或拆成几个文件。")),
    "wall_time": (_("读取此文件等待过久，已停止。"), _("请稍后再试；仍不行请拆成几个文件。")),
    "cancelled": (_("已取消读取。"), _("没有写入任何数据。")),
    "reader_broke": (_("文件内容异常，读取程序无法处理。"), _("请在表格软件中打开，另存为 xlsx 后再传。")),
    "crashed": (_("读取程序意外中止。"), _("请在表格软件中打开，另存为 xlsx 后再传。")),
    "spool": (_("预览后暂存的数据已被改动，没有写入任何内容。"), _("请重新读取，核对后再入账。")),
    "internal": (_("读取时出错。"), _("请重试；仍不行请把文件交给系统管理员。")),
}

_MONEY_PARAMS = {
    "price_fen": "price",
    "cost_fen": "cost",
    "product_fen": "product",
    "split_fen": "split",
    "paid_fen": "paid",
    "asset_fen": "asset",
    "expense_fen": "expense",
}


def issue_message(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and what to do, in the active language. Raises KeyError for a code that is not declared."""
    return _filled(ISSUES[code], params)


def refusal_message(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Why a file was not read and what to do. Raises KeyError for a code that is not declared."""
    return _filled(REFUSALS[code], params)


def field_label(kind: str, name: str) -> str:
    """The usual Chinese heading of a field, "" when unknown."""
    return next((field.label for field in COLUMNS.get(kind, ()) if field.name == name), "")


def _filled(sentences: tuple[Sentence, Sentence], params: Mapping[str, Any]) -> tuple[str, str]:
    shown = dict(params)
    for name, short in _MONEY_PARAMS.items():
        if name in shown:
            shown[short] = _yuan(shown[name])
    if "quantity_milli" in shown:
        shown["quantity"] = _units(shown["quantity_milli"])
    measure = str(shown.get("measure", ""))
    for name in ("stated", "computed"):
        if name in shown and measure:
            shown[name] = _measured(shown[name], measure)
    return str(sentences[0]) % shown, str(sentences[1]) % shown


def _measured(value: int | None, measure: str) -> str:
    if value is None:
        return "—"
    if measure.endswith("_fen"):
        return _yuan(value)
    return _units(value) if measure.endswith("_milli") else str(value)


def _yuan(fen: Any) -> str:
    return f"{Decimal(str(fen)) / 100:,.2f}"


def _units(milli: Any) -> str:
    return f"{(Decimal(str(milli)) / 1000).normalize():,f}"
