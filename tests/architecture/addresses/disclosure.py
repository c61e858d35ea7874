"""Addresses of disclosure (公示公开). What they name lies in the sample keeper's village."""

from typing import Any

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Grant
from mingchan.oversight.disclosure import services
from mingchan.oversight.disclosure.drafts import NoticeDraft, ObjectionDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection
from tests.architecture.url_table import ASKED_AGAIN, DAY, SHOWN, Row, Things, page

SENT = {302}


def _drafted(things: Things, title: str) -> Notice:
    village = Grant.objects.get(account__username="village_keeper").scope
    draft = NoticeDraft("GENERAL", title, ("现予公示。",), village)
    return services.draft_by_hand(draft, actor=things.actor("bureau_clerk"), on=DAY)


def draft(things: Things) -> Notice:
    """A draft by hand."""
    return Notice.objects.filter(state="DRAFT").order_by("pk").first() or _drafted(things, "公示稿")


def running(things: Things) -> Notice:
    """A published notice."""
    found = Notice.objects.filter(state="PUBLISHED").order_by("pk").first()
    if found is None:
        made = _drafted(things, "公示")
        found = services.publish(made.pk, made.version, actor=things.actor("bureau_reviewer"), on=DAY)
    return found


def objection(things: Things) -> Objection:
    """An objection to it, of somebody with a name."""
    found = Objection.objects.order_by("pk").first()
    if found is None:
        nobody = directory.nobody(things.actor("bureau_clerk").county)
        given = ObjectionDraft("这批电脑还能用。", "王二小", "13912345678")
        receipt = services.object_to(running(things).pk, given, actor=nobody, on=DAY)
        found = Objection.objects.get(number=receipt.number)
    return found


def a_draft(things: Things) -> dict[str, Any]:
    """The draft's id."""
    return {"notice_id": draft(things).pk}


def a_notice(things: Things) -> dict[str, Any]:
    """The published notice's id."""
    return {"notice_id": running(things).pk}


def a_board(things: Things) -> dict[str, Any]:
    """The board of the village."""
    places = NoticePlace.objects.filter(notice=running(things), kind="BOARD")
    return {"place_id": places.order_by("-division_code").values_list("pk", flat=True)[0]}


def an_objection(things: Things) -> dict[str, Any]:
    """The objection's id."""
    return {"objection_id": objection(things).pk}


ROWS: dict[str, Row] = {
    "disclosure:list": page("notice.view"),
    "disclosure:create": page("notice.draft", GET=SHOWN, POST=ASKED_AGAIN),
    "disclosure:notice": page("notice.view", a_notice),
    "disclosure:edit": page("notice.draft", a_draft, GET=SHOWN, POST=ASKED_AGAIN),
    "disclosure:mask": page("notice.draft", a_draft, POST=SENT),
    "disclosure:publish": page("notice.publish", a_draft, GET=SHOWN, POST=SENT),
    "disclosure:close": page("notice.publish", a_notice, POST=SENT),
    "disclosure:correct": page("notice.draft", a_notice, GET=SHOWN, POST=ASKED_AGAIN),
    "disclosure:withdraw": page("notice.publish", a_notice, POST=SENT),
    "disclosure:drop": page("notice.draft", a_draft, POST=SENT),
    "disclosure:poster": page("notice.view", a_notice),
    "disclosure:lodge": page("notice.view", a_notice, GET=SHOWN, POST=ASKED_AGAIN),
    "disclosure:post": page("notice.post", a_board, GET=SHOWN, POST=ASKED_AGAIN),
    "disclosure:objections": page("objection.view"),
    "disclosure:objection": page("objection.view", an_objection),
    "disclosure:accept": page("objection.handle", an_objection, POST=ASKED_AGAIN),
    "disclosure:assign": page("objection.handle", an_objection, POST=ASKED_AGAIN),
    "disclosure:refuse": page("objection.handle", an_objection, POST=ASKED_AGAIN),
    "disclosure:note": page("objection.handle", an_objection, POST=ASKED_AGAIN),
    "disclosure:answer": page("objection.handle", an_objection, POST=ASKED_AGAIN),
    "disclosure:reveal": page("personal.reveal", an_objection, POST=ASKED_AGAIN),
}
