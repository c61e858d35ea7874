"""What the phone's program asks (手机接口): JSON in, JSON out; the same services as everywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from mingchan.interfaces.field import queries, reading, services, signing
from mingchan.interfaces.field.views.shell import version
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.fieldwork import Errand
from mingchan.kernel.period import utc_now
from mingchan.kernel.ui.page import signed_in


def _json(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """Answer with the view's object and the time here; a refusal with its words. Want of a right is the gate's."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        status = 200
        try:
            found = view(request, *args, **kwargs)
        except NotAllowed:
            raise
        except Refusal as refusal:
            found, status = {"error": str(refusal)}, refusal.status
        found["now"] = utc_now().isoformat(timespec="milliseconds")
        return JsonResponse(found, status=status, json_dumps_params={"ensure_ascii": False})

    return answer


def _errand(errand: Errand) -> dict[str, Any]:
    return {
        "kind": errand.kind,
        "key": errand.key,
        "title": errand.title,
        "where": errand.where,
        "due": errand.due.isoformat() if errand.due else None,
        "total": errand.total,
        "done": errand.done,
    }


@signed_in()
@_json
def state(request: HttpRequest) -> dict[str, Any]:
    """Who is logged in, the key that checks capsules, the token for what is sent."""
    account = request.account
    return {
        "account": {"id": account.pk, "name": account.name, "office": account.office.name},
        "token": get_token(request),
        "public_key": signing.public_key(),
        "version": version(),
    }


@signed_in(methods=("POST",))
@_json
def contact(request: HttpRequest) -> dict[str, Any]:
    """A phone speaks: it is noted, and told what its user may take along."""
    who = reading.contact(reading.document(request.body))
    services.hear(who, actor=request.actor, on=request.on)
    return {"errands": [_errand(errand) for errand in queries.errands(actor=request.actor, on=request.on)]}


@signed_in(methods=("POST",))
@_json
def capsule(request: HttpRequest, kind: str, key: str) -> dict[str, Any]:
    """Take an errand along."""
    who = reading.contact(reading.document(request.body))
    issued = services.issue(kind, key, contact=who, actor=request.actor, on=request.on)
    return issued.as_dict()


@signed_in(methods=("POST",))
@_json
def events(request: HttpRequest, kind: str, key: str) -> dict[str, Any]:
    """Take events in: an answer for each, and which of their photographs are here."""
    batch = reading.batch(reading.document(request.body))
    answers = services.deliver(kind, key, batch, actor=request.actor, on=request.on)
    named = {digest for event in batch.events for digest in event.photos}
    return {
        "answers": [{"id": answer.id, "taken": answer.taken, "reason": str(answer.reason)} for answer in answers],
        "photos": queries.photo_digests(f"{kind}:{key}", named),
    }


@signed_in(methods=("GET", "PUT"))
@_json
def photo(request: HttpRequest, kind: str, key: str, digest: str) -> dict[str, Any]:
    """How much of a photograph is here, and the next piece of it."""
    if not reading.is_digest(digest):
        raise NotFound(_("没有这张照片。"))
    given: dict[str, Any] = {"actor": request.actor, "on": request.on}
    if request.method == "PUT":
        offset, size = (_number(request.GET.get(name, "")) for name in ("offset", "size"))
        progress = services.keep_piece(kind, key, digest, offset, size, request.body, **given)
    else:
        progress = services.progress(kind, key, digest, **given)
    return progress._asdict()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else -1
