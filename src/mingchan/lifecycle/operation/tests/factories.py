"""Contracts that tests of operation and of contexts above it start from."""

from collections.abc import Sequence
from datetime import date

from mingchan.lifecycle.operation import schedule
from mingchan.lifecycle.operation.models import Charge, Contract, Covered
from mingchan.register.assets.tests.factories import party

COUNTY = "140932"
VILLAGE = "140932101201"


def contract(
    asset_ids: Sequence[int] = (),
    *,
    operator: int | None = None,
    starts_on: date = date(2020, 7, 1),
    last_day: date = date(2023, 6, 30),
    yearly_fen: int = 1_200_000,
    deposit_fen: int = 200_000,
    division: str = VILLAGE,
    serial: int = 1,
) -> Contract:
    """A running contract with its rent by quarters and a deposit, written as rows: no case stands behind it."""
    made = Contract.objects.create(
        county=COUNTY,
        division_code=division,
        year=starts_on.year,
        serial=serial,
        number=f"偏电商经营〔{starts_on.year}〕{serial}号",
        title="窑头村电商服务站",
        lessor_id=party("偏关县工业和信息化局", "OFFICE", COUNTY),
        operator_id=operator or party("晋西电子商务有限公司", "COMPANY", division),
        mode="LEASE",
        starts_on=starts_on,
        last_day=last_day,
        status="RUNNING",
        drafted_on=starts_on,
        drafted_by="王会计",
        signed_on=starts_on,
    )
    Covered.objects.bulk_create(
        Covered(contract=made, asset_id=key, starts_on=starts_on, last_day=last_day, is_live=True) for key in asset_ids
    )
    plan = schedule.Terms(starts_on, last_day, yearly_fen, "QUARTER", "START", 10, 0)
    charges = [(schedule.key_of("RENT", row.starts_on, 1), "RENT", *row) for row in schedule.rent(plan)]
    if deposit_fen:
        charges.insert(0, ("DEPOSIT", "DEPOSIT", starts_on, last_day, starts_on, deposit_fen))
    Charge.objects.bulk_create(
        Charge(
            county=COUNTY, contract=made, edition=1, key=key, kind=kind, starts_on=first, last_day=last, due_on=due,
            fen=fen, made_on=starts_on,
        )
        for key, kind, first, last, due, fen in charges
    )  # fmt: skip
    return made
