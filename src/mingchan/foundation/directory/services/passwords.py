"""Passwords (口令): the rule in force, hashing with a keyed seal, history."""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import rules
from mingchan.foundation.directory.models import Account, PasswordRecord
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import crypto
from mingchan.kernel.errors import Refusal

_decoys: dict[str, str] = {}


def rule() -> rules.PasswordRule:
    """The rule of the profile the county chose: `dengbao` (等保) by default, or `asvs` (long, without expiry)."""
    if policy.thresholds()["password.profile"].value == "asvs":
        return rules.PasswordRule(policy.figure("password.asvs.length"), 1, 0)
    return rules.PasswordRule(
        policy.figure("password.dengbao.length"),
        policy.figure("password.dengbao.classes"),
        policy.figure("password.dengbao.days"),
    )


def is_due(account: Account, *, on: date) -> bool:
    """Whether the account must change its password first. Sample accounts are spared, for anybody may know theirs."""
    if account.is_sample:
        return False
    return account.must_change_password or rules.password_is_due(account.password_set_on, on, rule())


def explain(faults: tuple[str, ...], now: rules.PasswordRule) -> str:
    """What is wrong, in words."""
    texts = {
        rules.TOO_SHORT: _("至少 %(length)s 位") % {"length": now.length},
        rules.TOO_PLAIN: _("须含大写字母、小写字母、数字、符号中的 %(classes)s 种") % {"classes": now.classes},
        rules.HAS_NAME: _("不能含登录名"),
    }
    return "；".join(str(texts[fault]) for fault in faults)


def require_good(password: str, username: str) -> None:
    """Raise Refusal when the password breaks the rule in force."""
    now = rule()
    if faults := rules.password_faults(password, username, now):
        raise Refusal(
            _("口令不符合要求：%(faults)s。") % {"faults": explain(faults, now)}, clauses=("4.1",), field="password"
        )


def require_new(account: Account, password: str) -> None:
    """Raise Refusal when the password is the present one or one of the last few."""
    count = policy.figure("password.history")
    former = list(
        PasswordRecord.objects.filter(account=account).order_by("-pk").values_list("password", flat=True)[:count]
    )
    if any(check_password(password, encoded) for encoded in former):
        raise Refusal(
            _("不能与最近 %(count)s 次用过的口令相同。") % {"count": count}, clauses=("4.1",), field="password"
        )


def seal(username: str, encoded: str) -> str:
    """Keyed seal of an account's password hash, so that a hash written past the program opens nothing."""
    _key_id, key = crypto.mac_key()
    return crypto.hmac_sha256(key, b"password\x00" + username.encode() + b"\x00" + encoded.encode()).hex()


def is_sealed(username: Any, encoded: Any, sealed: Any) -> bool:
    """Whether the seal is that of the hash. Values of another kind come from raw edits and are sealed by none."""
    if not (isinstance(username, str) and isinstance(encoded, str) and isinstance(sealed, str)):
        return False
    return crypto.same(seal(username, encoded).encode(), sealed.encode())


def put(account: Account, password: str | None, on: date) -> None:
    """Set hash, seal and date on an account that isn't saved yet; None makes it unusable."""
    account.password = make_password(password)
    account.password_seal = seal(account.username, account.password)
    account.password_set_on = on if password is not None else None


def remember(account: Account, on: date) -> None:
    """Keep the present hash in the history, and no more of them than the rule looks at."""
    if not is_password_usable(account.password):
        return
    PasswordRecord.objects.create(account=account, password=account.password, set_on=on)
    kept = PasswordRecord.objects.filter(account=account).order_by("-pk").values_list("pk", flat=True)
    stale = list(kept[policy.figure("password.history") :])
    if stale:
        PasswordRecord.objects.filter(pk__in=stale).delete()


def is_right(account: Account | None, password: str) -> bool:
    """Whether the password opens the account. The same work is done when there is no account or it may not log in."""
    usable = account is not None and is_password_usable(account.password)
    encoded = account.password if account is not None and usable else _decoy()
    matches = check_password(password, encoded)
    if account is None or not usable:
        return False
    sealed = is_sealed(account.username, account.password, account.password_seal)
    return matches and sealed and account.is_active and account.may_log_in


def _decoy() -> str:
    if "hash" not in _decoys:
        _decoys["hash"] = make_password(rules.random_password())
    return _decoys["hash"]
