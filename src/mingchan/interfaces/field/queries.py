"""Reading what is out in the field (外业查询): my errands, capsules that went out, phones, what came back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery

from mingchan.foundation.evidence.protection import Protected
from mingchan.interfaces.field import permissions
from mingchan.interfaces.field.models import Capsule, Delivery, Device, Photo
from mingchan.kernel import fieldwork
from mingchan.kernel.actor import Actor
from mingchan.kernel.fieldwork import Errand

PROTECTED = (
    Protected("field_capsule", Capsule, label=("title",)),
    Protected("field_delivery", Delivery, label=("worked_by",)),
)
"""What the verifier compares with the log."""
PAGE = 50
COUNT_CAP = 10_000
_T = TypeVar("_T", bound=Model)


def errands(*, actor: Actor, on: date) -> list[Errand]:
    """What the actor may take along, of every provider, the next due first."""
    found = [errand for provider in fieldwork.providers() for errand in provider.errands(actor=actor, on=on)]
    return sorted(found, key=lambda errand: (errand.due is None, errand.due or on, errand.title))


class Outing(NamedTuple):
    """A capsule that went out, with the phone it is on: when that last spoke and what it still held then."""

    id: int
    kind: str
    key: str
    title: str
    line_count: int
    account__name: str
    way: str
    issued_at: datetime
    device_name: str | None
    device_at: datetime | None
    device_unsent: int | None


def _outings(actor: Actor) -> QuerySet[Capsule]:
    return Capsule.objects.filter(permissions.visible_to(actor))


def outings(actor: Actor, *, after: str = "", limit: int = PAGE) -> tuple[list[Outing], str | None]:
    """A page of capsules that went out, newest first, and the key after which the next one goes on."""
    phone = Device.objects.filter(county=OuterRef("county"), key=OuterRef("device_key"))
    found = _after(_outings(actor), after).annotate(
        device_name=Subquery(phone.values("name")[:1]),
        device_at=Subquery(phone.values("last_at")[:1]),
        device_unsent=Subquery(phone.values("unsent")[:1]),
    )
    page = [Outing._make(row) for row in found.order_by("-pk").values_list(*Outing._fields)[: limit + 1]]
    return page[:limit], str(page[limit - 1].id) if len(page) > limit else None


class Arrival(NamedTuple):
    """Results that came in: whose, by what way, how many taken and refused, and why."""

    id: int
    kind: str
    key: str
    worked_by: str
    account__name: str
    way: str
    taken: int
    refused: int
    reasons: str
    received_at: datetime


def arrivals(actor: Actor, *, after: str = "", limit: int = PAGE) -> tuple[list[Arrival], str | None]:
    """A page of results that came in, newest first, and the key after which the next one goes on."""
    found = _after(Delivery.objects.filter(permissions.visible_to(actor)), after)
    page = [Arrival._make(row) for row in found.order_by("-pk").values_list(*Arrival._fields)[: limit + 1]]
    return page[:limit], str(page[limit - 1].id) if len(page) > limit else None


def titles(errands: Iterable[tuple[str, str]], county: str) -> dict[tuple[str, str], str]:
    """The titles under which errands last went out."""
    wanted = set(errands)
    keys = {key for _kind, key in wanted}
    found = Capsule.objects.filter(county=county, key__in=keys).order_by("pk").values_list("kind", "key", "title")
    return {(kind, key): title for kind, key, title in found if (kind, key) in wanted}


class Phone(NamedTuple):
    """A phone: whose, when it last spoke, what it still held then, how far its clock stood off."""

    key: str
    name: str
    account__name: str
    last_at: datetime
    unsent: int
    skew_seconds: int


def phones(actor: Actor, limit: int = 200) -> list[Phone]:
    """Phones on which capsules that the actor may see are, the last heard first."""
    keys = _outings(actor).exclude(device_key="").values("device_key")
    found = Device.objects.filter(county=actor.county, key__in=keys).order_by("-last_at")
    return [Phone._make(row) for row in found.values_list(*Phone._fields)[:limit]]


class Counts(NamedTuple):
    """Phones, capsules and deliveries that the actor may see, and what phones still held when they last spoke."""

    phones: int
    outings: int
    arrivals: int
    unsent: int


def counts(actor: Actor) -> Counts:
    """The figures above the lists, capped; what is unsent is of the phones listed."""
    listed = phones(actor)
    return Counts(
        len(listed),
        _outings(actor).order_by()[: COUNT_CAP + 1].count(),
        Delivery.objects.filter(permissions.visible_to(actor)).order_by()[: COUNT_CAP + 1].count(),
        sum(phone.unsent for phone in listed),
    )


def _after(found: QuerySet[_T], after: str) -> QuerySet[_T]:
    fits = after.isascii() and after.isdecimal() and len(after) < 19
    return found.filter(pk__lt=int(after)) if fits else found


def photo_digests(owner: str, wanted: Iterable[Any]) -> list[str]:
    """Which of these photographs are kept already."""
    return sorted(Photo.objects.filter(owner=owner, sha256__in=list(wanted)).values_list("sha256", flat=True))
