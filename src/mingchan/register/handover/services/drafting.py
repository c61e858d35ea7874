"""Drafting a list (拟定清单): its head, its items, and what changes about them before anybody signs (3.3, 2.6.1b)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Division, Party
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, one_of, reserve_ids
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets.models import Asset, Right, Site
from mingchan.register.handover import events, permissions, rules
from mingchan.register.handover.choices import Fault, HandoverKind, Resolution
from mingchan.register.handover.drafts import HandoverDraft
from mingchan.register.handover.models import Handover, Line, Tick
from mingchan.register.handover.queries.documents import LINE_NAMES, document, line_documents, tick_documents
from mingchan.register.handover.queries.listing import kept_by
from mingchan.register.handover.services import locking

MOST_ITEMS = 20_000
"""A list holds so many items at most; more are handed over by several lists."""
SHOWN = 5

_CARD = (
    "id", "version", "code", "name", "model", "unit", "quantity_milli", "cost_fen", "six_class", "division_code",
    "site__name", "place", "condition", "status", "owner_id", "user_id", "keeper_id",
)  # fmt: skip


@transaction.atomic
def draft(
    asset_ids: Sequence[int], head: HandoverDraft, *, actor: Actor, on: date, is_sample: bool = False
) -> Handover:
    """Draft a list of the assets from one side to the other; items may be added later. Serves 3.3 and 2.6.1b.

    Raises NotAllowed unless the actor may draft over one of the sides and over every asset's division, NotFound for
    an unknown party, Refusal for a fault of the head or for assets that the giving side doesn't have, that are on
    another unfinished list, or of which another holds the right that should pass. However many assets, a handful of
    statements.
    """
    values = _head(head, asset_ids, actor=actor, on=on)
    first = reserve_ids(Handover, 1)
    serial = Handover.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("serial"))["last"] or 0
    word = policy.thresholds()["handover.number_word"].value
    handover = Handover(
        pk=first,
        county=actor.county,
        year=on.year,
        serial=serial + 1,
        number=f"{word}〔{on.year}〕{serial + 1:04d}号",
        drafted_on=on,
        drafted_by=actor.name,
        is_sample=is_sample,
        **values,
    )
    if not (permissions.may(actor, permissions.DRAFT, handover)):
        permissions.require_over(actor, [handover.from_division])
    handover.save(force_insert=True)
    evidence.record(
        events.DRAFTED,
        Ref("handover", handover.pk),
        actor=actor,
        on=on,
        after=document(handover),
        division=handover.division_code,
        reason=handover.reason,
        facts={"source": handover.from_party.name, "target": handover.to_party.name},
    )
    if asset_ids:
        _list(handover, asset_ids, actor=actor, on=on)
    return handover


@transaction.atomic
def draft_for_leaver(
    person: int,
    successor: int,
    *,
    reason: str,
    actor: Actor,
    on: date,
    organisation: int | None = None,
    due_on: date | None = None,
    basis: str = "",
    is_sample: bool = False,
) -> Handover:
    """Draft the list by which somebody who leaves or changes post hands over everything he keeps (2.6.1b).

    What stands on another unfinished list already stays there. Raises Refusal when nothing is left to hand over, and
    what `draft` raises.
    """
    assets, listed = kept_by(person, actor)
    if not assets:
        words = _("此人没有需要交接的资产") if not listed else _("此人管护的资产都已在未办结的移交清单上")
        raise Refusal(words, clauses=("2.6.1b",), field="from_party")
    head = HandoverDraft(
        HandoverKind.CUSTODY, person, successor, reason, basis=basis, organisation=organisation, due_on=due_on
    )
    return draft(assets, head, actor=actor, on=on, is_sample=is_sample)


@transaction.atomic
def edit(handover_id: int, head: HandoverDraft, version: int, *, actor: Actor, on: date) -> Handover:
    """Change the head of a list that isn't finished; a standing signature becomes void by it.

    The kind and the giving side stay while items are on the list, for the items were checked against them. Raises
    Stale, NotFound, NotAllowed, Refusal as `draft` does.
    """
    handover = locking.locked(handover_id, "edit", permissions.DRAFT, actor=actor)
    assets = list(Line.objects.filter(handover=handover).values_list("asset_id", flat=True))
    values = _head(head, assets, actor=actor, on=on)
    locking.current(handover, version, values)
    changes = {name: value for name, value in values.items() if _present(handover, name) != value}
    if not changes:
        raise Refusal(_("没有改动"))
    if assets and {"kind", "from_party"} & changes.keys():
        raise Refusal(_("清单上已有资产，移交类别和移出方不能再改；请另拟一份"), clauses=("3.3",), field="kind")
    locking.void_signatures(handover, _("清单内容改动"), actor=actor, on=on)
    locking.save(handover, changes, events.CHANGED, actor=actor, on=on)
    if assets and "rights" in changes:
        _require_held(handover, assets)
    return handover


def _present(handover: Handover, name: str) -> Any:
    return getattr(handover, name)


@transaction.atomic
def add_assets(handover_id: int, asset_ids: Sequence[int], *, actor: Actor, on: date) -> int:
    """Put assets on a list that isn't finished and answer how many; those on it already are passed over.

    A standing signature becomes void by it. Raises as `draft` does.
    """
    handover = locking.locked(handover_id, "add", permissions.DRAFT, actor=actor)
    present = set(Line.objects.filter(handover=handover).values_list("asset_id", flat=True))
    wanted = [pk for pk in dict.fromkeys(asset_ids) if pk not in present]
    if not wanted:
        return 0
    locking.void_signatures(handover, _("清单内容改动"), actor=actor, on=on)
    return _list(handover, wanted, actor=actor, on=on)


@transaction.atomic
def remove(handover_id: int, line_ids: Sequence[int], *, actor: Actor, on: date) -> int:
    """Take items off a list that is still being drafted. Later they are left out with a reason instead (`resolve`)."""
    handover = locking.locked(handover_id, "remove", permissions.DRAFT, actor=actor)
    lines = Line.objects.filter(handover=handover, pk__in=one_of(line_ids, "bigint"))
    before = line_documents(list(lines.values_list("pk", flat=True)))
    if not before:
        raise NotFound(_("清单上没有这一项"))
    lines.delete()
    evidence.record_many(
        events.REMOVED,
        ((f"handover_line:{pk}", row.get("division_code", ""), None, row) for pk, row in before.items()),
        actor=actor,
        on=on,
        facts={"number": handover.number, "name": _named(next(iter(before.values()))["name"], len(before))},
    )
    return len(before)


@transaction.atomic
def refresh(handover_id: int, *, actor: Actor, on: date) -> int:
    """Take the cards that were changed since they were listed as they are now; answers how many.

    What was found of them no longer counts, so they are checked again; a standing signature becomes void. Raises
    Refusal when a card no longer counts or no longer belongs to the giving side: such an item must be left out.
    """
    handover = locking.locked(handover_id, "refresh", permissions.DRAFT, actor=actor)
    lines = (
        Line.objects.filter(handover=handover)
        .exclude(resolution=Resolution.LEFT_OUT)
        .exclude(asset__version=F("asset_version"))
    )
    by_asset = dict(lines.values_list("asset_id", "pk"))
    if not by_asset:
        return 0
    cards = _cards(list(by_asset), actor=actor)
    _require_fit(handover, cards)
    locking.void_signatures(handover, _("卡片改动后更新清单"), actor=actor, on=on)
    drop_ticks(handover, list(by_asset.values()), actor=actor, on=on, reason=_("卡片有改动，须重新清点"))
    before = line_documents(list(by_asset.values()))
    fresh = []
    for card in cards:
        snapshot = dict(zip(_SNAPSHOT, _of_card(card), strict=True))
        fresh.append(Line(pk=by_asset[card[0]], resolution=Resolution.NONE, resolution_note="", **snapshot))
    Line.objects.bulk_update(fresh, [*_SNAPSHOT, "resolution", "resolution_note"], batch_size=200)
    after = line_documents(list(by_asset.values()))
    evidence.record_many(
        events.REFRESHED,
        ((f"handover_line:{pk}", row.get("division_code", ""), row, before[pk]) for pk, row in after.items()),
        actor=actor,
        on=on,
        facts={"number": handover.number, "name": _named(fresh[0].name, len(fresh))},
    )
    return len(fresh)


def drop_ticks(handover: Handover, line_ids: Sequence[int], *, actor: Actor, on: date, reason: str) -> None:
    """Let what was found of items count no more; it stays to be read."""
    ticks = Tick.objects.filter(handover=handover, line__in=one_of(line_ids, "bigint"), replaced_on__isnull=True)
    before = tick_documents(list(ticks.values_list("pk", flat=True)))
    if not before:
        return
    names = dict(Line.objects.filter(pk__in=[row["line_id"] for row in before.values()]).values_list("pk", "name"))
    first = names[next(iter(before.values()))["line_id"]]
    ticks.update(replaced_on=on)
    after = tick_documents(list(before))
    evidence.record_many(
        events.TICK_REPLACED,
        ((f"handover_tick:{pk}", handover.division_code, row, before[pk]) for pk, row in after.items()),
        actor=actor,
        on=on,
        reason=reason,
        facts={"name": _named(first, len(before))},
    )


_SNAPSHOT = (
    "asset_version", "code", "name", "model", "unit", "quantity_milli", "cost_fen", "six_class", "division_code",
    "place", "condition",
)  # fmt: skip


def _of_card(card: Sequence[Any]) -> tuple[Any, ...]:
    """The snapshot of a card as a list keeps it."""
    version, code, name, model, unit, quantity, cost, six_class, division, site, place, condition = card[1:13]
    where = " ".join(part for part in (site, place) if part)
    return (version, code, name, model, unit, quantity, cost, six_class, division, where[:240], condition)


def _named(name: str, count: int) -> str:
    return f"“{name}”" if count == 1 else _("“%(name)s”等 %(count)s 项") % {"name": name, "count": count}


def _cards(asset_ids: Sequence[int], *, actor: Actor) -> list[tuple[Any, ...]]:
    """The cards of the ids, in the order of the ids. Raises NotFound when one isn't there, NotAllowed beyond scope."""
    wanted = list(dict.fromkeys(asset_ids))
    if len(wanted) > MOST_ITEMS:
        raise Refusal(_("一份清单最多 %(count)s 项，请分几份移交") % {"count": MOST_ITEMS}, clauses=("3.3",))
    rows = Asset.objects.filter(county=actor.county, pk__in=one_of(wanted, "bigint")).values_list(*_CARD)
    found = {row[0]: row for row in rows}
    if len(found) < len(wanted):
        raise NotFound(_("没有这张资产卡片"))
    permissions.require_over(actor, {row[9] for row in found.values()})
    return [found[pk] for pk in wanted]


