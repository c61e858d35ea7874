"""Taking events in (收回记录): each once, whatever was lost, repeated or late; the provider says what they mean."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.interfaces.field import events, permissions, queries
from mingchan.interfaces.field.choices import Way
from mingchan.interfaces.field.drafts import Batch, Contact
from mingchan.interfaces.field.models import Capsule, Delivery, Device
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.fieldwork import Answer, Event, Provider
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref

MOST_REASONS = 5
_PROTECTED = queries.PROTECTED[1]


@transaction.atomic
def hear(contact: Contact, *, actor: Actor, on: date) -> Device:
    """Note that a phone spoke: who uses it, what it still holds, how far its clock stands off. Locks its row."""
    found = Device.objects.select_for_update().filter(county=actor.county, key=contact.device).first()
    account = permissions.require_account(actor)
    if found is None:
        fresh = Device(county=actor.county, key=contact.device, account=account, last_at=utc_now())
        Device.objects.bulk_create([fresh], ignore_conflicts=True)
        found = Device.objects.select_for_update().get(county=actor.county, key=contact.device)
    found.account, found.last_at = account, utc_now()
    found.name = contact.name or found.name
    found.unsent, found.skew_seconds = contact.unsent, contact.skew_seconds
    found.version = contact.version or found.version
    found.save()
    return found


@transaction.atomic
def deliver(kind: str, key: str, batch: Batch, *, way: str = Way.NETWORK, actor: Actor, on: date) -> list[Answer]:
    """Hand events of an errand to its provider and answer for each (3.4.2).

    Events that were taken before are answered as taken. A closed errand refuses what is new, each with the reason.
    What the provider doesn't answer for stays unanswered, and the phone sends it again. Raises NotFound for an unknown
    errand, NotAllowed, and Refusal when a phone sends the events of somebody who isn't logged in.
    """
    way = Way(way)
    if way == Way.NETWORK and batch.account_id != actor.account_id:
        raise Refusal(_("这些记录是%(worker)s登记的，请由本人登录后上传。") % {"worker": batch.worked_by})
    provider = permissions.require_provider(kind)
    if way == Way.NETWORK:
        hear(batch.contact, actor=actor, on=on)
    else:
        _lock(batch.contact, actor)
    known = provider.known(key, [event.id for event in batch.events], actor=actor) if batch.events else set()
    fresh = sorted((event for event in batch.events if event.id not in known), key=lambda event: event.seq)
    answers = _take_in(provider, key, fresh, actor=actor, on=on) if fresh else []
    told = [*batch.faulty, *answers]
    if told:
        _record(kind, key, batch, told, way, actor, on)
    return [*told, *(Answer(event.id, True) for event in batch.events if event.id in known)]


def _lock(contact: Contact, actor: Actor) -> None:
    """One delivery of a phone at a time, whatever way it comes; a phone that never spoke needs no lock."""
    Device.objects.select_for_update().filter(county=actor.county, key=contact.device).first()


def _take_in(provider: Provider, key: str, fresh: Sequence[Event], *, actor: Actor, on: date) -> list[Answer]:
    try:
        with transaction.atomic():
            answers = provider.take_in(key, fresh, actor=actor, on=on)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return [Answer(event.id, False, str(refusal)) for event in fresh]
    asked = {event.id for event in fresh}
    return list({answer.id: answer for answer in answers if answer.id in asked}.values())


def _digest(batch: Batch, answers: Sequence[Answer]) -> str:
    plain = "\n".join(sorted(f"{answer.id} {answer.taken}" for answer in answers))
    return crypto.sha256(f"{batch.contact.device}\n{plain}".encode()).hex()


def _record(kind: str, key: str, batch: Batch, answers: Sequence[Answer], way: str, actor: Actor, on: date) -> None:
    """Leave a row and a record of what came in; the same answers to the same events leave none a second time."""
    refused = [answer for answer in answers if not answer.taken]
    digest, refused_digest = _digest(batch, answers), _digest(batch, refused) if refused else ""
    before = Delivery.objects.filter(county=actor.county, kind=kind, key=key)
    same = Q(digest=digest) | Q(refused_digest=refused_digest) if len(refused) == len(answers) else Q(digest=digest)
    if before.filter(same).exists():
        return
    capsule = (
        Capsule.objects.filter(county=actor.county, kind=kind, key=key, digest=batch.capsule)
        .select_related("account")
        .first()
    )
    last = Capsule.objects.filter(county=actor.county, kind=kind, key=key).order_by("-pk").first()
    account = permissions.require_account(actor)
    worker = capsule.account.name if capsule else account.name if way == Way.NETWORK else batch.worked_by
    delivery = Delivery.objects.create(
        county=actor.county,
        kind=kind,
        key=key,
        division_code=(capsule or last).division_code if capsule or last else actor.county,  # type: ignore[union-attr]
        digest=digest,
        refused_digest=refused_digest,
        capsule_digest=batch.capsule,
        device_key=batch.contact.device,
        account=account,
        worked_by=worker or account.name,
        way=way,
        taken=len(answers) - len(refused),
        refused=len(refused),
        reasons="\n".join(list(dict.fromkeys(answer.reason for answer in refused))[:MOST_REASONS]),
        received_on=on,
        received_at=utc_now(),
    )
    evidence.record(
        events.RECEIVED,
        Ref("field_delivery", delivery.pk),
        actor=actor,
        on=on,
        after=protection.document(_PROTECTED, delivery),
        division=delivery.division_code,
        facts={"worked_by": delivery.worked_by, "taken": delivery.taken, "refused": delivery.refused},
    )
