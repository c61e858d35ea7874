"""Workbooks of households (受益户名册): read into a preview with every problem, before anything happens.

Whole numbers exist in the workbook, in memory and encrypted; nowhere else. The waiting content of a preview is
encrypted too and is emptied when it is applied or given up.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import orjson
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.distribution import events, permissions, rules
from mingchan.lifecycle.distribution.choices import MOST_HOUSEHOLDS, Category
from mingchan.lifecycle.distribution.drafts import HouseholdDraft, Issue, MemberDraft
from mingchan.lifecycle.distribution.models import Roster
from mingchan.lifecycle.distribution.queries import documents
from mingchan.lifecycle.distribution.queries import households as reading

CONTENT, IDENTITY, ACCOUNT = "roster.content", "member.identity", "household.account"
_CLAUSES = ("2.5a", "1.2b")


def mark_of(number: str) -> str:
    """The keyed digest by which an identity number is found again."""
    return crypto.lookup_digest(rules.plain_number(number), context=IDENTITY).hex()


def account_mark_of(account: str) -> str:
    """The keyed digest by which a bank account is found again; empty without one."""
    text = rules.plain_number(account)
    return crypto.lookup_digest(text, context=ACCOUNT).hex() if text else ""


@transaction.atomic
def import_households(
    drafts: Sequence[HouseholdDraft],
    issues: Sequence[Issue],
    *,
    file_name: str,
    sha256: str,
    as_of: date,
    is_sample: bool = False,
    actor: Actor,
    on: date,
) -> Roster:
    """Keep what a workbook says as a preview, with every problem, before anything happens in the register.

    The drafts are checked here whoever brings them: numbers of persons, phones, accounts, a person twice, a person of
    another household. Raises NotAllowed without `household.import` over each village, Refusal for an empty or too long
    list. Serves 2.5a, 1.2b.
    """
    if not drafts and not issues:
        raise Refusal(_("工作簿里没有受益户，请核对表头和各行"), clauses=_CLAUSES)
    if len(drafts) > MOST_HOUSEHOLDS:
        raise Refusal(_("一次最多导入 %(count)s 户，请分村导入") % {"count": MOST_HOUSEHOLDS}, clauses=_CLAUSES)
    if not any(actor.may(permissions.IMPORT, code) for code in {draft.division_code for draft in drafts}) and drafts:
        permissions.require(actor, permissions.IMPORT, drafts[0].division_code)
    permissions.require_all(actor, permissions.IMPORT, (draft.division_code for draft in drafts))
    if not drafts and not actor.may(permissions.IMPORT):
        permissions.require(actor, permissions.IMPORT, actor.county)
    if as_of > on:
        raise Refusal(_("名册日期不能晚于今天"), clauses=_CLAUSES, field="as_of")
    found = [*issues, *check(drafts, actor.county, on)]
    content = orjson.dumps(
        {
            "drafts": [asdict(draft) | {"since": draft.since and draft.since.isoformat()} for draft in drafts],
            "issues": [asdict(issue) for issue in found],
        }
    ).decode()
    compared = reading.compare(
        drafts, [mark_of(one.identity) for draft in drafts for one in draft.members], actor.county
    )
    roster = Roster(
        county=actor.county,
        file_name=file_name[:200],
        sha256=sha256,
        as_of=as_of,
        household_count=len(drafts),
        person_count=sum(len(draft.members) for draft in drafts),
        issue_count=len(found),
        added=len(compared.added),
        changed=len(compared.changed),
        left=len(compared.missing),
        content=crypto.encrypt(content, context=CONTENT),
        read_on=on,
        read_by=actor.name,
        is_sample=is_sample,
    )
    roster.save(force_insert=True)
    evidence.record(
        events.ROSTER_READ,
        Ref("roster", roster.pk),
        actor=actor,
        on=on,
        after=protection.document(documents.ROSTER, roster),
        division=actor.county,
        facts={"file": roster.file_name},
    )
    return roster


IDENTITY_WORDS = {
    "old": gettext_lazy("身份证号是 15 位旧号，请按户口簿填 18 位"),
    "length": gettext_lazy("身份证号不是 18 位"),
    "signs": gettext_lazy("身份证号里有不该有的字符"),
    "birth": gettext_lazy("身份证号里的出生日期不存在或在今天之后"),
    "check": gettext_lazy("身份证号的校验位不对，请核对是否抄错"),
}


def check(drafts: Sequence[HouseholdDraft], county: str, on: date) -> list[Issue]:
    """Every problem of the drafts, by place, in the user's words and without repeating a number."""
    found: list[Issue] = []
    persons: dict[str, HouseholdDraft] = {}
    numbers: set[tuple[str, str]] = set()
    for draft in drafts:

        def say(words: str, column: str, row: int = 0, at: HouseholdDraft = draft) -> None:
            found.append(Issue(at.sheet, row or at.row, column, words))

        if not draft.number or (draft.division_code, draft.number) in numbers:
            say(_("户号重复或为空：同一个村每户一个户号"), _("户号"))
        numbers.add((draft.division_code, draft.number))
        if draft.category not in Category.values:
            say(_("户类型不在清单中"), _("户类型"))
        if not draft.members:
            say(_("没有户主"), _("户主"))
        if draft.people < len(draft.members):
            say(_("家庭人口少于列出的人数"), _("家庭人口"))
        if draft.phone and not rules.phone_is_right(draft.phone):
            say(_("联系电话不对：手机 11 位，座机带区号"), _("联系电话"))
        if draft.account and not rules.account_is_right(draft.account):
            say(_("银行账号应是 8 到 30 位数字"), _("银行账号"))
        for one in draft.members:
            fault = rules.identity_fault(one.identity, on)
            if fault is not None:
                say(str(IDENTITY_WORDS[fault]), _("身份证号"), one.row)
                continue
            if not one.name.strip() or len(one.name) > 60:
                say(_("姓名为空或太长"), _("姓名"), one.row)
            number = rules.plain_number(one.identity)
            if number in persons:
                other = persons[number]
                say(
                    _("这个人在工作簿里出现两次（另见户号 %(number)s）") % {"number": other.number},
                    _("身份证号"),
                    one.row,
                )
            persons[number] = draft
    accounts: dict[str, HouseholdDraft] = {}
    for draft in drafts:
        number = rules.plain_number(draft.account)
        if number and accounts.setdefault(number, draft) is not draft:
            words = _("与户号 %(number)s 的银行账号相同，一户一个账号") % {"number": accounts[number].number}
            found.append(Issue(draft.sheet, draft.row, _("银行账号"), words))
    known = {code for code in {draft.division_code for draft in drafts} if directory.division(code) is not None}
    for draft in drafts:
        if draft.division_code not in known or not draft.division_code.startswith(county):
            found.append(Issue(draft.sheet, draft.row, _("村"), _("没有这个村")))
    return found


def content_of(roster: Roster) -> tuple[list[HouseholdDraft], list[Issue]]:
    """What a preview waits to bring in. Empty once it was applied or given up."""
    if roster.content is None:
        return [], []
    try:
        text = crypto.decrypt(bytes(roster.content), context=CONTENT)
    except crypto.Undecipherable:
        raise Refusal(_("密文已被改动，或密钥不在本机，请重新导入工作簿"), clauses=("1.2b",)) from None
    read = orjson.loads(text)
    drafts = [
        HouseholdDraft(
            **row
            | {
                "members": tuple(MemberDraft(**one) for one in row["members"]),
                "since": date.fromisoformat(row["since"]) if row["since"] else None,
            }
        )
        for row in read["drafts"]
    ]
    return drafts, [Issue(**row) for row in read["issues"]]
