"""What pages of tracing have in common (显示): addresses of lists, names of sources, ways in words."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.register.assets.choices import MIXED, System, Tier
from mingchan.register.tracing.choices import Way


def address(route: str, **parameters: object) -> str:
    """A page with parameters; what is None or blank is left out."""
    text = urlencode({name: value for name, value in parameters.items() if value not in (None, "")})
    return reverse(route) + (f"?{text}" if text else "")


def source_names() -> dict[str, str]:
    """Sources of money by code, in the reader's language, with the word for several."""
    names = {code: source.text for code, source in policy.funding_sources().items()}
    return names | {MIXED: _("多项资金"), "": _("未填资金来源")}


def systems() -> dict[str, str]:
    """Systems in the reader's language."""
    return {value: str(label) for value, label in System.choices}


def tiers() -> dict[str, str]:
    """Tiers in the reader's language."""
    return {value: str(label) for value, label in Tier.choices}


def ways() -> dict[str, str]:
    """Why a payment and an asset are linked, in the reader's language."""
    return {value: str(label) for value, label in Way.choices}
