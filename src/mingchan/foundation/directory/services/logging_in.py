"""Logging in (登录): one answer for every failure, lock-out by name, slowing by address, each try recorded."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import events, queries, rules
from mingchan.foundation.directory.models import Account, LoginAttempt
from mingchan.foundation.directory.services import passwords
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import Outcome
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, Refusal
from mingchan.kernel.period import utc_now
from mingchan.kernel.refs import Ref

KEPT = timedelta(days=1)


def log_in(username: str, password: str, address: str, *, at: datetime, on: date) -> Account:
    """The account the name and password open, with the login recorded (等保 身份鉴别).

    Not to be called inside a transaction, for a refusal is recorded too. Raises Refusal with one and the same message
    for an unknown name, a wrong password, and an account that is stopped; another while the name is locked (5
    failures lock it for 15 minutes, known or not) or the address must wait. All do the same work.
    """
    username = username.strip().lower()[:40]
    address = address[:60]
    _refuse_locked(username, address, at)
    account = Account.objects.filter(username=username).first() if username else None
    if passwords.is_right(account, password) and account is not None:
        with transaction.atomic():
            LoginAttempt.objects.filter(username=username).delete()
            evidence.record(
                events.LOGGED_IN,
                Ref("account", account.pk),
                actor=queries.actor_for(account, on, source=address),
                on=on,
                division=account.county,
                facts={"username": account.username, "address": address},
            )
        return account
    _record_failure(account, username, address, at, on)
    raise Refusal(_("登录名或口令不对。"), clauses=("4.1",))


def confirm(password: str, *, actor: Actor, on: date) -> Account:
    """The actor's own account after its password was entered again, for an act that asks for it (等保 身份鉴别).

    Not to be called inside a transaction, for a failure is recorded and counts towards the lock of the name. Raises
    Refusal for a wrong password, while the name is locked or the address must wait; NotAllowed without an account.
    """
    account = Account.objects.filter(pk=actor.account_id or 0, county=actor.county).first()
    if account is None:
        raise NotAllowed(_("这件事须由本人的账号办理。"), clauses=("4.1",))
    at, address = utc_now(), actor.source[:60]
    _refuse_locked(account.username, address, at)
    if passwords.is_right(account, password):
        LoginAttempt.objects.filter(username=account.username).delete()
        return account
    _record_failure(account, account.username, address, at, on)
    raise Refusal(_("口令不对。"), clauses=("4.1",), field="password")


def _record_failure(account: Account | None, username: str, address: str, at: datetime, on: date) -> None:
    with transaction.atomic():
        LoginAttempt.objects.filter(at__lt=at - KEPT).delete()
        LoginAttempt.objects.create(username=username, address=address, at=at)
        evidence.record(
            events.LOGIN_REFUSED,
            Ref("account", account.pk) if account else Ref("login", "unknown"),
            actor=queries.nobody(account.county if account else settings.COUNTY),
            on=on,
            facts={"why": str(_("登录名或口令不对")), "address": address}
            | ({"username": account.username} if account else {}),
            outcome=Outcome.REFUSED,
        )


def _refuse_locked(username: str, address: str, at: datetime) -> None:
    limit, minutes = policy.figure("login.failures"), policy.figure("login.lock_minutes")
    newest = list(LoginAttempt.objects.filter(username=username).order_by("-at").values_list("at", flat=True)[:limit])
    until = rules.locked_until(newest, limit, minutes)
    if until is not None and at < until:
        raise Refusal(_("失败次数过多，这个登录名已锁定 %(minutes)s 分钟。") % {"minutes": minutes}, clauses=("4.1",))
    recent = LoginAttempt.objects.filter(address=address, at__gt=at - timedelta(minutes=minutes)).order_by("-at")
    times = list(recent.values_list("at", flat=True)[: policy.figure("login.address_failures") + 6])
    wait = rules.address_wait(len(times), policy.figure("login.address_failures"))
    if times and at < times[0] + wait:
        raise Refusal(_("这台设备失败次数过多，请稍候再试。"), clauses=("4.1",))


@transaction.atomic
def log_out(account: Account, *, on: date, source: str = "") -> None:
    """Record that the account left by its own act."""
    evidence.record(
        events.LOGGED_OUT,
        Ref("account", account.pk),
        actor=queries.actor_for(account, on, source=source),
        on=on,
        division=account.county,
        facts={"username": account.username},
    )
