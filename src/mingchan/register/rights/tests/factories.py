"""Things the tests of confirmation start from: three people with a duty each, cards, a batch in any state."""

from typing import Any

from mingchan.foundation.directory.tests import factories as directory
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.assets.tests import factories as assets
from mingchan.register.rights import services
from mingchan.register.rights.drafts import ConfirmationDraft, HolderDraft
from mingchan.register.rights.models import Certificate, Confirmation

DAY = assets.DAY
TOWN = "140932100000"


class People:
    """Maker, checker and approver, each an account of its own; and the register's clerk."""

    def __init__(self) -> None:
        self.maker = directory.actor("clerk", "bureau_clerk")
        self.checker = directory.actor("reviewer", "bureau_reviewer")
        self.approver = directory.actor("head", "bureau_head")
        self.clerk = assets.clerk()


def cards(count: int, **changes: Any) -> list[int]:
    """So many registered cards of a town; their ids."""
    values = {"division_code": TOWN, "tier": "TOWN", **changes}
    made = assets.register([assets.draft(f"货架{number}", **values) for number in range(count)])
    return list(range(made.first_id, made.last_id + 1))


def content(*holders: HolderDraft, title: str = "县级中心资产确权") -> ConfirmationDraft:
    """A batch's content with holders, by default the bureau's ownership."""
    given = holders or (HolderDraft("OWNERSHIP", bureau()),)
    return ConfirmationDraft(title, "偏电商组办字〔2020〕1号", tuple(given))


def bureau() -> int:
    """The bureau that owns."""
    return int(directory.office().pk)


def party(name: str, kind: str = "OFFICE") -> int:
    """A party by name."""
    return assets.party(name, kind)


def drafted(people: People, ids: list[int], *holders: HolderDraft) -> Confirmation:
    """A draft over chosen cards."""
    return services.draft(content(*holders), RegisterFilter(), ids, actor=people.maker, on=DAY)


def proposed(people: People, ids: list[int], *holders: HolderDraft) -> Confirmation:
    """A batch handed in."""
    batch = drafted(people, ids, *holders)
    return services.propose(batch.pk, batch.version, actor=people.maker, on=DAY)


def checked(people: People, ids: list[int], *holders: HolderDraft) -> Confirmation:
    """A batch that waits for approval."""
    batch = proposed(people, ids, *holders)
    return services.check(batch.pk, batch.version, batch.digest, actor=people.checker, on=DAY)


def approved(people: People, ids: list[int], *holders: HolderDraft) -> tuple[Confirmation, list[Certificate]]:
    """A batch that was approved, and its certificates."""
    batch = checked(people, ids, *holders)
    return services.approve(batch.pk, batch.version, batch.digest, actor=people.approver, on=DAY)
