"""Signing (签署): each side by an account of its own, with its password, under the digest of what it saw (3.3, 2.6.1b).

The second signature carries the list out in the same transaction: all of it, or nothing and no signature either.
"""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory_queries
from mingchan.foundation.directory import services as directory
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref
from mingchan.register.handover import events, permissions, rules
from mingchan.register.handover.choices import Fault, Side, State
from mingchan.register.handover.drafts import Signed
from mingchan.register.handover.models import Handover, Line, Signature
from mingchan.register.handover.queries import lines
from mingchan.register.handover.queries.documents import document
from mingchan.register.handover.services import executing, locking

SEGREGATION = frozenset({Fault.WRONG_OFFICE, Fault.NOT_THE_PERSON, Fault.OTHER_PERSON, Fault.BOTH_SIDES})
"""Faults of who signs, answered 403; the others are of the list's state."""


def sign(handover_id: int, side: str, password: str, seen: str, *, actor: Actor, on: date) -> Signed:
    """Sign a list for a side; with the second signature everything on it passes. Not to be called in a transaction.

    The account enters its password again; a wrong one is recorded and counts towards the lock of the name. `seen` is
    the digest of the content the signing page showed. Raises NotFound; NotAllowed without `handover.sign` over the
    side's division, for another office, for the other side's person, and for whoever signed the other side; Refusal
    while items are unticked, differences open or cards changed, and whatever keeps the assets from moving. Then
    nothing moved and nobody signed. Serves 3.3, 2.6.1b and 3.4.1.
    """
    found = Handover.objects.filter(pk=handover_id, county=actor.county).first()
    handover = permissions.require(actor, permissions.SIGN, found)
    account = _account(actor)
    _may_sign(handover, Side(side), account, actor)
    directory.confirm(password, actor=actor, on=on)
    with transaction.atomic():
        return _sign(handover_id, Side(side), account, seen, actor=actor, on=on)


def _account(actor: Actor) -> Account:
    account = Account.objects.filter(pk=actor.account_id or 0).select_related("office").first()
    if account is None:
        raise NotAllowed(_("签署须由本人的账号办理"), clauses=("3.3",))
    return account


def _sign(handover_id: int, side: Side, account: Account, seen: str, *, actor: Actor, on: date) -> Signed:
    handover = locking.locked(handover_id, "sign", permissions.SIGN, actor=actor)
    _may_sign(handover, side, account, actor)
    executing.lock_cards(handover)
    faults = rules.before_signing(lines.progress(handover))
    if faults:
        raise _unready(handover, faults)
    digest = lines.content_digest(handover)
    if seen != digest:
        raise Refusal(Fault.LIST_CHANGED.label, clauses=("3.3",))
    first = Signature.objects.filter(handover=handover, voided_on__isnull=True).first()
    signature = Signature.objects.create(
        handover=handover,
        side=side.value,
        account=account,
        name=account.name,
        title=account.title,
        office=account.office,
        office_name=account.office.name,
        signed_on=on,
        signed_at=utc_now(),
        digest=digest,
    )
    vouchers: tuple[int, ...] = ()
    if first is None:
        locking.save(
            handover,
            {"state": State.SIGNING.value},
            events.STATE_CHANGED,
            actor=actor,
            on=on,
            facts={"state": str(State.SIGNING.label)},
        )
    else:
        vouchers = executing.execute(handover, digest, actor=_both(actor, first, on), on=on)
    evidence.record(
        events.SIGNED,
        Ref("handover_signature", signature.pk),
        actor=actor,
        on=on,
        after=document(signature),
        division=handover.division_code,
        facts={"number": handover.number, "office": signature.office_name, "side": str(side.label)},
    )
    return Signed(Ref("handover", handover.pk), first is not None, vouchers)


def _both(actor: Actor, first: Signature, on: date) -> Actor:
    """The second signer with what the first may do: each side gives leave over its own divisions.

    The first signer's rights are those of this day; one taken away since no longer carries.
    """
    other = directory_queries.actor_for(first.account, on)
    if not first.account.is_active:
        other = replace(other, grants=())
    grants = tuple(
        replace(grant, rights=grant.rights & {permissions.SIGN}) for grant in other.grants if grant.party_id is None
    )
    return replace(actor, grants=(*actor.grants, *grants))


