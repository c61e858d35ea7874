"""Moving many cards at once (变动): holders, place and state, with books and search, as one act (2.3, 3.3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Division, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.assets import rules
from mingchan.register.assets.choices import RightKind, Status
from mingchan.register.assets.drafts import Moved, MoveDraft, ShareDraft
from mingchan.register.assets.models import Asset, Site
from mingchan.register.assets.queries import valuing
from mingchan.register.assets.services import freezing, owners, permits, rights, search
from mingchan.register.assets.services.rows import HOLDERS, keep_former, wholes

CHUNK = 5000
SHOWN = 3
COLUMN_OF = {kind: column for column, kind in HOLDERS.items()}
"""The card's column that shows the holder of a kind. Supervision has none."""
SEARCHED = frozenset({"owner_id", "user_id", "operator_id", "keeper_id", "site_id", "division_code", "place"})


@dataclass(frozen=True, slots=True)
class _Card:
    """What a move asks of a card before it touches it."""

    id: int
    code: str
    name: str
    division_code: str
    status: str
    state_since: date
    owner_id: int | None
    frozen_by: str | None


def move(
    asset_ids: Sequence[int],
    draft: MoveDraft,
    *,
    kind: EventKind,
    right: str,
    basis: str,
    source: Ref,
    document: str = "",
    reason: str = "",
    actor: Actor,
    on: date,
) -> Moved:
    """Give cards other holders, another place or another state from `on`; however many, in a handful of statements.

    The rights of every kind in `draft.holders` end on `on` and begin anew with their basis and paper, also for the
    same holder. A card's columns show the holder of the largest share. A new owner is posted in both owners' books.
    One record of `kind` for each card, with the facts `name`, `count` and `basis`.

    Raises Refusal for nothing to do, shares that aren't the whole, cards that no longer count or whose state or rights
    began after `on`, an operator that no finished case allows (2.4.2b); NotFound for cards out of reach;
    NotAllowed without `right` over the old or the new division.
    Serves 2.3, 2.4.1, 2.6.1b, 3.3.
    """
    try:
        with transaction.atomic():
            return _move(asset_ids, draft, kind, right, basis, source, document, reason, actor, on)
    except IntegrityError as error:
        if rights.OVERLAP in str(error):
            raise Refusal(
                _("所选资产在该日期已有其他权利，份额合计将超过整体；请核对日期和权利人"), clauses=("2.3",), field="on"
            ) from error
        raise


def _move(
    asset_ids: Sequence[int],
    draft: MoveDraft,
    kind: EventKind,
    right: str,
    basis: str,
    source: Ref,
    document: str,
    reason: str,
    actor: Actor,
    on: date,
) -> Moved:
    ids = sorted(set(asset_ids))
    columns = _columns(draft)
    if not ids or not (columns or draft.holders):
        raise Refusal(_("没有要变动的资产或内容"), clauses=("2.4.1",))
    cards = _locked(ids, right, actor)
    _check(cards, draft, columns, right, actor, on)
    owners_before = {card.id: card.owner_id for card in cards} if "owner_id" in columns else {}
    charged = _charged(owners_before, columns, on)

    if RightKind.OPERATION in draft.holders:
        permits.settle(ids, draft.holders[RightKind.OPERATION], actor=actor, on=on)
    before = _forget(ids, columns, actor.county)
    keep_former(ids, on, unless=columns)
    _write(ids, columns, on)
    rights.close(ids, list(draft.holders), on)
    for right_kind, shares in draft.holders.items():
        rights.open_shares(ids, right_kind, shares, on, basis=basis, source=str(source), document=document)
    vouchers: tuple[int, ...] = ()
    if owners_before:
        vouchers = owners.post(
            owners_before,
            columns["owner_id"],
            draft,
            right=right,
            source=source,
            basis=basis,
            charged=charged,
            actor=actor,
            on=on,
        )
    seq, count = evidence.record_many(
        kind,
        _remember(ids, before, columns, actor.county),
        actor=actor,
        on=on,
        reason=reason,
        facts={"name": _title(cards), "count": len(cards), "basis": basis},
    )
    return Moved(count=count, voucher_ids=vouchers, first_seq=seq)


def _charged(owners_before: Mapping[int, int | None], columns: Mapping[str, Any], on: date) -> valuing.Charged:
    """What was charged on the cards that leave an owner's book, while they are still in it."""
    leave = [key for key, owner in owners_before.items() if owner is not None and owner != columns["owner_id"]]
    return owners.charged_before(leave, on)


def _columns(draft: MoveDraft) -> dict[str, Any]:
    """What the cards' own columns become."""
    found: dict[str, Any] = {}
    for kind, shares in draft.holders.items():
        if kind in COLUMN_OF:
            found[COLUMN_OF[kind]] = rules.largest(shares)
    named = {
        "site_id": draft.site,
        "division_code": draft.division_code,
        "place": draft.place,
        "condition": draft.condition,
    }
    return found | {name: value for name, value in named.items() if value is not None}


