"""Rows of the directory that the log protects (受保护的行), and how their documents are made."""

from typing import Any

from django.db import models

from mingchan.foundation.directory.models import Account, Division, Grant, Party
from mingchan.foundation.evidence import protection

DIVISION = protection.Protected(kind="division", model=Division)
PARTY = protection.Protected(kind="party", model=Party)
ACCOUNT = protection.Protected(kind="account", model=Account, exclude=("password", "session_epoch"))
"""The password's hash stays out of the log; its keyed seal is in, and a login checks the one against the other."""
GRANT = protection.Protected(kind="grant", model=Grant)

PROTECTED = (DIVISION, PARTY, ACCOUNT, GRANT)
_BY_MODEL = {item.model: item for item in PROTECTED}


def document(row: models.Model) -> dict[str, Any]:
    """The whole row as the log keeps it."""
    return protection.document(_BY_MODEL[type(row)], row)
