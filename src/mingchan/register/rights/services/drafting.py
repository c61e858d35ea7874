"""Making and proposing a batch (草拟、提出): its assets come from a filter in one statement, however many (2.3)."""

from collections.abc import Sequence
from datetime import date
from typing import BinaryIO

from django.db import connection, transaction
from django.db.models import Count, Max, Min, Sum
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import RightKind, Status
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.assets.queries.filtering import Cards
from mingchan.register.rights import events, permissions, rules
from mingchan.register.rights.choices import OPEN, PENDING, Act, State
from mingchan.register.rights.drafts import ConfirmationDraft, HolderDraft
from mingchan.register.rights.models import Confirmation, Member, Proposed
from mingchan.register.rights.queries import preview
from mingchan.register.rights.queries.batches import cards_for
from mingchan.register.rights.queries.documents import digest_of
from mingchan.register.rights.services.steps import current, in_state, locked, person, record, snapshot, take

COUNTY_DIGITS, TOWN_DIGITS, VILLAGE_DIGITS = 6, 9, 12


@transaction.atomic
def draft(
    content: ConfirmationDraft,
    asked: RegisterFilter,
    chosen: Sequence[int] = (),
    *,
    words: str = "",
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Confirmation:
    """Begin a batch over chosen cards, or over all that the filter finds; `words` say which. Its own rows only.

    Raises NotAllowed outside the actor's divisions, Refusal for shares that don't make a whole, no asset, or an unknown
    holder. Serves 2.3, 3.3.
    """
    who = person(actor)
    if not actor.may(permissions.PROPOSE):
        raise NotAllowed(_("没有提出确权的权限"), clauses=("2.3",))
    _check(content, actor)
    confirmation = Confirmation.objects.create(
        county=actor.county, title=content.title.strip(), basis=content.basis.strip(), asked=words[:500],
        division_code=actor.county.ljust(VILLAGE_DIGITS, "0"), count=0, quantity_milli=0, cost_fen=0, maker=who,
        drafted_on=on, is_sample=is_sample,
    )  # fmt: skip
    _take_in(confirmation, cards_for(actor, asked, chosen))
    _sum_up(confirmation)
    permissions.require(actor, permissions.PROPOSE, confirmation.division_code)
    _propose_holders(confirmation, content.holders)
    take(confirmation, Act.DRAFTED, events.DRAFTED, who, None, actor=actor, on=on)
    return confirmation


@transaction.atomic
def change(batch_id: int, content: ConfirmationDraft, version: int, *, actor: Actor, on: date) -> Confirmation:
    """Change a draft's or returned batch's name, basis and holders. Raises Stale, Refusal, NotFound, NotAllowed."""
    confirmation = _own(batch_id, version, actor=actor)
    in_state(confirmation, *OPEN)
    _check(content, actor)
    before = snapshot(confirmation)
    confirmation.title, confirmation.basis = content.title.strip(), content.basis.strip()
    confirmation.digest = ""
    Proposed.objects.filter(confirmation=confirmation).delete()
    _propose_holders(confirmation, content.holders)
    confirmation.version += 1
    confirmation.save(force_update=True)
    record(confirmation, events.CHANGED, before, actor=actor, on=on)
    return confirmation


@transaction.atomic
def attach_paper(
    batch_id: int, content: BinaryIO | bytes, name: str, version: int, *, actor: Actor, on: date
) -> Confirmation:
    """Keep the paper that gives the rights with a draft or returned batch; it becomes each right's document."""
    confirmation = _own(batch_id, version, actor=actor)
    in_state(confirmation, *OPEN)
    before = snapshot(confirmation)
    paper = evidence.attach(
        content, name=name, owner=Ref("confirmation", confirmation.pk), division=confirmation.division_code,
        kind=AttachmentKind.TITLE, actor=actor, on=on,
    )  # fmt: skip
    confirmation.document = str(Ref("attachment", paper.pk))
    confirmation.digest = ""
    confirmation.version += 1
    confirmation.save(force_update=True)
    record(confirmation, events.CHANGED, before, actor=actor, on=on)
    return confirmation


@transaction.atomic
def drop_changed(batch_id: int, version: int, *, actor: Actor, on: date) -> int:
    """Take the cards that no longer count out of a draft or returned batch; returns how many were taken out."""
    confirmation = _own(batch_id, version, actor=actor)
    in_state(confirmation, *OPEN)
    before = snapshot(confirmation)
    gone = Member.objects.filter(confirmation=confirmation).exclude(asset__status=Status.ACTIVE)
    dropped, _by_model = gone.delete()
    if not dropped:
        return 0
    _sum_up(confirmation)
    confirmation.digest = ""
    confirmation.version += 1
    confirmation.save(force_update=True)
    record(confirmation, events.CHANGED, before, actor=actor, on=on)
    return int(dropped)


@transaction.atomic
def propose(batch_id: int, version: int, *, actor: Actor, on: date) -> Confirmation:
    """Hand the batch in: its assets as they are now and its holders are fixed by a digest. Serves 2.3, 3.3.

    Raises Refusal when cards no longer count, or another waiting batch wants the same rights; Stale; NotAllowed for
    anybody but its maker.
    """
    confirmation = _own(batch_id, version, actor=actor)
    in_state(confirmation, *OPEN)
    before = snapshot(confirmation)
    _retake(confirmation)
    gone = Member.objects.filter(confirmation=confirmation).exclude(asset__status=Status.ACTIVE)
    if gone.exists():
        codes = "、".join(gone.order_by("asset_id").values_list("asset__code", flat=True)[:5])
        raise Refusal(
            _("批次中有已拆分或已撤回的卡片（%(codes)s），请先移出") % {"codes": codes}, clauses=("2.3", "2.2")
        )
    count, others = preview.elsewhere(confirmation)
    if count:
        raise Refusal(
            _("%(count)s 项资产的同种权利已在其他待办批次中（%(code)s 等），请等其办结或撤回")
            % {"count": count, "code": others[0].code},
            clauses=("2.3",),
        )
    _sum_up(confirmation)
    confirmation.state, confirmation.checker, confirmation.approver = State.PROPOSED, None, None
    confirmation.digest = digest_of(confirmation)
    take(confirmation, Act.PROPOSED, events.PROPOSED, confirmation.maker, before, actor=actor, on=on)
    return confirmation


@transaction.atomic
def withdraw(batch_id: int, version: int, reason: str, *, actor: Actor, on: date) -> Confirmation:
    """Take a batch back before it is approved. Raises NotAllowed for all but its maker, Refusal without a reason."""
    confirmation = _own(batch_id, version, actor=actor)
    in_state(confirmation, *OPEN, *PENDING)
    if not reason.strip():
        raise Refusal(_("请填写撤回理由"), clauses=("2.3",), field="reason")
    before = snapshot(confirmation)
    confirmation.state = State.WITHDRAWN
    take(confirmation, Act.WITHDRAWN, events.WITHDRAWN, confirmation.maker, before, actor=actor, on=on, reason=reason)
    return confirmation


def _own(batch_id: int, version: int, *, actor: Actor) -> Confirmation:
    """The maker's batch, locked, at the version seen. Raises NotAllowed for anybody else."""
    confirmation = locked(batch_id, permissions.PROPOSE, actor=actor)
    who: Account = person(actor)
    if confirmation.maker_id != who.pk:
        raise NotAllowed(_("只有提出人可以修改、提出或撤回这个批次"), clauses=("2.3",))
    current(confirmation, version)
    return confirmation


def _check(content: ConfirmationDraft, actor: Actor) -> None:
    found = rules.faults_of(content)
    if found:
        kinds = dict(RightKind.choices)
        label = kinds.get(found[0].field)
        text = str(found[0].fault.label)
        raise Refusal(f"{label}：{text}" if label else text, clauses=("2.3",), field=found[0].field)
    asked = {one.party for one in content.holders}
    asked |= {one.organisation for one in content.holders if one.organisation is not None}
    known = Party.objects.filter(county=actor.county, pk__in=asked).count()
    if known != len(asked):
        raise NotFound(_("没有这个主体，请先在“单位与人员”中登记"))


def _propose_holders(confirmation: Confirmation, holders: Sequence[HolderDraft]) -> None:
    Proposed.objects.bulk_create(
        Proposed(
            confirmation=confirmation, kind=one.kind, party_id=one.party, numerator=one.numerator,
            denominator=one.denominator, organisation_id=one.organisation, due_on=one.due_on,
        )
        for one in rules.with_one_denominator(holders)
    )  # fmt: skip


def _take_in(confirmation: Confirmation, cards: Cards) -> None:
    """The cards as rows of the batch: one INSERT … SELECT."""
    chosen = cards.order_by().values_list("pk", "version", "quantity_milli", "cost_fen")
    select, parameters = chosen.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{Member._meta.db_table}" (confirmation_id, asset_id, version, quantity_milli, cost_fen) '  # noqa: S608 - a queryset's own statement
            f"SELECT {int(confirmation.pk)}, found.* FROM ({select}) found",
            parameters,
        )


