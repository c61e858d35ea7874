"""Drafting a contract (拟定合同): its sides, terms and assets, until it goes into its procedure (2.4.2a)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import insert_rows, one_of
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.lifecycle.operation import events, permissions, rules
from mingchan.lifecycle.operation.choices import BINDING, LIVE, EditionStatus, Status
from mingchan.lifecycle.operation.drafts import TermsDraft
from mingchan.lifecycle.operation.models import Contract, Covered, Edition
from mingchan.lifecycle.operation.queries import packs
from mingchan.lifecycle.operation.queries.documents import document
from mingchan.lifecycle.operation.services import keeping
from mingchan.register.assets.choices import Status as CardStatus
from mingchan.register.assets.models import Asset, Site

MOST = 5000
"""A contract covers so many assets at most."""
SHOWN = 3


@transaction.atomic
def draft(
    operator: int,
    terms: TermsDraft,
    *,
    title: str,
    lessor: int,
    asset_ids: Sequence[int] = (),
    site: int | None = None,
    renews: int | None = None,
    actor: Actor,
    on: date,
    is_sample: bool = False,
) -> Contract:
    """Draft a contract over chosen assets, or over all of a site; returns it with its number.

    Nothing binds yet: parts may be missing. Raises NotAllowed without `contract.draft` over every asset's division,
    NotFound for assets out of reach, Refusal for unknown sides, one party on both sides, cards that count no more.
    Serves 2.4.2a.
    """
    _sides(operator, lessor, actor)
    if not title.strip():
        raise Refusal(_("请填写合同标的，例如站点名称"), clauses=("2.4.2a",), field="title")
    cards = _cards_of(asset_ids, site, actor)
    division = division_of(cards, actor)
    permissions.require_over(actor, permissions.DRAFT, division)
    serial = Contract.objects.filter(county=actor.county, year=on.year).aggregate(last=Max("serial"))["last"] or 0
    word = policy.thresholds()["contract.number_word"].value
    contract = Contract.objects.create(
        county=actor.county,
        division_code=division,
        year=on.year,
        serial=serial + 1,
        number=f"{word}〔{on.year}〕{serial + 1}号",
        title=title.strip()[:120],
        lessor_id=lessor,
        operator_id=operator,
        site_id=site,
        renews_id=renews,
        mode=terms.mode,
        starts_on=terms.starts_on,
        last_day=_ordered(terms),
        drafted_on=on,
        drafted_by=actor.name,
        is_sample=is_sample,
    )
    edition = Edition(county=actor.county, contract=contract, number=1, drafted_on=on, drafted_by=actor.name)
    keeping.fill(edition, terms)
    edition.save(force_insert=True)
    _cover(contract, [key for key, _division in cards])
    Contract.objects.filter(pk=contract.pk).update(**keeping.weigh(contract, terms.mode))
    contract.refresh_from_db()
    facts = {"number": contract.number, "title": contract.title}
    for row in (contract, edition):
        keeping.note(row, events.DRAFTED, division=division, actor=actor, on=on, facts=facts)
    return contract


def _ordered(terms: TermsDraft) -> date | None:
    """The last day, for a header that holds days in order only; the faulty term stays in the draft to be seen."""
    if terms.starts_on is not None and terms.last_day is not None and terms.last_day < terms.starts_on:
        return None
    return terms.last_day


def _sides(operator: int, lessor: int, actor: Actor) -> None:
    found = dict(Party.objects.filter(county=actor.county, pk__in=(operator, lessor)).values_list("pk", "kind"))
    if operator not in found:
        raise Refusal(_("主体清单中没有这个经营者，请先在“主体”中登记"), clauses=("2.4.2a",), field="operator")
    if found.get(lessor, PartyKind.PERSON) == PartyKind.PERSON:
        raise Refusal(_("发包方应是主体清单中的单位"), clauses=("2.4.2a",), field="lessor")
    if operator == lessor:
        raise Refusal(_("经营者和发包方不能是同一主体"), clauses=("2.4.2a",), field="operator")


def _cards_of(asset_ids: Sequence[int], site: int | None, actor: Actor) -> list[tuple[int, str]]:
    """Id and division of the assets, in order. Raises as `draft`."""
    asked = Asset.objects.filter(county=actor.county)
    if site is not None:
        if not Site.objects.filter(pk=site, county=actor.county).exists():
            raise NotFound(_("没有这个站点"))
        whole = list(asked.filter(site=site, status=CardStatus.ACTIVE).values_list("pk", flat=True))
        asset_ids = [*asset_ids, *whole]
    ids = sorted(set(asset_ids))
    if len(ids) > MOST:
        raise Refusal(_("一份合同最多列入 %(count)s 项资产") % {"count": MOST}, clauses=("2.4.2a",))
    rows = list(
        asked.filter(pk__in=one_of(ids, "bigint")).order_by("pk").values_list("pk", "division_code", "status", "code")
    )
    unseen = any(not actor.may("asset.view", row[1] or actor.county) for row in rows)
    if len(rows) < len(ids) or unseen:
        raise NotFound(_("没有这张资产卡片"))
    gone = [row[3] for row in rows if row[2] != CardStatus.ACTIVE]
    if gone:
        raise Refusal(
            _("%(cards)s 已拆分或已撤回，不能列入合同") % {"cards": "、".join(gone[:SHOWN])}, clauses=("2.4.2a",)
        )
    for division in {row[1] for row in rows}:
        permissions.require_over(actor, permissions.DRAFT, division)
    return [(row[0], row[1]) for row in rows]


def division_of(cards: Sequence[tuple[int, str]], actor: Actor) -> str:
    """The smallest division that holds every asset: the village, the town, else the county."""
    codes = {division for _key, division in cards if division}
    if len(codes) == 1:
        return codes.pop()
    towns = {code[:9] for code in codes}
    if len(towns) == 1:
        return towns.pop().ljust(12, "0")
    return actor.county.ljust(12, "0")


def _cover(contract: Contract, ids: Sequence[int]) -> None:
    insert_rows(
        Covered,
        ("contract", "asset", "is_let", "condition", "note"),
        [(contract.pk, key, False, "", "") for key in ids],
    )


def cards_in_reach(asset_ids: Sequence[int], actor: Actor) -> list[tuple[int, str]]:
    """Id and division of assets that the actor may draft about. Raises as `draft`."""
    return _cards_of(asset_ids, None, actor)


@transaction.atomic
def edit(contract_id: int, terms: TermsDraft, version: int, *, actor: Actor, on: date) -> Contract:
    """Change the terms of the version that is being drafted. Raises Stale, Refusal once it is in its procedure.

    Serves 2.4.2a.
    """
    contract = keeping.locked(contract_id, permissions.DRAFT, actor=actor, version=version)
    edition = keeping.open_edition(contract)
    if edition.status != EditionStatus.DRAFT:
        raise Refusal(_("合同正在办理审批，请在事项中修改后重新提交"), clauses=("2.4.2c",))
    put_terms(contract, edition, terms, actor=actor, on=on)
    return contract


def put_terms(contract: Contract, edition: Edition, terms: TermsDraft, *, actor: Actor, on: date) -> None:
    """Write terms into an open version and, for the first one, into the contract's own columns; both are recorded."""
    if edition.number > 1:
        terms = replace(terms, starts_on=edition.starts_on)
    before = document(edition)
    keeping.fill(edition, terms)
    edition.save(force_update=True)
    facts = {"number": contract.number}
    keeping.note(
        edition, events.EDITED, division=contract.division_code, before=before, actor=actor, on=on, facts=facts
    )
    if contract.status in BINDING:
        return
    before = document(contract)
    changes = {"mode": terms.mode, "starts_on": terms.starts_on, "last_day": _ordered(terms)}
    changes |= keeping.weigh(contract, terms.mode)
    keeping.save(
        contract,
        changes,
        events.EDITED,
        division=contract.division_code,
        before=before,
        actor=actor,
        on=on,
        facts=facts,
    )


