"""The columns each kind of sheet may have: field, label, the words counties head it with, how its cells are read.

Words are compared without blanks, brackets and the money unit in them. The first word of a field is its label.
"""

from __future__ import annotations

from typing import NamedTuple

REGISTER = "register"
FUND_USE = "fund_use"
APPROPRIATION = "appropriation"
SURVEY = "survey"
SUMMARY = "summary"
NOTES = "notes"
UNKNOWN = "unknown"
KINDS = (REGISTER, FUND_USE, APPROPRIATION, SURVEY, SUMMARY, NOTES, UNKNOWN)


class Field(NamedTuple):
    """One column: ``reader`` names the cell parser, ``limit`` the longest text allowed."""

    name: str
    words: tuple[str, ...]
    reader: str = "text"
    limit: int = 200
    required: bool = False

    @property
    def label(self) -> str:
        """The usual heading (资产名称 …)."""
        return self.words[0]


def _field(name: str, words: str, reader: str = "text", limit: int = 200, required: bool = False) -> Field:
    return Field(name, tuple(words.split()), reader, limit, required)


_COUNTED = _field("_number", "序号 顺序号 行号 No No. #", "ignore")

REGISTER_COLUMNS: tuple[Field, ...] = (
    _COUNTED,
    _field("asset_code", "资产编号 资产编码 资产卡片编号 卡片编号 固定资产编号 资产代码 编号 编码", "code", 40),
    _field(
        "name",
        "资产名称 名称 设备名称 物品名称 资产名 货物名称 固定资产名称 品名 设备 资产信息/名称",
        "text",
        120,
        True,
    ),
    _field(
        "class_any",
        "资产类别 资产分类 资产分类代码 类别代码 分类代码 类别 资产类型 国标分类 资产分类名称 类别名称 资产子类 分类",
        "text",
        100,
    ),
    _field("model", "规格型号 型号规格 规格 型号 规格及型号 型号 规格/型号 规格参数 技术参数 主要参数", "text", 120),
    _field("brand", "品牌 品牌型号 厂牌 制造商 生产厂家 厂家", "text", 60),
    _field("unit", "计量单位 单位 数量单位", "text", 20),
    _field("quantity", "数量 账面数量 台数 件数 实有数量 数量及单位 资产数量", "quantity"),
    _field("unit_price", "单价 购置单价 含税单价 采购单价 单位价值 价格", "money"),
    _field(
        "cost",
        "金额 原值 资产原值 账面原值 价值 总价 总金额 购置金额 合计金额 资产价值 总值 资产金额 原价 "
        "入账价值 合价 小计金额",
        "money",
    ),
    _field(
        "acquired_on",
        "购置日期 取得日期 购置交付日期 购置时间 取得时间 交付日期 购入日期 购建时间 构建时间 "
        "购建日期 入账日期 "
        "采购日期 验收日期 验收时间 购买日期 购买时间 形成时间 交付时间 建成时间 购入时间",
        "date",
    ),
    _field("in_service_on", "启用日期 投入使用日期 使用日期 启用时间 投用日期 投入使用时间 开始使用日期", "date"),
    _field("project", "项目名称 所属项目 建设项目 项目", "text", 120),
    _field("year", "项目年度 年度 资金年度 项目年份 年份 资金年份", "year"),
    _field("funding", "资金来源 经费来源 来源 资金性质 资金渠道 资金类别", "funding", 100),
    _field("funding_central", "资金来源/中央 资金来源/中央资金 资金来源/中央专项 中央资金 中央专项资金", "money"),
    _field("funding_province", "资金来源/省 资金来源/省级 资金来源/省级资金 省级资金", "money"),
    _field("funding_city", "资金来源/市 资金来源/市级 资金来源/市级资金 市级资金", "money"),
    _field(
        "funding_county", "资金来源/县 资金来源/县级 资金来源/县级资金 资金来源/县区 县级资金 县级整合资金", "money"
    ),
    _field("funding_other", "资金来源/其他 资金来源/其它 资金来源/其他资金 其他资金", "money"),
    _field(
        "owner",
        "所有权 所有权单位 所有权人 产权单位 权属单位 产权人 产权所有人 权属/所有权 权属/所有权人 "
        "权属/所有权单位 资产所有权 "
        "所有者 权属 产权归属 业主单位",
        "text",
        100,
    ),
    _field(
        "user",
        "使用权 使用单位 使用权人 使用部门 使用管理部门 使用主体 权属/使用权 使用权单位 使用者 资产使用单位",
        "text",
        100,
    ),
    _field(
        "operator",
        "经营权 经营主体 经营单位 经营权人 运营单位 运营主体 权属/经营权 经营者 承营单位 运营商 承包人",
        "text",
        100,
    ),
    _field("income_holder", "收益权 收益权人 收益单位 收益主体 权属/收益权 收益分配对象 收益对象", "text", 100),
    _field(
        "keeper",
        "保管人 责任人 管护责任人 管护/责任人 管理人 管护人 管护人员 资产管理员 保管员 负责人 使用人 "
        "管护责任人姓名 管护/管护责任人 "
        "管护/管护人",
        "person",
        60,
    ),
    _field("phone", "联系电话 管护/联系电话 电话 手机 手机号 手机号码 联系方式 联系人电话", "code", 40),
    _field(
        "site",
        "站点名称 站点 中心名称 站点中心名称 服务站名称 服务站点 服务站 网点名称 网点 所属站点 "
        "站点/中心名称 站点或中心名称 "
        "服务站点名称 村级站点",
        "text",
        100,
    ),
    _field("town", "所在乡镇 乡镇 乡镇街道 所属乡镇 所在乡 乡镇名称 乡 镇 所在镇 所在街道 乡/镇", "text", 40),
    _field("village", "行政村 所在村 村 所在行政村 所属村 村名 村名称 行政村名称 村社区 村居 村委会", "text", 60),
    _field(
        "town_village",
        "所在镇和村 所在乡镇和村 所在乡镇村 乡镇村 所在乡村 所在镇村 地址乡镇村 所在乡镇及村",
        "text",
        100,
    ),
    _field(
        "place",
        "存放地点 安装地点 坐落位置 存放位置 使用地点 地点 位置 安装位置 放置地点 所在位置 地址 详细地址 坐落",
        "text",
        120,
    ),
    _field(
        "condition",
        "使用状况 状态 资产状态 使用状态 资产现状 现状 资产使用状况 状况 当前状态 使用情况 运行状态 运行情况",
        "text",
        20,
    ),
    _field(
        "serial_no",
        "序列号 产品序列号 出厂编号 机身号 SN S/N SN码 设备序列号 出厂序列号 机身编号 设备编号 唯一编码",
        "code",
        60,
    ),
    _field("residual_percent", "残值率 净残值率 预计残值率 残值率% 预计净残值率", "percent"),
    _field("life_months", "使用月数 折旧月数 使用寿命月 折旧年限月 预计使用月数 使用期限月 使用年限月", "whole"),
    _field("life_years", "使用年限 折旧年限 预计使用年限 使用寿命 折旧年限年 使用年限年 年限", "years"),
    _field("supplier", "供应商 供货单位 供货商 销售单位 供应单位 中标单位 采购单位 供货方", "text", 120),
    _field("system", "建设体系 体系 所属体系 资产体系 项目体系 系统", "text", 60),
    _field("tier", "层级 级次 资产层级 所属层级 级别 资产级次", "text", 20),
    _field("note", "备注 说明 附注 备注说明", "text", 500),
)
FUND_USE_COLUMNS: tuple[Field, ...] = (
    _COUNTED,
    _field("line", "子项目 项目 项目名称 子项目名称 建设内容 项目类别 明细项目 项目子项", "text", 200, True),
    _field("funding", "资金来源 来源 资金性质 资金渠道 资金类别 经费来源", "funding", 100),
    _field("document_no", "资金文号 文号 文件号 下达文号 资金文件 拨款文号 指标文号", "text", 100),
    _field("item", "支出内容 支出事项 支出明细 支出项目 摘要 内容", "text", 200),
    _field("purpose", "用途 资金用途 款项用途 支出用途 使用用途 资金使用用途", "text", 200),
    _field("payee", "收款单位 收款人 收款方 供应商 受款单位 支付对象 收款单位名称", "text", 100),
    _field("contract_no", "合同编号 合同号 合同 采购合同编号 合同文号 协议编号 合同/编号", "text", 80),
    _field("invoice_no", "发票号码 发票号 发票编号 票据号码 票据号 票号 发票 发票/号码", "text", 120),
    _field("paid_on", "支付日期 支付时间 付款日期 付款时间 拨付日期 拨付时间 支出日期 日期", "date"),
    _field("paid", "支付金额 付款金额 支出金额 拨付金额 已支付金额 金额 实际支付金额 支出合计", "money", 0, True),
    _field("asset", "形成资产金额 形成资产 其中形成资产 资产性支出 形成资产价值 资产金额 其中/形成资产", "money"),
    _field(
        "expense",
        "费用性支出 费用 费用支出 费用化支出 费用性支出金额 其中费用性支出 未形成资产 其中/费用性支出",
        "money",
    ),
    _field("note", "备注 说明 附注", "text", 1000),
)
APPROPRIATION_COLUMNS: tuple[Field, ...] = (
    _COUNTED,
    _field("funding", "资金来源 资金名称 来源 资金性质 资金渠道 专项资金名称 项目资金名称", "funding", 100, True),
    _field("level", "级次 资金级次 级别 层级 资金级别", "text", 20),
    _field("document_no", "文号 下达文号 资金文号 文件号 指标文号 文件名称及文号", "text", 100),
    _field("issued_on", "下达日期 下达时间 到位日期 到位时间 发文日期 拨付日期 日期", "date"),
    _field("amount", "下达金额 下达资金 到位金额 到位资金 金额 下达数 下达资金额 资金额度", "money", 0, True),
    _field("note", "备注 说明 附注", "text", 1000),
)
_SAME_AS_REGISTER = (
    "asset_code", "name", "class_any", "model", "brand", "unit", "unit_price", "site", "town", "village",
    "town_village", "serial_no", "system", "tier", "note",
)  # fmt: skip
_OF_REGISTER = {column.name: column for column in REGISTER_COLUMNS}


