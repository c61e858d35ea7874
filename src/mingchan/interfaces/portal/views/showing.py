"""How the portal answers: its own frame, kept by browsers for a minute, the same for everybody."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.portal import queries
from mingchan.interfaces.portal.choices import Use
from mingchan.kernel.actor import Actor
from mingchan.register.assets.choices import System

SECONDS = 60
"""So long a copy of figures may be shown without asking; notices and answers are asked for each time."""
WIDTH = 1000
FEN_OF_WAN = 1_000_000


def county() -> str:
    """The county this installation serves."""
    return str(settings.COUNTY)


def nobody() -> Actor:
    """Who acts at the portal's doors: no account, whoever is logged in elsewhere in the browser."""
    return Actor(account_id=None, name="", county=county())


def _tabs() -> list[tuple[str, str]]:
    return [
        ("home", _("资产")),
        ("notices", _("公示")),
        ("report", _("反映")),
        ("follow", _("进度")),
        ("plan", _("方案")),
        ("phones", _("电话")),
    ]


def cost(fen: int) -> tuple[str, str]:
    """An amount as people say it, with its unit: ten thousands with two digits, whole yuan below; rounded half up."""
    if abs(fen) < FEN_OF_WAN:
        return f"{(fen + 50) // 100:,}", _("元")
    hundredths = (fen + FEN_OF_WAN // 200) // (FEN_OF_WAN // 100)
    return f"{hundredths // 100:,}.{hundredths % 100:02d}", _("万元")


def cost_text(fen: int) -> str:
    """The same in one text."""
    return " ".join(cost(fen))


def respond(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    tab: str = "",
    status: int = 200,
    kept: bool = True,
    seconds: int = SECONDS,
) -> HttpResponse:
    """A page in the portal's frame. `kept` pages carry an ETag and may be cached; forms and receipts never are."""
    full = {
        "request": request,
        "county_name": policy.county_name(),
        "snapshot": queries.snapshot(county()),
        "tabs": _tabs(),
        "tab": tab,
        "path": request.get_full_path(),
        "cost": cost,
        "cost_text": cost_text,
        **context,
    }
    # The engine itself, so that no context processor of the office's frame asks its tables.
    body = engines["jinja2"].env.get_template(template).render(full)
    response = HttpResponse(body, status=status)
    if not kept or status != 200 or request.method not in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "no-store"
        return response
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "public, no-cache"
    found = get_conditional_response(request, etag=etag, response=response)
    return found if isinstance(found, HttpResponse) else response


def lost(request: HttpRequest, title: str, text: str, *, status: int = 404) -> HttpResponse:
    """What isn't there, said kindly, with ways on."""
    return respond(request, "portal/lost.html", {"title": title, "text": text}, status=status)


def states(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """States of use as parts of a bar, in whole units of its width, the largest parts filling what is left."""
    found = {key: int(value[0]) for key, value in figures.get("states", {}).items()}
    total, parts, start = sum(found.values()), [], 0
    for use in Use:
        cards = found.get(use.value, 0)
        if cards:
            width = max(6, cards * WIDTH // total)
            parts.append({"key": use.value, "label": use.label, "cards": cards, "start": start, "width": width})
            start += width
    return parts


def systems(figures: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """Systems with cards and cost in fen, the largest first."""
    labels = dict(System.choices)
    rows = [(str(labels.get(key, key)), value[0], value[1]) for key, value in figures.get("systems", {}).items()]
    return sorted(rows, key=lambda row: -row[1])