@transaction.atomic
def choose(
    contract_id: int, *, add: Sequence[int] = (), remove: Sequence[int] = (), actor: Actor, on: date
) -> Contract:
    """Put assets on a drafted contract or take them off. Raises as `draft`, Refusal once it isn't a draft."""
    contract = keeping.locked(contract_id, permissions.DRAFT, Status.DRAFT, actor=actor)
    before = document(contract)
    present = set(keeping.asset_ids(contract))
    cards = [card for card in _cards_of(add, None, actor) if card[0] not in present]
    if len(present) + len(cards) > MOST:
        raise Refusal(_("一份合同最多列入 %(count)s 项资产") % {"count": MOST}, clauses=("2.4.2a",))
    Covered.objects.filter(contract=contract, asset__in=list(remove)).delete()
    _cover(contract, [key for key, _division in cards])
    left = Asset.objects.filter(pk__in=one_of(keeping.asset_ids(contract), "bigint")).values_list("pk", "division_code")
    changes = {"division_code": division_of(list(left), actor), **keeping.weigh(contract, contract.mode)}
    keeping.save(
        contract,
        changes,
        events.ASSETS_CHOSEN,
        division=contract.division_code,
        before=before,
        actor=actor,
        on=on,
        facts={"number": contract.number, "count": len(left)},
    )
    return contract


