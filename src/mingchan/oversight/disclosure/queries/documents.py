"""What the verifier compares of disclosure (2.4.2c, 3.4.3a), and the digest that a notice is published under."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import orjson
from django.utils.translation import gettext as _

from mingchan.foundation.evidence.protection import Child, Disagreement, Protected
from mingchan.kernel import canonical
from mingchan.oversight.disclosure.models import Notice, NoticePlace, Objection, ObjectionNote, Posting
from mingchan.oversight.disclosure.rules import Content

NOTICE = Protected(
    "notice",
    Notice,
    children=(Child(NoticePlace, "notice", "places", order=("id",)),),
    label=("number", "title"),
)
POSTING = Protected("notice_posting", Posting, label=("posted_by",))
OBJECTION = Protected("objection", Objection, label=("number",))
NOTE = Protected("objection_note", ObjectionNote, label=("noted_by",))

PROTECTED = (NOTICE, POSTING, OBJECTION, NOTE)


def content_of(notice: Notice) -> Content:
    """What the notice says, read from its columns."""
    return Content(
        title=notice.title,
        paragraphs=tuple(orjson.loads(notice.paragraphs)),
        columns=tuple(orjson.loads(notice.columns)),
        rows=tuple(tuple(row) for row in orjson.loads(notice.rows)),
        contact=notice.contact,
    )


def frozen(notice: Notice) -> dict[str, Any]:
    """All that is published with the notice, as its digest covers it."""
    content = content_of(notice)
    places = NoticePlace.objects.filter(notice=notice).order_by("id").values("kind", "division_code", "name")
    document = {
        "county": notice.county,
        "number": notice.number,
        "kind": notice.kind,
        "title": content.title,
        "paragraphs": list(content.paragraphs),
        "columns": list(content.columns),
        "rows": [list(row) for row in content.rows],
        "contact": content.contact,
        "clauses": orjson.loads(notice.clauses),
        "division": notice.division_code,
        "published": notice.published_on,
        "first_day": notice.first_day,
        "last_day": notice.last_day,
        "days": notice.days,
        "unit": notice.unit,
        "places": list(places),
        "supersedes": notice.supersedes.number if notice.supersedes is not None else None,
        "reason": notice.correction_reason or None,
    }
    return canonical.without_nulls(document)


def digest_of(notice: Notice) -> str:
    """The digest of what is published, hex SHA-256 over its canonical JSON."""
    return sha256(canonical.encode(frozen(notice))).hexdigest()


def faults() -> Iterator[Disagreement]:
    """Published notices whose words aren't those of their digest."""
    published = Notice.objects.exclude(digest="").select_related("supersedes").order_by("pk")
    for notice in published.iterator(chunk_size=500):
        try:
            found = digest_of(notice)
        except (ValueError, TypeError):
            found = ""
        if found != notice.digest:
            yield Disagreement(f"notice:{notice.pk}", "digest", notice.digest, found, _("公示内容与发布时的摘要不符"))