def _unready(handover: Handover, faults: list[Fault]) -> Refusal:
    """Why a list can't be signed yet; changed cards by name, and what to do."""
    words = "；".join(str(fault.label) for fault in faults)
    if Fault.CHANGED in faults:
        names = "、".join(f"{code} {name}" for code, name in lines.changed(handover))
        words += _("：%(names)s。请点“按最新卡片更新”后重新清点，或移出清单") % {"names": names}
    return Refusal(words, clauses=("3.3", "3.4.1"))


def person_account(side: Party, office: Party) -> int | None:
    """The account of a side that is a person: the one noted as theirs, else the one of that name in the office.

    Accounts of the signing office count before others of the same person.
    """
    if side.kind != PartyKind.PERSON:
        return None
    usable = Account.objects.filter(county=side.county, is_active=True, may_log_in=True)
    noted = list(usable.filter(person=side).order_by("pk").values_list("pk", "office_id"))
    if noted:
        return next((key for key, of in noted if of == office.pk), noted[0][0])
    found = usable.filter(name=side.name, office=office, person__isnull=True).values_list("pk", flat=True)[:2]
    return found[0] if len(found) == 1 else None


def signer_fact(handover: Handover, side: Side, account: Account) -> rules.SignerFact:
    """What decides whether the account may sign for the side."""
    here = (handover.from_party, handover.from_office)
    there = (handover.to_party, handover.to_office)
    if side == Side.TO:
        here, there = there, here
    signatures = Signature.objects.filter(handover=handover)
    return rules.SignerFact(
        account=account.pk,
        office=account.office_id,
        side_office=here[1].pk,
        side_person=person_account(*here),
        other_person=person_account(*there),
        signed_other=_signed(signatures.exclude(side=side.value), account),
        side_is_signed=signatures.filter(side=side.value, voided_on__isnull=True).exists(),
    )


def _signed(signatures: QuerySet[Signature], account: Account) -> frozenset[int]:
    """Accounts that signed; with them the account itself when another account of its person did."""
    found = dict(signatures.values_list("account_id", "account__person_id"))
    is_twin = account.person_id is not None and account.person_id in found.values()
    return frozenset(found) | ({account.pk} if is_twin else frozenset())


def fault_of(handover: Handover, side: Side, account: Account) -> Fault | None:
    """Why the account may not sign for the side, None when it may; for pages that say so beforehand."""
    return rules.fault_of_signer(signer_fact(handover, side, account))


def _may_sign(handover: Handover, side: Side, account: Account, actor: Actor) -> None:
    fault = fault_of(handover, side, account)
    if fault in SEGREGATION:
        raise NotAllowed(fault.label, clauses=("3.3", "4.1"))
    if fault is not None:
        raise Refusal(fault.label, clauses=("3.3",))
    division = handover.from_division if side == Side.FROM else handover.to_division
    if not actor.may(permissions.SIGN, division):
        raise NotAllowed(_("没有为这一方签署的权限"), clauses=("3.3", "4.1"))


@transaction.atomic
def retract(handover_id: int, reason: str, *, actor: Actor, on: date) -> Handover:
    """Take back a signature before the other side has signed. Only an account of the office that signed may.

    Raises NotFound, NotAllowed, Refusal without a reason. Serves 3.3.
    """
    handover = locking.locked(handover_id, "retract", permissions.SIGN, actor=actor)
    account = _account(actor)
    standing = Signature.objects.filter(handover=handover, voided_on__isnull=True).get()
    if account.pk != standing.account_id and account.office_id != standing.office_id:
        raise NotAllowed(_("只有签署这一方的账号可以收回签署"), clauses=("3.3",))
    if not reason.strip():
        raise Refusal(_("请写明原因"), clauses=("3.3",), field="reason")
    locking.void_signatures(handover, reason.strip(), actor=actor, on=on)
    return handover


@transaction.atomic
def cancel(handover_id: int, reason: str, *, actor: Actor, on: date) -> Handover:
    """Call a list off before anything has passed: its assets may stand on other lists again. Serves 3.3.

    Raises NotFound, NotAllowed, Refusal without a reason or once it is carried out.
    """
    handover = locking.locked(handover_id, "cancel", permissions.DRAFT, actor=actor)
    if not reason.strip():
        raise Refusal(_("请写明原因"), clauses=("3.3",), field="reason")
    locking.void_signatures(handover, _("清单撤销"), actor=actor, on=on)
    Line.objects.filter(handover=handover, is_open=True).update(is_open=False)
    locking.save(
        handover,
        {"state": State.CANCELLED.value, "cancelled_on": on, "cancel_reason": reason.strip()[:200]},
        events.CANCELLED,
        actor=actor,
        on=on,
        reason=reason.strip(),
    )
    return handover
