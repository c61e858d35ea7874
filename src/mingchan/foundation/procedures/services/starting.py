"""Bringing a matter in (提交), changing its file (修改) and taking it back (撤回)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account
from mingchan.foundation.procedures import engine, events, outcomes, permissions
from mingchan.foundation.procedures.choices import CaseStatus
from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.queries import definitions, documents, table_versions
from mingchan.foundation.procedures.services import filing, running
from mingchan.foundation.procedures.services.filing import PaperDraft
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import reserve_ids
from mingchan.kernel.errors import NotAllowed, Refusal, Stale
from mingchan.kernel.refs import Ref


@transaction.atomic
def start(
    code: str,
    *,
    title: str,
    text: str = "",
    subject: Ref | None = None,
    facts: Mapping[str, Any] | None = None,
    interested: Iterable[int] = (),
    subject_digest: str = "",
    papers: Iterable[PaperDraft] = (),
    division: str = "",
    right: str = permissions.START,
    is_sample: bool = False,
    actor: Actor,
    on: date,
) -> Case:
    """Bring a matter in: it follows the drawing that is in force on `on`, to its end, whatever is drawn later.

    `facts` are whole numbers, texts and truth values that conditions may ask; `interested` are parties with an interest
    of their own; `subject_digest` names the state of the subject that will be judged; `papers` go into the file. Raises
    NotAllowed without `right` over the division, Refusal without a title or while another case about the subject runs,
    NotFound for an unknown procedure.
    Serves 2.4.2b, 2.4.2c, 3.4.3a.
    """
    place = (division or actor.county).ljust(12, "0")
    permissions.require(actor, right, place)
    if actor.account_id is None:
        raise NotAllowed(_("须由本人账号提交事项"), clauses=("2.4.2c",))
    if not title.strip():
        raise Refusal(_("请填写事项名称"), clauses=("2.4.2c",), field="title")
    procedure = definitions.in_force(code, actor.county, on)
    given = dict(facts or {})
    texts = table_versions.tables_for(procedure.drawing, actor.county, on)
    run = _begin(procedure.content, given, texts)
    kept = orjson.dumps(texts, option=orjson.OPT_SORT_KEYS).decode() if texts else None
    account = Account.objects.get(pk=actor.account_id)
    key = reserve_ids(Case, 1)
    last = Case.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("number"))["last"] or 0
    case = Case(
        pk=key,
        county=actor.county,
        division_code=place,
        year=on.year,
        number=last + 1,
        code=code,
        definition=procedure.number,
        content=procedure.content,
        content_digest=documents.digest(procedure.content),
        title=title.strip()[:200],
        text=text.strip(),
        subject=str(subject or ""),
        drafter=account,
        office_id=account.office_id,
        facts=orjson.dumps(given, option=orjson.OPT_SORT_KEYS).decode(),
        interested=orjson.dumps(sorted(set(interested))).decode(),
        subject_digest=subject_digest,
        tables=kept,
        tables_digest=documents.digest(kept) if kept is not None else None,
        opened_on=on,
        is_sample=is_sample,
        version=0,
    )
    running.put(case, run)
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(_("同一对象已有事项正在办理"), clauses=("2.4.2c",)) from error
    filing.add(case, papers, is_judged=True, actor=actor, on=on)
    case.file_digest = filing.digest_of(case)
    case.save(force_update=True)
    running.record(
        events.STARTED,
        documents.CASE,
        case,
        before=None,
        division=place,
        actor=actor,
        on=on,
        facts={"title": case.title},
    )
    running.follow(case, run, actor=actor, on=on)
    return case


def _begin(content: str, facts: Mapping[str, Any], texts: Mapping[str, str]) -> engine.Run:
    try:
        return engine.begin(content.encode(), facts, running.decide_by(texts))
    except engine.Broken as error:
        raise running.broken(error) from error


@transaction.atomic
def amend(
    case_id: int,
    *,
    reason: str,
    version: int,
    text: str | None = None,
    facts: Mapping[str, Any] | None = None,
    interested: Iterable[int] | None = None,
    subject_digest: str | None = None,
    papers: Iterable[PaperDraft] = (),
    actor: Actor,
    on: date,
) -> Case:
    """Change the file of a running matter: what was said about the old one counts no more, and the way begins anew.

    Only its drafter may. Raises Stale, Refusal without a reason or when nothing changes, NotAllowed for others.
    Serves 2.4.2c.
    """
    case = running.locked(case_id, actor)
    _own(case, version, reason, actor)
    outcomes.of(case.code).may_change(case, actor, on)
    before = running.whole(documents.CASE, case)
    given = orjson.loads(case.facts) if facts is None else dict(facts)
    case.facts = orjson.dumps(given, option=orjson.OPT_SORT_KEYS).decode()
    if text is not None:
        case.text = text.strip()
    if interested is not None:
        case.interested = orjson.dumps(sorted(set(interested))).decode()
    if subject_digest is not None:
        case.subject_digest = subject_digest
    case.round += 1
    filing.add(case, papers, is_judged=True, actor=actor, on=on)
    case.file_digest = filing.digest_of(case)
    if case.file_digest == before["file_digest"]:
        raise Refusal(_("没有改动"))
    running.void_waiting(case, reason, actor=actor, on=on)
    case.found = "{}"
    run = _begin(case.content, given, table_versions.tables_of(case))
    running.put(case, run)
    case.save(force_update=True)
    running.record(
        events.AMENDED,
        documents.CASE,
        case,
        before=before,
        division=case.division_code,
        actor=actor,
        on=on,
        reason=reason,
        facts={"title": case.title},
    )
    outcomes.of(case.code).on_amended(case, actor, on)
    running.follow(case, run, actor=actor, on=on)
    return case


@transaction.atomic
def withdraw(case_id: int, *, reason: str, version: int, actor: Actor, on: date) -> Case:
    """Take a running matter back. Only its drafter may, with a reason; it stays to be seen.

    Raises Stale, Refusal, NotAllowed as `amend`. Serves 2.4.2c.
    """
    case = running.locked(case_id, actor)
    _own(case, version, reason, actor)
    outcomes.of(case.code).may_change(case, actor, on)
    running.void_waiting(case, reason, actor=actor, on=on)
    before = running.whole(documents.CASE, case)
    case.status, case.ended_on, case.version = CaseStatus.WITHDRAWN, on, case.version + 1
    case.save(force_update=True)
    running.record(
        events.ENDED,
        documents.CASE,
        case,
        before=before,
        division=case.division_code,
        actor=actor,
        on=on,
        reason=reason,
        facts={"title": case.title, "outcome": case.get_status_display()},
    )
    outcomes.of(case.code).on_withdrawn(case, actor, on)
    return case


def _own(case: Case, version: int, reason: str, actor: Actor) -> None:
    if actor.account_id is None or case.drafter_id != actor.account_id:
        raise NotAllowed(_("只有经办人本人可以修改或撤回事项"), clauses=("2.4.2c",))
    running.is_running(case)
    if case.version != version:
        raise Stale(_("事项刚有新的进展，请看过后再操作"), theirs={"version": case.version}, yours={"version": version})
    if not reason.strip():
        raise Refusal(_("请填写理由"), clauses=("2.4.2c",), field="reason")
