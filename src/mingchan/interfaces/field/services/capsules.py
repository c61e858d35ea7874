"""Giving capsules out (领取任务包): one text, its digest, the county's signature, and a record of who has it."""

from datetime import date
from typing import Any

import orjson
from django.db import transaction

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.interfaces.field import events, permissions, queries, signing
from mingchan.interfaces.field.choices import Way
from mingchan.interfaces.field.drafts import Contact, Issued
from mingchan.interfaces.field.models import Capsule
from mingchan.interfaces.field.services import receiving
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref

CAPSULE_FORMAT = "mingchan-capsule-1"
_PROTECTED = queries.PROTECTED[0]


@transaction.atomic
def issue(kind: str, key: str, *, contact: Contact | None = None, actor: Actor, on: date) -> Issued:
    """Give the actor the capsule of an errand: to a phone, or as a file when no `contact` is named (3.4.2).

    Raises NotFound for an unknown errand and whatever refusal the provider answers with.
    """
    body = dict(permissions.require_provider(kind).capsule(key, actor=actor, on=on))
    account = permissions.require_account(actor)
    if contact is not None:
        receiving.hear(contact, actor=actor, on=on)
    now = utc_now()
    body["format"] = CAPSULE_FORMAT
    body["issued"] = {"at": now.isoformat(timespec="milliseconds"), "account": account.pk, "name": account.name}
    text = orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()
    digest = crypto.sha256(text.encode()).hex()
    capsule = Capsule.objects.create(
        county=actor.county,
        kind=kind,
        key=key,
        title=str(body.get("title", ""))[:200],
        division_code=_division(body, actor),
        digest=digest,
        line_count=len(body.get("lines", ())),
        device_key=contact.device if contact else "",
        account=account,
        way=Way.NETWORK if contact else Way.FILE,
        issued_on=on,
        issued_at=now,
    )
    evidence.record(
        events.ISSUED,
        Ref("field_capsule", capsule.pk),
        actor=actor,
        on=on,
        after=protection.document(_PROTECTED, capsule),
        division=capsule.division_code,
        facts={"title": capsule.title, "lines": capsule.line_count},
    )
    return Issued(text, digest, signing.sign(text))


def _division(body: dict[str, Any], actor: Actor) -> str:
    """The place the errand is about, as the capsule says; else the narrowest over which the actor keeps papers."""
    told = body.get("division")
    if isinstance(told, str) and told.startswith(actor.county):
        return told
    scopes = actor.scopes(permissions.ATTACH)
    return scopes[-1] if scopes and scopes[-1].startswith(actor.county) else actor.county
