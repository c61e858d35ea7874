"""What every step of a batch shares (步骤): the lock, the version, the person, the row and the record."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.rights import permissions, rules
from mingchan.register.rights.models import Confirmation, Step
from mingchan.register.rights.queries.batches import persons
from mingchan.register.rights.queries.documents import CONFIRMATION


def locked(batch_id: int, right: str, *, actor: Actor) -> Confirmation:
    """The batch, locked for this transaction. Raises NotFound out of reach, NotAllowed without the right over it."""
    found = Confirmation.objects.select_for_update().filter(pk=batch_id, county=actor.county).first()
    if found is None or not permissions.may_see(actor, found.division_code):
        raise NotFound(_("没有这个确权批次"))
    permissions.require(actor, right, found.division_code)
    return found


def current(confirmation: Confirmation, version: int) -> None:
    """Raises Stale when somebody took a step or changed the batch first."""
    if confirmation.version != version:
        raise Stale(
            _("这个批次刚被他人办理过，请看过现在的内容再办理"),
            theirs={"version": confirmation.version, "state": confirmation.get_state_display()},
            yours={"version": version},
        )


def in_state(confirmation: Confirmation, *states: str) -> None:
    """Raises Refusal when the batch isn't in one of the states."""
    if confirmation.state not in states:
        raise Refusal(
            _("批次现在是“%(state)s”，不能办理这一步") % {"state": confirmation.get_state_display()}, clauses=("2.3",)
        )


def person(actor: Actor) -> Account:
    """The account that takes the step. Raises NotAllowed for the system: each step is a person's."""
    found = Account.objects.filter(pk=actor.account_id or 0, county=actor.county).first()
    if found is None:
        raise NotAllowed(_("确权手续须由本人账号办理"), clauses=("2.3",))
    return found


def must_be_another(who: Account, *before: int | None) -> None:
    """Raises NotAllowed when one of the earlier steps was the same person's: maker, checker, approver are three."""
    known = persons([who.pk, *before])
    here = known[who.pk]
    if any(rules.is_same_person(here, known.get(one)) for one in before if one is not None):
        raise NotAllowed(_("提出、审核、批准须由三个人分别办理，您已办理过这个批次的其他步骤"), clauses=("2.3",))


def snapshot(confirmation: Confirmation) -> dict[str, Any]:
    """The batch as it is recorded."""
    return protection.document(CONFIRMATION, confirmation)


def take(
    confirmation: Confirmation,
    act: str,
    kind: EventKind,
    who: Account,
    before: Mapping[str, Any] | None,
    *,
    actor: Actor,
    on: date,
    reason: str = "",
) -> None:
    """Save the batch with one version more, add the step's row, and record the act."""
    if before is not None:
        confirmation.version += 1
    confirmation.save(force_update=True)
    Step.objects.create(
        confirmation=confirmation, act=act, account=who, on=on, reason=reason[:200], digest=confirmation.digest
    )
    record(confirmation, kind, before, actor=actor, on=on, reason=reason)


def record(
    confirmation: Confirmation,
    kind: EventKind,
    before: Mapping[str, Any] | None,
    *,
    actor: Actor,
    on: date,
    reason: str = "",
) -> None:
    """Record the batch as it is now."""
    evidence.record(
        kind,
        Ref("confirmation", confirmation.pk),
        actor=actor,
        on=on,
        before=before,
        after=snapshot(confirmation),
        division=confirmation.division_code,
        reason=reason,
        facts={"name": confirmation.title, "count": confirmation.count},
    )
