"""What people read when something is missing (提示): sentences by fault, and the field each is about."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mingchan.lifecycle.disposal.rules import Fault

FAULTS: Mapping[Fault, Any] = {
    Fault.NO_ITEMS: _("方案中还没有资产"),
    Fault.NO_REASON: _("请填写处置原因"),
    Fault.NO_USE: _("请填写处置收入的用途（收入上缴财政，统筹安排）"),
    Fault.NO_EXCEPTION: _("效益良好的资产原则上不得处置：%(assets)s。确需处置的，请写明理由"),
    Fault.NO_FINDING: _("报废须有技术鉴定：请填写鉴定人、鉴定日期和鉴定意见"),
    Fault.NO_APPRAISAL: _("这种处置方式须先评估：请登记评估结果"),
    Fault.APPRAISAL_OVER: _("评估结论已过有效期，请重新评估"),
    Fault.NO_RECIPIENT: _("请填写接收单位"),
    Fault.NO_LOSS: _("请填写核销的货币性资产种类和金额"),
    Fault.PAPERS_MISSING: _("还缺少材料：%(papers)s"),
    Fault.NO_OTHER_PARTY: _("请填写受让人或接收单位"),
    Fault.NO_CONTRACT: _("请填写合同、协议或受赠凭据的编号"),
    Fault.NO_PRICE: _("请填写成交价"),
    Fault.PRICE_LOW: _("成交价低于评估价值的规定比例，须先报县政府再批复"),
    Fault.NO_AUCTION: _("请填全拍卖机构、公告日期、地点、竞买人数和成交确认书编号"),
    Fault.AUCTION_NOTICE_SHORT: _("拍卖公告至拍卖日不足规定天数"),
    Fault.NO_DISMANTLING: _("请填写拆解回收单位和回收凭据编号"),
    Fault.NO_RESPONSIBLE: _("请填写责任人及处理情况"),
    Fault.NO_INCOMING: _("请填写换入资产"),
}
FIELDS: Mapping[Fault, str] = {
    Fault.NO_REASON: "reason",
    Fault.NO_USE: "proceeds_use",
    Fault.NO_EXCEPTION: "exception",
    Fault.NO_FINDING: "finding",
    Fault.NO_RECIPIENT: "recipient",
    Fault.NO_LOSS: "loss",
    Fault.NO_OTHER_PARTY: "other_party",
    Fault.NO_CONTRACT: "contract_no",
    Fault.NO_PRICE: "price",
    Fault.PRICE_LOW: "price",
    Fault.NO_AUCTION: "house",
    Fault.AUCTION_NOTICE_SHORT: "notice_on",
    Fault.NO_DISMANTLING: "handled_by",
    Fault.NO_RESPONSIBLE: "responsible",
    Fault.NO_INCOMING: "incoming_name",
}
"""The field of the form that a fault is about."""
