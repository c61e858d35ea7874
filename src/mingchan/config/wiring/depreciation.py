"""Connections of depreciation (折旧): what was charged, for whoever takes assets out of a book; checks of closing."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.ledger import queries as ledger
from mingchan.kernel import holds, links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import desk, sections
from mingchan.register.assets.queries import summing, valuing
from mingchan.register.depreciation import duties, events
from mingchan.register.depreciation import sections as own_sections
from mingchan.register.depreciation.models import Run
from mingchan.register.depreciation.queries import PROTECTED as ROWS
from mingchan.register.depreciation.queries import charged, closing, documents, holding, worth

PROTECTED: tuple[Protected, ...] = ROWS
EXEMPT: dict[str, str] = {
    "depreciation.Course": "how far a book is charged, derived from its runs; the check of runs compares them",
    "depreciation.Term": "each run vouches for the terms it opened and ended by a digest, which the check recomputes",
    "depreciation.Charge": "each run vouches for its charges by a digest, which the check recomputes",
}
LEFT_OUT: dict[str, str] = {}


def _run(ref: Ref) -> Link | None:
    found = Run.objects.filter(pk=ref.id).first()
    if found is None:
        return None
    title = _("%(month)s%(kind)s") % {"month": ledger.month_text(found.month), "kind": found.get_kind_display()}
    return Link(title, reverse("depreciation:run", args=[found.pk]))


def connect() -> None:
    """Make them."""
    protection.register_check(documents.faults)
    links.register("depreciation_run", _run)
    valuing.charged_by(charged.by_account, charged.require_current, worth.charged_of_card)
    summing.changed_by(events.POSTED, events.REVERSED)
    holds.register("asset", "depreciation", holding.on_assets)
    closing.connect()
    sections.register("asset", own_sections.OF_ASSET)
    desk.register("depreciation", duties.of_runs, order=35)
