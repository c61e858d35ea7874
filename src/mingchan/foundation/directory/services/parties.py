"""Parties (主体): entering, proposing from lists, correcting, and showing personal data with a reason."""

from collections.abc import Iterable, Mapping
from datetime import date
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import events, permissions, queries, rules
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.drafts import PartyDraft
from mingchan.foundation.directory.models import Party
from mingchan.foundation.directory.services import protected
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import Outcome
from mingchan.kernel import crypto, database
from mingchan.kernel import initials as kernel_initials
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref

PHONE, IDENTITY = "phone", "id_number"
_PERSONAL = {
    PHONE: ("phone_cipher", "party.phone", _("联系电话")),
    IDENTITY: ("id_cipher", "party.id_number", _("身份证号")),
}
CORRECTABLE = ("name", "kind", "division_code", "uscc", "phone", "id_number", "is_confirmed")


def initials(name: str) -> str:
    """First letters of the name's pinyin, for searching."""
    return kernel_initials.initials(name)[:120]


def _phone(phone: str) -> tuple[bytes | None, str]:
    text = "".join(phone.split())
    mask = crypto.mask_phone(text)
    hidden = not mask or "*" in text
    return (None if hidden else crypto.encrypt(text, context="party.phone")), mask


def _identity(number: str) -> tuple[bytes | None, str]:
    text = number.strip().upper()
    if not text:
        return None, ""
    if not rules.id_is_right(text):
        raise Refusal(_("身份证号的日期或校验位不对。"), clauses=("2.3",), field="id_number")
    return crypto.encrypt(text, context="party.id_number"), crypto.mask_id(text)


def _checked(name: str, kind: str, division_code: str, uscc: str) -> None:
    if not name:
        raise Refusal(_("请填写名称。"), clauses=("2.3",), field="name")
    if len(name) > 120:
        raise Refusal(_("名称太长，最多 120 字。"), clauses=("2.3",), field="name")
    if kind not in PartyKind.values:
        raise Refusal(_("没有这种主体类别。"), clauses=("2.3",), field="kind")
    if queries.division(division_code) is None:
        raise Refusal(_("没有这个区划。"), clauses=("2.1.2",), field="division_code")
    if uscc and not rules.uscc_is_right(uscc):
        raise Refusal(_("统一社会信用代码的校验位不对。"), clauses=("2.3",), field="uscc")


def _refuse_twin(party: Party) -> None:
    twin = Party.objects.filter(
        county=party.county,
        kind=party.kind,
        name=party.name,
        division_code=party.division_code,
        phone_mask=party.phone_mask,
    ).exclude(pk=party.pk)
    if twin.exists():
        raise Refusal(_("已有同名、同类、同区划的主体。"), clauses=("2.3",), field="name")


@transaction.atomic
def create_party(
    kind: str,
    name: str,
    division_code: str,
    *,
    actor: Actor,
    on: date,
    uscc: str = "",
    phone: str = "",
    id_number: str = "",
    is_confirmed: bool = True,
    is_sample: bool = False,
    source: str = "",
) -> Party:
    """Enter a party. Serves 2.3.

    Raises NotAllowed without `party.manage` over the division; Refusal for an unknown division or kind, a wrong check
    digit, or a party that stands already.
    """
    permissions.require(actor, permissions.MANAGE_PARTIES, division_code, clauses=("2.3",))
    name, uscc = rules.plain_name(name), uscc.strip().upper()
    _checked(name, kind, division_code, uscc)
    phone_cipher, phone_mask = _phone(phone)
    id_cipher, id_mask = _identity(id_number)
    party = Party(
        county=actor.county,
        kind=kind,
        name=name,
        initials=initials(name),
        division_code=division_code,
        uscc=uscc,
        phone_cipher=phone_cipher,
        phone_mask=phone_mask,
        id_cipher=id_cipher,
        id_mask=id_mask,
        is_confirmed=is_confirmed,
        is_sample=is_sample,
        source=source,
        created_on=on,
    )
    _refuse_twin(party)
    party.save(force_insert=True)
    evidence.record(
        events.PARTY_ADDED,
        Ref("party", party.pk),
        actor=actor,
        on=on,
        after=protected.document(party),
        division=division_code,
        facts={"name": name},
    )
    return party


def create_office(name: str, *, actor: Actor, on: date, division_code: str = "", is_sample: bool = False) -> Party:
    """Enter an office of the county (县直单位), at the county itself unless a division is given."""
    return create_party(
        PartyKind.OFFICE,
        name,
        division_code or actor.county.ljust(12, "0"),
        actor=actor,
        on=on,
        is_sample=is_sample,
    )


