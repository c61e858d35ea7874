"""Rows of disclosure (公示公开)."""

from mingchan.oversight.disclosure import services
from mingchan.oversight.disclosure.drafts import PostingDraft
from mingchan.oversight.disclosure.models import NoticePlace
from tests.architecture.addresses import disclosure
from tests.architecture.url_table import DAY, Things


def fill(things: Things) -> None:
    """A published notice with proof from a board, and an objection that is looked into."""
    clerk, reviewer = things.actor("bureau_clerk"), things.actor("bureau_reviewer")
    notice, objection = disclosure.running(things), disclosure.objection(things)
    place = NoticePlace.objects.filter(notice=notice, kind="BOARD").order_by("pk").first()
    assert place is not None
    services.post(place.pk, PostingDraft(DAY, "09:20", reason="公开栏正在修缮"), actor=clerk, on=DAY)
    handler = things.account("bureau_reviewer").pk
    row = services.accept(objection.pk, handler, objection.version, actor=reviewer, on=DAY)
    services.note(row.pk, "到现场看过。", actor=reviewer, on=DAY)
