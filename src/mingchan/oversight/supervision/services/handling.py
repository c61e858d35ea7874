"""Handling findings (整改办理): give it to another office, report what was done, review it. Closed by the fact only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.foundation.procedures import queries as procedures
from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.errors import Refusal, Stale
from mingchan.oversight.supervision import events, permissions, queries, rules
from mingchan.oversight.supervision.checks import BY_CODE
from mingchan.oversight.supervision.choices import Act, State
from mingchan.oversight.supervision.models import Finding
from mingchan.oversight.supervision.queries.examining import stands
from mingchan.oversight.supervision.services import writing
from mingchan.oversight.supervision.services.writing import Change

MOST_FILES = 5


def locked(finding_id: int, seen: int, act: str, actor: Actor) -> Finding:
    """The finding, locked. Raises NotFound, Stale when somebody was faster, Refusal when the state forbids the act."""
    found = Finding.objects.select_for_update(of=("self",)).filter(pk=finding_id).first()
    finding = permissions.require_seen(actor, found)
    if finding.version != seen:
        raise Stale(
            _("这个问题刚有变动，请核对后再操作。"), theirs={"state": finding.get_state_display()}, yours={"state": act}
        )
    if act not in rules.acts(finding.state):
        raise Refusal(
            _("现在是“%(state)s”，不能办理这一步。") % {"state": finding.get_state_display()}, clauses=("1.2a",)
        )
    return finding


def title_of(finding: Finding) -> object:
    """The check's title, for the record."""
    return queries.info(finding.check_code).title


@transaction.atomic
def report(
    finding_id: int,
    text: str,
    *,
    files: Sequence[tuple[str, bytes]] = (),
    seen: int,
    actor: Actor,
    on: date,
) -> Finding:
    """Report what was done about a finding, with evidence (整改); the office that answers does it (1.2a, 2.6.1a).

    The finding isn't closed by that. Raises NotFound, NotAllowed, Stale; Refusal without words or, for a finding that
    people raised, without a file.
    """
    finding = locked(finding_id, seen, "REPORT", actor)
    permissions.require_rectify(actor, finding)
    if len(text.strip()) < 5:
        raise Refusal(_("请写明采取了什么措施，至少 5 个字。"), clauses=("1.2a",), field="text")
    if len(files) > MOST_FILES:
        raise Refusal(_("一次最多上传 %(count)s 个附件。") % {"count": MOST_FILES}, clauses=("1.2a",), field="files")
    if finding.check_code not in BY_CODE and not files:
        raise Refusal(_("人工提出的问题须附整改证据。"), clauses=("1.2a", "3.4.2"), field="files")
    attach(finding, files, actor, on)

    def alter(one: Finding) -> None:
        one.state = State.REPORTED.value

    office = permissions.office_of(actor)
    return writing.one(
        finding,
        Change(Act.REPORTED, events.REPORTED, alter, text.strip()),
        title_of(finding),
        actor=actor,
        on=on,
        office=office[1] if office else "",
    )


def attach(finding: Finding, files: Sequence[tuple[str, bytes]], actor: Actor, on: date) -> None:
    """Keep evidence with the finding."""
    grant = Grant("evidence", finding.division_code, frozenset({"paper.attach"}))
    keeper = replace(actor, grants=(*actor.grants, grant))
    for name, content in files:
        evidence.attach(
            content,
            name=name,
            owner=finding.ref,
            division=finding.division_code,
            kind=AttachmentKind.OTHER,
            actor=keeper,
            on=on,
        )


@transaction.atomic
def review(finding_id: int, text: str, *, passes: bool, seen: int, actor: Actor, on: date) -> Finding:
    """Review a rectification (复核): close the finding, or send it back. Never by the office that answers (3.4.2).

    It closes only when its fact is gone: the check looks again here and now. A finding that people raised is closed by
    what the reviewer saw, in words. Raises NotFound, NotAllowed, Stale, Refusal.
    """
    finding = locked(finding_id, seen, "REVIEW", actor)
    permissions.require_review(actor, finding)
    if len(text.strip()) < 4:
        raise Refusal(_("请写明复核情况。"), clauses=("3.4.2",), field="text")
    office = permissions.office_of(actor)
    name = office[1] if office else ""
    if not passes:
        due = procedures.working_day_after(finding.county, on, queries.info(finding.check_code).due)

        def back(one: Finding) -> None:
            one.state, one.gone_on, one.due_on = State.OPEN.value, None, max(due, one.found_on)

        return writing.one(
            finding, Change(Act.SENT_BACK, events.SENT_BACK, back, text.strip()), title_of(finding),
            actor=actor, on=on, office=name,
        )  # fmt: skip
    check = BY_CODE.get(finding.check_code)
    if check is not None and stands(check, finding.subject, finding.fact, finding.county, on, finding.asset_id):
        raise Refusal(_("事实仍然存在，不能销号：%(why)s") % {"why": queries.explain(finding).text}, clauses=("1.2a",))

    def close(one: Finding) -> None:
        one.state, one.gone_on, one.closed_on = State.CLOSED.value, one.gone_on or on, on

    return writing.one(
        finding, Change(Act.CLOSED, events.CLOSED, close, text.strip(), closes=True), title_of(finding),
        actor=actor, on=on, office=name,
    )  # fmt: skip


@transaction.atomic
def assign(finding_id: int, office_id: int, reason: str, *, seen: int, actor: Actor, on: date) -> Finding:
    """Give a finding to another office, with the reason; its term goes on (2.6.1b).

    Raises NotFound, NotAllowed for who may not review, Stale; Refusal without a reason or for the same office.
    """
    finding = locked(finding_id, seen, "ASSIGN", actor)
    permissions.require_right(actor, permissions.REVIEW, finding.division_code)
    office = Party.objects.filter(pk=office_id, county=finding.county).first()
    if office is None or office.pk == finding.office_id:
        raise Refusal(_("请选择另一个责任单位。"), clauses=("2.6.1b",), field="office")
    if len(reason.strip()) < 2:
        raise Refusal(_("请写明改派理由。"), clauses=("2.6.1b",), field="reason")

    def alter(one: Finding) -> None:
        one.office, one.office_name, one.person_name = office, office.name, ""

    own = permissions.office_of(actor)
    return writing.one(
        finding, Change(Act.ASSIGNED, events.ASSIGNED, alter, reason.strip()), title_of(finding),
        actor=actor, on=on, office=own[1] if own else "", facts={"office": office.name},
    )  # fmt: skip
