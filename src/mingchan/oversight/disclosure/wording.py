"""Sentences of disclosure (公示用语): why a notice can't be closed, where personal data stands."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from mingchan.kernel.period import format_day
from mingchan.oversight.disclosure import rules
from mingchan.oversight.disclosure.models import Notice
from mingchan.oversight.disclosure.rules import Blocked, Place, Standing

MOST_NAMED = 8


def kind_of(kind: str) -> str:
    """What sort of personal data it is."""
    return {
        rules.IDENTITY: _("身份证号"),
        rules.MOBILE: _("手机号"),
        rules.ACCOUNT: _("银行账号"),
        rules.NAME: _("未遮盖的姓名"),
    }[kind]


def place_of(place: Place) -> str:
    """Where in a notice it stands."""
    words = {
        "TITLE": _("标题"),
        "PARAGRAPH": _("正文第 %(number)s 段"),
        "CONTACT": _("异议受理"),
        "HEAD": _("表头第 %(number)s 列"),
        "CELL": _("表格第 %(row)s 行第 %(number)s 列"),
    }
    return words[place.part] % {"number": place.number, "row": place.row}


def leaks(found: Sequence[tuple[str, Place]]) -> list[str]:
    """Each piece of personal data with its place."""
    return [_("%(place)s的%(kind)s") % {"place": place_of(place), "kind": kind_of(kind)} for kind, place in found]


def places(found: Sequence[tuple[str, Place]]) -> str:
    """The first of them in a sentence, and how many more there are."""
    told = "、".join(leaks(found[:MOST_NAMED]))
    more = len(found) - MOST_NAMED
    return told if more <= 0 else _("%(told)s等 %(count)s 处") % {"told": told, "count": len(found)}


def blocked(why: Blocked, notice: Notice, standing: Standing) -> str:
    """Why the notice can't be closed, and what to do."""
    if why == Blocked.NOT_OVER:
        return _("公示到 %(day)s 止，次日起才能办结") % {"day": format_day(standing.last_day)}
    if why == Blocked.OBJECTION:
        return _("还有 %(count)s 件异议没有答复，答复后才能办结") % {"count": standing.open_objections}
    if why == Blocked.NO_PROOF:
        return _("还有 %(count)s 处公开栏没有张贴照片，也没有说明原因") % {"count": standing.unproven}
    if why == Blocked.CORRECTING:
        return _("更正稿还没有发布或作废，不能办结")
    if why == Blocked.CASE_CHANGED:
        return _("事项已不在等待这份公示，请撤销")
    return _("这份公示不在公示中")
