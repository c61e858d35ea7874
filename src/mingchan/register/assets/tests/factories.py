"""Things the register's tests start from: a county clerk, parties, sites and drafts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mingchan.foundation.directory.models import Division, Party
from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import CardDraft, Registered, SiteDraft

COUNTY = "140932"
TOWN = "140932100000"
VILLAGE = "140932101201"
DAY = date(2020, 3, 10)
BATCH = Ref("batch", 1)
RIGHTS = frozenset(
    {
        "asset.view",
        "asset.register",
        "asset.correct",
        "asset.split",
        "asset.export",
        "exchange.import",
        "exchange.withdraw",
        "ledger.view",
        "ledger.post",
        "paper.view",
        "paper.attach",
        "log.view",
    }
)


def clerk(scope: str = COUNTY, *, rights: frozenset[str] = RIGHTS, party: int | None = None) -> Actor:
    """Somebody who keeps the register of a scope."""
    return Actor(
        account_id=None,
        name="经办人",
        county=COUNTY,
        grants=(Grant("bureau_clerk", scope, rights, party),),
        source="test",
    )


def divisions() -> None:
    """One town and one village, with their county."""
    for code, name, level, parent in (
        ("140932000000", "偏关县", "COUNTY", "140900000000"),
        (TOWN, "新关镇", "TOWN", "140932000000"),
        ("140932101000", "万家寨镇", "TOWN", "140932000000"),
        (VILLAGE, "窑头村", "VILLAGE", "140932101000"),
    ):
        Division.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "level": level, "parent_code": parent,
                "first_vintage": date(2019, 1, 1), "last_vintage": date(2024, 1, 1),
            },
        )  # fmt: skip


def party(name: str, kind: str = "OFFICE", division: str = "140932000000") -> int:
    """A party by name."""
    found, _new = Party.objects.get_or_create(
        county=COUNTY, kind=kind, name=name, division_code=division, phone_mask="", defaults={"created_on": DAY}
    )
    return int(found.pk)


def site(name: str = "窑头村电商服务站", division: str = VILLAGE, *, actor: Actor | None = None) -> int:
    """A site by name."""
    draft = SiteDraft(name, division, "PUBLIC_SERVICE", "VILLAGE")
    return assets.ensure_sites([draft], actor=actor or clerk(), on=DAY)[draft]


def draft(name: str = "台式电脑", **changes: Any) -> CardDraft:
    """A draft that can be registered as it is."""
    values: dict[str, Any] = {
        "name": name, "system": "PUBLIC_SERVICE", "tier": "VILLAGE", "division_code": VILLAGE, "quantity_milli": 1000,
        "cost_fen": 398000, "unit": "台", "class_code": "A02010105", "acquired_on": date(2019, 5, 10),
        "funding": "central", "condition": "在用", "year": 2018,
    }  # fmt: skip
    return CardDraft(**{**values, **changes})


def register(
    drafts: Sequence[CardDraft], *, actor: Actor | None = None, source: Ref = BATCH, on: date = DAY
) -> Registered:
    """Register drafts as one batch."""
    return assets.register([drafts], source=source, summary="资产明细表", actor=actor or clerk(), on=on)
