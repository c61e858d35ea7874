"""Facts that custody records (事件). Acts on cards name the card by %(name)s."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

ASSIGNED = EventKind("custody.keeper.assigned", _("落实管护责任人：%(name)s，依据 %(basis)s"), ("2.6.1b", "3.4.1"))
RENEWED = EventKind("custody.term.renewed", _("续定管护任期：%(name)s，依据 %(basis)s"), ("2.6.1b", "3.4.1"))
ENDED = EventKind("custody.keeper.ended", _("终止管护责任：%(name)s，依据 %(basis)s"), ("2.6.1b",))
LEFT = EventKind("custody.person.left", _("登记离任：%(person)s，%(left_on)s，%(cause)s"), ("2.6.1b",))
RETURNED = EventKind("custody.person.returned", _("登记复任：%(person)s，%(returned_on)s"), ("2.6.1b",))
ALLOWED = EventKind("custody.handover.allowed", _("批准单方交接：%(person)s，%(approval)s"), ("2.6.1b",))
EXPORTED = EventKind("custody.list.exported", _("导出管护台账 %(count)s 行"), ("2.6.1b",))
LETTER_PRINTED = EventKind("custody.letter.printed", _("打印管护责任书：%(person)s"), ("2.6.1b", "3.4.1"))
