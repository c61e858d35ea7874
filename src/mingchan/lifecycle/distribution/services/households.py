"""Households in the register (受益户入册): a confirmed workbook brought in, households that leave; all of it dated."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import crypto, database, initials
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.distribution import events, permissions, rules
from mingchan.lifecycle.distribution.choices import RosterStatus
from mingchan.lifecycle.distribution.drafts import HouseholdDraft, MemberDraft
from mingchan.lifecycle.distribution.models import Household, Member, Roster, Standing
from mingchan.lifecycle.distribution.queries import documents
from mingchan.lifecycle.distribution.queries import households as reading
from mingchan.lifecycle.distribution.services.rosters import (
    ACCOUNT,
    IDENTITY,
    account_mark_of,
    check,
    content_of,
    mark_of,
)

PHONE = "household.phone"
_CLAUSES = ("2.5a", "1.2b")
_HOUSEHOLD = protection.document_names(Household)
_MEMBER = protection.document_names(Member)
_STANDING = protection.document_names(Standing)


@transaction.atomic
def discard_roster(roster_id: int, *, actor: Actor, on: date) -> Roster:
    """Give a preview up; what was read of it is emptied. Raises NotFound, NotAllowed, Refusal when it is decided."""
    roster = _locked(roster_id, actor)
    drafts, _issues = content_of(roster)
    permissions.require_all(actor, permissions.IMPORT, [draft.division_code for draft in drafts] or [actor.county])
    return _close(roster, RosterStatus.DISCARDED, events.ROSTER_DISCARDED, {"file": roster.file_name}, actor, on)


@transaction.atomic
def apply_roster(roster_id: int, *, with_leavers: bool, actor: Actor, on: date) -> Roster:
    """Bring a previewed workbook into the register: new households, changes, and those it no longer names.

    Everything is dated by the roster's day. `with_leavers` lets households of its villages that it doesn't name leave;
    without it they stay. Raises Refusal while a problem stands, for a roster older than what it would change, or when
    a person is already in another household; NotFound, NotAllowed. Serves 2.5a, 1.2b.
    """
    roster = _locked(roster_id, actor)
    drafts, issues = content_of(roster)
    permissions.require_all(actor, permissions.IMPORT, [draft.division_code for draft in drafts] or [actor.county])
    issues = list(dict.fromkeys([*issues, *check(drafts, actor.county, on)]))
    if issues:
        first = issues[0]
        raise Refusal(
            _("还有 %(count)s 处问题没有改正（《%(sheet)s》第 %(row)s 行：%(words)s），请改好工作簿重新导入")
            % {"count": len(issues), "sheet": first.sheet, "row": first.row, "words": first.words},
            clauses=_CLAUSES,
        )
    marks = [[mark_of(one.identity) for one in draft.members] for draft in drafts]
    compared = reading.compare(drafts, [mark for row in marks for mark in row], actor.county)
    if compared.latest is not None and compared.latest > roster.as_of:
        raise Refusal(
            _("这些村已有 %(day)s 的名册，不能再用更早的") % {"day": compared.latest.isoformat()},
            clauses=_CLAUSES,
        )
    if compared.elsewhere:
        raise Refusal(
            _("户号 %(numbers)s 中有人现属另一受益户，请先在原户办理退出")
            % {"numbers": "、".join(sorted(compared.elsewhere)[:5])},
            clauses=("1.2b",),
        )
    if compared.taken:
        raise Refusal(
            _("户号 %(numbers)s 原为另一户所用，请给新户另编户号") % {"numbers": "、".join(sorted(compared.taken)[:5])},
            clauses=("1.2b",),
        )
    facts = {"file": roster.file_name}
    _Entry(roster, actor, on, facts).bring(compared, drafts, marks)
    if with_leavers:
        _leave(compared.missing, roster.as_of, _("%(day)s 名册不再列入") % {"day": roster.as_of.isoformat()}, actor, on)
    roster.added, roster.changed = len(compared.added), len(compared.changed)
    roster.left = len(compared.missing) if with_leavers else 0
    counts = {"added": roster.added, "changed": roster.changed, "left": roster.left}
    return _close(roster, RosterStatus.APPLIED, events.ROSTER_APPLIED, facts | counts, actor, on)


def _locked(roster_id: int, actor: Actor) -> Roster:
    roster = Roster.objects.select_for_update().filter(pk=roster_id, county=actor.county).first()
    if roster is None or not actor.may(permissions.IMPORT):
        raise NotFound(_("没有这份名册"))
    if roster.status != RosterStatus.PREVIEW:
        raise Refusal(_("这份名册已经办结"), clauses=_CLAUSES)
    return roster


def _close(roster: Roster, status: str, kind: Any, facts: dict[str, Any], actor: Actor, on: date) -> Roster:
    before = protection.document(documents.ROSTER, Roster.objects.get(pk=roster.pk))
    roster.status, roster.content, roster.applied_on = status, None, on
    roster.save(force_update=True)
    evidence.record(
        kind,
        Ref("roster", roster.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(documents.ROSTER, roster),
        division=roster.county,
        facts=facts,
    )
    return roster


class _Entry:
    """One roster entered: new rows in bulk, changed rows with their former documents."""

    def __init__(self, roster: Roster, actor: Actor, on: date, facts: dict[str, Any]) -> None:
        self.roster, self.actor, self.on, self.facts = roster, actor, on, facts
        self.members: list[dict[str, Any]] = []
        self.standings: list[dict[str, Any]] = []
        self.changed: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = []

    def bring(
        self, compared: reading.Compared, drafts: Sequence[HouseholdDraft], marks: Sequence[Sequence[str]]
    ) -> None:
        """Enter and change; the rows first, the trace last."""
        first = database.reserve_ids(Household, len(compared.added)) if compared.added else 0
        households = [
            self._new(first + place, drafts[index], marks[index]) for place, index in enumerate(compared.added)
        ]
        database.insert_rows(Household, _HOUSEHOLD, ([row[name] for name in _HOUSEHOLD] for row in households))
        for index, key in compared.changed.items():
            self._change(key, drafts[index], marks[index])
        for model, names, rows in ((Member, _MEMBER, self.members), (Standing, _STANDING, self.standings)):
            start = database.reserve_ids(model, len(rows)) if rows else 0
            for place, row in enumerate(rows):
                row["id"] = start + place
            database.insert_rows(model, names, ([row[name] for name in names] for row in rows))
        begun: Iterable[tuple[str, list[dict[str, Any]]]] = (
            ("household", households),
            ("household_member", self.members),
            ("household_standing", self.standings),
        )
        divisions = {row["id"]: row["division_code"] for row in households}
        divisions |= dict(
            Household.objects.filter(pk__in=database.one_of(compared.changed.values(), "bigint")).values_list(
                "pk", "division_code"
            )
        )
        entered = [
            (f"{kind}:{row['id']}", divisions[row.get("household_id", row["id"])], _document(row))
            for kind, found in begun
            for row in found
        ]
        if entered:
            evidence.record_many(events.HOUSEHOLD_ENTERED, entered, actor=self.actor, on=self.on, facts=self.facts)
        if self.changed:
            evidence.record_many(
                events.HOUSEHOLD_CHANGED,
                ((obj, division, after, before) for obj, division, before, after in self.changed),
                actor=self.actor,
                on=self.on,
                facts=self.facts,
            )

    def _new(self, key: int, draft: HouseholdDraft, marks: Sequence[str]) -> dict[str, Any]:
        since = min(draft.since or self.roster.as_of, self.roster.as_of)
        self.standings.append(self._standing(key, draft.category, since))
        self.members += [
            self._member(key, one, mark, since, place)
            for place, (one, mark) in enumerate(zip(draft.members, marks, strict=True))
        ]
        return {
            "id": key,
            "county": self.roster.county,
            "division_code": draft.division_code,
            "number": draft.number,
            "joined_on": since.isoformat(),
            "left_on": None,
            "left_reason": "",
            "is_sample": self.roster.is_sample,
            "version": 1,
        } | _contact(draft)

    def _standing(self, household: int, category: str, since: date) -> dict[str, Any]:
        return {
            "county": self.roster.county,
            "household_id": household,
            "category": category,
            "starts_on": since.isoformat(),
            "ended_on": None,
        }

    def _member(self, household: int, draft: MemberDraft, mark: str, since: date, place: int) -> dict[str, Any]:
        number = rules.plain_number(draft.identity)
        return {
            "county": self.roster.county,
            "household_id": household,
            "name": draft.name.strip(),
            "relation": draft.relation[:20],
            "is_head": place == 0,
            "id_cipher": crypto.encrypt(number, context=IDENTITY),
            "id_mask": crypto.mask_id(number),
            "id_mark": mark,
            "joined_on": since.isoformat(),
            "left_on": None,
        }

    def _change(self, key: int, draft: HouseholdDraft, marks: Sequence[str]) -> None:
        """One household that the workbook tells otherwise: contact, category, who came and who went."""
        household = Household.objects.select_for_update().get(pk=key)
        day = self.roster.as_of
        before = protection.document(documents.HOUSEHOLD, household)
        for name, value in _contact(draft, household).items():
            setattr(household, name, value)
        household.number, household.division_code = draft.number, draft.division_code
        household.left_on, household.left_reason = None, ""
        household.version += 1
        household.save(force_update=True)
        self._note(documents.HOUSEHOLD, household, household.division_code, before)
        standing = Standing.objects.filter(household=household, ended_on__isnull=True).first()
        if standing is None or standing.category != draft.category:
            if standing is not None:
                self._end(documents.STANDING, standing, "ended_on", max(day, standing.starts_on), household)
            self.standings.append(self._standing(key, draft.category, day))
        present = {one.id_mark: one for one in Member.objects.filter(household=household, left_on__isnull=True)}
        for mark, member in present.items():
            if mark not in marks:
                self._end(documents.MEMBER, member, "left_on", max(day, member.joined_on), household)
        for place, (one, mark) in enumerate(zip(draft.members, marks, strict=True)):
            if mark not in present:
                self.members.append(self._member(key, one, mark, day, place))
            elif (present[mark].name, present[mark].relation, present[mark].is_head) != (
                one.name.strip(), one.relation[:20], place == 0
            ):  # fmt: skip
                member = present[mark]
                before = protection.document(documents.MEMBER, member)
                member.name, member.relation, member.is_head = one.name.strip(), one.relation[:20], place == 0
                member.save(force_update=True)
                self._note(documents.MEMBER, member, household.division_code, before)

    def _end(self, protected: Any, row: Any, field: str, day: date, household: Household) -> None:
        before = protection.document(protected, row)
        setattr(row, field, day)
        row.save(force_update=True)
        self._note(protected, row, household.division_code, before)

    def _note(self, protected: Any, row: Any, division: str, before: dict[str, Any]) -> None:
        self.changed.append((f"{protected.kind}:{row.pk}", division, before, protection.document(protected, row)))


def _contact(draft: HouseholdDraft, household: Household | None = None) -> dict[str, Any]:
    """What of a household the workbook tells anew. A number that stays the same keeps its cipher."""
    head = draft.members[0].name.strip()
    phone, account = rules.plain_number(draft.phone), rules.plain_number(draft.account)
    found: dict[str, Any] = {
        "head": head[:60],
        "initials": initials.initials(head)[:60],
        "people": draft.people,
        "bank": draft.bank.strip()[:80],
        "phone_cipher": crypto.encrypt(phone, context=PHONE) if phone else None,
        "phone_mask": crypto.mask_phone(phone),
        "account_cipher": crypto.encrypt(account, context=ACCOUNT) if account else None,
        "account_mask": rules.mask_account(account),
        "account_mark": account_mark_of(account),
    }
    if household is not None and household.account_mark == found["account_mark"]:
        del found["account_cipher"]
    return found


def _document(row: dict[str, Any]) -> dict[str, Any]:
    """A row of values as the log keeps it."""
    return {
        name: value.hex() if isinstance(value, bytes) else value for name, value in row.items() if value is not None
    }


def _leave(keys: Sequence[int], day: date, reason: str, actor: Actor, on: date) -> None:
    """Let households leave on a day: their standing and members end with them, in a few statements."""
    if not keys:
        return
    chosen = database.one_of(keys, "bigint")
    households = list(Household.objects.select_for_update().filter(pk__in=chosen))
    changed: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = []
    divisions = {one.pk: one.division_code for one in households}
    for one in households:
        before = protection.document(documents.HOUSEHOLD, one)
        one.left_on, one.left_reason, one.version = max(day, one.joined_on), reason[:200], one.version + 1
        changed.append(
            (f"household:{one.pk}", one.division_code, before, protection.document(documents.HOUSEHOLD, one))
        )
    Household.objects.bulk_update(households, ("left_on", "left_reason", "version"), batch_size=500)
    standings = list(Standing.objects.filter(household__in=chosen, ended_on__isnull=True))
    for standing in standings:
        before = protection.document(documents.STANDING, standing)
        standing.ended_on = max(day, standing.starts_on)
        after = protection.document(documents.STANDING, standing)
        changed.append((f"household_standing:{standing.pk}", divisions[standing.household_id], before, after))
    Standing.objects.bulk_update(standings, ("ended_on",), batch_size=500)
    people = list(Member.objects.filter(household__in=chosen, left_on__isnull=True))
    for member in people:
        before = protection.document(documents.MEMBER, member)
        member.left_on = max(day, member.joined_on)
        after = protection.document(documents.MEMBER, member)
        changed.append((f"household_member:{member.pk}", divisions[member.household_id], before, after))
    Member.objects.bulk_update(people, ("left_on",), batch_size=500)
    evidence.record_many(
        events.HOUSEHOLD_LEFT,
        ((obj, division, after, before) for obj, division, before, after in changed),
        actor=actor,
        on=on,
        reason=reason,
        facts={"reason": reason},
    )


@transaction.atomic
def leave(household_id: int, *, left_on: date, reason: str, actor: Actor, on: date) -> None:
    """Let one household leave the register on a day, with the reason. Raises NotFound, NotAllowed, Refusal."""
    household = reading.household(actor, household_id)
    permissions.require(actor, permissions.IMPORT, household.division_code)
    if not reason.strip():
        raise Refusal(_("请填写退出原因"), clauses=_CLAUSES, field="reason")
    if household.left_on is not None:
        raise Refusal(_("这一户已经退出"), clauses=_CLAUSES)
    if not household.joined_on <= left_on <= on:
        raise Refusal(_("退出日期应在纳入日期之后、今天之前"), clauses=_CLAUSES, field="left_on")
    _leave([household.pk], left_on, reason.strip(), actor, on)