def _locked(ids: Sequence[int], right: str, actor: Actor) -> list[_Card]:
    """The cards, locked in the order of their ids. Raises as `move`."""
    found = (
        Asset.objects.select_for_update()
        .filter(pk__in=one_of(ids, "bigint"), county=actor.county)
        .order_by("pk")
        .values_list("id", "code", "name", "division_code", "status", "state_since", "owner_id", "frozen_by")
    )
    cards = [_Card(*row) for row in found]
    if len(cards) < len(ids):
        raise NotFound(_("没有这张资产卡片"))
    divisions = {card.division_code or actor.county for card in cards}
    without = [code for code in divisions if not actor.may(right, code)]
    if any(not actor.may("asset.view", code) for code in without):
        raise NotFound(_("没有这张资产卡片"))
    if without:
        raise NotAllowed(_("没有对所选全部资产进行此项操作的权限"), clauses=("2.3",))
    return cards


def _check(
    cards: Sequence[_Card], draft: MoveDraft, columns: Mapping[str, Any], right: str, actor: Actor, on: date
) -> None:
    """Raises Refusal or NotAllowed when the move may not be."""
    gone = [card for card in cards if card.status != Status.ACTIVE]
    if gone:
        raise Refusal(_("%(cards)s 已拆分、已撤回或已处置，不能再变动") % {"cards": _few(gone)}, clauses=("2.2",))
    freezing.refuse_frozen([(card.code, card.name, card.frozen_by) for card in cards])
    later = [card for card in cards if card.state_since > on]
    if later:
        raise Refusal(
            _("%(cards)s 的现状晚于变动日期，请改用较晚的日期") % {"cards": _few(later)}, clauses=("2.4.1",), field="on"
        )
    target = columns.get("division_code")
    if target and not actor.may(right, target):
        raise NotAllowed(_("不能把资产移到所辖区划之外"), clauses=("2.2",))
    if target and not Division.objects.filter(code=target, code__startswith=actor.county).exists():
        raise Refusal(_("没有这个区划"), clauses=("2.1.2",), field="division_code")
    if draft.site is not None and not Site.objects.filter(pk=draft.site, county=actor.county).exists():
        raise Refusal(_("没有这个站点"), clauses=("2.1.2",), field="site")
    for kind, shares in draft.holders.items():
        fault = rules.shares_are_whole(kind, shares)
        if fault is not None:
            raise Refusal(fault.label, clauses=("2.3",), field=kind)
    _parties(draft.holders, actor)
    changed = rights.changed_after([card.id for card in cards], list(draft.holders), on)
    if changed:
        named = [card for card in cards if card.id in changed]
        raise Refusal(
            _("%(cards)s 的权利在变动日期之后还有变动，请改用较晚的日期") % {"cards": _few(named)},
            clauses=("2.3",),
            field="on",
        )


def _parties(holders: Mapping[str, Sequence[ShareDraft]], actor: Actor) -> None:
    asked = {share.party for shares in holders.values() for share in shares}
    asked |= {share.organisation for shares in holders.values() for share in shares if share.organisation is not None}
    if Party.objects.filter(pk__in=asked, county=actor.county).count() < len(asked):
        raise Refusal(_("没有这个主体"), clauses=("2.3",), field="party")


def _few(cards: Sequence[_Card]) -> str:
    named = "、".join(f"{card.code} {card.name}" for card in cards[:SHOWN])
    return named if len(cards) <= SHOWN else _("%(named)s 等 %(count)s 项") % {"named": named, "count": len(cards)}


def _title(cards: Sequence[_Card]) -> str:
    return cards[0].name if len(cards) == 1 else f"{cards[0].name}…({len(cards)})"


def _differs(columns: Mapping[str, Any]) -> Q:
    """Cards that the columns change."""
    found = Q()
    for name, value in columns.items():
        found |= Q(**{f"{name}__isnull": False}) if value is None else ~Q(**{name: value})
    return found


def _write(ids: Sequence[int], columns: Mapping[str, Any], on: date) -> None:
    """The new columns and version; a state begins only where a column changes."""
    since: Any = F("state_since")
    if columns:
        since = Case(When(_differs(columns), then=Value(on)), default=F("state_since"))
    Asset.objects.filter(pk__in=one_of(ids, "bigint")).update(**columns, version=F("version") + 1, state_since=since)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _is_searched(document: Mapping[str, Any], columns: Mapping[str, Any]) -> bool:
    return any(document.get(name, None) != columns[name] for name in SEARCHED & columns.keys())


def _forget(ids: Sequence[int], columns: Mapping[str, Any], county: str) -> dict[int, tuple[str, bool]]:
    """Digest of each card as it stands, and whether other words will find it; its old words leave the search."""
    found: dict[int, tuple[str, bool]] = {}
    for chunk in _chunks(ids):
        documents = wholes(chunk)
        moved = [key for key in chunk if _is_searched(documents[key], columns)]
        changed = set(moved)
        found.update((key, (evidence.digest_of(documents[key]), key in changed)) for key in chunk)
        if moved:
            search.remove(search.of_cards(county, moved))
    return found


def _remember(
    ids: Sequence[int], before: Mapping[int, tuple[str, bool]], columns: Mapping[str, Any], county: str
) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Each card as it stands now with the digest of what it was; the words of moved cards enter the search."""
    for chunk in _chunks(ids):
        moved = [key for key in chunk if before[key][1]]
        if moved:
            search.write(search.of_cards(county, moved))
        documents = wholes(chunk)
        for key in chunk:
            yield f"asset:{key}", documents[key]["division_code"], documents[key], before[key][0]
