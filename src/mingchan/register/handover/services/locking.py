"""What every act on a list begins with: the list under lock, who may, in which state; and how signatures fall (3.3)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.handover import events, permissions, rules
from mingchan.register.handover.choices import State
from mingchan.register.handover.models import Handover, Signature
from mingchan.register.handover.queries.documents import document

NAMES = ("from_party", "to_party", "from_office", "to_office", "keeper", "organisation", "site")


def locked(handover_id: int, act: str, right: str, *, actor: Actor) -> Handover:
    """The list, held until the transaction ends.

    Raises NotFound when the actor may not see it, NotAllowed without the right over one of its sides, Refusal when
    its state doesn't allow the act.
    """
    found = Handover.objects.select_for_update(of=("self",)).filter(pk=handover_id, county=actor.county).first()
    handover = permissions.require(actor, right, found)
    if not rules.may(act, handover.state):
        raise Refusal(
            _("移交清单 %(number)s 的状态是“%(state)s”，不能再这样办理")
            % {"number": handover.number, "state": State(handover.state).label},
            clauses=("3.3",),
        )
    return handover


def current(handover: Handover, version: int | None, yours: dict[str, Any]) -> None:
    """Raise Stale when somebody saved the list first; None means that no form was filled in."""
    if version is not None and handover.version != version:
        theirs = {name: getattr(handover, name) for name in yours if hasattr(handover, name)}
        raise Stale(_("这份清单刚被他人修改，请核对后再保存"), theirs=theirs, yours=yours)


def save(
    handover: Handover,
    changes: dict[str, Any],
    kind: EventKind,
    *,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Change the list's own row and record it with what it was."""
    before = document(handover)
    for name, value in changes.items():
        setattr(handover, name, value)
    handover.version += 1
    handover.save(update_fields=[*changes, "version"])
    evidence.record(
        kind,
        Ref("handover", handover.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(handover),
        division=handover.division_code,
        reason=reason,
        facts={"number": handover.number, **(facts or {})},
    )


def void_signatures(handover: Handover, why: str, *, actor: Actor, on: date) -> bool:
    """Make a standing signature void before the content changes, and the list one to be checked again.

    A signature counts for exactly the content that was signed. Answers whether there was one.
    """
    standing = list(Signature.objects.filter(handover=handover, voided_on__isnull=True).order_by("pk"))
    if not standing:
        return False
    for signature in standing:
        before = document(signature)
        signature.voided_on, signature.void_reason = on, why[:200]
        signature.save(update_fields=["voided_on", "void_reason"])
        evidence.record(
            events.VOIDED,
            Ref("handover_signature", signature.pk),
            actor=actor,
            on=on,
            before=before,
            after=document(signature),
            division=handover.division_code,
            reason=why,
            facts={"number": handover.number, "office": signature.office_name},
        )
    save(
        handover,
        {"state": State.CHECKING.value},
        events.STATE_CHANGED,
        actor=actor,
        on=on,
        reason=why,
        facts={"state": str(State.CHECKING.label)},
    )
    return True
