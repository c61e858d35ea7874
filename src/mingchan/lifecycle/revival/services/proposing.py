"""Proposing what is done about idle assets (提出盘活措施): it goes the way that 2.4.2b and 2.6.2 lay down.

Entrusting and cooperating set the mode and the operator: both go through the procedures of operation, up to the county
government. Another user and another village are decided by the procedure of revival, and then carried out by a
handover list that both sides sign, or by moving the things.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import services as procedures
from mingchan.kernel import holds
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.operation import services as operation
from mingchan.lifecycle.operation.choices import ChangeKind
from mingchan.lifecycle.operation.models import ModePeriod
from mingchan.lifecycle.revival import events, permissions
from mingchan.lifecycle.revival.choices import BY_DECISION, MODES, Kind, State, StepKind
from mingchan.lifecycle.revival.models import Measure, Part, Spell, Step
from mingchan.lifecycle.revival.services import keeping
from mingchan.register.assets.models import Asset
from mingchan.register.sites import queries as sites

PROCEDURE = "revival"
CLAUSES = ("2.6.2", "2.4.2b")
MOST = 5000
SHOWN = 3
Row = tuple[int, str, int | None, int | None, str]
"""A card: id, code, user, site, division."""
HOLD = "revival"
"""What may stand in the way of a measure registers its holds under this name."""


@transaction.atomic
def propose(
    kind: str,
    asset_ids: Sequence[int],
    *,
    party: int | None = None,
    site: int | None = None,
    reason: str,
    goal: str = "",
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Measure:
    """Propose a measure for assets of the pool, and bring it into the procedures that it needs.

    `party` is the new user or operator, `site` where a transfer goes. Raises Refusal for assets outside the pool, on
    another open measure, held by something unfinished, or that don't fit the measure; NotFound, NotAllowed. Serves
    2.6.2, 2.4.2b, 2.4.2c.
    """
    kind = Kind(kind).value
    rows, division = _cards(asset_ids, actor)
    ids = [row[0] for row in rows]
    if not reason.strip():
        raise Refusal(_("请填写理由"), clauses=CLAUSES, field="reason")
    _free(ids)
    if kind == Kind.TRANSFER:
        party = None
        _may_go(rows, site, actor)
    else:
        site = None
        _may_take(kind, rows, party, actor)
    measure = _made(kind, division, party, site, reason.strip(), goal.strip(), ids, actor, on, is_sample)
    if kind in BY_DECISION:
        _decide(measure, len(ids), actor=actor, on=on)
    else:
        _through_operation(measure, ids, actor=actor, on=on)
    return measure


def _cards(asset_ids: Sequence[int], actor: Actor) -> tuple[list[Row], str]:
    """The cards (id, code, user, site, division) and the division they have in common."""
    keys = list(dict.fromkeys(asset_ids))
    if not keys or len(keys) > MOST:
        raise Refusal(_("请选择闲置资产，一次最多 5000 项"), clauses=CLAUSES, field="assets")
    chosen = Asset.objects.filter(pk__in=one_of(keys, "bigint"), county=actor.county, status="ACTIVE").order_by("pk")
    rows: list[Row] = list(chosen.values_list("pk", "code", "user_id", "site_id", "division_code"))
    divisions = {row[4] for row in rows}
    if len(rows) < len(keys) or not all(actor.may(permissions.VIEW, code or actor.county) for code in divisions):
        raise NotFound(_("有资产不在您可以办理的范围内"))
    for code in divisions:
        permissions.require_over(actor, permissions.PROPOSE, code)
    common = divisions.pop() if len(divisions) == 1 else _shared(sorted({row[4] for row in rows}), actor.county)
    return rows, common or actor.county.ljust(12, "0")


def _shared(codes: Sequence[str], county: str) -> str:
    """The smallest division that holds all."""
    for digits in (9, 6):
        if len({code[:digits] for code in codes}) == 1 and all(codes):
            return codes[0][:digits].ljust(12, "0")
    return county.ljust(12, "0")


def _free(ids: Sequence[int]) -> None:
    """Raise Refusal for assets outside the pool, on another measure, or held by something unfinished."""
    chosen = one_of(ids, "bigint")
    pooled = Spell.objects.filter(asset__in=chosen, left_on__isnull=True).count()
    if pooled < len(ids):
        raise Refusal(
            _("有 %(count)s 项资产不在闲置资产池中") % {"count": len(ids) - pooled}, clauses=CLAUSES, field="assets"
        )
    busy = Part.objects.filter(asset__in=chosen, is_open=True).order_by("pk")
    for code, number in busy.values_list("asset__code", "measure__number")[:1]:
        raise Refusal(
            _("资产 %(code)s 已在盘活措施 %(number)s 中") % {"code": code, "number": number},
            clauses=CLAUSES,
            field="assets",
        )
    frozen = Asset.objects.filter(pk__in=one_of(ids, "bigint"), frozen_by__isnull=False).order_by("pk")
    for code in frozen.values_list("code", flat=True)[:1]:
        raise Refusal(_("资产 %(code)s 正在办理处置") % {"code": code}, clauses=CLAUSES, field="assets")
    held = holds.on_things(HOLD, ids)
    for found in held.values():
        raise Refusal(found[0].why, clauses=CLAUSES, field="assets")


def _may_go(rows: Sequence[Row], site: int | None, actor: Actor) -> None:
    target = sites.visible(actor).filter(pk=site or 0, closed_on__isnull=True).first()
    if target is None or not target.division_code:
        raise Refusal(_("请选择接收的站点"), clauses=CLAUSES, field="site")
    there = [code for _pk, code, _user, at, _division in rows if at == target.pk]
    if there:
        raise Refusal(_("资产 %(code)s 已在该站点") % {"code": "、".join(there[:SHOWN])}, clauses=CLAUSES, field="site")
    running = operation.under_contract([row[0] for row in rows])
    if running:
        raise Refusal(
            _("合同 %(numbers)s 仍在履行，请先终止合同再调剂") % {"numbers": "、".join(running[:SHOWN])},
            clauses=CLAUSES,
            field="assets",
        )


def _may_take(kind: str, rows: Sequence[Row], party: int | None, actor: Actor) -> None:
    if not Party.objects.filter(pk=party or 0, county=actor.county).exists():
        raise Refusal(_("请选择主体清单中的接手主体"), clauses=CLAUSES, field="party")
    if kind != Kind.USER:
        return
    users = {row[2] for row in rows}
    if None in users:
        raise Refusal(_("有资产没有使用权人，请先确权"), clauses=CLAUSES, field="assets")
    if len(users) > 1:
        raise Refusal(_("所选资产的使用权人不同，请分别办理"), clauses=CLAUSES, field="assets")
    if users == {party}:
        raise Refusal(_("所选资产已由该主体使用"), clauses=CLAUSES, field="party")


def _made(
    kind: str,
    division: str,
    party: int | None,
    site: int | None,
    reason: str,
    goal: str,
    ids: Sequence[int],
    actor: Actor,
    on: date,
    is_sample: bool,
) -> Measure:
    last = Measure.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("serial"))["last"] or 0
    word = policy.thresholds()["revival.number_word"].value
    measure = Measure.objects.create(
        county=actor.county,
        division_code=division,
        year=on.year,
        serial=last + 1,
        number=f"{word}〔{on.year}〕{last + 1}号",
        kind=kind,
        state=State.PROCEDURE if kind in BY_DECISION else State.ACTING,
        party_id=party,
        site_id=site,
        reason=reason[:300],
        goal=goal[:300],
        proposed_on=on,
        proposed_by=actor.name,
        is_sample=is_sample,
    )
    Part.objects.bulk_create((Part(measure=measure, asset_id=key) for key in ids), batch_size=1000)
    return measure


def title_of(measure: Measure) -> str:
    """What a measure is about in one line, in the words of papers."""
    with translation.override("zh-hans"):
        parts = Part.objects.filter(measure=measure).order_by("asset_id")
        count, name = parts.count(), parts.values_list("asset__name", flat=True).first() or ""
        things = name if count == 1 else _("%(name)s 等 %(count)s 项闲置资产") % {"name": name, "count": count}
        if measure.kind == Kind.TRANSFER:
            assert measure.site is not None
            return _("%(things)s调剂到%(site)s") % {"things": things, "site": measure.site.name}
        assert measure.party is not None
        words = {
            Kind.USER.value: _("%(things)s变更使用者为%(party)s"),
            Kind.ENTRUST.value: _("%(things)s托管给%(party)s"),
            Kind.COOPERATE.value: _("%(things)s与%(party)s合作经营"),
        }
        return words[measure.kind] % {"things": things, "party": measure.party.name}


def _decide(measure: Measure, count: int, *, actor: Actor, on: date) -> None:
    """Bring the measure into its own procedure; it may have gone on by itself before this ends."""
    with translation.override("zh-hans"):
        text = _("涉及资产 %(count)s 项。理由：%(reason)s") % {"count": count, "reason": measure.reason}
    case = procedures.start(
        PROCEDURE,
        title=title_of(measure),
        text=text,
        subject=Ref("revival", measure.pk),
        facts={"assets": count},
        interested=() if measure.party_id is None else (measure.party_id,),
        division=measure.division_code,
        right=permissions.PROPOSE,
        is_sample=measure.is_sample,
        actor=actor,
        on=on,
    )
    Measure.objects.filter(pk=measure.pk).update(case=case)
    measure.refresh_from_db()
    keeping.add_step(measure, StepKind.DECISION, Ref("case", case.pk), on)
    _note(measure, count, actor=actor, on=on)


def _through_operation(measure: Measure, ids: Sequence[int], *, actor: Actor, on: date) -> None:
    """Start what 2.4.2b demands: the mode up to the county government, the operator by the bureau."""
    mode, reason = MODES[measure.kind], measure.reason
    with translation.override("zh-hans"):
        words = _("盘活措施 %(number)s：%(reason)s") % {"number": measure.number, "reason": reason}
    settled = ModePeriod.objects.filter(asset__in=one_of(ids, "bigint"), mode=mode, valid_to__isnull=True).count()
    if settled < len(ids):
        change = operation.propose(
            ChangeKind.MODE, ids, mode=mode, reason=words[:300], actor=actor, on=on, is_sample=measure.is_sample
        )
        keeping.add_step(measure, StepKind.MODE, Ref("operation_change", change.pk), on)
    same = Asset.objects.filter(pk__in=one_of(ids, "bigint"), operator=measure.party_id).count()
    if same < len(ids):
        change = operation.propose(
            ChangeKind.OPERATOR, ids, operator=measure.party_id, reason=words[:300], actor=actor, on=on,
            is_sample=measure.is_sample,
        )  # fmt: skip
        keeping.add_step(measure, StepKind.OPERATOR, Ref("operation_change", change.pk), on)
    if not Step.objects.filter(measure=measure).exists():
        raise Refusal(_("所选资产已由该主体以这种方式经营"), clauses=CLAUSES, field="party")
    _note(measure, len(ids), actor=actor, on=on)


def _note(measure: Measure, count: int, *, actor: Actor, on: date) -> None:
    with translation.override("zh-hans"):
        kind = str(Kind(measure.kind).label)
    keeping.note(
        measure, events.PROPOSED, actor=actor, on=on, reason=measure.reason,
        facts={"number": measure.number, "kind": kind, "count": count},
    )  # fmt: skip
