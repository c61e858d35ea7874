"""What every change of a site's file shares: it is locked, checked, written anew and recorded as a whole (2.1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset, Site
from mingchan.register.sites import permissions, queries, rules
from mingchan.register.sites.choices import Duty
from mingchan.register.sites.drafts import HolderDraft
from mingchan.register.sites.models import Profile, SiteState, Term

FILE = queries.PROTECTED[0]
COPIES = {Duty.OPERATOR.value: "operator_id", Duty.KEEPER.value: "keeper_id"}
"""The file's column that repeats the open term of a duty."""
LONGEST_REASON = 200


@dataclass
class Opened:
    """A site's file taken out to be changed: the site, the file, and the file's document before (None if new)."""

    site: Site
    profile: Profile
    before: dict[str, Any] | None


def take(site_id: int, version: int, *, actor: Actor, on: date, yours: Mapping[str, Any] | None = None) -> Opened:
    """Lock a site and its file; a site without one gets it. `version` is the one the reader saw, 0 for no file.

    Raises NotFound out of the actor's reach, NotAllowed without `site.manage` there, Stale when somebody saved first,
    Refusal for a site that was merged into another.
    """
    queries.site(site_id, actor)
    site = Site.objects.select_for_update().get(pk=site_id)
    permissions.require(actor, permissions.MANAGE, [site.division_code])
    if site.merged_into_id is not None:
        raise Refusal(_("这个站点已并入其他站点，不能再改动"), clauses=("2.1.2",))
    profile = Profile.objects.select_for_update().filter(pk=site_id).first()
    if (profile.version if profile is not None else 0) != version:
        theirs = {} if profile is None else {name: getattr(profile, name) for name in yours or {}}
        raise Stale(_("这个站点的档案刚被他人修改，请核对后再保存"), theirs=theirs, yours=dict(yours or {}))
    if profile is None:
        profile = Profile(site=site, county=site.county, opened_on=on, is_sample=site.is_sample, version=0)
        profile.save(force_insert=True)
        return Opened(site, profile, None)
    return Opened(site, profile, protection.document(FILE, profile))


def put_back(
    opened: Opened,
    kind: EventKind,
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Write the file with a new version and record it as a whole; returns the version."""
    profile = opened.profile
    profile.version += 1
    profile.save(force_update=True)
    evidence.record(
        kind,
        Ref("site_profile", profile.pk),
        actor=actor,
        on=on,
        before=opened.before,
        after=protection.document(FILE, profile),
        division=opened.site.division_code,
        reason=reason,
        facts={"name": opened.site.name, **(facts or {})},
    )
    return int(profile.version)


def _by_the_cards(profile: Profile, holder: HolderDraft | None) -> None:
    """Raises Refusal for an operator that none of the site's cards has, where some have one: the file follows the
    cards, whose operator changes by a finished case only (2.4.2b). A site that is closed loses its operator with them.
    """
    if holder is None:
        return
    cards = Asset.objects.filter(county=profile.county, site=profile.pk, status=Status.ACTIVE, operator__isnull=False)
    operators = set(cards.values_list("operator_id", flat=True).distinct())
    if operators and holder.party not in operators:
        raise Refusal(
            _("站点的资产已有经营者，未经审批不得变更：请先办理“变更经营者”或签订经营合同，再改站点档案"),
            clauses=("2.4.2b",),
            field="party",
        )


def begin_term(
    profile: Profile, duty: str, holder: HolderDraft | None, since: date, basis: str, *, actor: Actor, on: date
) -> None:
    """End the open term of a duty on a day and begin another, with None for nobody. Raises Refusal for a wrong day."""
    present = Term.objects.filter(profile=profile, duty=duty, valid_to__isnull=True).first()
    _may_begin(since, on, present.valid_from if present is not None else None)
    if holder is not None:
        keys = {key for key in (holder.party, holder.organisation) if key is not None}
        if Party.objects.filter(pk__in=keys, county=actor.county).count() < len(keys):
            raise Refusal(_("没有这个主体"), clauses=("2.6.1b",), field="party")
    if duty == Duty.OPERATOR:
        _by_the_cards(profile, holder)
    if present is not None:
        Term.objects.filter(pk=present.pk).update(valid_to=since)
    setattr(profile, COPIES[duty], holder.party if holder is not None else None)
    if duty == Duty.KEEPER:
        profile.organisation_id = holder.organisation if holder is not None else None
    if holder is not None:
        Term.objects.create(
            profile=profile,
            duty=duty,
            party_id=holder.party,
            organisation_id=holder.organisation if duty == Duty.KEEPER else None,
            valid_from=since,
            basis=basis.strip()[:LONGEST_REASON],
        )


def begin_state(profile: Profile, state: str, since: date, reason: str, *, on: date) -> None:
    """End the open state on a day and begin another. Raises Refusal for a wrong day."""
    present = SiteState.objects.filter(profile=profile, valid_to__isnull=True).first()
    _may_begin(since, on, present.valid_from if present is not None else None)
    if present is not None:
        SiteState.objects.filter(pk=present.pk).update(valid_to=since)
    SiteState.objects.create(profile=profile, state=state, valid_from=since, reason=reason.strip()[:LONGEST_REASON])
    profile.state = state


def _may_begin(since: date, on: date, present_since: date | None) -> None:
    fault = rules.may_begin(since, on, present_since)
    if fault == "LATER":
        raise Refusal(_("起始日期不能晚于今天"), clauses=("2.6.1b",), field="since")
    if fault == "EARLIER":
        raise Refusal(_("起始日期不能早于现任（现状）的起始日期"), clauses=("2.6.1b",), field="since")


def stated(reason: str, field: str = "reason") -> str:
    """The reason as it is kept. Raises Refusal for an empty one."""
    if not reason.strip():
        raise Refusal(_("请填写理由"), clauses=("2.2",), field=field)
    return reason.strip()[:LONGEST_REASON]


def missing_site() -> NotFound:
    """What is said of a site that isn't there."""
    return NotFound(_("没有这个站点"))
