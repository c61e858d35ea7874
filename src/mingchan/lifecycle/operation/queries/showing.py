"""One contract as its page shows it (合同页): versions, gates, what is owed, assets, insurance, reports (2.4.2a-e)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.procedures.choices import Answer, PaperKind, TaskStatus
from mingchan.foundation.procedures.models import Case, CasePaper, Opinion, Task
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation.choices import BINDING, LIVE, EditionStatus, Gate
from mingchan.lifecycle.operation.models import (
    Change,
    Changed,
    Charge,
    Claim,
    Contract,
    Covered,
    Edition,
    Insurance,
    ModePeriod,
    Report,
    Settlement,
)
from mingchan.lifecycle.operation.permissions import VIEW, may
from mingchan.lifecycle.operation.queries.listing import visible_to

ASSETS_SHOWN = 200
PASSED = frozenset({Answer.AGREE, Answer.REMARK, Answer.DONE})


class GateState(NamedTuple):
    """One of the four gates (四道关口): whether it is passed, its record in words, and its papers."""

    gate: str
    done: bool
    day: date | None
    words: Sequence[str]
    papers: Sequence[Attachment]


def contract(contract_id: int, actor: Actor) -> Contract:
    """One contract. Raises NotFound out of the actor's reach."""
    found = Contract.objects.select_related("operator", "lessor", "site", "renews").filter(
        pk=contract_id, county=actor.county
    ).first()  # fmt: skip
    if found is None or not may(actor, VIEW, found):
        raise NotFound(_("没有这份合同"))
    return found


def editions(found: Contract) -> list[Edition]:
    """The versions of the terms, the newest first."""
    return list(Edition.objects.select_related("case").filter(contract=found).order_by("-number"))


def present_edition(found: Contract, versions: Sequence[Edition]) -> Edition:
    """The version that the page shows: the one in force, before that the one that is being drafted."""
    return next(edition for edition in versions if edition.number == found.edition)


def open_edition(versions: Sequence[Edition]) -> Edition | None:
    """The version that is being drafted or decided, if any."""
    return next((one for one in versions if one.status in (EditionStatus.DRAFT, EditionStatus.PROCEDURE)), None)


def gates(edition: Edition) -> list[GateState]:
    """The four gates of 2.4.2c, read from the version's case: minutes and vote, approval, notice, signed agreement."""
    case = edition.case
    if case is None:
        return [GateState(gate, False, None, (), ()) for gate in Gate.values]
    tasks = {task.node: task for task in Task.objects.filter(case=case).order_by("id")}
    opinions = list(Opinion.objects.select_related("task").filter(case=case, round=case.round).order_by("id"))
    papers = list(CasePaper.objects.select_related("attachment").filter(case=case).order_by("id"))
    return [
        _decided(Gate.DECISION, opinions, ("vote",), papers, (PaperKind.MINUTES,)),
        _decided(Gate.APPROVAL, opinions, ("approval",), papers, (PaperKind.APPROVAL,)),
        _noticed(tasks.get("notice")),
        _signed(edition),
    ]


def _decided(
    gate: Gate, opinions: Sequence[Opinion], kinds: Sequence[str], papers: Sequence[CasePaper], codes: Sequence[str]
) -> GateState:
    found = [opinion for opinion in opinions if opinion.task.kind in kinds]
    words = [
        " ".join(part for part in (one.office_name, one.get_answer_display(), one.document_no, one.votes) if part)
        for one in found
    ]
    done = bool(found) and all(opinion.answer in PASSED for opinion in found)
    shown = [paper.attachment for paper in papers if paper.code in codes]
    return GateState(gate, done, found[-1].given_on if found else None, words, shown)


def _noticed(task: Task | None) -> GateState:
    done = task is not None and task.status == TaskStatus.DONE
    return GateState(Gate.NOTICE, done, task.closed_on if task is not None and done else None, (), ())


def _signed(edition: Edition) -> GateState:
    shown = [paper] if (paper := attachment(edition.signed_paper)) is not None else []
    return GateState(Gate.AGREEMENT, edition.signed_on is not None, edition.signed_on, (), shown)


def attachment(reference: str) -> Attachment | None:
    """The paper that a row names."""
    if not reference:
        return None
    ref = Ref.parse(reference)
    return Attachment.objects.filter(pk=ref.id).first() if ref.kind == "attachment" else None


def charges(found: Contract) -> list[Charge]:
    """What is and was owed, by day; what was dropped stays to be seen."""
    return list(Charge.objects.filter(contract=found).order_by("due_on", "id"))


def covered(found: Contract) -> "QuerySet[Covered]":
    """The assets of a contract, by number of the card."""
    return Covered.objects.select_related("asset").filter(contract=found).order_by("asset__code")


