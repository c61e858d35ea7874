"""Planning inspections (安排巡查): how often a site is looked at; the next round is always there (2.6.1b)."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.maintenance import events, permissions
from mingchan.lifecycle.maintenance.choices import RoundState
from mingchan.lifecycle.maintenance.models import Rhythm, Round
from mingchan.lifecycle.maintenance.queries.documents import RHYTHM, ROUND, document
from mingchan.register.assets.models import Site

_CLAUSES = ("2.6.1b", "3.4.1")
MOST_SITES = 500


@transaction.atomic
def plan(
    site_ids: Sequence[int], every_days: int, first_due: date, *, actor: Actor, on: date, is_sample: bool = False
) -> list[Rhythm]:
    """Have sites inspected every so many days, the first time on `first_due`; the first rounds are listed at once.

    Raises NotFound for an unknown site, NotAllowed without `maintenance.plan` over it; Refusal for no site, a rhythm
    outside 1 to 366 days, or a site that is closed or has a rhythm already.
    """
    ids = sorted(set(site_ids))
    if not 0 < len(ids) <= MOST_SITES:
        raise Refusal(_("请选择站点，一次最多 %(most)s 个") % {"most": MOST_SITES}, clauses=_CLAUSES, field="sites")
    if not 1 <= every_days <= 366:
        raise Refusal(_("巡查周期为 1 至 366 天"), clauses=_CLAUSES, field="every_days")
    sites = list(Site.objects.filter(pk__in=ids, county=actor.county).order_by("pk"))
    if len(sites) < len(ids):
        raise NotFound(_("没有这个站点"))
    for site in sites:
        permissions.require_plan(actor, site.division_code or actor.county)
        if site.closed_on is not None:
            raise Refusal(_("站点“%(site)s”已撤销") % {"site": site.name}, clauses=_CLAUSES, field="sites")
    return [_plan(site, every_days, first_due, actor, on, is_sample) for site in sites]


def _plan(site: Site, every_days: int, first_due: date, actor: Actor, on: date, is_sample: bool) -> Rhythm:
    try:
        with transaction.atomic():
            made = Rhythm.objects.create(
                county=actor.county,
                site=site,
                division_code=site.division_code or actor.county,
                every_days=every_days,
                starts_on=first_due,
                made_by=actor.name,
                is_sample=is_sample,
            )
    except IntegrityError as error:
        words = _("站点“%(site)s”已经安排了巡查")
        raise Refusal(words % {"site": site.name}, clauses=_CLAUSES, field="sites") from error
    evidence.record(
        events.PLANNED,
        Ref("inspection_rhythm", made.pk),
        actor=actor,
        on=on,
        after=document(RHYTHM, made),
        division=made.division_code,
        facts={"days": every_days, "site": site.name},
    )
    next_round(made, 1, first_due, actor=actor, on=on)
    return made


def next_round(rhythm: Rhythm, number: int, due_on: date, *, actor: Actor, on: date) -> Round:
    """List the next round of a rhythm."""
    made = Round.objects.create(
        county=rhythm.county,
        rhythm=rhythm,
        site_id=rhythm.site_id,
        division_code=rhythm.division_code,
        number=number,
        due_on=due_on,
        planned_on=on,
        is_sample=rhythm.is_sample,
    )
    evidence.record(
        events.DUE,
        Ref("inspection_round", made.pk),
        actor=actor,
        on=on,
        after=document(ROUND, made),
        division=made.division_code,
        facts={"site": rhythm.site.name, "number": number},
    )
    return made


@transaction.atomic
def stop(rhythm_id: int, *, reason: str, actor: Actor, on: date) -> Rhythm:
    """End a rhythm; its open round is dropped. Raises NotFound, NotAllowed, Refusal without a reason or twice."""
    found = Rhythm.objects.select_for_update(of=("self",)).select_related("site")
    rhythm = found.filter(pk=rhythm_id, county=actor.county).first()
    if rhythm is None or not (
        actor.may(permissions.VIEW, rhythm.division_code) or actor.may(permissions.PLAN, rhythm.division_code)
    ):
        raise NotFound(_("没有这项巡查安排"))
    permissions.require_plan(actor, rhythm.division_code)
    if rhythm.ended_on is not None:
        raise Refusal(_("这项巡查安排已经停止"), clauses=_CLAUSES)
    if not reason.strip():
        raise Refusal(_("请填写停止巡查的原因"), clauses=_CLAUSES, field="reason")
    before = document(RHYTHM, rhythm)
    rhythm.ended_on = on
    rhythm.save(update_fields=["ended_on"])
    evidence.record(
        events.STOPPED,
        Ref("inspection_rhythm", rhythm.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(RHYTHM, rhythm),
        division=rhythm.division_code,
        reason=reason.strip(),
        facts={"site": rhythm.site.name},
    )
    for one in Round.objects.select_for_update(of=("self",)).filter(rhythm=rhythm, state=RoundState.OPEN):
        end_round(one, RoundState.DROPPED, reason.strip(), actor=actor, on=on)
    return rhythm


def end_round(found: Round, state: RoundState, reason: str, *, actor: Actor, on: date) -> None:
    """Write down that a round is over without results, and record it."""
    before = document(ROUND, found)
    found.state, found.closed_on, found.closed_by, found.reason = state, on, actor.name, reason[:200]
    found.save(update_fields=["state", "closed_on", "closed_by", "reason"])
    evidence.record(
        events.DROPPED,
        Ref("inspection_round", found.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(ROUND, found),
        division=found.division_code,
        reason=reason,
        facts={"site": found.site.name, "number": found.number},
    )