def _require_fit(handover: Handover, cards: Sequence[Sequence[Any]]) -> None:
    """Raise Refusal naming the cards that the giving side can't hand over, by the first reason."""
    wrong: dict[Fault, list[str]] = {}
    for card in cards:
        fact = rules.CardFact(card[13] == "ACTIVE", *card[14:17])
        fault = rules.fault_of_card(handover.kind, handover.from_party_id, fact)
        if fault is not None:
            wrong.setdefault(fault, []).append(f"{card[2]} {card[3]}")
    for fault, names in wrong.items():
        raise _refusal(fault, names)


def _refusal(fault: Fault, names: Sequence[str]) -> Refusal:
    """A refusal that names the first few cards."""
    words = _("%(fault)s：%(names)s") % {"fault": fault.label, "names": "、".join(names[:SHOWN])}
    if len(names) > SHOWN:
        words += _("等 %(count)s 项") % {"count": len(names)}
    return Refusal(words, clauses=("3.3", "2.3"), field="assets")


def _require_held(handover: Handover, asset_ids: Sequence[int]) -> None:
    """Raise Refusal when another than the giving side holds a right that passes. Custody goes with the thing."""
    kinds = [kind for kind in handover.rights.split(",") if kind != "CUSTODY"]
    other = (
        Right.objects.filter(asset__in=one_of(asset_ids, "bigint"), kind__in=kinds, valid_to__isnull=True)
        .exclude(party=handover.from_party_id)
        .order_by("asset_id")
    )
    if handover.kind == HandoverKind.USE:
        other = other.none()
    names = [
        f"{code} {name}（{party}）"
        for code, name, party in other.values_list("asset__code", "asset__name", "party__name")[:200]
    ]
    if names:
        raise _refusal(Fault.OTHER_HOLDER, names)


