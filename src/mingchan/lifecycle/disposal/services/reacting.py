"""What follows when a disposal's case goes on, ends or is to be changed (审批结果): in the transaction of the step."""

from datetime import date

from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures.choices import TaskStatus
from mingchan.foundation.procedures.models import Case, Task
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import format_yuan
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.disposal import events
from mingchan.lifecycle.disposal.choices import RUNNING, State
from mingchan.lifecycle.disposal.models import Disposal, Item, PriceAsk
from mingchan.lifecycle.disposal.queries import standing
from mingchan.lifecycle.disposal.queries.documents import document
from mingchan.lifecycle.disposal.services import locking
from mingchan.register.assets import services as assets


def _of(case: Case) -> Disposal | None:
    return Disposal.objects.select_for_update(of=("self",)).filter(case=case).first()


def on_moved(case: Case, *, actor: Actor, on: date) -> None:
    """Say where the disposal stands now: it may proceed when its case waits to be carried out, and not before."""
    disposal = _of(case)
    if disposal is None or disposal.state not in RUNNING:
        return
    waits = set(Task.objects.filter(case=case, status=TaskStatus.WAITING).values_list("waits", flat=True))
    state = State.MAY_PROCEED if "execution" in waits else State.NOTICE if "notice" in waits else State.REVIEW
    if state == State.MAY_PROCEED:
        _allow_prices(disposal, actor, on)
    if disposal.state != state:
        words = {"state": str(state.label)}
        locking.save(disposal, {"state": state.value}, events.MOVED, actor=actor, on=on, facts=words)


def _allow_prices(disposal: Disposal, actor: Actor, on: date) -> None:
    """Prices that were asked for are allowed once the case has come round: the approver had them before it."""
    for asked in PriceAsk.objects.filter(disposal=disposal, approved_on__isnull=True).order_by("pk"):
        before = document(asked)
        asked.approved_on = on
        asked.save(update_fields=["approved_on"])
        evidence.record(
            events.PRICE_ALLOWED,
            Ref("disposal_price", asked.pk),
            actor=actor,
            on=on,
            before=before,
            after=document(asked),
            division=disposal.division_code,
            facts={"number": disposal.number, "price": format_yuan(asked.price_fen)},
        )


def may_change(case: Case) -> None:
    """Raise Refusal when the drafter would amend or withdraw a case whose disposal was carried out."""
    disposal = _of(case)
    if disposal is not None and disposal.state not in RUNNING:
        raise Refusal(_("处置已经实施，不能再修改或撤回"), clauses=("2.6.3", "3.4.3a"))


def on_approved(case: Case, *, actor: Actor, on: date) -> None:
    """The case has come to its end: the disposal is filed and published. Raises Refusal before it was carried out."""
    disposal = _of(case)
    if disposal is None:
        return
    if disposal.state != State.EXECUTED:
        raise Refusal(_("处置还没有实施，不能办结"), clauses=("2.6.3", "3.4.3a"))
    changes = {"state": State.FILED.value, "ended_on": on}
    locking.save(disposal, changes, events.MOVED, actor=actor, on=on, facts={"state": str(State.FILED.label)})


def on_rejected(case: Case, *, actor: Actor, on: date) -> None:
    """The assets aren't disposed of: they are free again."""
    _let_go(case, State.REJECTED, _("审批未通过"), actor, on)


def on_withdrawn(case: Case, *, actor: Actor, on: date) -> None:
    """The drafter took the matter back: the assets are free again."""
    _let_go(case, State.WITHDRAWN, _("经办人撤回"), actor, on)


def _let_go(case: Case, state: State, why: str, actor: Actor, on: date) -> None:
    disposal = _of(case)
    if disposal is None:
        return
    changes = {"state": state.value, "ended_on": on, "end_reason": why}
    locking.save(disposal, changes, events.MOVED, actor=actor, on=on, reason=why, facts={"state": str(state.label)})
    Item.objects.filter(disposal=disposal).update(is_open=False)
    assets.thaw(standing.asset_ids(disposal), Ref("disposal", disposal.pk), actor=actor, on=on)
