"""Whole names and numbers of those responsible (查看责任人): with a right and a reason, recorded first (1.2b)."""

from datetime import date

from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import Outcome
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.oversight.jointwork import events, permissions
from mingchan.oversight.jointwork.models import Person
from mingchan.oversight.jointwork.queries import cases
from mingchan.oversight.jointwork.services.cases import IDENTITY, LEAST_WORDS, NAME


def reveal(case_id: int, person_id: int, reason: str, *, actor: Actor, on: date) -> tuple[str, str]:
    """Name and identity number in full (empty when none was noted); the look itself is recorded first (1.2b).

    Not to be called inside a transaction. Raises NotFound out of sight, NotAllowed (recorded too) without
    `personal.reveal` over the county, Refusal without a reason.
    """
    case = cases.case(case_id, actor)
    person = Person.objects.filter(case=case, pk=person_id).first()
    if person is None:
        raise NotFound(_("没有这个责任人。"))
    allowed = actor.may(permissions.REVEAL, case.county)
    if allowed and len(reason.strip()) < LEAST_WORDS:
        raise Refusal(_("请写明查看理由（至少 4 个字）。"), clauses=("1.2b",), field="reason")
    evidence.record_own_transaction(
        events.REVEALED,
        Ref("accountability_person", person.pk),
        actor=actor,
        on=on,
        division=case.division_code,
        reason=reason.strip(),
        facts={"number": case.number},
        outcome=Outcome.OK if allowed else Outcome.REFUSED,
    )
    if not allowed:
        raise NotAllowed(_("您没有查看完整个人信息的权限。"), clauses=("1.2b",))
    try:
        name = crypto.decrypt(bytes(person.name_cipher), context=NAME)
        return name, crypto.decrypt(bytes(person.id_cipher), context=IDENTITY) if person.id_cipher else ""
    except crypto.Undecipherable:
        raise Refusal(_("密文已被改动，或密钥不在本机，无法还原。"), clauses=("1.2b",)) from None
