"""Against floods without a riddle (防刷): a little work by the browser, or a pause, and limits by network (4.3).

No address is kept: attempts carry a keyed digest of the network and the day, and are forgotten after a day.
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.portal import rules
from mingchan.interfaces.portal.choices import Door
from mingchan.interfaces.portal.drafts import Challenge, Proof
from mingchan.interfaces.portal.models import Attempt, SpentChallenge
from mingchan.interfaces.portal.rules import Fault
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal

SALT = "portal.challenge"
LONGEST_AGE = 2 * 3600
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def limits() -> rules.Limits:
    """The county's figures."""
    return rules.Limits(
        wait_seconds=policy.figure("portal.wait_seconds"),
        hourly=policy.figure("portal.hourly"),
        hourly_plain=policy.figure("portal.hourly_plain"),
        daily_subject=policy.figure("portal.daily_subject"),
    )


def challenge(door: Door, *, moment: datetime) -> Challenge:
    """A fresh challenge for a form of the door, signed, with the moment it was made."""
    text = f"{door.value}.{int(moment.timestamp())}.{secrets.token_hex(8)}"
    signed = signing.Signer(salt=SALT, sep="~").sign(text)
    return Challenge(signed, policy.figure("portal.work_bits"), policy.figure("portal.wait_seconds"))


def _age(door: Door, signed: str, moment: datetime) -> int | None:
    try:
        kind, made, _chance = signing.Signer(salt=SALT, sep="~").unsign(signed).split(".")
    except (signing.BadSignature, ValueError):
        return None
    age = int(moment.timestamp()) - int(made)
    return age if kind == door.value and 0 <= age <= LONGEST_AGE else None


def _source(address: str, on: date) -> str:
    text = f"{on.isoformat()} {rules.network(address)}"
    return crypto.lookup_digest(text, context="portal.network").hex()


def _lock(source: str) -> None:
    """One at a time for a network: SQLite's writer lock is held already, PostgreSQL takes one of this transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [source])


@transaction.atomic
def admit(
    door: Door, proof: Proof, *, address: str, subject: str = "", moment: datetime, actor: Actor, on: date
) -> None:
    """Let in what a form sends, and count it. Raises Refusal that says what to do (4.3).

    Whoever proved work may send more often and at once; without a script the form must have been open for a while.
    """
    source, wanted = _source(address, on), limits()
    _lock(source)
    Attempt.objects.filter(at__lt=moment - DAY).delete()
    SpentChallenge.objects.filter(at__lt=moment - DAY).delete()
    digest = hashlib.sha256(proof.challenge.encode()).hexdigest()
    work = rules.has_work(proof.challenge, proof.nonce, policy.figure("portal.work_bits"))
    recent = Attempt.objects.filter(source=source, at__gt=moment - HOUR).exclude(door=Door.FOLLOW)
    sent = rules.Sent(
        age=_age(door, proof.challenge, moment),
        is_spent=SpentChallenge.objects.filter(digest=digest).exists(),
        has_work=work,
        trapped=bool(proof.trap.strip()),
        this_hour=recent.count(),
        plain_this_hour=recent.filter(is_plain=True).count(),
        subject_today=Attempt.objects.filter(subject=subject, at__gt=moment - DAY).count() if subject else 0,
    )
    wrong = rules.fault(sent, wanted)
    if wrong is not None:
        raise Refusal(_words(wrong, sent, wanted), clauses=("4.3",), field=wrong.value)
    try:
        with transaction.atomic():
            SpentChallenge.objects.create(digest=digest, at=moment)
    except IntegrityError as error:
        raise Refusal(_words(Fault.SPENT, sent, wanted), clauses=("4.3",), field=Fault.SPENT.value) from error
    Attempt.objects.create(county=actor.county, door=door, source=source, subject=subject, is_plain=not work, at=moment)


def _words(wrong: Fault, sent: rules.Sent, wanted: rules.Limits) -> str:
    if wrong == Fault.TRAP:
        return _("没有提交：“请留空”一栏应当空着。请清空这一栏后再提交。")
    if wrong == Fault.STALE:
        return _("页面放得太久，已经过期。您写的内容还在，请再点一次提交。")
    if wrong == Fault.SPENT:
        return _("这张表已经提交过了。请用收到的编号和查询码查看进度；还有别的情况，请再点一次提交。")
    if wrong == Fault.EARLY:
        left = max(1, wanted.wait_seconds - (sent.age or 0))
        return _("为防止机器刷屏，请过 %(seconds)s 秒再点提交。您写的内容还在。") % {"seconds": left}
    if wrong == Fault.HOURLY:
        return _("这个网络一小时内提交的次数太多。请一小时后再试，或者打电话反映。")
    return _("这件事今天收到的意见太多，暂不能在网上再提交。请打电话或到承办单位当面提出。")


@transaction.atomic
def count_miss(*, address: str, moment: datetime, actor: Actor, on: date) -> None:
    """Count a number and code that didn't fit. Raises Refusal when a network has guessed too often in an hour."""
    source = _source(address, on)
    _lock(source)
    recent = Attempt.objects.filter(source=source, at__gt=moment - HOUR, door=Door.FOLLOW).count()
    if recent >= policy.figure("portal.lookups"):
        raise Refusal(_("查错的次数太多。请一小时后再试，或者打电话查询。"), clauses=("4.3",))
    Attempt.objects.create(county=actor.county, door=Door.FOLLOW, source=source, is_plain=True, at=moment)
