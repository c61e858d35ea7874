"""Holders (权利人): who holds what, the ledger of one of them, and what their shares come to (3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound
from mingchan.register.assets.choices import RightKind, Status
from mingchan.register.assets.models import Asset, Right
from mingchan.register.assets.queries import RegisterFilter, visible_to
from mingchan.register.assets.queries.filtering import bases
from mingchan.register.assets.queries.holding import key_of, on_day, shared

PAGE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """What a party holds of one kind of right: assets, and their cost in fen, whole and by its share."""

    count: int
    cost_fen: int
    share_fen: int


@dataclass(frozen=True, slots=True)
class Holder:
    """A party with what it holds, by kind of right."""

    party: Party
    held: dict[str, Held]


def holder(party_id: int, actor: Actor) -> Party:
    """A party that holds, or held, something the actor may see. Raises NotFound otherwise, as if there were none."""
    found = Party.objects.filter(pk=party_id, county=actor.county).first()
    if found is None or not _seen(found, actor):
        raise NotFound(_("没有这个权利人"))
    return found


def _seen(party: Party, actor: Actor) -> bool:
    """Whether the party lies within the actor's divisions, is its own, or holds a card that it sees."""
    if party.pk in actor.parties("asset.view") or actor.may("asset.view", party.division_code or actor.county):
        return True
    rights = Right.objects.filter(party_id=party.pk)
    return Asset.objects.filter(visible_to(actor), pk__in=rights.values("asset_id")).exists()


def holders(
    actor: Actor, *, kind: str = "", words: str = "", after: int | None = None, limit: int = PAGE
) -> tuple[list[Holder], int | None]:
    """Parties that hold a right now, of the kind if one is named, by number, and where the next page goes on.

    Whoever sees only a part of the county gets the parties of its part: others' names would tell what lies outside.
    """
    open_rights = Right.objects.filter(party_id=OuterRef("pk"), valid_to__isnull=True)
    if kind in RightKind.values:
        open_rights = open_rights.filter(kind=kind)
    rows = Party.objects.filter(Exists(open_rights), county=actor.county)
    if not actor.everywhere("asset.view"):
        rows = rows.filter(reach.inside(actor, "asset.view") | Q(pk__in=actor.parties("asset.view")))
    if words:
        found = Q(name__icontains=words)
        if words.isascii() and words.isalpha():
            found |= Q(initials__istartswith=words)
        rows = rows.filter(found)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    parties = list(rows.order_by("pk")[: limit + 1])
    shown = parties[:limit]
    held = held_by([party.pk for party in shown], actor)
    following = shown[-1].pk if len(parties) > limit else None
    return [Holder(party, held.get(party.pk, {})) for party in shown], following


def held_by(party_ids: Sequence[int], actor: Actor) -> dict[int, dict[str, Held]]:
    """What parties hold now by kind, among the cards that count and that the actor sees: one grouped statement."""
    if not party_ids:
        return {}
    rights = Right.objects.filter(party_id__in=party_ids, valid_to__isnull=True, asset__status=Status.ACTIVE)
    if not actor.may("asset.view", actor.county):
        rights = rights.filter(asset__in=Asset.objects.filter(visible_to(actor)).values("pk"))
    grouped = rights.order_by().values_list("party_id", "kind", "share_numerator", "share_denominator")
    sums: dict[tuple[int, str], list[int]] = {}
    for party, kind, numerator, denominator, count, cost in grouped.annotate(n=Count("pk"), c=Sum("asset__cost_fen")):
        found = sums.setdefault((party, kind), [0, 0, 0])
        found[0] += count
        found[1] += int(cost or 0)
        found[2] += int(cost or 0) * numerator // denominator
    result: dict[int, dict[str, Held]] = {}
    for (party, kind), values in sums.items():
        result.setdefault(party, {})[kind] = Held(*values)
    return result


def filter_of(party_id: int, kind: str, day: date | None) -> RegisterFilter:
    """The register's filter behind a holder's ledger: the list, its figures and its files are the register's own."""
    return RegisterFilter(right=kind, holder=party_id, as_of=day)


def share_fen(party_id: int, kind: str, actor: Actor, day: date | None, cost_fen: int) -> int:
    """The part of the ledger's cost that is the holder's by its shares; `cost_fen` is the whole ledger's."""
    rights = Right.objects.filter(on_day(day), party_id=party_id, kind=kind)
    if not rights.filter(shared()).exists():
        return cost_fen
    total = 0
    for cards in bases(filter_of(party_id, kind, day), actor):
        mine = rights.filter(asset_id=OuterRef(key_of(cards)))
        rows = cards.order_by().annotate(
            part=Subquery(mine.values("share_numerator")[:1]), whole=Subquery(mine.values("share_denominator")[:1])
        )
        for part, whole, cost in rows.values_list("part", "whole").annotate(c=Sum("cost_fen")):
            total += int(cost or 0) * part // whole
    return total


def shares_of(party_id: int, kind: str, asset_ids: Sequence[int], day: date | None) -> dict[int, tuple[int, int]]:
    """The holder's share of each of the assets, as (part, whole)."""
    rights = Right.objects.filter(on_day(day), party_id=party_id, kind=kind, asset_id__in=one_of(asset_ids, "bigint"))
    return {
        key: (part, whole)
        for key, part, whole in rights.values_list("asset_id", "share_numerator", "share_denominator")
    }
