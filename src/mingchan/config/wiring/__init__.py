"""Every connection between contexts that a call downwards can't make, on one page.

Which rows the verifier compares with the log, where a reference leads, who adds what to whose page. Contexts with many
connections have a module each, listed in `PARTS`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mingchan.config.wiring import (
    complaints,
    depreciation,
    desks,
    disclosure,
    disposal,
    distribution,
    field,
    income,
    labels,
    maintenance,
    operation,
    performance,
    portal,
    revival,
    stocktake,
    supervision,
)
from mingchan.config.wiring import (
    ledger as ledger_wiring,
)
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.directory.services import protected as directory
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger_queries
from mingchan.foundation.ledger.models import Voucher
from mingchan.foundation.ledger.queries import documents as ledger
from mingchan.foundation.procedures import queries as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.queries import documents as case_documents
from mingchan.interfaces.exchange.models import Batch
from mingchan.interfaces.exchange.services import protected as exchange
from mingchan.kernel import holds, links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk, sections
from mingchan.kernel.ui.sections import Section
from mingchan.lifecycle.custody import events as custody_events
from mingchan.lifecycle.custody import queries as custody
from mingchan.lifecycle.custody import sections as custody_sections
from mingchan.oversight.workplan import queries as workplan
from mingchan.oversight.workplan.models import Stage
from mingchan.register.assets import queries as assets
from mingchan.register.assets.models import Asset, Site
from mingchan.register.assets.queries import summing
from mingchan.register.funding import queries as funding
from mingchan.register.funding.models import Project
from mingchan.register.handover import events as handover_events
from mingchan.register.handover import queries as handover
from mingchan.register.handover import sections as handover_sections
from mingchan.register.handover.models import Handover
from mingchan.register.rights import events as rights_events
from mingchan.register.rights import queries as rights
from mingchan.register.rights import sections as rights_sections
from mingchan.register.rights.models import Certificate, Confirmation
from mingchan.register.rights.queries.certificates import number_of
from mingchan.register.sites import events as site_events
from mingchan.register.sites import queries as sites
from mingchan.register.sites import sections as site_sections
from mingchan.register.survey import queries as survey
from mingchan.register.survey.models import Survey
from mingchan.register.tracing import queries as tracing
from mingchan.register.tracing import sections as tracing_sections
from mingchan.register.tracing import services as tracing_services

PARTS = (
    ledger_wiring,
    depreciation,
    operation,
    labels,
    maintenance,
    income,
    distribution,
    performance,
    disposal,
    stocktake,
    revival,
    disclosure,
    complaints,
    supervision,
    portal,
    field,
)
"""Contexts whose connections stand in a module of their own."""

PROTECTED: tuple[protection.Protected, ...] = (
    *directory.PROTECTED,
    *ledger.PROTECTED,
    *procedures.PROTECTED,
    *assets.PROTECTED,
    *funding.PROTECTED,
    *tracing.PROTECTED,
    *rights.PROTECTED,
    *handover.PROTECTED,
    *survey.PROTECTED,
    *sites.PROTECTED,
    *exchange.PROTECTED,
    *custody.PROTECTED,
    *workplan.PROTECTED,
    *(protected for part in PARTS for protected in part.PROTECTED),
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
    "rights.Member": "each batch vouches for its assets by a digest, which the check of confirmations recomputes",
    "rights.CertificateSeries": "the last number given; numbers themselves stand in the certificates and are unique",
    "procedures.Message": "tells somebody of a fact that has its own record; when it was seen is no fact of the county",
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
    "procedures.Case.content": "vouched for by its digest in the row, which the check of cases recomputes",
    "procedures.Case.tables": "vouched for by its digest in the row, which the check of cases recomputes",
    "procedures.Case.run": "vouched for by its digest in the row, which the check of cases recomputes",
    "rights.Proposed.id": "the row's own number means nothing; a holder is known by batch, kind and party",
    "rights.Step.id": "the row's own number means nothing; steps stand in their order in the batch",
    "exchange.Batch.summary": "what a reading found; reading the kept file again gives it again",
    "exchange.Batch.reading": "how often the file was read, so that an overtaken reading is thrown away",
    "handover.Line.is_open": "follows the list's state and what was decided; it keeps an asset off two lists",
    "assets.FormerCard.id": "the row's own number means nothing; a former card is known by its card and day",
}
"""Fields of protected rows outside their document, each with the reason."""


for _part in PARTS:
    EXEMPT.update(_part.EXEMPT)
    LEFT_OUT.update(_part.LEFT_OUT)


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


def _case(ref: Ref) -> Link | None:
    title = Case.objects.filter(pk=ref.id).values_list("title", flat=True).first()
    return Link(title, reverse("procedures:case", args=[ref.id])) if title else None


def _account(ref: Ref) -> Link | None:
    name = Account.objects.filter(pk=ref.id).values_list("name", flat=True).first()
    return Link(_("%(name)s手工登记") % {"name": name}, "") if name else None


def _project(ref: Ref) -> Link | None:
    name = Project.objects.filter(pk=ref.id).values_list("name", flat=True).first()
    return Link(name, reverse("funding:project", args=[ref.id])) if name else None


def _tracing() -> None:
    """Payments and assets: what each page shows of the other, and what rests on them."""
    view, right = tracing_sections.LABEL, "funding.view"
    parts: tuple[tuple[str, str, str, Callable[[Any, HttpRequest], Mapping[str, Any] | None]], ...] = (
        ("asset", "tracing", "tracing/_asset.html", tracing_sections.of_asset),
        ("fund_use", "use", "tracing/_payment.html", tracing_sections.of_payment),
        ("project", "project", "tracing/_project.html", tracing_sections.of_project),
        *(
            ("reconciliation", group, "tracing/_reconciliation.html", tracing_sections.of_reconciliation)
            for group in funding.GROUPS
        ),
    )
    for page, tab, template, build in parts:
        name = f"tracing-{tab}"
        sections.register(page, Section(name, view, tab, 20, right, template, build))
    holds.register("asset", "tracing", tracing.holds_on_assets, tracing_services.follow_split)
    holds.register("fund_use", "tracing", tracing.holds_on_uses)


def _confirmation(ref: Ref) -> Link | None:
    name = Confirmation.objects.filter(pk=ref.id).values_list("title", flat=True).first()
    return Link(_("确权批次“%(name)s”") % {"name": name}, reverse("rights:batch", args=[ref.id])) if name else None


def _certificate(ref: Ref) -> Link | None:
    found = Certificate.objects.filter(pk=ref.id).first()
    return Link(number_of(found), reverse("rights:certificate", args=[ref.id])) if found else None


def _party(ref: Ref) -> Link | None:
    name = Party.objects.filter(pk=ref.id).values_list("name", flat=True).first()
    return Link(name, reverse("directory:party", args=[ref.id])) if name else None


def _stage(ref: Ref) -> Link | None:
    found = Stage.objects.filter(pk=ref.id).values_list("title", "plan__year", "code").first()
    return Link(found[0], reverse("workplan:stage", args=found[1:])) if found else None


def _handover(ref: Ref) -> Link | None:
    number = Handover.objects.filter(pk=ref.id).values_list("number", flat=True).first()
    return Link(number, reverse("handover:detail", args=[ref.id])) if number else None


def _survey(ref: Ref) -> Link | None:
    title = Survey.objects.filter(pk=ref.id).values_list("title", flat=True).first()
    return Link(_("调查《%(title)s》") % {"title": title}, reverse("survey:survey", args=[ref.id])) if title else None


def _page(ref: Ref) -> Link | None:
    """Pages of upper contexts that lower ones lead to."""
    doors = {"import-survey": (_("导入调查表"), "exchange:survey_list")}
    found = doors.get(str(ref.id))
    return Link(found[0], reverse(found[1])) if found else None


def _site(ref: Ref) -> Link | None:
    name = Site.objects.filter(pk=ref.id).values_list("name", flat=True).first()
    return Link(name, reverse("sites:site", args=[ref.id])) if name else None


def connect() -> None:
    """Make the connections. Called once, when every context is loaded."""
    protection.register(*PROTECTED)
    protection.register_check(_books)
    protection.register_check(directory.faults)
    protection.register_check(case_documents.faults)
    links.register("asset", _asset)
    links.register("voucher", _voucher)
    links.register("batch", _batch)
    links.register("case", _case)
    links.register("project", _project)
    links.register("account", _account)
    _tracing()
    links.register("confirmation", _confirmation)
    links.register("certificate", _certificate)
    protection.register_check(rights.faults)
    summing.changed_by(
        rights_events.CONFIRMED,
        custody_events.ASSIGNED,
        custody_events.RENEWED,
        custody_events.ENDED,
        handover_events.HANDED_OVER,
        handover_events.STATE_FOUND,
        site_events.RELOCATED,
    )
    sections.register("asset", rights_sections.OF_ASSET)
    sections.register("party", rights_sections.OF_PARTY)
    bulk.register("asset", rights_sections.BULK)
    links.register("party", _party)
    links.register("workplan_stage", _stage)
    links.register("handover", _handover)
    sections.register("asset", handover_sections.OF_ASSET)
    bulk.register("asset", handover_sections.BULK)
    sections.register("asset", custody_sections.OF_ASSET)
    bulk.register("asset", custody_sections.BULK)
    links.register("survey", _survey)
    links.register("page", _page)
    links.register("site", _site)
    links.register("site_profile", _site)
    sections.register("asset", site_sections.OF_ASSET)
    bulk.register("asset", site_sections.BULK)
    desks.connect()
    for part in PARTS:
        part.connect()