@transaction.atomic
def ensure_parties(
    drafts: Iterable[PartyDraft], *, actor: Actor, on: date, source: str, is_sample: bool = False
) -> dict[PartyDraft, int]:
    """The id of the party of each draft; those not yet known are entered, unconfirmed, in one pass.

    A draft is known when kind, name, division and masked phone agree. One without a phone also means the only party
    of that kind, name and division; an organisation also means the only organisation of that name in the county.
    Raises NotAllowed when the actor may not name new parties in the division of one that is new.
    """
    return Proposals(actor=actor, on=on, source=source, is_sample=is_sample).ensure(drafts)


class Proposals:
    """The parties of one long list, named a part at a time in one transaction: each name is looked up once."""

    def __init__(self, *, actor: Actor, on: date, source: str, is_sample: bool = False) -> None:
        self.actor, self.on, self.source, self.is_sample = actor, on, source, is_sample
        self._known = _Known()

    def ensure(self, drafts: Iterable[PartyDraft]) -> dict[PartyDraft, int]:
        """As `ensure_parties`, in the caller's transaction, which must not go on when this raises."""
        plain = {draft: _normal(draft) for draft in drafts}
        known = self._known
        names = {one.name for one in plain.values()} - known.names
        if names:
            known.learn(names, queries.parties_named(self.actor.county, names))
        found: dict[PartyDraft, int] = {}
        new: dict[PartyDraft, list[PartyDraft]] = {}
        for draft, one in plain.items():
            party_id = known.find(one)
            if party_id is None:
                new.setdefault(one, []).append(draft)
            else:
                found[draft] = party_id
        if new:
            permissions.require_proposal(self.actor, sorted({one.division_code for one in new}))
            keys, ids = _enter(new, self.actor, self.on, self.source, self.is_sample)
            known.enter(keys)
            for one, party_id in ids.items():
                found.update(dict.fromkeys(new[one], party_id))
        return found


def _normal(draft: PartyDraft) -> PartyDraft:
    kind, name, division, phone = draft
    if phone:
        phone = "".join(phone.split())
    return PartyDraft(kind, rules.plain_name(name)[:120], division, phone)


class _Known:
    """Parties already entered, found the ways a draft may mean them."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._exact: dict[tuple[str, str, str, str], int] = {}
        self._unphoned: dict[tuple[str, str, str], list[int]] = {}
        self._organisations: dict[str, list[int]] = {}

    def learn(self, names: Iterable[str], parties: Iterable[queries.PartyKey]) -> None:
        """Remember all parties of the names that stand before the list."""
        self.names.update(names)
        found = list(parties)
        self.enter(found)
        for party in found:
            if party.kind != PartyKind.PERSON:
                self._organisations.setdefault(party.name, []).append(party.id)

    def enter(self, parties: Iterable[queries.PartyKey]) -> None:
        """Remember parties that the list itself brought: they mean no other of the name, whatever the order."""
        for party_id, kind, name, division, mask in parties:
            self._exact[(kind, name, division, mask)] = party_id
            if mask:
                self._unphoned.setdefault((kind, name, division), []).append(party_id)

    def find(self, draft: PartyDraft) -> int | None:
        kind, name, division, phone = draft
        mask = crypto.mask_phone(phone) if phone else ""
        exact = self._exact.get((kind, name, division, mask))
        if exact is not None:
            return exact
        if not mask:
            alike = self._unphoned.get((kind, name, division), ())
            if len(alike) == 1:
                return alike[0]
        if kind != PartyKind.PERSON:
            alike = self._organisations.get(name, ())
            if len(alike) == 1:
                return alike[0]
        return None


_NAMES = protection.document_names(Party)


def _enter(
    drafts: Iterable[PartyDraft], actor: Actor, on: date, source: str, is_sample: bool
) -> tuple[list[queries.PartyKey], dict[PartyDraft, int]]:
    """Enter the parties of drafts without one; what each is known by, and the id of each draft's."""
    rows: list[dict[str, Any]] = []
    taken: dict[tuple[str, str, str, str], int] = {}
    ids: dict[PartyDraft, int] = {}
    drafts = list(drafts)
    first = database.reserve_ids(Party, len(drafts))
    county, source, created = actor.county, source[:60], on.isoformat()
    for draft in drafts:
        kind, name, division, phone = draft
        cipher, mask = _phone(phone) if phone else (None, "")
        key = (kind, name, division, mask)
        if key in taken:
            ids[draft] = taken[key]
            continue
        party_id = first + len(rows)
        taken[key] = ids[draft] = party_id
        rows.append(
            {
                "county": county,
                "created_on": created,
                "division_code": division,
                "id": party_id,
                "id_cipher": None,
                "id_mask": "",
                "initials": initials(name),
                "is_confirmed": False,
                "is_sample": is_sample,
                "kind": kind,
                "name": name,
                "phone_cipher": cipher,
                "phone_mask": mask,
                "source": source,
                "uscc": "",
                "version": 1,
            }
        )
    database.insert_rows(Party, _NAMES, map(itemgetter(*_NAMES), rows))
    for row in rows:
        for name in ("id_cipher", "phone_cipher"):
            if row[name] is None:
                del row[name]
    evidence.record_many(
        events.PARTIES_PROPOSED,
        ((f"party:{row['id']}", row["division_code"], row) for row in rows),
        actor=actor,
        on=on,
        facts={"source": source, "count": len(rows)},
    )
    return [queries.PartyKey(party_id, *key) for key, party_id in taken.items()], ids


