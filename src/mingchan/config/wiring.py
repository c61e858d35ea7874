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
from mingchan.interfaces.exchange.services import protected as exchange
from mingchan.kernel import links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import sections
from mingchan.register.assets import queries as assets
from mingchan.register.assets.models import Asset, Site
from mingchan.register.funding import queries as funding
from mingchan.register.sites import queries as sites
from mingchan.register.sites import sections as site_sections

PROTECTED: tuple[protection.Protected, ...] = (
    *directory.PROTECTED,
    *ledger.PROTECTED,
    *assets.PROTECTED,
    *funding.PROTECTED,
    *sites.PROTECTED,
    *exchange.PROTECTED,
    evidence.ATTACHMENT,
)
"""Every table whose rows must equal the log's last word about them."""

EXEMPT: dict[str, str] = {
    "evidence.Record": "the log itself: bytes, digests and MAC of every record are recomputed",
    "evidence.Detail": "the log itself: each detail is compared with the commitment in its record",
    "evidence.Head": "the log itself: every column is compared with the records",
    "evidence.Tile": "the log itself: derived from the records and compared with them",
    "evidence.VerifyRun": "a run of the verifier, whose verdict is a record; anybody may run it again",
    "directory.DivisionName": "former names from the published lists, read to recognise a place and nothing else",
    "directory.PasswordRecord": "former hashes, which only keep a password from being used again",
    "directory.LoginAttempt": "counts failures for a day; each failure is a record of its own",
    "ledger.Line": "each voucher vouches for its lines by a digest, which the check of the books recomputes",
    "ledger.MonthBalance": "derived from the lines; the check of the books adds them up again",
    "assets.CodeSeries": "the last number given; numbers themselves stand in the cards and are unique",
    "exchange.Issue": "what a reading found in a kept file; reading the file again gives it again",
    "exchange.RememberedMapping": "a proposal for the columns of the next workbook, confirmed by a person each time",
    "exchange.RowDifference": "a comparison of two kept files, made before an import; what was applied is recorded",
    "exchange.RowLink": "which card a row of a workbook became, derived when it is applied; the cards name it too",
    "exchange.Correction": "made before an import; the cards it went into and their original texts are protected",
    "auth.Group": "of the framework, not used: rights come from grants",
    "auth.Group_permissions": "of the framework, not used: rights come from grants",
    "auth.Permission": "of the framework, not used: rights come from grants",
    "contenttypes.ContentType": "of the framework: names of its models",
    "sessions.Session": "who is logged in now; it ends by itself, and logins are records",
    "django_tasks_database.DBTaskResult": "work that waits for the worker; what it does is recorded when it is done",
}
"""Tables outside the documents the verifier compares, each with the reason."""

LEFT_OUT: dict[str, str] = {
    "directory.Account.password": "the hash stays out of the log; its keyed seal is in and is compared with it",
    "directory.Account.session_epoch": "ends open sessions; rises without a change worth a record",
    "assets.Right.id": "the row's own number means nothing; rows are written anew with their card",
    "assets.FundingShare.id": "the row's own number means nothing; rows are written anew with their card",
    "exchange.Batch.summary": "what a reading found; reading the kept file again gives it again",
    "exchange.Batch.reading": "how often the file was read, so that an overtaken reading is thrown away",
    "assets.FormerCard.id": "the row's own number means nothing; a former card is known by its card and day",
}
"""Fields of protected rows outside their document, each with the reason."""


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


def _site(ref: Ref) -> Link | None:
    name = Site.objects.filter(pk=ref.id).values_list("name", flat=True).first()
    return Link(name, reverse("sites:site", args=[ref.id])) if name else None


def connect() -> None:
    """Make the connections. Called once, when every context is loaded."""
    protection.register(*PROTECTED)
    protection.register_check(_books)
    protection.register_check(directory.faults)
    links.register("asset", _asset)
    links.register("voucher", _voucher)
    links.register("batch", _batch)
    links.register("site", _site)
    links.register("site_profile", _site)
    for page, section in site_sections.SECTIONS:
        sections.register(page, section)