def _list(handover: Handover, asset_ids: Sequence[int], *, actor: Actor, on: date) -> int:
    """Put cards on the list, set-based."""
    cards = _cards(asset_ids, actor=actor)
    last = Line.objects.filter(handover=handover).aggregate(last=Max("line_no"), n=Max("line_no"))["last"] or 0
    if last + len(cards) > MOST_ITEMS:
        raise Refusal(_("一份清单最多 %(count)s 项，请分几份移交") % {"count": MOST_ITEMS}, clauses=("3.3",))
    _require_fit(handover, cards)
    ids = [card[0] for card in cards]
    _require_held(handover, ids)
    elsewhere = Line.objects.filter(asset__in=one_of(ids, "bigint"), is_open=True).order_by("asset_id")
    listed = [
        f"{code} {name}（{number}）" for code, name, number in elsewhere.values_list("code", "name", "handover__number")
    ]
    if listed:
        raise _refusal(Fault.LISTED, listed)
    first = reserve_ids(Line, len(cards))
    names = ("id", "handover_id", "line_no", "asset_id", *_SNAPSHOT, "resolution", "resolution_note", "resolved_by")
    rows = [
        (first + index, handover.pk, last + index + 1, card[0], *_of_card(card), "", "", "")
        for index, card in enumerate(cards)
    ]
    insert_rows(Line, (*names, "is_open"), ((*row, True) for row in rows))
    evidence.record_many(
        events.LISTED,
        _listed(names, rows),
        actor=actor,
        on=on,
        facts={"number": handover.number, "name": _named(cards[0][3], len(cards))},
    )
    return len(rows)


