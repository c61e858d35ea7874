"""Rows of revival (盘活)."""

from datetime import timedelta

from mingchan.lifecycle.revival import permissions, services
from mingchan.lifecycle.revival.tests import factories as make
from mingchan.oversight.disclosure.tests.factories import pass_notice
from tests.architecture.url_table import DAY, Things

LATER = DAY + timedelta(days=200)


def fill(things: Things) -> None:
    """An idle thing that went to another village's station, with what came of it after ninety days."""
    roles = {"clerk": "bureau_clerk", "reviewer": "bureau_reviewer", "head": "bureau_head"}
    people = {part: things.actor(role) for part, role in roles.items()}
    (asset,) = make.idle("台式电脑", site=make.station("旧站", make.VILLAGE))
    services.sweep(actor=permissions.by_the_clock(make.COUNTY), on=LATER)
    measure = services.propose(
        "TRANSFER", [asset], site=make.station(), reason="长期闲置", goal="投入使用", actor=people["clerk"], on=LATER
    )
    measure = make.agree(measure, people, pass_notice, LATER)
    day = LATER + timedelta(days=20)
    measure = services.carry_out(measure.pk, version=measure.version, actor=people["clerk"], on=day)
    given = {"outcome": "SOME", "opinion": "已有人使用", "actor": people["reviewer"]}
    services.review(measure.pk, 90, on=day + timedelta(days=90), **given)  # type: ignore[arg-type]
