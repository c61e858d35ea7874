"""The phone's program as files (程序外壳): one page without data, its scripts, and the worker that keeps them.

The worker is told every file with its digest and keeps them only when all agree, so a phone has one version or the
other, never half of each. The page names nobody and is the same for all.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.interfaces.field.wording import texts
from mingchan.kernel.ui.page import public

FILES = (
    "field/field.css",
    "field/icon.svg",
    "field/icon-192.png",
    "field/icon-512.png",
    "field/js/app.js",
    "field/js/camera.js",
    "field/js/capsule.js",
    "field/js/dom.js",
    "field/js/forms.js",
    "field/js/lines.js",
    "field/js/model.js",
    "field/js/photo.js",
    "field/js/result.js",
    "field/js/screens.js",
    "field/js/sending.js",
    "field/js/signature.js",
    "field/js/store.js",
    "field/js/words.js",
    "field/js/zip.js",
)
"""Everything the page loads, in no order."""
DECODER = ("vendor/jsQR.js", "field/js/decoder.js")
"""What reads QR codes where the browser can't, one after the other: a script of its own thread stands at one address
within the worker's reach, or it couldn't be loaded without a signal."""
SCRIPT = "text/javascript; charset=utf-8"
WORKER = Path(__file__).resolve().parents[1] / "service_worker.js"


def _content(name: str) -> bytes:
    """A static file as it is served."""
    if not settings.TESTING and staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return Path(path).read_bytes()


@lru_cache(maxsize=4)
def _listed() -> tuple[tuple[str, str], ...]:
    """Address and digest of every file. Scripts import each other by plain names, so plain names are kept."""
    return tuple((f"{settings.STATIC_URL}{name}", hashlib.sha256(_content(name)).hexdigest()) for name in FILES)


def _page() -> str:
    english = (translation.get_language() or "").startswith("en")
    context = {
        "texts": orjson.dumps(texts() if english else {}).decode(),
        "root": reverse("field:program"),
        "static_root": settings.STATIC_URL,
    }
    return loader.get_template("field/program.html").render(context)


def _kept() -> list[tuple[str, str]]:
    own = [(reverse("field:program"), _page().encode()), (reverse("field:decoder"), _decoder())]
    return [*((address, hashlib.sha256(body).hexdigest()) for address, body in own), *_listed()]


def _decoder() -> bytes:
    return b"\n".join(map(_content, DECODER))


def version() -> str:
    """The version of the program's files."""
    plain = "\n".join(f"{address} {digest}" for address, digest in _listed())
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def _fresh(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-cache"
    return response


@public()
def program(_request: HttpRequest) -> HttpResponse:
    """The page of the program."""
    return _fresh(HttpResponse(_page()))


@public()
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The worker, with the list of what it keeps."""
    kept = _kept()
    plain = orjson.dumps(kept)
    name = hashlib.sha256(plain).hexdigest()[:12]
    text = WORKER.read_text(encoding="utf-8").replace("%NAME%", name).replace("%KEPT%", plain.decode())
    response = HttpResponse(text, content_type=SCRIPT)
    response.headers["Service-Worker-Allowed"] = reverse("field:program")
    return _fresh(response)


@public()
def decoder(_request: HttpRequest) -> HttpResponse:
    """The reader of QR codes."""
    return _fresh(HttpResponse(_decoder(), content_type=SCRIPT))


@public()
def manifest(_request: HttpRequest) -> HttpResponse:
    """What the phone needs to put the program on its home screen."""
    root, static = reverse("field:program"), settings.STATIC_URL
    icons: list[dict[str, Any]] = [
        {"src": f"{static}field/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any maskable"},
        {"src": f"{static}field/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        {"src": f"{static}field/icon.svg", "sizes": "any", "type": "image/svg+xml"},
    ]
    found = {
        "id": root,
        "name": _("明产外业"),
        "short_name": _("明产外业"),
        "description": _("没有信号也能盘点、巡查，回来再上传"),
        "lang": "zh-CN",
        "start_url": root,
        "scope": root,
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f5f6f4",
        "theme_color": "#14505c",
        "icons": icons,
    }
    return _fresh(JsonResponse(found, content_type="application/manifest+json"))
