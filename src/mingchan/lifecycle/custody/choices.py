"""Words of custody: why somebody leaves, and how a term stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Cause(TextChoices):
    """Why a keeper leaves (离任原因). Only the last two allow a handover that one side alone carries out."""

    LEFT = "LEFT", _("离职")
    MOVED = "MOVED", _("调岗")
    RETIRED = "RETIRED", _("退休")
    DIED = "DIED", _("去世")
    UNREACHABLE = "UNREACHABLE", _("失联")


ONE_SIDED = frozenset({Cause.DIED.value, Cause.UNREACHABLE.value})
"""Causes for which nobody can sign for the leaver (单方交接)."""


class TermState(TextChoices):
    """How a term of custody stands on a day (任期)."""

    RUNNING = "RUNNING", _("任期内")
    ENDING = "ENDING", _("60 天内到期")
    OVER = "OVER", _("任期已满")
    UNSET = "UNSET", _("未定任期")


ENDING_DAYS = 60
"""So many days before its end a term is called ending."""
MOST = 100_000
"""So many cards at most are given a keeper at once."""
EXPORT_MOST = 100_000
"""So many rows at most go into one workbook."""