def insurances(found: Contract) -> list[Insurance]:
    """The policies of a contract, the latest first."""
    return list(Insurance.objects.filter(contract=found).order_by("-last_day", "-id"))


def insurance(insurance_id: int, actor: Actor) -> Insurance:
    """One policy. Raises NotFound out of the actor's reach."""
    found = Insurance.objects.select_related("contract").filter(pk=insurance_id, county=actor.county).first()
    if found is None or not may(actor, VIEW, found.contract):
        raise NotFound(_("没有这份保险单"))
    return found


def claim(claim_id: int, actor: Actor) -> Claim:
    """One claim. Raises NotFound out of the actor's reach."""
    rows = Claim.objects.select_related("insurance", "insurance__contract")
    found = rows.filter(pk=claim_id, county=actor.county).first()
    if found is None or not may(actor, VIEW, found.insurance.contract):
        raise NotFound(_("没有这项理赔"))
    return found


def claims(found: Contract) -> list[Claim]:
    """The claims under a contract's policies, the latest first."""
    return list(Claim.objects.select_related("insurance").filter(insurance__contract=found).order_by("-id"))


def reports(found: Contract) -> list[Report]:
    """What was reported, the latest first."""
    return list(Report.objects.filter(contract=found).order_by("-id"))


def report(report_id: int, actor: Actor) -> Report:
    """One report. Raises NotFound out of the actor's reach."""
    found = Report.objects.select_related("contract").filter(pk=report_id, county=actor.county).first()
    if found is None or not may(actor, VIEW, found.contract):
        raise NotFound(_("没有这份合同"))
    return found


def settlement(found: Contract) -> Settlement | None:
    """How the contract was settled, once it ended early."""
    return Settlement.objects.filter(contract=found).first()


def renewal(found: Contract) -> Contract | None:
    """The contract that follows one."""
    return Contract.objects.filter(renews=found).exclude(status="DROPPED").order_by("-id").first()


def of_asset(asset_id: int, actor: Actor) -> list[Covered]:
    """The contracts over an asset that the actor may see, the latest first."""
    rows = Covered.objects.select_related("contract", "contract__operator").filter(asset=asset_id)
    return list(rows.filter(contract__in=visible_to(actor)).order_by("-contract_id"))


def modes_of(asset_id: int) -> list[ModePeriod]:
    """How an asset was operated through time, the latest first."""
    return list(ModePeriod.objects.select_related("case").filter(asset=asset_id).order_by("-valid_from", "-id"))


def of_party(party_id: int, actor: Actor) -> list[Contract]:
    """The contracts of an operator that the actor may see, the latest first."""
    return list(visible_to(actor).filter(operator=party_id).order_by("-id")[:50])


def own(actor: Actor) -> list[Contract]:
    """The contracts of the parties that the account stands for, those in force first (1.2b)."""
    rows = Contract.objects.select_related("lessor", "operator").filter(
        county=actor.county, operator__in=actor.parties(VIEW)
    )
    found = list(rows.filter(status__in=BINDING).order_by("-id")[:50])
    return sorted(found, key=lambda one: one.status not in LIVE)


def changes(actor: Actor, *, state: str = "", after: str = "") -> tuple[list[Change], str]:
    """Changes of operator and mode, the newest first, a page at a time."""
    rows = Change.objects.select_related("operator", "case").filter(county=actor.county)
    inside = actor.scopes(VIEW)
    if not inside:
        return [], ""
    seen = Q(pk__in=())
    for scope in inside:
        seen |= Q(division_code__startswith=scope)
    rows = rows.filter(seen)
    if state:
        rows = rows.filter(status=state)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-id")[:51])
    return found[:50], str(found[49].pk) if len(found) > 50 else ""


def change(change_id: int, actor: Actor) -> Change:
    """One change. Raises NotFound out of the actor's reach."""
    found = Change.objects.select_related("operator", "case").filter(pk=change_id, county=actor.county).first()
    if found is None or not actor.may(VIEW, found.division_code):
        raise NotFound(_("没有这项变更"))
    return found


def changed(found: Change) -> "QuerySet[Changed]":
    """The assets of a change."""
    return Changed.objects.select_related("asset", "asset__operator").filter(change=found).order_by("asset__code")


def contract_of(case: Case) -> tuple[Contract, Edition] | None:
    """The contract and version that a case is about."""
    edition = Edition.objects.select_related("contract", "contract__operator").filter(case=case).first()
    return (edition.contract, edition) if edition is not None else None


def change_of(case: Case) -> Change | None:
    """The change that a case is about."""
    return Change.objects.select_related("operator").filter(case=case).first()
