"""Payments and assets for the tests of tracing: one line, two payments, three cards that fit them to the fen."""

from datetime import date
from typing import Any

from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.assets.tests import factories as cards
from mingchan.register.funding import services as funding
from mingchan.register.funding.drafts import FundUseDraft

DAY = cards.DAY
COUNTY = cards.COUNTY
BATCH = Ref("batch", 7)
RIGHTS = cards.RIGHTS | {"funding.view", "funding.register", "tracing.link", "project.manage"}


def clerk(scope: str = COUNTY, *, but: frozenset[str] = frozenset()) -> Actor:
    """Somebody who registers money and things and links them."""
    return cards.clerk(scope, rights=RIGHTS - but)


def pay(item: str = "物流配送设备", fen: int = 100_00, **changes: Any) -> int:
    """One payment that became assets as a whole."""
    values: dict[str, Any] = {
        "line": "物流配送体系", "funding": "central", "document": "晋财建〔2018〕000号（示例）", "item": item,
        "paid_fen": fen, "asset_fen": fen, "expense_fen": 0, "payee": "太原恒通信息技术有限公司（示例）",
        "paid_on": date(2019, 6, 1),
    }  # fmt: skip
    draft = FundUseDraft(**{**values, **changes})
    return funding.record_fund_uses([draft], source=BATCH, actor=clerk(), on=DAY).first_id


def own(*costs: int, **changes: Any) -> list[int]:
    """Cards of the logistics system, paid from the central fund, with these costs in fen."""
    given = {"system": "LOGISTICS", "tier": "TOWN", "division_code": cards.TOWN, "year": 0, **changes}
    done = cards.register([cards.draft(f"货架{n}", cost_fen=fen, **given) for n, fen in enumerate(costs)])
    return list(range(done.first_id, done.first_id + len(costs)))
