"""Exemption of a finding (豁免): only by a finished procedure, and only to a day (2.4.2c)."""

from datetime import date, timedelta

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.oversight.supervision import events, pack, permissions, queries
from mingchan.oversight.supervision.checks import BY_CODE
from mingchan.oversight.supervision.choices import Act, State
from mingchan.oversight.supervision.models import Finding
from mingchan.oversight.supervision.services import writing
from mingchan.oversight.supervision.services.handling import locked, title_of
from mingchan.oversight.supervision.services.writing import Change

PROCEDURE = "finding_waiver"


@transaction.atomic
def ask_waiver(finding_id: int, reason: str, until: date, *, seen: int, actor: Actor, on: date) -> Case:
    """Ask that a finding be let stand until a day, by a case (2.4.2c). The term goes on until it is decided.

    Raises NotFound, NotAllowed for any but the office that answers, Stale; Refusal without a reason, for a day that
    isn't ahead or lies too far, or for a finding that people raised.
    """
    finding = locked(finding_id, seen, "WAIVE", actor)
    permissions.require_rectify(actor, finding)
    longest = on + timedelta(days=pack.number("waiver_days"))
    if finding.check_code not in BY_CODE:
        raise Refusal(_("人工提出的问题不能豁免，须整改。"), clauses=("1.2a",))
    if len(reason.strip()) < 10:
        raise Refusal(_("请写明豁免理由，至少 10 个字。"), clauses=("2.4.2c",), field="reason")
    if not on < until <= longest:
        raise Refusal(
            _("豁免截止日期应在明天至%(day)s之间。") % {"day": longest.isoformat()}, clauses=("2.4.2c",), field="until"
        )
    case = procedures.start(
        PROCEDURE,
        title=_("豁免：%(check)s（%(title)s）")
        % {"check": queries.info(finding.check_code).title, "title": finding.title},
        text=f"{reason.strip()}\n{queries.explain(finding).text}",
        subject=finding.ref,
        facts={"until": until.isoformat(), "severity": finding.severity},
        division=finding.division_code,
        right=permissions.RECTIFY,
        actor=actor,
        on=on,
    )

    def alter(one: Finding) -> None:
        one.case = case

    office = permissions.office_of(actor)
    writing.one(
        finding, Change(Act.ASKED, events.WAIVER_ASKED, alter, reason.strip()), title_of(finding),
        actor=actor, on=on, office=office[1] if office else "",
    )  # fmt: skip
    return case


def _of(case: Case) -> Finding | None:
    return Finding.objects.select_for_update(of=("self",)).filter(case=case).first()


def on_waived(case: Case, *, actor: Actor, on: date) -> None:
    """The case agreed: the finding stands exempt until the day asked for, if its fact still stands."""
    finding, until = _of(case), date.fromisoformat(orjson.loads(case.facts)["until"])
    if finding is None or finding.state not in (State.OPEN, State.REPORTED):
        return

    def alter(one: Finding) -> None:
        one.state, one.waived_until = State.WAIVED.value, until

    writing.one(
        finding, Change(Act.WAIVED, events.WAIVED, alter), title_of(finding), actor=actor, on=on,
        facts={"until": until.isoformat()},
    )  # fmt: skip


def on_rejected(case: Case, *, actor: Actor, on: date) -> None:
    """The case refused, or was withdrawn: the term goes on as before."""
    finding = _of(case)
    if finding is None:
        return

    def alter(one: Finding) -> None:
        one.case = None

    writing.one(finding, Change(Act.REFUSED, events.WAIVER_REFUSED, alter), title_of(finding), actor=actor, on=on)
