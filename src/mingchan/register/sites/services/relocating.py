"""Assets go to other sites (调整存放地点), lots are spread over many, two sites become one (2.1.2, 2.2)."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets import queries as asset_queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import MoveDraft, PartDraft
from mingchan.register.assets.models import Asset, Site
from mingchan.register.sites import events, permissions, queries, rules
from mingchan.register.sites.choices import Duty, State
from mingchan.register.sites.drafts import Place, Portion
from mingchan.register.sites.services import keeping
from mingchan.register.sites.services.keeping import missing_site, put_back, stated, take


@transaction.atomic
def relocate(asset_ids: Sequence[int], place: Place, reason: str, *, actor: Actor, on: date) -> int:
    """Put cards to another site, or to another place at theirs, from `on`; returns how many (2.2, 2.6.1b).

    Rights, keepers and cost stay. Cards that come to a site take its division unless another is given. Raises
    Refusal for a closed site, one without a division, nothing to change or no reason; NotFound and NotAllowed for
    cards or targets out of reach; and as `assets.move`.
    """
    reason = stated(reason)
    name = place.place.strip()
    if place.site is None:
        if not name and not place.division_code:
            raise Refusal(_("请选择站点，或填写存放地点"), clauses=("2.2",), field="site")
        draft = MoveDraft(division_code=place.division_code or None, place=name or None)
    else:
        target = queries.visible(actor).filter(pk=place.site).first()
        if target is None:
            raise missing_site()
        division = place.division_code or target.division_code
        _open(target, division)
        draft = MoveDraft(site=target.pk, division_code=division, place=name)
    source = Ref("site", place.site) if place.site is not None else Ref("account", actor.account_id or 0)
    moved = assets.move(
        asset_ids,
        draft,
        kind=events.RELOCATED,
        right=permissions.MOVE,
        basis=reason,
        source=source,
        reason=reason,
        actor=actor,
        on=on,
    )
    return moved.count


def _open(target: Site, division: str) -> None:
    """Raise Refusal when assets can't be put to a site."""
    if target.closed_on is not None:
        raise Refusal(_("站点“%(name)s”已撤销，不能存放资产") % {"name": target.name}, clauses=("2.2",), field="site")
    if not division:
        raise Refusal(
            _("站点“%(name)s”没有登记所在区划，请先更正站点或选择区划") % {"name": target.name},
            clauses=("2.1.2",),
            field="division_code",
        )


@transaction.atomic
def spread(
    asset_id: int,
    portions: Sequence[Portion],
    version: int,
    reason: str,
    *,
    actor: Actor,
    on: date,
    with_keepers: bool = False,
) -> list[int]:
    """Take a lot apart over several sites in one step, the cost kept to the fen; returns the new cards (2.2).

    The portions sum to the lot; one without a site stays where the lot is. `with_keepers` gives each part the keeper
    of its site, where it has one. Raises Refusal, Stale, NotFound, NotAllowed.
    """
    card = asset_queries.card(asset_id, actor)
    reason = stated(reason)
    fault = rules.spread(card.quantity_milli, portions)
    if fault:
        raise Refusal(spread_fault(fault), clauses=("2.2",), field="quantity")
    given = [portion for portion in portions if portion.quantity_milli]
    keys = {portion.site for portion in given if portion.site is not None}
    sites = {site.pk: site for site in queries.visible(actor).filter(pk__in=keys)}
    if len(sites) < len(keys):
        raise missing_site()
    for site in sites.values():
        _open(site, site.division_code)
    keepers = _keepers(keys) if with_keepers else {}
    parts = [
        PartDraft(portion.quantity_milli)
        if portion.site is None
        else PartDraft(
            portion.quantity_milli,
            portion.site,
            sites[portion.site].division_code,
            "",
            keepers.get(portion.site),
        )
        for portion in given
    ]
    return assets.split(asset_id, parts, version, reason, actor=actor, on=on)


def spread_fault(word: str) -> str:
    """Why a lot can't be spread so, in words."""
    return {
        "NONE": _("没有填写任何数量"),
        "NEGATIVE": _("数量不能为负数"),
        "TWICE": _("同一站点填写了两次"),
        "DIFFER": _("各站点数量之和不等于原数量"),
        "ONE": _("全部分给一个站点时不必拆分，请用“调整存放地点”"),
    }[word]


def _keepers(sites: set[int]) -> Mapping[int, int]:
    return dict(queries.profiles(sites).filter(keeper__isnull=False).values_list("site", "keeper"))


@transaction.atomic
def merge(site_id: int, into: int, version: int, reason: str, *, actor: Actor, on: date) -> int:
    """Say that a site is another one under a second name: its cards go there, it is closed with a pointer (2.1.2).

    Returns how many cards went. Whoever names the closed site in a later list means the other. Raises Refusal for the
    same site, a closed target or one without a division, and whatever hinders a card (with the card's name); Stale,
    NotFound, NotAllowed without `site.manage` over both or `asset.move` over the cards.
    """
    opened = take(site_id, version, actor=actor, on=on)
    reason = stated(reason)
    if into == site_id:
        raise Refusal(_("不能并入自己"), clauses=("2.1.2",), field="into")
    if opened.profile.state == State.CLOSED:
        raise Refusal(_("站点已撤销，不能再合并"), clauses=("2.1.2",))
    target = queries.visible(actor).filter(pk=into).first()
    if target is None:
        raise missing_site()
    permissions.require(actor, permissions.MANAGE, [target.division_code])
    _open(target, target.division_code)
    ids = list(
        Asset.objects.filter(county=actor.county, site=site_id, status="ACTIVE")
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if ids:
        try:
            assets.move(
                ids,
                MoveDraft(site=target.pk, division_code=target.division_code),
                kind=events.RELOCATED,
                right=permissions.MOVE,
                basis=reason,
                source=Ref("site", target.pk),
                reason=reason,
                actor=actor,
                on=on,
            )
        except NotFound as error:
            raise NotAllowed(_("站点有您看不到的资产，不能由您合并"), clauses=("2.6.1b",)) from error
    for duty in Duty.values:
        if getattr(opened.profile, keeping.COPIES[duty]) is not None:
            keeping.begin_term(opened.profile, duty, None, on, "", actor=actor, on=on)
    keeping.begin_state(opened.profile, State.CLOSED.value, on, reason, on=on)
    changes = {site_id: {"closed_on": on, "merged_into_id": target.pk}}
    assets.correct_sites(changes, right=permissions.MANAGE, reason=reason, actor=actor, on=on)
    put_back(opened, events.MERGED, actor=actor, on=on, reason=reason, facts={"target": target.name})
    return len(ids)
