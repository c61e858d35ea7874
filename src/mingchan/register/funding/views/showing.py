"""What pages of project money have in common (显示): tabs, names of sources, addresses, who enters something."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref


def source_names() -> dict[str, str]:
    """Sources of money by code, in the reader's language."""
    return {code: source.text for code, source in policy.funding_sources().items()}


def uses_url(**parameters: object) -> str:
    """The list of payments narrowed; what is None does not narrow."""
    text = urlencode({name: value for name, value in parameters.items() if value is not None})
    return reverse("funding:uses") + (f"?{text}" if text else "")


def appropriations_url(**parameters: object) -> str:
    """The list of money sent down narrowed; what is None does not narrow."""
    text = urlencode({name: value for name, value in parameters.items() if value is not None})
    return reverse("funding:appropriations") + (f"?{text}" if text else "")


def tabs(active: str) -> list[dict[str, Any]]:
    """The pages of project money."""
    pages = (
        ("overview", _("总览")),
        ("projects", _("项目")),
        ("appropriations", _("资金下达")),
        ("uses", _("支出明细")),
        ("reconciliation", _("勾稽")),
    )
    return [{"label": label, "url": reverse(f"funding:{name}"), "active": name == active} for name, label in pages]


def typed_by(request: HttpRequest) -> Ref:
    """Where an entry made by hand comes from: the account that typed it."""
    account = getattr(request, "account", None)
    return Ref("account", account.pk if account is not None else 0)


def tell(form: Any, refusal: Refusal, **fields: str) -> None:
    """Put a refusal at its field, or above the form. `fields` says which field of the form stands for a draft's."""
    field = fields.get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))
