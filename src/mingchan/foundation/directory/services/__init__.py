"""What the directory does (组织服务), one module for each matter."""

from mingchan.foundation.directory.services.accounts import (
    create_account,
    create_local_account,
    disable_account,
    enable_account,
    link_person,
    reset_password,
    set_password,
)
from mingchan.foundation.directory.services.divisions import load_divisions
from mingchan.foundation.directory.services.grants import end_grant, give_grant, give_local_roles
from mingchan.foundation.directory.services.logging_in import confirm, log_in, log_out
from mingchan.foundation.directory.services.parties import (
    Proposals,
    correct_party,
    create_office,
    create_party,
    ensure_parties,
    reveal_personal,
)
from mingchan.foundation.directory.services.passwords import is_due as password_is_due
from mingchan.foundation.directory.services.passwords import rule as password_rule
from mingchan.foundation.directory.services.protected import ACCOUNT, DIVISION, GRANT, PARTY, PROTECTED

__all__ = [
    "ACCOUNT",
    "DIVISION",
    "GRANT",
    "PARTY",
    "PROTECTED",
    "Proposals",
    "confirm",
    "correct_party",
    "create_account",
    "create_local_account",
    "create_office",
    "create_party",
    "disable_account",
    "enable_account",
    "end_grant",
    "ensure_parties",
    "give_grant",
    "give_local_roles",
    "link_person",
    "load_divisions",
    "log_in",
    "log_out",
    "password_is_due",
    "password_rule",
    "reset_password",
    "reveal_personal",
    "set_password",
]
