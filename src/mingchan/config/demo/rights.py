"""The sample county's confirmation (示例确权): what the third stage would have brought by the middle of May 2020 (3.3).

Most assets are confirmed to the bureau under the finance bureau's supervision; two towns' villages are not yet, and
one certificate lost a part of what it says to a later one. What is still on its way stands in `confirming`.
"""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account, Division, Party
from mingchan.kernel.actor import Actor
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.rights import services
from mingchan.register.rights.choices import State
from mingchan.register.rights.drafts import ConfirmationDraft, HolderDraft
from mingchan.register.rights.models import Confirmation

BASIS = "关于电商示范项目资产确权的批复（示例）偏政函〔2020〕8号"
DAYS = (11, 12, 13)
LEFT_OUT = ("水泉镇", "老营镇")
"""Towns whose villages are not confirmed yet; the first waits for approval."""


def actor_of(role: str, on: date) -> Actor:
    """Who acts for a role's sample account."""
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def party_named(name: str) -> int:
    """A party of the county by name."""
    return int(Party.objects.filter(county=settings.COUNTY, name=name).order_by("pk").values_list("pk", flat=True)[0])


def carry(
    title: str, asked: RegisterFilter, holders: tuple[HolderDraft, ...], days: tuple[int, ...], *, month: int = 4
) -> Confirmation:
    """A batch carried as far as there are days: proposed, checked, approved."""
    on = [date(2020, month, day) for day in days]
    clerk = actor_of("bureau_clerk", on[0])
    content = ConfirmationDraft(title, BASIS, holders)
    batch = services.draft(content, asked, words=asked.query(), actor=clerk, on=on[0], is_sample=True)
    batch = services.propose(batch.pk, batch.version, actor=clerk, on=on[0])
    if len(on) > 1:
        reviewer = actor_of("bureau_reviewer", on[1])
        batch = services.check(batch.pk, batch.version, batch.digest, "账册、清单与实物一致", actor=reviewer, on=on[1])
    if len(on) > 2:
        head = actor_of("bureau_head", on[2])
        batch, _issued = services.approve(batch.pk, batch.version, batch.digest, "同意", actor=head, on=on[2])
    return batch


def load() -> Iterator[str]:
    """Carry the batches as far as they went, unless they are there; gives a line for each."""
    if Confirmation.objects.filter(county=settings.COUNTY).exists():
        return
    bureau, finance = party_named("偏关县工业和信息化局"), party_named("偏关县财政局")
    town = party_named("新关镇人民政府")
    owned = HolderDraft("OWNERSHIP", bureau)
    watched = HolderDraft("SUPERVISION", finance)
    towns = dict(
        Division.objects.filter(parent_code=f"{settings.COUNTY}000000", level="TOWN").values_list("name", "code")
    )
    left = [towns[name] for name in LEFT_OUT]
    villages = ",".join(sorted(code[:9] for code in towns.values() if code not in left))
    for title, asked, holders, days, month in (
        ("县级中心资产确权（示例）", RegisterFilter(tier="COUNTY"),
         (owned, watched, HolderDraft("INCOME", bureau)), (18, 20, 22), 4),
        ("乡镇站点资产确权（示例）", RegisterFilter(tier="TOWN"), (owned, watched), (21, 23, 24), 4),
        ("村级站点资产确权（示例）", RegisterFilter(tier="VILLAGE", division=villages),
         (owned, watched), (24, 27, 28), 4),
        ("县级物流设备收益权按份确权（示例）", RegisterFilter(tier="COUNTY", system="LOGISTICS"),
         (HolderDraft("INCOME", bureau, 7, 10), HolderDraft("INCOME", town, 3, 10)), (6, 7, 8), 5),
    ):  # fmt: skip
        batch = carry(title, asked, holders, days, month=month)
        yield f"Confirmation {batch.pk} ({State(batch.state).name.lower()}): {batch.count:,} assets."
    used = [
        carry(title, RegisterFilter(tier=tier), (HolderDraft("USE", bureau), *more), DAYS, month=5)
        for title, tier, more in (
            ("县级中心资产使用权确权（示例）", "COUNTY", ()),
            ("乡镇站点资产使用权、收益权确权（示例）", "TOWN", (HolderDraft("INCOME", bureau),)),
        )
    ]
    for name, code in sorted(towns.items(), key=lambda town: town[1]):
        government = Party.objects.filter(county=settings.COUNTY, kind="TOWN_GOVERNMENT", division_code=code).first()
        if name not in LEFT_OUT and government is not None:
            holders = (HolderDraft("USE", government.pk), HolderDraft("INCOME", bureau))
            title, asked = (
                f"{name}村级资产使用权、收益权确权（示例）",
                RegisterFilter(tier="VILLAGE", division=code[:9]),
            )
            used.append(carry(title, asked, holders, DAYS, month=5))
    yield f"Confirmations of use and income: {len(used)} batches, {sum(batch.count for batch in used):,} assets."
