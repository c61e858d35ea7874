"""Reports from the public in the sample county (群众反映): one answered, one under way, one late."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.oversight.complaints import services as complaints
from mingchan.oversight.complaints.drafts import ComplaintDraft
from mingchan.oversight.complaints.models import Complaint
from mingchan.register.assets.choices import Status, Tier
from mingchan.register.assets.models import Asset


def _actor(username: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=username), on, source="command")


def load() -> Iterator[str]:
    """Bring them in, once."""
    county = settings.COUNTY
    if Complaint.objects.filter(county=county).exists():
        return
    keeper = Account.objects.select_related("office").get(username="town_keeper")
    town = keeper.office.division_code[:9]
    cards = Asset.objects.filter(county=county, status=Status.ACTIVE, tier=Tier.VILLAGE, division_code__startswith=town)
    found = list(cards.order_by("id").values_list("code", "division_code", "place", "name")[:40:13])
    if len(found) < 3:
        return
    _answered(found[0], town)
    _just_in(found[2])
    _under_way(found[1])
    yield "Took in three reports from the public: one answered, one under way, one about misuse that is late."


def _receive(draft: ComplaintDraft, on: date) -> int:
    return complaints.receive(draft, actor=directory.nobody(settings.COUNTY), on=on, is_sample=True).id


def _answered(card: tuple[str, str, str, str], town: str) -> None:
    """Idle shelves, looked at and put to use again; the answer is public."""
    on = date(2020, 6, 22)
    text = f"村里站点的{card[3]}放了大半年没有人用，上面落满了灰。（示例）"
    key = _receive(ComplaintDraft("IDLE", text, "PORTAL", card[0], card[1], card[2], "李示例", "13900000001"), on)
    who = _actor("town_keeper", on)
    complaints.accept(key, seen=1, actor=who, on=on + timedelta(days=1))
    finding = "6月24日到站点查看，情况属实：站点负责人外出，设备停用。（示例）"
    complaints.investigate(key, finding, seen=2, actor=who, on=on + timedelta(days=2))
    answer = "情况属实。站点已由村委会另行安排人员值守，设备重新启用，本月起每周开放五天。（示例）"
    complaints.answer(
        key,
        answer,
        is_public=True,
        followed_by="已变更站点使用者（示例）",
        seen=3,
        actor=who,
        on=on + timedelta(days=7),
    )


def _under_way(card: tuple[str, str, str, str]) -> None:
    """A damaged thing, told on the telephone a few days ago and accepted."""
    on = period.today() - timedelta(days=4)
    who = _actor("town_keeper", on)
    text = f"站点的{card[3]}坏了，用不成，一直没人来修。（示例）"
    receipt = complaints.receive(
        ComplaintDraft("DAMAGED", text, "PHONE", card[0], card[1], card[2], "", "13900000002"),
        actor=who, on=on, is_sample=True,
    )  # fmt: skip
    complaints.accept(receipt.id, seen=1, actor=who, on=on + timedelta(days=1))


def _just_in(card: tuple[str, str, str, str]) -> None:
    """Misuse, which goes to the county; a little late already."""
    on = period.today() - timedelta(days=21)
    text = "站点的一台电脑被搬到私人家里用，群众有意见。（示例）"
    _receive(ComplaintDraft("MISUSE", text, "PORTAL", "", card[1], "村电商站点"), on)
