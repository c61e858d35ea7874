"""Acting for another for a term (委托代办): given by the one who is away, ended early by either."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import events
from mingchan.foundation.procedures.models import Delegation
from mingchan.foundation.procedures.queries import documents
from mingchan.foundation.procedures.services import running
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal


@transaction.atomic
def delegate(taker_id: int, *, valid_from: date, last_day: date, reason: str, actor: Actor, on: date) -> Delegation:
    """Have a colleague of the same office act in one's roles for a term, at most so long as the pack says.

    Raises Refusal for oneself, another office, a stopped account, a term in the past or too long, one that overlaps
    another delegation of the same giver; NotAllowed without an account. Serves 2.4.2c, 4.1.
    """
    if actor.account_id is None:
        raise NotAllowed(_("须由本人账号委托"), clauses=("4.1",))
    giver = Account.objects.select_for_update().get(pk=actor.account_id)
    taker = Account.objects.filter(pk=taker_id, county=actor.county).first()
    if taker is None:
        raise NotFound(_("没有这个账号"))
    longest = policy.figure("delegation.days")
    if taker.pk == giver.pk or taker.office_id != giver.office_id or not taker.is_active:
        raise Refusal(_("只能委托本单位在用账号的其他人员"), clauses=("4.1",), field="taker")
    if not reason.strip():
        raise Refusal(_("请填写委托事由"), clauses=("4.1",), field="reason")
    if valid_from < on or last_day < valid_from:
        raise Refusal(_("委托期限应从今天或以后开始，且先起后止"), clauses=("4.1",), field="last_day")
    if (last_day - valid_from).days + 1 > longest:
        raise Refusal(_("一次委托不超过 %(days)s 天") % {"days": longest}, clauses=("4.1",), field="last_day")
    until = last_day + timedelta(days=1)
    if Delegation.objects.filter(giver=giver, valid_from__lt=until, valid_to__gt=valid_from).exists():
        raise Refusal(_("这段时间已有委托，请先结束原委托"), clauses=("4.1",), field="valid_from")
    delegation = Delegation(
        county=actor.county,
        giver=giver,
        taker=taker,
        valid_from=valid_from,
        valid_to=until,
        reason=reason.strip()[:200],
        given_on=on,
    )
    delegation.save(force_insert=True)
    running.record(
        events.DELEGATED,
        documents.DELEGATION,
        delegation,
        before=None,
        division=actor.county,
        actor=actor,
        on=on,
        reason=reason,
        facts={"from": giver.name, "to": taker.name},
    )
    return delegation


@transaction.atomic
def end_delegation(delegation_id: int, *, actor: Actor, on: date) -> Delegation:
    """End a delegation today, by its giver or its taker. Raises NotFound for others', Refusal when it is over."""
    found = Delegation.objects.select_for_update().select_related("giver", "taker").filter(pk=delegation_id).first()
    if found is None or actor.account_id not in (found.giver_id, found.taker_id):
        raise NotFound(_("没有这项委托"))
    if found.valid_to <= on:
        raise Refusal(_("委托已经结束"), clauses=("4.1",))
    before = running.whole(documents.DELEGATION, found)
    found.valid_to = max(on, found.valid_from)
    found.save(force_update=True)
    running.record(
        events.DELEGATION_ENDED,
        documents.DELEGATION,
        found,
        before=before,
        division=actor.county,
        actor=actor,
        on=on,
        facts={"from": found.giver.name, "to": found.taker.name},
    )
    return found
