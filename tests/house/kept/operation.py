"""Rows of operation (经营)."""

from datetime import date

from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import services
from mingchan.lifecycle.operation.drafts import InsuranceDraft
from mingchan.lifecycle.operation.tests import factories as make
from mingchan.oversight.disclosure.tests.factories import pass_notice
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import CardDraft
from tests.architecture.url_table import DAY, Things

ENDS, LATER = date(2021, 3, 9), date(2020, 7, 1)


def fill(things: Things) -> None:
    """A contract through its procedure: reported, insured, claimed and ended early; then a change of mode."""
    roles = {
        "clerk": "bureau_clerk", "reviewer": "bureau_reviewer", "head": "bureau_head", "county": "county_government",
        "finance": "finance",
    }  # fmt: skip
    staff = {part: things.actor(role) for part, role in roles.items()}
    clerk = staff["clerk"]
    card = CardDraft("打包机", "LOGISTICS", "COUNTY", "140932100000", 1000, 500_000, unit="台", acquired_on=DAY)
    asset = assets.register_one(card, source=Ref("account", clerk.account_id or 0), actor=clerk, on=DAY)
    contract = services.draft(
        make.company(),
        make.terms(starts_on=DAY, last_day=ENDS, share_of="TURNOVER", share_bp=1000, share_every="QUARTER"),
        title="打包机",
        lessor=things.account("bureau_clerk").office_id,
        asset_ids=[asset],
        actor=clerk,
        on=DAY,
    )
    contract = make.concluded(contract, staff, pass_notice, on=DAY)
    policy = InsuranceDraft("人保财险", "PICC-1", "财产一切险", 500_000, 2_000, DAY, ENDS, [asset])
    insured = services.insure(contract.pk, policy, actor=clerk, on=DAY)
    services.claim(insured.pk, happened_on=DAY, event="进水", claimed_fen=10_000, actor=clerk, on=DAY)
    report = services.report(contract.pk, DAY, turnover_fen=100_000, profit_fen=10_000, actor=clerk, on=LATER)
    services.answer(report.pk, accept=True, actor=clerk, on=LATER)
    contract.refresh_from_db()
    services.end(
        contract.pk, reason="歇业", deposit_back_fen=200_000, version=contract.version, actor=staff["head"], on=LATER
    )
    services.propose("MODE", [asset], mode="SELF", reason="收回自营", actor=clerk, on=LATER)
