"""Every connection between contexts that a call downwards can't make, on one page.

Today: which rows the verifier compares with the log, and where a reference leads. Reactions to events come here too.
"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.directory.services import protected as directory
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger_queries
from mingchan.foundation.ledger.models import Voucher
from mingchan.foundation.ledger.queries import documents as ledger
from mingchan.interfaces.exchange.models import Batch
from mingchan.kernel import links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.register.assets import queries as assets
from mingchan.register.assets.models import Asset
from mingchan.register.funding import queries as funding

PROTECTED: tuple[protection.Protected, ...] = (
    *directory.PROTECTED,
    *ledger.PROTECTED,
    *assets.PROTECTED,
    *funding.PROTECTED,
    evidence.ATTACHMENT,
)
"""Every table whose rows must equal the log's last word about them."""


def _books() -> Iterator[protection.Disagreement]:
    """The books against their own lines: digests, sums, numbers, balances."""
    for fault in ledger_queries.faults():
        yield protection.Disagreement(fault.obj, fault.field, fault.computed, fault.stored, fault.words)


def _asset(ref: Ref) -> Link | None:
    found = Asset.objects.filter(pk=ref.id).values_list("code", "name").first()
    return Link(f"{found[0]} {found[1]}", reverse("assets:card", args=[ref.id])) if found else None


def _voucher(ref: Ref) -> Link | None:
    found = Voucher.objects.filter(pk=ref.id).values_list("month", "number").first()
    if found is None:
        return None
    title = _("凭证 %(month)s-%(number)s") % {"month": found[0], "number": found[1]}
    return Link(title, reverse("ledger:voucher", args=[ref.id]))


def _batch(ref: Ref) -> Link | None:
    name = Batch.objects.filter(pk=ref.id).values_list("file_name", flat=True).first()
    return Link(_("导入《%(file)s》") % {"file": name}, reverse("exchange:batch", args=[ref.id])) if name else None


def connect() -> None:
    """Make the connections. Called once, when every context is loaded."""
    protection.register(*PROTECTED)
    protection.register_check(_books)
    links.register("asset", _asset)
    links.register("voucher", _voucher)
    links.register("batch", _batch)
