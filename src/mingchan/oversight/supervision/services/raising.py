"""Findings that people raise (人工立案): from a report of the public, or at an inspection on the spot (4.3, 3.4.2)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.procedures import queries as procedures
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.oversight.supervision import pack, permissions, queries
from mingchan.oversight.supervision.choices import MANUAL, Severity, State
from mingchan.oversight.supervision.models import Finding
from mingchan.oversight.supervision.queries.answering import Responsible
from mingchan.oversight.supervision.services import writing


@transaction.atomic
def raise_by_hand(
    code: str,
    *,
    subject: str,
    title: str,
    text: str,
    division: str,
    severity: str = Severity.MEDIUM,
    asset: int | None = None,
    fact: str = "",
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Finding:
    """Make a finding of what people saw (立为问题): `code` is `complaint` or `inspection` (4.3, 2.6.2, 3.4.2).

    Raises NotAllowed without `finding.review` or `finding.inspect` over the place; Refusal without words, or when the
    same matter is a finding already.
    """
    if code not in MANUAL:
        raise ValueError(f"not raised by people: {code}")
    if not (actor.may(permissions.REVIEW, division) or actor.may(permissions.INSPECT, division)):
        permissions.require_right(actor, permissions.REVIEW, division)
    if len(text.strip()) < 5:
        raise Refusal(_("请写明问题，至少 5 个字。"), clauses=("1.2a",), field="text")
    if Finding.objects.filter(county=actor.county, check_code=code, subject=subject, fact=fact).exists():
        raise Refusal(_("这件事已经立为问题。"), clauses=("1.2a",))
    info, spec = queries.info(code), pack.specs()[code]
    answers = Responsible(actor.county, on).of(spec.role, division)
    figures = {"text": text.strip()[:500]}
    finding = Finding(
        county=actor.county,
        check_code=code,
        family=info.family,
        severity=str(severity),
        subject=subject,
        fact=fact,
        title=title.strip()[:200],
        asset_id=asset,
        division_code=division,
        figures=writing.packed(figures),
        since=on,
        office_id=answers.office,
        office_name=answers.office_name,
        person_name=answers.person,
        state=State.OPEN.value,
        found_on=on,
        due_on=procedures.working_day_after(actor.county, on, spec.due),
        is_sample=is_sample,
    )
    writing.born([finding], info.title, actor=actor, on=on, done_by=actor.name, text=text.strip())
    return finding