@transaction.atomic
def drop(contract_id: int, *, reason: str, actor: Actor, on: date) -> Contract:
    """Give up a drafted contract, or the drafted amendment of one in force; it stays to be seen.

    Raises Refusal without a reason or once it is in its procedure.
    """
    contract = keeping.locked(contract_id, permissions.DRAFT, Status.DRAFT, *LIVE, actor=actor)
    edition = keeping.open_edition(contract)
    if edition.status != EditionStatus.DRAFT:
        raise Refusal(_("合同正在办理审批，请先撤回事项"), clauses=("2.4.2c",))
    if not reason.strip():
        raise Refusal(_("请填写作废原因"), clauses=("2.4.2a",), field="reason")
    facts = {"number": contract.number}
    where = contract.division_code
    keeping.save(
        edition, {"status": EditionStatus.DROPPED}, events.DROPPED, division=where, before=document(edition),
        actor=actor, on=on, reason=reason.strip(), facts=facts,
    )  # fmt: skip
    if contract.status == Status.DRAFT:
        keeping.save(
            contract, {"status": Status.DROPPED}, events.DROPPED, division=where, before=document(contract),
            actor=actor, on=on, reason=reason.strip(), facts=facts,
        )  # fmt: skip
    return contract


@transaction.atomic
def amend(contract_id: int, terms: TermsDraft, *, reason: str, effective_on: date, actor: Actor, on: date) -> Edition:
    """Draft other terms for a contract in force: a new version that goes through the procedure; the former stays.

    It counts from the first day of a payment period that hasn't begun. Raises Refusal without a reason, while another
    version is open, or for another day. Serves 2.4.2a, 2.4.2b.
    """
    contract = keeping.locked(contract_id, permissions.DRAFT, Status.RUNNING, Status.SIGNED, actor=actor)
    if not reason.strip():
        raise Refusal(_("请填写变更原因"), clauses=("2.4.2b",), field="reason")
    if Edition.objects.filter(contract=contract, status__in=keeping.OPEN).exists():
        raise Refusal(_("已有一个版本正在拟定或办理"), clauses=("2.4.2a",))
    present = Edition.objects.get(contract=contract, number=contract.edition)
    possible = amendable_from(present, on=on)
    if effective_on not in possible:
        shown = "、".join(day.isoformat() for day in possible[:SHOWN]) or _("无")
        raise Refusal(
            _("变更应自尚未开始的缴付期首日生效，可选：%(days)s") % {"days": shown},
            clauses=("2.4.2a",),
            field="effective_on",
        )
    rules_of_term = rules.term_faults(contract.starts_on, terms.last_day, policy.figure("contract.years"))
    if not rules_of_term and effective_on not in rules.amended_from(replace(terms, starts_on=contract.starts_on), on):
        raise Refusal(_("变更后的缴付周期应以生效日为首日，请改用其他周期或生效日"), clauses=("2.4.2a",), field="every")
    last = Edition.objects.filter(contract=contract).aggregate(last=Max("number"))["last"]
    edition = Edition(
        county=actor.county,
        contract=contract,
        number=last + 1,
        reason=reason.strip()[:300],
        effective_on=effective_on,
        drafted_on=on,
        drafted_by=actor.name,
    )
    keeping.fill(edition, replace(terms, starts_on=contract.starts_on))
    edition.save(force_insert=True)
    keeping.note(
        edition, events.DRAFTED, division=contract.division_code, actor=actor, on=on, reason=reason.strip(),
        facts={"number": contract.number, "title": contract.title},
    )  # fmt: skip
    return edition


def amendable_from(edition: Edition, *, on: date) -> list[date]:
    """Days from which an amendment may count: payment periods in the version's rhythm that haven't begun."""
    return rules.amended_from(keeping.terms_of(edition), on)


@transaction.atomic
def renew(contract_id: int, last_day: date, *, actor: Actor, on: date) -> Contract:
    """Draft the contract that follows one: same sides, assets and terms, from the day after it, through the procedure.

    Raises Refusal when a renewal is drafted already or the former has neither run nor expired. Serves 2.4.2a.
    """
    former = keeping.locked(contract_id, permissions.DRAFT, Status.RUNNING, Status.EXPIRED, actor=actor)
    if Contract.objects.filter(renews=former).exclude(status=Status.DROPPED).exists():
        raise Refusal(_("已有续签合同"), clauses=("2.4.2a",))
    assert former.last_day is not None
    terms = keeping.terms_of(Edition.objects.get(contract=former, number=former.edition))
    first = max(date.fromordinal(former.last_day.toordinal() + 1), on)
    terms = replace(terms, starts_on=first, last_day=last_day, free_months=0, steps=())
    if terms.mode not in packs.modes():
        terms = replace(terms, mode="")
    return draft(
        former.operator_id,
        terms,
        title=former.title,
        lessor=former.lessor_id,
        asset_ids=keeping.asset_ids(former),
        renews=former.pk,
        actor=actor,
        on=on,
        is_sample=former.is_sample,
    )
