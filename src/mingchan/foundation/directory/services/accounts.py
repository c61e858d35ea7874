"""Accounts (账号): opening, disabling, passwords. Everything done to an account ends its sessions and is recorded."""

import re
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import events, permissions, queries, rules
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.directory.services import passwords, protected
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref

_USERNAME = re.compile(r"[a-z][a-z0-9_.-]{1,39}")


@transaction.atomic
def create_account(
    username: str,
    name: str,
    office_id: int,
    *,
    password: str | None,
    actor: Actor,
    on: date,
    title: str = "",
    is_sample: bool = False,
    may_log_in: bool = True,
) -> Account:
    """Open an account for one person of an office. Serves 4.1 (专人负责).

    The first password must be changed at the first login, except on sample accounts. `password` None makes an account
    that can't log in with one. Raises NotAllowed without `account.manage`; Refusal for a login name that is taken or
    badly formed, an unknown office, or a password that breaks the rule.
    """
    permissions.require(actor, permissions.MANAGE_ACCOUNTS, actor.county)
    username, name = username.strip().lower(), name.strip()
    if not _USERNAME.fullmatch(username):
        raise Refusal(_("登录名须以字母开头，由小写字母、数字、点、横线组成，2 至 40 位。"), field="username")
    if not name or len(name) > 50:
        raise Refusal(_("请填写姓名，最多 50 字。"), field="name")
    if Account.objects.filter(username=username).exists():
        raise Refusal(_("登录名已被使用。"), field="username")
    office = Party.objects.filter(pk=office_id, county=actor.county).exclude(kind="PERSON").first()
    if office is None:
        raise Refusal(_("请选择所在单位。"), field="office")
    if password is not None:
        passwords.require_good(password, username)
    account = Account(
        username=username,
        county=actor.county,
        name=name,
        office=office,
        title=title.strip()[:40],
        is_sample=is_sample,
        may_log_in=may_log_in and password is not None,
        must_change_password=not is_sample and password is not None,
        created_on=on,
    )
    passwords.put(account, password, on)
    account.save(force_insert=True)
    passwords.remember(account, on)
    evidence.record(
        events.ACCOUNT_OPENED,
        Ref("account", account.pk),
        actor=actor,
        on=on,
        after=protected.document(account),
        division=office.division_code,
        facts={"name": name, "username": username},
    )
    return account


def _locked(actor: Actor, account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id, county=actor.county).first()
    if account is None:
        raise NotFound(_("没有这个账号。"))
    return account


def _save(
    account: Account, before: dict[str, object], kind: EventKind, *, actor: Actor, on: date, reason: str = ""
) -> None:
    account.session_epoch += 1
    account.version += 1
    account.save()
    evidence.record(
        kind,
        Ref("account", account.pk),
        actor=actor,
        on=on,
        before=before,
        after=protected.document(account),
        division=actor.county,
        reason=reason.strip(),
        facts={"username": account.username, "name": account.name},
    )


@transaction.atomic
def disable_account(account_id: int, reason: str, *, version: int | None = None, actor: Actor, on: date) -> Account:
    """Stop an account at once; its open sessions end at their next request (等保 停用多余账户).

    Raises NotAllowed without `account.manage` or on one's own account, Stale when somebody changed it first,
    Refusal without a reason or when it is stopped already.
    """
    permissions.require(actor, permissions.MANAGE_ACCOUNTS, actor.county)
    permissions.require_another(actor, account_id)
    account = _locked(actor, account_id)
    _require_version(account, version)
    _require_reason(reason)
    if not account.is_active:
        raise Refusal(_("账号已经停用。"), clauses=("4.1",))
    before = protected.document(account)
    account.is_active = False
    _save(account, before, events.ACCOUNT_DISABLED, actor=actor, on=on, reason=reason)
    return account


@transaction.atomic
def enable_account(account_id: int, reason: str, *, version: int | None = None, actor: Actor, on: date) -> Account:
    """Take an account into use again. Raises as `disable_account`."""
    permissions.require(actor, permissions.MANAGE_ACCOUNTS, actor.county)
    permissions.require_another(actor, account_id)
    account = _locked(actor, account_id)
    _require_version(account, version)
    _require_reason(reason)
    if account.is_active:
        raise Refusal(_("账号已经启用。"), clauses=("4.1",))
    before = protected.document(account)
    account.is_active = True
    _save(account, before, events.ACCOUNT_ENABLED, actor=actor, on=on, reason=reason)
    return account