def _listed(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Documents of new items, without reading them back: every field but the null ones has its value here."""
    for row in rows:
        after = dict(zip(names, row, strict=True))
        if set(after) - set(LINE_NAMES):
            raise ValueError("an item's document has other fields")
        yield f"handover_line:{after['id']}", after["division_code"], after


def _head(head: HandoverDraft, asset_ids: Sequence[int], *, actor: Actor, on: date) -> dict[str, Any]:
    """The columns of the head, with parties found and offices decided. Raises NotFound and Refusal."""
    parties = _parties(head, actor)
    source, target = parties[head.from_party], parties[head.to_party]
    keeper = parties.get(head.keeper) if head.keeper is not None else None
    faults = rules.faults_of_head(
        head,
        on,
        to_is_person=target.kind == PartyKind.PERSON,
        keeper_is_person=keeper is not None and keeper.kind == PartyKind.PERSON,
    )
    if faults:
        raise Refusal(faults[0].label, clauses=_CLAUSES.get(faults[0], ("3.3",)), field=_FIELDS.get(faults[0], ""))
    site = None
    if head.site is not None:
        site = Site.objects.filter(pk=head.site, county=actor.county).first()
        if site is None:
            raise NotFound(_("没有这个站点"))
    if head.division_code:
        code = head.division_code
        if not code.startswith(actor.county) or not Division.objects.filter(code=code).exists():
            raise Refusal(_("没有这个区划"), clauses=("3.3",), field="division_code")
    organisation = parties.get(head.organisation) if head.organisation is not None else None
    body, owner = _bodies(asset_ids)
    return {
        "kind": str(head.kind),
        "rights": ",".join(rules.moved(head.kind, head.rights, keeper=head.keeper is not None)),
        "from_party": source,
        "to_party": target,
        "from_office": _office(source, head.from_office, body, owner, parties, field="from_office"),
        "to_office": _office(target, head.to_office, organisation, owner, parties, field="to_office"),
        "from_division": source.division_code,
        "to_division": target.division_code,
        "division_code": rules.common_division(source.division_code, target.division_code),
        "witness": parties.get(head.witness) if head.witness is not None else None,
        "keeper": keeper,
        "organisation": organisation,
        "due_on": head.due_on,
        "site": site,
        "place": head.place.strip(),
        "moves_to": head.division_code or (site.division_code if site is not None else ""),
        "reason": head.reason.strip()[:200],
        "basis": head.basis.strip()[:200],
    }


_FIELDS: Mapping[Fault, str] = {
    Fault.SAME_SIDES: "to_party",
    Fault.NO_REASON: "reason",
    Fault.NO_KEEPER: "keeper",
    Fault.KEEPER_NOT_PERSON: "keeper",
    Fault.TERM_IN_PAST: "due_on",
    Fault.OPERATION_APART: "rights",
}
_CLAUSES: Mapping[Fault, tuple[str, ...]] = {
    Fault.NO_KEEPER: ("2.6.1b", "3.3"),
    Fault.KEEPER_NOT_PERSON: ("2.6.1b",),
    Fault.OPERATION_APART: ("2.4.2b",),
}


def _parties(head: HandoverDraft, actor: Actor) -> dict[int, Party]:
    named = (
        head.from_party,
        head.to_party,
        head.keeper,
        head.organisation,
        head.witness,
        head.from_office,
        head.to_office,
    )
    wanted = {pk for pk in named if pk is not None}
    found = Party.objects.filter(county=actor.county, pk__in=wanted).in_bulk()
    if len(found) < len(wanted):
        raise NotFound(_("没有这个主体。"))
    return found


_SIGNS_ITSELF = (
    PartyKind.OFFICE, PartyKind.TOWN_GOVERNMENT, PartyKind.VILLAGE_COMMITTEE, PartyKind.COMPANY, PartyKind.OTHER,
)  # fmt: skip


def _office(
    side: Party, given: int | None, body: Party | None, owner: Party | None, parties: Mapping[int, Party], *, field: str
) -> Party:
    """The office whose accounts sign for a side: the given one, else itself when it is an office.

    For a person the body that answers for the custody, then the committee of the village or the government of the
    town, at last the owner of the assets. Raises Refusal when none can be told.
    """
    if given is not None:
        return parties[given]
    if side.kind in _SIGNS_ITSELF:
        return side
    if body is not None and side.kind == PartyKind.PERSON:
        return body
    kind = PartyKind.TOWN_GOVERNMENT if side.division_code.endswith("000") else PartyKind.VILLAGE_COMMITTEE
    near = list(
        Party.objects.filter(county=side.county, kind=kind, division_code=side.division_code).order_by("pk")[:2]
    )
    if len(near) == 1:
        return near[0]
    if owner is not None:
        return owner
    raise Refusal(
        _("不知道由哪个单位的账号为“%(side)s”签署，请指明签署单位") % {"side": side.name},
        clauses=("3.3", "2.6.1b"),
        field=field,
    )


def _bodies(asset_ids: Sequence[int]) -> tuple[Party | None, Party | None]:
    """The one body that answers for the custody of the assets, and their one owner; None where there are several."""
    if not asset_ids:
        return None, None
    of = one_of(asset_ids, "bigint")
    bodies = Right.objects.filter(
        asset__in=of, kind="CUSTODY", valid_to__isnull=True, organisation__isnull=False
    ).values_list("organisation", flat=True)
    owners = Asset.objects.filter(pk__in=of, owner__isnull=False).values_list("owner", flat=True)
    found = [list(ids.distinct()[:2]) for ids in (bodies, owners)]
    parties = Party.objects.in_bulk([ids[0] for ids in found if len(ids) == 1])
    body, owner = (parties.get(ids[0]) if len(ids) == 1 else None for ids in found)
    return body, owner