@transaction.atomic
def correct_party(
    party_id: int, changes: Mapping[str, Any], version: int, reason: str, *, actor: Actor, on: date
) -> Party:
    """Change fields of a party with a reason, or confirm one proposed by a list. Serves 2.3.

    `changes` may name only CORRECTABLE fields (ValueError otherwise). Raises NotFound outside the actor's scope,
    NotAllowed without `party.manage` there, Stale when somebody saved first, Refusal for a wrong value.
    """
    if unknown := set(changes) - set(CORRECTABLE):
        raise ValueError(f"fields that can't be corrected: {sorted(unknown)}")
    party = queries.parties_visible_to(actor).select_for_update().filter(pk=party_id).first()
    if party is None:
        raise NotFound(_("没有这个主体。"))
    permissions.require(actor, permissions.MANAGE_PARTIES, party.division_code, clauses=("2.3",))
    if not reason.strip():
        raise Refusal(_("请填写更正理由。"), clauses=("2.3",), field="reason")
    if party.version != version:
        raise Stale(
            _("他人已先保存，请核对后再改。"),
            theirs={name: getattr(party, name) for name in changes if hasattr(party, name)},
            yours={name: changes[name] for name in changes if hasattr(party, name)},
        )
    before = protected.document(party)
    _apply(party, changes)
    _checked(party.name, party.kind, party.division_code, party.uscc)
    permissions.require(actor, permissions.MANAGE_PARTIES, party.division_code, clauses=("2.3",))
    _refuse_twin(party)
    party.version += 1
    party.save()
    evidence.record(
        events.PARTY_CORRECTED,
        Ref("party", party.pk),
        actor=actor,
        on=on,
        before=before,
        after=protected.document(party),
        division=party.division_code,
        reason=reason.strip(),
        facts={"name": party.name, "fields": "、".join(sorted(changes))},
    )
    return party


def _apply(party: Party, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if name == PHONE:
            party.phone_cipher, party.phone_mask = _phone(value)
        elif name == IDENTITY:
            party.id_cipher, party.id_mask = _identity(value)
        elif name == "is_confirmed":
            party.is_confirmed = bool(value)
        else:
            text = rules.plain_name(value)
            setattr(party, name, text.upper() if name == "uscc" else text)
    party.initials = initials(party.name)


def reveal_personal(party_id: int, field: str, reason: str, *, actor: Actor, on: date) -> str:
    """The whole phone (`phone`) or identity number (`id_number`) of a party; the look itself is recorded first.

    Not to be called inside a transaction: the record must stand whatever follows. Raises NotFound outside the
    actor's scope, NotAllowed (recorded too) without `personal.reveal`, Refusal without a reason or a value.
    """
    column, context, label = _PERSONAL[field]
    party = queries.party(actor, party_id)
    facts = {"name": party.name, "field": str(label)}
    reason = reason.strip()
    if not actor.may(permissions.REVEAL, party.division_code):
        evidence.record_own_transaction(
            events.PERSONAL_REVEALED,
            Ref("party", party.pk),
            actor=actor,
            on=on,
            division=party.division_code,
            reason=reason,
            facts=facts,
            outcome=Outcome.REFUSED,
        )
        raise NotAllowed(_("您没有查看完整个人信息的权限。"), clauses=("1.2b",))
    if len(reason) < 4:
        raise Refusal(_("请写明查看理由（至少 4 个字）。"), clauses=("1.2b",), field="reason")
    cipher = getattr(party, column)
    if cipher is None:
        raise Refusal(_("没有登记完整号码。"), clauses=("1.2b",))
    evidence.record_own_transaction(
        events.PERSONAL_REVEALED,
        Ref("party", party.pk),
        actor=actor,
        on=on,
        division=party.division_code,
        reason=reason,
        facts=facts,
        outcome=Outcome.OK,
    )
    try:
        return crypto.decrypt(bytes(cipher), context=context)
    except crypto.Undecipherable:
        raise Refusal(_("密文已被改动，或密钥不在本机，无法还原。"), clauses=("1.2b",)) from None
