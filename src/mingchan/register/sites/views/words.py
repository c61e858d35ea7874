"""How sites are written on pages (显示): states, tones, addresses behind figures."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.register.assets.choices import System, Tier
from mingchan.register.sites import queries
from mingchan.register.sites.choices import Doubt, State

TONES = {"PREPARING": "info", "OPERATING": "good", "SUSPENDED": "warn", "CLOSED": "bad", "": "neutral"}


def state_text(state: str) -> str:
    """A state in the reader's language; a site without a file has none yet."""
    return str(State(state).label) if state in State.values else _("未建档")


def labels(choices: Any) -> dict[str, str]:
    """Value and label of the choices, in the reader's language."""
    return {value: str(label) for value, label in choices.choices}


def field_labels() -> dict[str, str]:
    """What each filter is called on the page."""
    return {
        "q": _("检索"),
        "division": _("区划"),
        "system": _("建设体系"),
        "tier": _("层级"),
        "kind": _("站点类型"),
        "state": _("站点状态"),
        "operator": _("经营主体"),
        "doubt": _("站点问题"),
    }


def kind_choices() -> list[tuple[str, str]]:
    """Kinds to filter by, and none said yet."""
    return [*queries.standards.choices(), (queries.NO_KIND, _("未确定"))]


def values() -> dict[str, dict[str, str]]:
    """The words of the filters' choices."""
    return {
        "system": labels(System),
        "tier": labels(Tier),
        "kind": dict(kind_choices()),
        "state": labels(State),
        "doubt": labels(Doubt),
    }


def list_url(**params: object) -> str:
    """The list of sites, narrowed."""
    found = {name: value for name, value in params.items() if value not in ("", None)}
    return reverse("sites:list") + (f"?{urlencode(found)}" if found else "")


def cards_url(site_id: int, **params: object) -> str:
    """The register's list of the cards at a site."""
    return f"{reverse('assets:list')}?{urlencode({'site': site_id, **params})}"


def site_url(site_id: int, tab: str = "", **params: object) -> str:
    """The page of a site."""
    base = reverse("sites:site", args=[site_id])
    found = {"tab": tab, **params} if tab else params
    return f"{base}?{urlencode(found)}" if found else base
