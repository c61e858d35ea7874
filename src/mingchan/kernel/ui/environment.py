"""The Jinja2 environment of every template: autoescape, translation, filters and a few globals."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from mingchan.kernel.ui import filters, unit

SPRITE = "vendor/icons.svg"


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named route, by its positional or named parts."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def query(request: HttpRequest, **changes: object) -> str:
    """The page's own query string with `changes` made; None removes a parameter, a list or plain tuple sets several.

    A named tuple is one value, written as it writes itself: the place where a page of a list begins is one.
    """
    parameters: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        elif isinstance(value, list) or type(value) is tuple:
            parameters.setlist(name, [str(part) for part in value])
        else:
            parameters[name] = str(value)
    return "?" + parameters.urlencode()


def icon(name: str, label: str = "", classes: str = "") -> Markup:
    """A line icon from the sprite. Decoration unless `label` says what it means."""
    role = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="icon {}" {} width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"><use href="{}#{}"></use></svg>'
    ).format(classes, role, static(SPRITE), quote(name))


def language() -> str:
    """The active language as the `lang` attribute wants it."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh-Hans"


def endonym(code: str) -> str:
    """A language's name in that language, as the settings list it."""
    return str(dict(settings.LANGUAGES)[code])


def _live(function: Callable[..., str]) -> Callable[..., str]:
    """A filter that depends on the request, so Jinja2 must not work it out once when it compiles a template."""

    @pass_context
    def filter_now(_context: Context, *args: Any, **kwargs: Any) -> str:
        return function(*args, **kwargs)

    return filter_now


def environment(**options: Any) -> Environment:
    """Build the environment for Django's Jinja2 backend. An unknown name in a template is an error, not a blank."""
    options["undefined"] = StrictUndefined
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = Environment(**options, extensions=["jinja2.ext.i18n"])  # noqa: S701 - the backend passes autoescape=True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.filters.update({name: _live(function) for name, function in filters.ALL.items()})
    env.globals.update(
        static=static,
        url=url,
        query=query,
        icon=icon,
        language=language,
        endonym=endonym,
        unit=unit.active,
        unit_label=unit.label,
    )
    return env
