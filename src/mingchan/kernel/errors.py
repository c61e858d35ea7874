"""Refusals (拒绝): what a service says no with, in the user's words and with the clauses that demand it."""

from collections.abc import Sequence
from typing import Any


class Refusal(Exception):
    """A rule says no. `message` is a translated sentence, `clauses` ids of the plan, `status` the HTTP answer."""

    status = 409

    def __init__(self, message: Any, *, clauses: Sequence[str] = (), field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.clauses = tuple(clauses)
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refusal):
    """The actor lacks the right (403)."""

    status = 403


class NotFound(Refusal):
    """The object doesn't exist, or is outside the actor's scope, which must look the same (404)."""

    status = 404


class Stale(Refusal):
    """Somebody saved the object first (409). `theirs` and `yours` hold both versions to show side by side."""

    def __init__(self, message: Any, *, theirs: dict[str, Any], yours: dict[str, Any]) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.yours = yours
