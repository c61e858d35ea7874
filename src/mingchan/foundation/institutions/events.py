"""Facts that the library records (事件)."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

_CLAUSES = ("4.2", "2.4.1")

ADDED = EventKind("institutions.document.added", _("建立制度《%(title)s》"), _CLAUSES)
ISSUED = EventKind(
    "institutions.version.issued", _("印发《%(title)s》第 %(number)s 版，自 %(valid_from)s 起施行"), _CLAUSES
)
ENDED = EventKind("institutions.version.ended", _("《%(title)s》第 %(number)s 版自 %(valid_to)s 起不再施行"), _CLAUSES)
READ = EventKind("institutions.version.read", _("%(actor)s 已阅《%(title)s》第 %(number)s 版"), _CLAUSES)
