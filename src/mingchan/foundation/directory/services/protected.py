"""Rows of the directory that the log protects (受保护的行), and how their documents are made."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from mingchan.foundation.directory.models import Account, Division, Grant, Party
from mingchan.foundation.directory.services import passwords
from mingchan.foundation.evidence import protection

DIVISION = protection.Protected(kind="division", model=Division)
PARTY = protection.Protected(kind="party", model=Party)
ACCOUNT = protection.Protected(kind="account", model=Account, exclude=("password", "session_epoch"))
"""The password's hash stays out of the log; its keyed seal is in. `faults` and each login check one by the other."""
GRANT = protection.Protected(kind="grant", model=Grant)

PROTECTED = (DIVISION, PARTY, ACCOUNT, GRANT)
_BY_MODEL = {item.model: item for item in PROTECTED}


def document(row: models.Model) -> dict[str, Any]:
    """The whole row as the log keeps it."""
    return protection.document(_BY_MODEL[type(row)], row)


def faults() -> Iterator[protection.Disagreement]:
    """Accounts whose password isn't the one their seal was made of (等保 身份鉴别): it was written past the program."""
    for pk, username, encoded, sealed in Account.objects.order_by("pk").values_list(
        "pk", "username", "password", "password_seal"
    ):
        if not passwords.is_sealed(username, encoded, sealed):
            words = _("账号 %(username)s 的口令被改动，不经系统：与其封印不符") % {"username": username}
            yield protection.Disagreement(f"account:{pk}", "password", "", "", words)