def _retake(confirmation: Confirmation) -> None:
    """Version, quantity and cost of the batch's assets as the cards are now: one statement."""
    member, card = Member._meta.db_table, Asset._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{member}" SET version = a.version, quantity_milli = a.quantity_milli, cost_fen = a.cost_fen '  # noqa: S608 - names of our own models
            f'FROM "{card}" a WHERE a.id = "{member}".asset_id AND "{member}".confirmation_id = %s '
            f'AND a.version <> "{member}".version',
            [confirmation.pk],
        )


def _sum_up(confirmation: Confirmation) -> None:
    """Count, sums and the narrowest division of the batch's assets. Raises Refusal when there is none."""
    rows = Member.objects.filter(confirmation=confirmation)
    found = rows.aggregate(n=Count("pk"), q=Sum("quantity_milli"), c=Sum("cost_fen"))
    if not found["n"]:
        raise Refusal(_("没有选到资产，请换一个条件"), clauses=("2.3",))
    confirmation.count = found["n"]
    confirmation.quantity_milli, confirmation.cost_fen = int(found["q"]), int(found["c"])
    ends = rows.aggregate(first=Min("asset__division_code"), last=Max("asset__division_code"))
    confirmation.division_code = _common(ends["first"], ends["last"], confirmation.county)


def _common(first: str, last: str, county: str) -> str:
    """The narrowest village, town or county that holds all codes between the two."""
    for digits in (VILLAGE_DIGITS, TOWN_DIGITS):
        if first[:digits] == last[:digits] and len(first) == VILLAGE_DIGITS and first.startswith(county):
            return first[:digits].ljust(VILLAGE_DIGITS, "0")
    return county.ljust(VILLAGE_DIGITS, "0")
