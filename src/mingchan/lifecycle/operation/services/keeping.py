"""What every act on a contract begins and ends with: the contract under lock, who may, and the record of the change."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from django.db import models
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import permissions, rules, wording
from mingchan.lifecycle.operation.choices import EditionStatus, Status
from mingchan.lifecycle.operation.drafts import PaperDraft, StepDraft, TermsDraft
from mingchan.lifecycle.operation.models import Contract, Covered, Edition
from mingchan.lifecycle.operation.queries import packs
from mingchan.lifecycle.operation.queries.documents import document, protected_of

TERMS = tuple(TermsDraft.__dataclass_fields__)
OPEN = (EditionStatus.DRAFT, EditionStatus.PROCEDURE)
CLAUSES = ("2.4.2a",)


def locked(contract_id: int, right: str, *states: str, actor: Actor, version: int | None = None) -> Contract:
    """The contract, held until the transaction ends.

    Raises NotFound out of sight, NotAllowed without the right, Stale when somebody saved first, Refusal in a state
    outside `states` (none named: any).
    """
    found = Contract.objects.select_for_update(of=("self",)).filter(pk=contract_id, county=actor.county).first()
    contract = permissions.require(actor, right, found)
    if version is not None and contract.version != version:
        raise Stale(
            _("这份合同刚被他人修改，请核对后再保存"), theirs={"version": contract.version}, yours={"version": version}
        )
    if states and contract.status not in states:
        words = _("合同 %(number)s 的状态是“%(state)s”，不能这样办理")
        raise Refusal(words % {"number": contract.number, "state": Status(contract.status).label}, clauses=CLAUSES)
    return contract


def open_edition(contract: Contract) -> Edition:
    """The version that is being drafted or decided. Raises Refusal when there is none."""
    found = Edition.objects.select_for_update().filter(contract=contract, status__in=OPEN).first()
    if found is None:
        raise Refusal(_("合同没有正在拟定的版本"), clauses=CLAUSES)
    return found


def terms_of(edition: Edition) -> TermsDraft:
    """The terms of a version as a draft."""
    values = {name: getattr(edition, name) for name in TERMS if name != "steps"}
    return TermsDraft(**values, steps=tuple(StepDraft(*step) for step in orjson.loads(edition.steps)))


def fill(edition: Edition, terms: TermsDraft) -> None:
    """Put a draft's terms into the version's columns. The caller saves."""
    for name in TERMS:
        value = getattr(terms, name)
        if name == "steps":
            value = orjson.dumps([list(step) for step in value]).decode()
        setattr(edition, name, value.strip() if isinstance(value, str) else value)


def lacks(contract: Contract, edition: Edition) -> list[rules.Lack]:
    """What keeps the version from taking effect, by part (2.4.2a)."""
    return rules.lacks(
        terms_of(edition),
        modes=packs.modes(),
        years=policy.figure("contract.years"),
        grade=contract.grade,
        has_assets=Covered.objects.filter(contract=contract).exists(),
    )


def must_be_whole(contract: Contract, edition: Edition) -> None:
    """Raises Refusal that names the part which is missing."""
    missing = lacks(contract, edition)
    if missing:
        raise Refusal(_("合同缺少要件，不能生效：%(parts)s") % {"parts": wording.of_parts(missing)}, clauses=CLAUSES)


def weigh(contract: Contract, mode: str) -> dict[str, Any]:
    """Value and risk grade of a contract by the assets it covers and a mode (2.4.2e)."""
    values = list(
        Covered.objects.filter(contract=contract).order_by("id").values_list("asset__six_class", "asset__cost_fen")
    )
    value = sum(fen for _class, fen in values)
    return {"value_fen": value, "grade": packs.grade_of(rules.main_class(values), mode, value) if values else ""}


def save(
    row: models.Model,
    changes: Mapping[str, Any],
    kind: EventKind,
    *,
    division: str,
    before: Mapping[str, Any],
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any],
) -> None:
    """Write a row's changes and record it with what it was before, children and all."""
    for name, value in changes.items():
        setattr(row, name, value)
    names = list(changes)
    if isinstance(row, Contract):
        row.version += 1
        names.append("version")
    if names:
        row.save(update_fields=names)
    note(row, kind, division=division, before=before, actor=actor, on=on, reason=reason, facts=facts)


def note(
    row: models.Model,
    kind: EventKind,
    *,
    division: str,
    before: Mapping[str, Any] | None = None,
    actor: Actor,
    on: date,
    reason: str = "",
    facts: Mapping[str, Any],
) -> None:
    """Record a row as it stands now."""
    evidence.record(
        kind,
        Ref(protected_of(row).kind, row.pk),
        actor=actor,
        on=on,
        before=before,
        after=document(row),
        division=division,
        reason=reason,
        facts=facts,
    )


def keep_paper(
    paper: PaperDraft | None, owner: Ref, division: str, *, kind: AttachmentKind, actor: Actor, on: date
) -> Attachment | None:
    """Keep an uploaded file as evidence. Raises Refusal for one that can't be kept, NotAllowed without the right."""
    if paper is None:
        return None
    return evidence.attach(
        paper.content, name=paper.name, owner=owner, division=division, kind=kind, actor=actor, on=on
    )


def reference(attachment: Attachment | None) -> str:
    """How a row names its paper."""
    return str(Ref("attachment", attachment.pk)) if attachment is not None else ""


def asset_ids(contract: Contract) -> Sequence[int]:
    """The assets of a contract, in the order of their numbers."""
    return list(Covered.objects.filter(contract=contract).order_by("asset_id").values_list("asset_id", flat=True))
