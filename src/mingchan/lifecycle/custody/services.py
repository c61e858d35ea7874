"""Custody (管护服务): a keeper for things, another term, an end; who leaves, comes back, or can't sign."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Party
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.custody import events, permissions, queries, rules
from mingchan.lifecycle.custody.choices import MOST, Cause
from mingchan.lifecycle.custody.drafts import PaperDraft
from mingchan.lifecycle.custody.models import Departure, OneSided
from mingchan.register.assets import services as assets
from mingchan.register.assets.choices import RightKind
from mingchan.register.assets.drafts import Moved, MoveDraft, ShareDraft

_DEPARTURE, _ONE_SIDED = queries.PROTECTED
_CLAUSES = ("2.6.1b", "3.4.1")


@transaction.atomic
def assign(
    asset_ids: Sequence[int],
    person: int,
    organisation: int,
    due_on: date,
    *,
    basis: str,
    document: str = "",
    actor: Actor,
    on: date,
) -> Moved:
    """Give cards a keeper from `on`: who answers, for which body, until when (落实管护责任人, 2.6.1b, 3.4.1).

    Raises Refusal when the keeper is no person or has left, the body is a person, the term is none, no basis is given,
    or a leaver keeps some of the cards: those go by a handover list signed by both, or by one once that is allowed.
    As `assets.move` raises: NotFound, NotAllowed without `custody.assign` over each division, Refusal.
    """
    _check_keeper(person, organisation, actor, on)
    _check_term(due_on, on)
    _check_basis(basis)
    _check_count(asset_ids)
    blocking = queries.in_the_way(actor.county, asset_ids)
    if blocking:
        names = "、".join(_("%(name)s（%(count)s 张）") % {"name": name, "count": n} for name, n in blocking)
        raise Refusal(
            _(
                "%(names)s已离任，所保管的资产不能直接换人：请先办理移交清单，双方签字后由接任人管护；"
                "去世或失联的，登记单方交接批准后再落实"
            )
            % {"names": names},
            clauses=("2.6.1b",),
            field="person",
        )
    share = ShareDraft(person, organisation=organisation, due_on=due_on)
    return assets.move(
        asset_ids,
        MoveDraft(holders={RightKind.CUSTODY: (share,)}),
        kind=events.ASSIGNED,
        right=permissions.ASSIGN,
        basis=basis.strip(),
        source=Ref("party", person),
        document=document,
        actor=actor,
        on=on,
    )


@transaction.atomic
def renew(asset_ids: Sequence[int], due_on: date, *, basis: str, actor: Actor, on: date) -> int:
    """Give the keepers of cards another term from `on`, each for the body it answers to; returns how many cards.

    Raises as `assign`; Refusal when a card has no keeper, a keeper has left, or no body was ever named.
    """
    _check_term(due_on, on)
    _check_basis(basis)
    _check_count(asset_ids)
    groups = queries.keepers_of(actor.county, asset_ids)
    if sum(len(cards) for cards in groups.values()) < len(set(asset_ids)):
        raise Refusal(_("所选资产中有的还没有管护责任人，请先落实"), clauses=_CLAUSES)
    count = 0
    for (person, organisation), cards in groups.items():
        if organisation is None:
            raise Refusal(_("所选资产中有的没有管护主体，请用“落实管护人”一并写明"), clauses=_CLAUSES)
        _check_keeper(person, organisation, actor, on)
        share = ShareDraft(person, organisation=organisation, due_on=due_on)
        moved = assets.move(
            cards,
            MoveDraft(holders={RightKind.CUSTODY: (share,)}),
            kind=events.RENEWED,
            right=permissions.ASSIGN,
            basis=basis.strip(),
            source=Ref("party", person),
            actor=actor,
            on=on,
        )
        count += moved.count
    return count


@transaction.atomic
def end(asset_ids: Sequence[int], *, basis: str, actor: Actor, on: date) -> Moved:
    """End custody of cards without a successor; each is a finding the same day (2.6.1b). Raises as `assign`."""
    _check_basis(basis)
    _check_count(asset_ids)
    if queries.in_the_way(actor.county, asset_ids):
        raise Refusal(_("离任人保管的资产须按移交清单交接，不能直接终止管护责任"), clauses=("2.6.1b",))
    return assets.move(
        asset_ids,
        MoveDraft(holders={RightKind.CUSTODY: ()}),
        kind=events.ENDED,
        right=permissions.ASSIGN,
        basis=basis.strip(),
        source=Ref("custody", "end"),
        actor=actor,
        on=on,
    )


def _check_keeper(person: int, organisation: int, actor: Actor, on: date) -> None:
    found = dict(Party.objects.filter(county=actor.county, pk__in=(person, organisation)).values_list("pk", "kind"))
    if found.get(person) != PartyKind.PERSON:
        raise Refusal(_("管护责任人应是主体清单中的个人"), clauses=_CLAUSES, field="person")
    if found.get(organisation, PartyKind.PERSON) == PartyKind.PERSON:
        raise Refusal(_("管护主体应是主体清单中的单位"), clauses=_CLAUSES, field="organisation")
    departure = queries.open_departure(actor.county, person)
    if departure is not None:
        raise Refusal(
            _("%(name)s 已登记离任（%(day)s），不能担任管护责任人")
            % {"name": departure.person.name, "day": departure.left_on.isoformat()},
            clauses=("2.6.1b",),
            field="person",
        )


def _check_term(due_on: date, on: date) -> None:
    fault = rules.term_fault(due_on, on)
    if fault is not None:
        words = {"ends_before": _("任期止不能早于生效日期"), "too_long": _("任期最长 30 年")}
        raise Refusal(words[fault], clauses=_CLAUSES, field="due_on")


def _check_basis(basis: str) -> None:
    if not basis.strip():
        raise Refusal(_("请填写依据，例如管护责任书或任命文件"), clauses=_CLAUSES, field="basis")


def _check_count(asset_ids: Sequence[int]) -> None:
    if len(asset_ids) > MOST:
        raise Refusal(_("一次最多办理 %(count)s 张卡片，请先筛选") % {"count": MOST}, clauses=_CLAUSES)


@transaction.atomic
def leave(
    person: int,
    left_on: date,
    cause: str,
    *,
    reason: str = "",
    successor: int | None = None,
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Departure:
    """Note that a keeper leaves or changes post (离任, 2.6.1b). What is kept stays open until it has another keeper.

    Raises NotFound out of reach, NotAllowed without `custody.assign` over the person's division, Refusal for who is no
    person, has left already, or is followed by itself or by a leaver.
    """
    party = Party.objects.select_for_update().filter(county=actor.county, pk=person).first()
    if party is None:
        raise NotFound(_("没有这个管护人。"))
    permissions.require_assign(actor, party.division_code)
    if party.kind != PartyKind.PERSON:
        raise Refusal(_("只有个人才有离任"), clauses=("2.6.1b",))
    if cause not in Cause.values:
        raise Refusal(_("请选择离任原因"), clauses=("2.6.1b",), field="cause")
    if successor is not None:
        _check_successor(person, successor, actor)
    try:
        with transaction.atomic():
            made = Departure.objects.create(
                county=actor.county,
                person=party,
                division_code=party.division_code,
                left_on=left_on,
                cause=cause,
                reason=reason.strip(),
                successor_id=successor,
                noted_on=on,
                noted_by=actor.name,
                is_sample=is_sample,
            )
    except IntegrityError as error:
        raise Refusal(_("%(name)s 已登记离任") % {"name": party.name}, clauses=("2.6.1b",)) from error
    evidence.record(
        events.LEFT,
        Ref("departure", made.pk),
        actor=actor,
        on=on,
        after=protection.document(_DEPARTURE, made),
        division=party.division_code,
        reason=reason.strip(),
        facts={"person": party.name, "left_on": left_on.isoformat(), "cause": str(Cause(cause).label)},
    )
    return made


def _check_successor(person: int, successor: int, actor: Actor) -> None:
    found = Party.objects.filter(county=actor.county, pk=successor).first()
    if found is None or found.kind != PartyKind.PERSON or successor == person:
        raise Refusal(_("接任人应是主体清单中的另一个人"), clauses=("2.6.1b",), field="successor")
    if queries.open_departure(actor.county, successor) is not None:
        raise Refusal(_("接任人自己已登记离任"), clauses=("2.6.1b",), field="successor")


def _open(departure_id: int, actor: Actor) -> Departure:
    """The open departure, locked. Raises NotFound, NotAllowed, Refusal when the person came back."""
    found = (
        Departure.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=departure_id, county=actor.county)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这条离任登记。"))
    permissions.require_assign(actor, found.division_code)
    if found.returned_on is not None:
        raise Refusal(_("已登记复任"), clauses=("2.6.1b",))
    return found


@transaction.atomic
def come_back(departure_id: int, *, reason: str, actor: Actor, on: date) -> Departure:
    """Note that a leaver has the post again (复任), or never left it; the departure stays on record (2.6.1b).

    Raises NotFound, NotAllowed, Refusal without a reason, before the departure, or when it is noted already.
    """
    found = _open(departure_id, actor)
    if not reason.strip():
        raise Refusal(_("请填写复任的说明"), clauses=("2.6.1b",), field="reason")
    if on < found.left_on:
        raise Refusal(_("复任日期不能早于离任日期"), clauses=("2.6.1b",))
    before = protection.document(_DEPARTURE, found)
    found.returned_on = on
    found.save(update_fields=["returned_on"])
    evidence.record(
        events.RETURNED,
        Ref("departure", found.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(_DEPARTURE, found),
        division=found.division_code,
        reason=reason.strip(),
        facts={"person": found.person.name, "returned_on": on.isoformat()},
    )
    return found


@transaction.atomic
def allow_one_sided(
    departure_id: int, approval: str, *, paper: PaperDraft | None = None, actor: Actor, on: date
) -> OneSided:
    """Note the approval that a leaver's things are handed over by one side alone (单方交接, 2.6.1b).

    Raises Refusal unless the leaver is dead or can't be reached, without the approval's words, or when it is noted.
    """
    found = _open(departure_id, actor)
    if not found.may_be_one_sided:
        raise Refusal(_("只有去世或失联的，才可以单方交接；其他情况须双方签字"), clauses=("2.6.1b",))
    if not approval.strip():
        raise Refusal(_("请写明谁在何时批准、如何清点"), clauses=("2.6.1b",), field="approval")
    if OneSided.objects.filter(departure=found).exists():
        raise Refusal(_("已批准单方交接"), clauses=("2.6.1b",))
    document = ""
    if paper is not None:
        kept = evidence.attach(
            paper.content,
            name=paper.name,
            owner=Ref("departure", found.pk),
            division=found.division_code,
            kind=AttachmentKind.APPROVAL,
            actor=actor,
            on=on,
        )
        document = str(Ref("attachment", kept.pk))
    made = OneSided.objects.create(
        departure=found, approval=approval.strip(), document=document, allowed_on=on, allowed_by=actor.name
    )
    evidence.record(
        events.ALLOWED,
        Ref("one_sided", made.pk),
        actor=actor,
        on=on,
        after=protection.document(_ONE_SIDED, made),
        division=found.division_code,
        facts={"person": found.person.name, "approval": approval.strip()},
    )
    return made


def note_export(count: int, *, actor: Actor, on: date) -> None:
    """Record that the list of custody left the system as a workbook of so many rows."""
    evidence.record(events.EXPORTED, Ref("county", actor.county), actor=actor, on=on, facts={"count": count})


def note_letter(person: int, *, actor: Actor, on: date) -> None:
    """Record that a letter of responsibility was printed for a keeper (2.6.1b). Raises NotFound for nobody."""
    party = Party.objects.filter(county=actor.county, pk=person).first()
    if party is None:
        raise NotFound(_("没有这个管护人。"))
    evidence.record(
        events.LETTER_PRINTED,
        Ref("party", person),
        actor=actor,
        on=on,
        division=party.division_code,
        facts={"person": party.name},
    )
