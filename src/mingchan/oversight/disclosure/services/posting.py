"""Proof from the boards (张贴留证): a photo with day and time, or why there is none (3.4.3b)."""

import re
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.oversight.disclosure import events, permissions
from mingchan.oversight.disclosure.choices import NoticeState, PlaceKind
from mingchan.oversight.disclosure.drafts import PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Posting
from mingchan.oversight.disclosure.queries import documents
from mingchan.oversight.disclosure.services import keeping

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CLAUSES = ("3.4.3b",)


@transaction.atomic
def post(place_id: int, given: PostingDraft, *, actor: Actor, on: date) -> Posting:
    """Keep proof that a running notice hangs on a board, or the reason why it doesn't. Serves 3.4.3a, 3.4.3b.

    Raises NotFound for no board of the county, NotAllowed without `notice.post` over the board's division; Refusal for
    a day outside the notice's time, neither photo nor reason, a file that is no picture.
    """
    place = NoticePlace.objects.filter(pk=place_id, kind=PlaceKind.BOARD, notice__county=actor.county).first()
    if place is None:
        raise NotFound(_("没有这处公开栏"))
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=place.notice_id)
    permissions.require(actor, permissions.POST, place.division_code)
    if notice.state != NoticeState.PUBLISHED or notice.published_on is None:
        raise Refusal(_("这份公示不在公示中，不能再登记张贴"), clauses=_CLAUSES)
    if not notice.published_on <= given.posted_on <= on:
        raise Refusal(_("张贴日期应在发布之后、今天之前"), clauses=_CLAUSES, field="posted_on")
    if given.posted_at and not _TIME.fullmatch(given.posted_at):
        raise Refusal(_("时刻写成 08:30 这样"), field="posted_at")
    reason = given.reason.strip()
    if given.photo is None and len(reason) < 4:
        raise Refusal(_("请拍照，或写明没有照片的原因（至少 4 个字）"), clauses=_CLAUSES, field="photo")
    photo = None
    if given.photo is not None:
        photo = evidence.attach(
            given.photo.content,
            name=given.photo.name,
            owner=Ref("notice", notice.pk),
            division=place.division_code,
            kind=AttachmentKind.PHOTO,
            actor=actor,
            on=on,
        )
    posting = Posting.objects.create(
        county=actor.county,
        notice=notice,
        place=place,
        division_code=place.division_code,
        photo=photo,
        reason=reason[:200],
        posted_on=given.posted_on,
        posted_at=given.posted_at,
        account_id=actor.account_id,
        posted_by=actor.name,
        noted_on=on,
    )
    keeping.record(
        events.POSTED,
        documents.POSTING,
        posting,
        division=place.division_code,
        actor=actor,
        on=on,
        reason=reason,
        facts={"number": notice.number, "place": place.name},
    )
    return posting
