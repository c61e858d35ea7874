"""Who answers for what is found (责任单位、责任人): by the role that the pack names, over the place of the finding."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q

from mingchan.foundation.directory.models import Grant


class Answerable(NamedTuple):
    """An office and the person in it who answers."""

    office: int | None
    office_name: str
    person: str


NOBODY = Answerable(None, "", "")


class Responsible:
    """The offices that answer in a county on a day, read once and asked for many findings."""

    def __init__(self, county: str, on: date) -> None:
        in_force = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
        rows = (
            Grant.objects.filter(in_force, scope__startswith=county, party__isnull=True, account__is_active=True)
            .order_by("id")
            .values_list("role", "scope", "account__office_id", "account__office__name", "account__name")
        )
        self._by_role: dict[str, list[tuple[str, Answerable]]] = {}
        for role, scope, office, name, person in rows:
            self._by_role.setdefault(role, []).append((scope, Answerable(office, name, person)))
        for held in self._by_role.values():
            held.sort(key=lambda pair: -len(pair[0]))
        self._known: dict[tuple[str, str], Answerable] = {}

    def of(self, role: str, division: str) -> Answerable:
        """The nearest office of the role over a division; where it has none there, the county bureau's clerk."""
        key = (role, division)
        if key not in self._known:
            self._known[key] = self._find(role, division)
        return self._known[key]

    def _find(self, role: str, division: str) -> Answerable:
        for one in (role, "bureau_clerk", "bureau_head"):
            for scope, found in self._by_role.get(one, ()):
                if division.startswith(scope):
                    return found
        return NOBODY