@transaction.atomic
def link_person(
    account_id: int, person_id: int | None, reason: str, *, version: int | None = None, actor: Actor, on: date
) -> Account:
    """Say which person of the directory an account's holder is, or that it is none of them (None).

    By it one's own things are found, an interest of one's own is known, and two accounts of one person count as one.
    Raises NotAllowed without `account.manage` or on one's own account, Stale when somebody changed it first, Refusal
    without a reason, for a party that is no person, or when nothing changes. Serves 4.1, 2.6.1b.
    """
    permissions.require(actor, permissions.MANAGE_ACCOUNTS, actor.county)
    permissions.require_another(actor, account_id)
    account = _locked(actor, account_id)
    _require_version(account, version)
    _require_reason(reason)
    person = None
    if person_id is not None:
        person = Party.objects.filter(pk=person_id, county=actor.county, kind=PartyKind.PERSON).first()
        if person is None:
            raise Refusal(_("请选择主体清单中的个人。"), clauses=("4.1",), field="person")
    if account.person_id == person_id:
        raise Refusal(_("账号的本人已经是这样登记的。"), clauses=("4.1",), field="person")
    before = protected.document(account)
    account.person = person
    account.session_epoch += 1
    account.version += 1
    account.save()
    evidence.record(
        events.ACCOUNT_PERSON,
        Ref("account", account.pk),
        actor=actor,
        on=on,
        before=before,
        after=protected.document(account),
        division=actor.county,
        reason=reason.strip(),
        facts={"username": account.username, "person": person.name if person is not None else str(_("无"))},
    )
    return account


@transaction.atomic
def set_password(account_id: int, old: str, new: str, *, actor: Actor, on: date) -> Account:
    """Change one's own password; every other session of the account ends.

    Raises NotAllowed on another's account, Refusal when the old one is wrong or the new one breaks the rule or was
    among the last five.
    """
    if actor.account_id != account_id:
        raise NotAllowed(_("只能修改自己的口令。"), clauses=("4.1",))
    account = _locked(actor, account_id)
    if not passwords.is_right(account, old):
        raise Refusal(_("原口令不对。"), clauses=("4.1",), field="old")
    passwords.require_good(new, account.username)
    passwords.require_new(account, new)
    before = protected.document(account)
    passwords.put(account, new, on)
    account.must_change_password = False
    passwords.remember(account, on)
    _save(account, before, events.PASSWORD_CHANGED, actor=actor, on=on)
    return account


@transaction.atomic
def reset_password(account_id: int, reason: str, *, actor: Actor, on: date) -> str:
    """Give an account a random first password and return it, to be told to its holder once and changed by him.

    Raises NotAllowed without `account.manage` or on one's own account, Refusal without a reason or for an account
    that may not log in.
    """
    permissions.require(actor, permissions.MANAGE_ACCOUNTS, actor.county)
    permissions.require_another(actor, account_id)
    account = _locked(actor, account_id)
    _require_reason(reason)
    if not account.may_log_in:
        raise Refusal(_("这个账号不能登录。"), clauses=("4.1",))
    password = rules.random_password()
    before = protected.document(account)
    passwords.put(account, password, on)
    account.must_change_password = True
    passwords.remember(account, on)
    _save(account, before, events.PASSWORD_RESET, actor=actor, on=on, reason=reason)
    return password


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("请填写理由。"), clauses=("4.1",), field="reason")


def _require_version(account: Account, version: int | None) -> None:
    if version is not None and account.version != version:
        raise Stale(
            _("他人已先修改这个账号，请核对后再办。"),
            theirs={"version": account.version},
            yours={"version": version},
        )


@transaction.atomic
def create_local_account(office_id: int, *, actor: Actor, on: date, is_sample: bool = False) -> Account:
    """The account of commands typed at this machine, which can't log in. Made once, when a county is set up."""
    return create_account(
        queries.LOCAL,
        str(_("本机命令")),
        office_id,
        password=None,
        actor=actor,
        on=on,
        is_sample=is_sample,
        may_log_in=False,
    )
