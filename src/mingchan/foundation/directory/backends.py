"""How an account is found for a session (认证). The lock-out and the record of logins are in `services`."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from mingchan.foundation.directory.models import Account


class AccountBackend(BaseBackend):
    """Finds accounts for sessions; passwords are checked by `services.log_in`, never here."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.select_related("office").filter(pk=user_id, is_active=True, may_log_in=True).first()
