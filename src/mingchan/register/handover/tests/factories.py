"""Things the tests of handovers start from: two offices, persons, cards of the bureau, lists at each step."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory import services as directory_services
from mingchan.foundation.directory.models import Account, Party
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import CardDraft
from mingchan.register.handover import queries, services
from mingchan.register.handover.drafts import HandoverDraft, Signed, TickDraft
from mingchan.register.handover.models import Handover, Line

COUNTY = "140932"
CENTRE = "140932000000"
TOWN = "140932100000"
DAY = date(2020, 3, 10)
PASSWORD = "Pianguan-2020"


def actor(role: str, on: date = DAY) -> Actor:
    """The actor of a role's sample account."""
    return directory.actor_for(Account.objects.get(username=role), on)


def office(role: str) -> Party:
    """The office of a role's sample account."""
    return Account.objects.select_related("office").get(username=role).office


def person(name: str, division: str = TOWN) -> Party:
    """Somebody by name."""
    found = Party.objects.filter(county=COUNTY, kind="PERSON", name=name, division_code=division).first()
    return found or directory_services.create_party("PERSON", name, division, actor=actor("bureau_clerk"), on=DAY)


def cards(count: int = 3, *, cost_fen: int = 398_001, division: str = TOWN, **changes: Any) -> list[int]:
    """Cards owned by the bureau; the first is furniture, the others computers."""
    values: dict[str, Any] = {
        "system": "PUBLIC_SERVICE", "tier": "TOWN", "division_code": division, "quantity_milli": 2000, "unit": "台",
        "acquired_on": date(2019, 5, 10), "condition": "在用", "owner": office("bureau_clerk").pk, **changes,
    }  # fmt: skip
    drafts = [
        CardDraft(
            name="货架" if index == 0 else f"台式电脑{index}",
            class_code="A05010000" if index == 0 else "A02010105",
            cost_fen=cost_fen + index,
            **values,
        )
        for index in range(count)
    ]
    done = assets.register([drafts], source=Ref("batch", 1), summary="明细表", actor=actor("bureau_clerk"), on=DAY)
    return list(range(done.first_id, done.last_id + 1))


def head(**changes: Any) -> HandoverDraft:
    """From the bureau to the town government, ownership with use."""
    values: dict[str, Any] = {
        "kind": "OWNERSHIP",
        "from_party": office("bureau_clerk").pk,
        "to_party": office("town_keeper").pk,
        "reason": "项目验收合格，移交属地管理",
        "basis": "偏工信字〔2020〕12号（示例）",
        "rights": ("USE",),
        "keeper": person("董改花").pk,
    }
    return HandoverDraft(**{**values, **changes})


def drafted(ids: Sequence[int], **changes: Any) -> Handover:
    """A list as the bureau's clerk drafts it."""
    return services.draft(ids, head(**changes), actor=actor("bureau_clerk"), on=DAY)


def checking(ids: Sequence[int], **changes: Any) -> Handover:
    """A list that is being checked."""
    made = drafted(ids, **changes)
    return services.open_checking(made.pk, actor=actor("bureau_clerk"), on=DAY)


def tick_all(handover: Handover, role: str = "town_keeper") -> None:
    """Everything is as the list says."""
    for line in Line.objects.filter(handover=handover).order_by("line_no"):
        services.tick(handover.pk, line.pk, TickDraft("MATCHES"), actor=actor(role), on=DAY)


def ticked(ids: Sequence[int], **changes: Any) -> Handover:
    """A list whose items were all found as they should be."""
    made = checking(ids, **changes)
    tick_all(made)
    return Handover.objects.get(pk=made.pk)


def sign(
    handover: Handover, side: str, role: str, *, seen: str = "", on: date = DAY, password: str = PASSWORD
) -> Signed:
    """A role's account signs for a side what the list says now."""
    fresh = Handover.objects.get(pk=handover.pk)
    digest = seen or queries.content_digest(fresh)
    return services.sign(handover.pk, side, password, digest, actor=actor(role, on), on=on)


def handed_over(ids: Sequence[int], **changes: Any) -> Handover:
    """A list both have signed."""
    made = ticked(ids, **changes)
    sign(made, "FROM", "bureau_clerk")
    sign(made, "TO", "town_keeper")
    return Handover.objects.get(pk=made.pk)