def _more(name: str, words: str) -> Field:
    """A column of the register with further words before its own."""
    column = _OF_REGISTER[name]
    return column._replace(words=(*words.split(), *column.words))


SURVEY_COLUMNS: tuple[Field, ...] = (
    _COUNTED,
    *(_OF_REGISTER[name] for name in _SAME_AS_REGISTER),
    _field("book_quantity", "账面数量 账面数 账存数量 登记数量 台账数量", "counted"),
    _field(
        "quantity",
        "实盘数量 盘点数量 清查数量 实有数量 实存数量 实际数量 调查数量 核实数量 核查数量 现存数量 数量 台数 件数",
        "counted",
    ),
    _field("book_cost", "账面价值 账面原值 账面金额 登记原值 台账原值", "money"),
    _field(
        "cost",
        "核实价值 实盘金额 盘点金额 清查价值 清查金额 调查价值 实际价值 核实金额 原值 资产原值 价值 金额 总价 资产价值",
        "money",
    ),
    _field(
        "result",
        "盘点结果 清查结果 调查结果 核查结果 盘盈盘亏 是否相符 是否存在 核实情况 盘点情况 "
        "差异 差异情况 差异说明 差异原因",
        "text",
        60,
    ),
    _more("place", "实际存放地点 实际地点 现存放地点 实际位置"),
    _more("keeper", "实际保管人 现保管人 实际管护人 现管护人"),
    _more("user", "实际使用单位 现使用单位"),
    _more("condition", "实物状态 实物状况 现场状况"),
    _field("surveyor", "调查人 盘点人 清查人 核查人 调查员 盘点人员 调查人员 盘点员 清查人员", "person", 60),
    _field("surveyed_on", "调查日期 盘点日期 清查日期 核查日期 调查时间 盘点时间 清查时间 现场日期", "date"),
)
SURVEY_TELLING = frozenset({"result", "surveyor", "surveyed_on"})
"""Columns that only a survey sheet has."""
COLUMNS: dict[str, tuple[Field, ...]] = {
    REGISTER: REGISTER_COLUMNS,
    FUND_USE: FUND_USE_COLUMNS,
    APPROPRIATION: APPROPRIATION_COLUMNS,
    SURVEY: SURVEY_COLUMNS,
}
PARENT_WORDS = frozenset(
    [
        "资产信息",
        "权属",
        "管护",
        "资金来源",
        "基本信息",
        "清理情况",
        "资产基本信息",
        "位置",
        "价值",
        "其中",
        "项目信息",
        "使用情况",
        "产权",
        "权属信息",
    ]
)

