"""Opening and correcting sites (建档、更正): by hand, or many that came with the county's lists (2.1.2, 2.2)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, one_of, reserve_ids
from mingchan.kernel.errors import Refusal
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import System, Tier
from mingchan.register.assets.drafts import SiteDraft
from mingchan.register.assets.models import Site
from mingchan.register.sites import events, permissions, queries
from mingchan.register.sites.choices import Duty, State
from mingchan.register.sites.drafts import Details, NewSite
from mingchan.register.sites.models import Profile, SiteState, Term
from mingchan.register.sites.services import keeping
from mingchan.register.sites.services.keeping import FILE, missing_site, put_back, stated, take

LONGEST = {"name": 120, "address": 200, "opening_hours": 100, "note": 500}


@transaction.atomic
def open_site(draft: NewSite, *, actor: Actor, on: date, is_sample: bool = False) -> int:
    """Open a site that no list brought, with its state and holders; returns its id. Serves 2.1.2 and 2.6.1b.

    Raises Refusal when the division has a site of that name already, for an unknown division or kind or a day to
    come; NotAllowed without `site.manage` over the division.
    """
    name = draft.name.strip()
    _checked(name, draft.division_code, draft.system, draft.tier, draft.kind, draft.details, actor)
    permissions.require(actor, permissions.MANAGE, [draft.division_code])
    if Site.objects.filter(county=actor.county, name=name, division_code=draft.division_code).exists():
        raise Refusal(_("这个区划已有同名站点"), clauses=("2.1.2",), field="name")
    wanted = SiteDraft(name, draft.division_code, draft.system, draft.tier, draft.kind)
    ids = assets.ensure_sites([wanted], actor=actor, on=on, is_sample=is_sample, right=permissions.MANAGE)
    opened = take(ids[wanted], 0, actor=actor, on=on)
    _describe(opened.profile, draft.details)
    if draft.state not in State.values or draft.state == State.CLOSED:
        raise Refusal(_("请选择站点状态"), clauses=("2.2",), field="state")
    keeping.begin_state(opened.profile, draft.state, draft.since, _("建档"), on=on)
    for duty, holder in ((Duty.OPERATOR, draft.operator), (Duty.KEEPER, draft.keeper)):
        if holder is not None:
            keeping.begin_term(opened.profile, duty.value, holder, draft.since, _("建档"), actor=actor, on=on)
    put_back(opened, events.OPENED, actor=actor, on=on)
    return ids[wanted]


@transaction.atomic
def open_files(
    site_ids: Sequence[int],
    since: date,
    reason: str,
    *,
    actor: Actor,
    on: date,
    kinds: Mapping[int, str] | None = None,
) -> int:
    """Open the files of sites that came with lists, all or none; returns how many had none yet.

    The kind is the one in `kinds`, else the site's own, else the one its name and tier speak of. They run since the
    day given; operator and keeper are those that all cards of a site name alike, else nobody's. A handful of
    statements whatever the number. Raises NotFound, NotAllowed, Refusal for a day to come. Serves 2.1.2, 2.6.1b.
    """
    reason = stated(reason)
    if since > on:
        raise Refusal(_("起始日期不能晚于今天"), clauses=("2.6.1b",), field="since")
    keys = sorted(set(site_ids))
    if queries.visible(actor).filter(pk__in=one_of(keys, "bigint")).count() < len(keys):
        raise missing_site()
    locked = Site.objects.select_for_update().filter(pk__in=one_of(keys, "bigint"), closed_on__isnull=True)
    having = set(Profile.objects.filter(pk__in=one_of(keys, "bigint")).values_list("pk", flat=True))
    sites = [site for site in locked.order_by("pk") if site.pk not in having]
    permissions.require(actor, permissions.MANAGE, {site.division_code for site in sites})
    if not sites:
        return 0
    _say_kinds(sites, kinds or {}, reason, actor, on)
    holders = queries.agreed_holders([site.pk for site in sites], actor.county)
    nobody: tuple[int | None, int | None] = (None, None)
    profiles = [_profile_row(site, *holders.get(site.pk, nobody), on) for site in sites]
    insert_rows(Profile, _names(Profile), [[row[name] for name in _names(Profile)] for row in profiles])
    first = reserve_ids(SiteState, len(sites))
    states = [
        {"id": first + at, "profile_id": site.pk, "state": State.OPERATING.value, "valid_from": since, "valid_to": None,
         "reason": reason}
        for at, site in enumerate(sites)
    ]  # fmt: skip
    insert_rows(SiteState, _names(SiteState), [[row[name] for name in _names(SiteState)] for row in states])
    terms = _term_rows(profiles, since, reason)
    insert_rows(Term, _names(Term), [[row[name] for name in _names(Term)] for row in terms])
    evidence.record_many(
        events.OPENED,
        [
            (
                f"site_profile:{site.pk}",
                site.division_code,
                protection.document(
                    FILE,
                    row | {
                        "terms": [term for term in terms if term["profile_id"] == site.pk],
                        "states": [state],
                        "requirements": [],
                    },
                ),
            )
            for site, row, state in zip(sites, profiles, states, strict=True)
        ],
        actor=actor,
        on=on,
        reason=reason,
    )  # fmt: skip
    return len(sites)


def _names(model: type[Any]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def _say_kinds(sites: Sequence[Site], kinds: Mapping[int, str], reason: str, actor: Actor, on: date) -> None:
    """Write the kinds of sites for which nobody said one."""
    known = queries.standards.kinds()
    wanted = {
        site.pk: kinds.get(site.pk) or queries.standards.effective(site.kind, site.name, site.tier) for site in sites
    }
    if any(code and code not in known for code in wanted.values()):
        raise Refusal(_("没有这种站点类型"), clauses=("2.1.2",), field="kind")
    changes = {site.pk: {"kind": wanted[site.pk]} for site in sites if wanted[site.pk] != site.kind}
    if changes:
        assets.correct_sites(changes, right=permissions.MANAGE, reason=reason, actor=actor, on=on)


def _profile_row(site: Site, operator: int | None, keeper: int | None, on: date) -> dict[str, Any]:
    return {
        "site_id": site.pk, "county": site.county, "address": "", "opening_hours": "", "latitude_micro": None,
        "longitude_micro": None, "note": "", "state": State.OPERATING.value, "operator_id": operator,
        "keeper_id": keeper, "organisation_id": None, "opened_on": on, "is_sample": site.is_sample, "version": 1,
    }  # fmt: skip


def _term_rows(profiles: Sequence[Mapping[str, Any]], since: date, basis: str) -> list[dict[str, Any]]:
    held = [
        (row["site_id"], duty, row[column])
        for row in profiles
        for duty, column in keeping.COPIES.items()
        if row[column] is not None
    ]
    first = reserve_ids(Term, len(held)) if held else 0
    return [
        {"id": first + at, "profile_id": site, "duty": duty, "party_id": party, "organisation_id": None,
         "valid_from": since, "valid_to": None, "basis": basis}
        for at, (site, duty, party) in enumerate(held)
    ]  # fmt: skip


@transaction.atomic
def correct(
    site_id: int,
    changes: Mapping[str, Any],
    details: Details,
    version: int,
    reason: str,
    *,
    actor: Actor,
    on: date,
) -> int:
    """Correct what a site is called, where it is, its kind (`name`, `division_code`, `system`, `tier`, `kind`), and
    what is written of it; returns the file's version. Cards keep their own division: they are moved, not corrected.

    Raises Refusal for what can't be, Stale, NotFound, NotAllowed. Serves 2.1.2, 2.2.
    """
    opened = take(site_id, version, actor=actor, on=on, yours=details._asdict())
    reason = stated(reason)
    site = opened.site
    known = {name: getattr(site, name) for name in ("name", "division_code", "system", "tier", "kind")}
    wanted = {**known, **changes, "name": str(changes.get("name", site.name)).strip()}
    _checked(wanted["name"], wanted["division_code"], wanted["system"], wanted["tier"], wanted["kind"], details, actor)
    if wanted["kind"] and wanted["kind"] not in queries.standards.kinds():
        raise Refusal(_("没有这种站点类型"), clauses=("2.1.2",), field="kind")
    fields = [str(Site._meta.get_field(name).verbose_name) for name in known if wanted[name] != known[name]]  # type: ignore[union-attr]
    old = Details(*(getattr(opened.profile, name) for name in Details._fields))
    fields += [
        str(Profile._meta.get_field(name).verbose_name).split("（")[0]  # type: ignore[union-attr]
        for name in Details._fields
        if getattr(details, name) != getattr(old, name)
    ]
    if not fields:
        raise Refusal(_("没有改动"))
    _describe(opened.profile, details)
    if any(wanted[name] != known[name] for name in known):
        assets.correct_sites({site_id: wanted}, right=permissions.MANAGE, reason=reason, actor=actor, on=on)
        for name, value in wanted.items():
            setattr(site, name, value)
    return put_back(
        opened, events.CORRECTED, actor=actor, on=on, reason=reason, facts={"fields": "、".join(dict.fromkeys(fields))}
    )


def _describe(profile: Profile, details: Details) -> None:
    for name, value in details._asdict().items():
        setattr(profile, name, value.strip() if isinstance(value, str) else value)


def _checked(name: str, division_code: str, system: str, tier: str, kind: str, details: Details, actor: Actor) -> None:
    """Raise Refusal for what a site can't be."""
    if not name:
        raise Refusal(_("请填写站点名称"), clauses=("2.1.2",), field="name")
    for field, text in (("name", name), *((key, getattr(details, key)) for key in LONGEST if key != "name")):
        if len(text) > LONGEST[field]:
            raise Refusal(_("文字过长"), clauses=("2.1.2",), field=field)
    if division_code:
        division = directory.division(division_code)
        if division is None or not division_code.startswith(actor.county):
            raise Refusal(_("没有这个区划"), clauses=("2.1.2",), field="division_code")
    if system not in System.values:
        raise Refusal(_("建设体系不在方案所列范围内"), clauses=("2.1.2",), field="system")
    if tier not in Tier.values:
        raise Refusal(_("层级应为县级、乡级或村级"), clauses=("2.1.2",), field="tier")
    if (details.latitude_micro is None) != (details.longitude_micro is None):
        raise Refusal(_("经度和纬度应一并填写"), clauses=("2.1.2",), field="coordinates")
