"""Actors, offices and drafts for the tests of project money."""

from datetime import date
from typing import Any

from mingchan.foundation.directory.models import Party
from mingchan.kernel.actor import Actor, Grant
from mingchan.register.funding.drafts import AppropriationDraft, FundUseDraft

COUNTY = "140932"
ON = date(2020, 3, 15)
CENTRAL_PAPER = "晋财建〔2018〕000号（示例）"
COUNTY_PAPER = "偏财整合〔2019〕00号（示例）"


def actor(*rights: str, scope: str = COUNTY) -> Actor:
    """An account with the rights over the scope; without rights, the two of this context."""
    held = frozenset(rights or ("funding.view", "funding.register"))
    return Actor(None, "测试", COUNTY, (Grant("bureau_clerk", scope, held),))


def bureau() -> Party:
    """The office whose book carries the expense."""
    return Party.objects.create(
        county=COUNTY,
        kind="OFFICE",
        name="偏关县工业和信息化局",
        division_code="140932000000",
        created_on=ON,
    )


def appropriation(**changes: Any) -> AppropriationDraft:
    """15,000,000.00 yuan from the central fund, given for September 2018."""
    draft = AppropriationDraft(
        "central", CENTRAL_PAPER, 1_500_000_000, "", date(2018, 9, 1), "M", sheet="资金下达", row=3
    )
    return draft._replace(**changes)


def fund_use(**changes: Any) -> FundUseDraft:
    """A purchase of 287,136.00 yuan that became assets as a whole."""
    draft = FundUseDraft(
        line="县级公共服务中心",
        funding="central",
        document=CENTRAL_PAPER,
        item="县级公共服务中心设备采购（第1批）",
        paid_fen=28_713_600,
        asset_fen=28_713_600,
        expense_fen=0,
        payee="太原恒通信息技术有限公司（示例）",
        paid_on=date(2019, 6, 21),
        sheet="资金投向",
        row=4,
        originals={"支付金额": "287136"},
    )
    return draft._replace(**changes)


def training(**changes: Any) -> FundUseDraft:
    """A training of 1,250,000.00 yuan: all of it expense."""
    return fund_use(
        line="人才培训与服务",
        item="电商培训（3期 2600人次）",
        paid_fen=125_000_000,
        asset_fen=0,
        expense_fen=125_000_000,
        payee="山西关河电子商务有限公司（示例）",
        paid_on=date(2019, 6, 4),
        row=26,
    )._replace(**changes)