REGISTER_FIELDS: tuple[str, ...] = (
    "row",
    "asset_code",
    "name",
    "class_code",
    "class_name",
    "model",
    "brand",
    "unit",
    "quantity_milli",
    "unit_price_fen",
    "cost_fen",
    "acquired_on",
    "acquired_precision",
    "in_service_on",
    "project",
    "year",
    "funding",
    "funding_text",
    "owner",
    "user",
    "operator",
    "income_holder",
    "keeper",
    "phone",
    "site",
    "town",
    "village",
    "place",
    "condition",
    "serial_no",
    "residual_percent",
    "life_months",
    "supplier",
    "note",
    "system",
    "tier",
    "funding_split",
    "originals",
    "ditto",
)
FUND_USE_FIELDS: tuple[str, ...] = (
    "row",
    "line",
    "funding",
    "funding_text",
    "document_no",
    "item",
    "payee",
    "paid_on",
    "paid_precision",
    "paid_fen",
    "asset_fen",
    "expense_fen",
    "system",
    "note",
    "purpose",
    "contract_no",
    "invoice_no",
    "originals",
    "ditto",
)
APPROPRIATION_FIELDS: tuple[str, ...] = (
    "row",
    "funding",
    "funding_text",
    "level",
    "document_no",
    "issued_on",
    "issued_precision",
    "amount_fen",
    "note",
    "originals",
    "ditto",
)
SURVEY_FIELDS: tuple[str, ...] = (
    "row", "asset_code", "name", "class_code", "class_name", "model", "brand", "unit", "quantity_milli", "cost_fen",
    "site", "town", "village", "place", "keeper", "user", "condition", "serial_no", "result", "surveyed_on",
    "surveyed_by", "note", "system", "tier", "type_stated", "originals", "ditto",
)  # fmt: skip
ROW_FIELDS: dict[str, tuple[str, ...]] = {
    REGISTER: REGISTER_FIELDS,
    FUND_USE: FUND_USE_FIELDS,
    APPROPRIATION: APPROPRIATION_FIELDS,
    SURVEY: SURVEY_FIELDS,
}


def field_of(kind: str, name: str) -> Field | None:
    """The declared column ``name`` of a kind, or None."""
    return next((field for field in COLUMNS.get(kind, ()) if field.name == name), None)
