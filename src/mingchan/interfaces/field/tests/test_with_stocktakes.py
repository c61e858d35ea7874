"""A stocktake's place goes out, is counted with every kind of event, and comes back whole, photographs included."""

import json
from typing import Any

import pytest

from mingchan.foundation.evidence import queries as evidence
from mingchan.interfaces.field import drafts, queries, reading, services
from mingchan.interfaces.field.tests.conftest import DEVICE, event, message, picture
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.stocktake.tests import factories as make

pytestmark = pytest.mark.django_db


def test_every_kind_of_event_is_understood_by_stocktakes() -> None:
    make.cards(4)
    make.counting(photo_for=("damaged",), needs_signature=True)
    given: dict[str, Any] = {"actor": make.counter(), "on": make.COUNTED}
    (errand,) = queries.errands(**given)
    issued = services.issue(errand.kind, errand.key, contact=drafts.Contact(DEVICE), **given)
    body = json.loads(issued.text)
    one, two, three, four = (line["code"] for line in body["lines"])
    digest, content = picture()
    told = (
        ("found", one, {"condition": body["choices"]["conditions"][0]}, ()),
        ("damaged", two, {"note": "屏幕碎裂"}, (digest,)),
        ("elsewhere", three, {"text": "村委会办公室"}, ()),
        ("not_found", four, {"note": "问过站长，没有找到"}, ()),
        ("surplus", "", {"name": "投影仪", "unit": "台", "quantity": 1, "place": body["places"][0]["key"]}, ()),
        ("scan", "", {"text": "XQ-0042"}, ()),
        ("claim", one, {"label": "BQ140932000000145"}, ()),
        ("undo", one, {"event": "event-00000001"}, ()),
        ("count", one, {"quantity": 1.5}, ()),
        ("signature", "", {"role": "keeper", "name": "董改花", "strokes": [[[10, 20], [30, 40]]]}, ()),
        ("finish", "", {}, ()),
    )
    events = [
        event(number, kind, code=code, data=data, photos=list(photos), at="2021-01-20T12:00:00+08:00")
        for number, (kind, code, data, photos) in enumerate(told, start=1)
    ]
    batch = reading.batch(message(given["actor"].account_id, events, capsule=issued.digest))
    for _again in range(2):
        answers = services.deliver(errand.kind, errand.key, batch, **given)
        assert [answer for answer in answers if not answer.taken] == []
        assert len(answers) == len(told)
    assert services.keep_photo(errand.kind, errand.key, digest, content, **given)
    assert set(evidence.photographs_of(Ref.parse(errand.ref), [digest])) == {digest}
