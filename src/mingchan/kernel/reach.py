"""What an actor reaches (可及范围): the condition on rows of a table by county and division.

One place for all lists and locks, so that no context decides by itself what lies inside somebody's divisions.
"""

from collections.abc import Sequence

from django.db.models import Q

from mingchan.kernel.actor import Actor


def inside(actor: Actor, *rights: str, fields: Sequence[str] = ("division_code",)) -> Q:
    """Rows of the actor's county inside the divisions over which it holds any of the rights.

    A row lies inside when one of `fields` does. Rows whose own `county` column is another's are never inside.
    """
    county = Q(county=actor.county)
    if any(actor.everywhere(right) for right in rights):
        return county
    reach = Q(pk__in=[])
    for scope in sorted({scope for right in rights for scope in actor.scopes(right)}):
        for field in fields:
            reach |= Q(**{f"{field}__startswith": scope})
    return county & reach
