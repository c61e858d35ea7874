"""Idle assets, sites that lack things, and measures, for tests of revival."""

from datetime import date
from typing import Any

from mingchan.foundation.directory.models import Division
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.procedures.models import Case
from mingchan.foundation.procedures.services import PaperDraft, Votes, add_paper
from mingchan.foundation.procedures.tests import factories as cases
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.operation.tests import factories as operation
from mingchan.lifecycle.revival import permissions, services
from mingchan.lifecycle.revival.models import Measure
from mingchan.lifecycle.revival.queries import PROTECTED
from mingchan.register.assets import services as register
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as assets
from mingchan.register.sites.tests import factories as sites

COUNTY, VILLAGE, OTHER = assets.COUNTY, assets.VILLAGE, "140932101202"
REGISTERED, LATER = date(2020, 3, 10), date(2020, 10, 12)
"""Cards are registered on the first; on the second what lay idle then has done so for more than 180 days."""
PDF = b"%PDF-1.4\n% minutes\n"


def keeper() -> int:
    """Somebody who answers for cards, so that they are idle and nothing else."""
    return assets.party("张三", "PERSON", VILLAGE)


def idle(*names: str, site: int | None = None, **changes: Any) -> list[int]:
    """Cards that lie idle since they were registered."""
    values = {"condition": "闲置", "keeper": keeper(), "class_code": "", "site": site, **changes}
    assets.divisions()
    done = assets.register([assets.draft(name, **values) for name in names])
    return list(range(done.first_id, done.last_id + 1))


def correct(asset: int, on: date, **changes: Any) -> None:
    """Correct a card as its page does."""
    version = Asset.objects.values_list("version", flat=True).get(pk=asset)
    register.correct(asset, changes, version, "更正", actor=assets.clerk(), on=on)


def sweep(on: date = LATER) -> tuple[int, int]:
    """What the clock does."""
    return services.sweep(actor=permissions.by_the_clock(COUNTY), on=on)


def staff() -> dict[str, Actor]:
    """The people of the county's offices."""
    return cases.staff()


def station(name: str = "楼沟村电商服务站", division: str = OTHER) -> int:
    """A village station with a file, lacking whatever is not put there."""
    assets.divisions()
    Division.objects.get_or_create(
        code=OTHER,
        defaults={
            "name": "楼沟村", "level": "VILLAGE", "parent_code": "140932101000",
            "first_vintage": date(2019, 1, 1), "last_vintage": date(2024, 1, 1),
        },
    )  # fmt: skip
    return sites.filed(name, division)


def agree(measure: Measure, people: dict[str, Actor], pass_notice: Any, on: date = LATER) -> Measure:
    """Take a measure's own case through review, meeting and notice."""
    case = measure.case
    assert case is not None
    cases.decide(case, "review", people["reviewer"], on=on)
    minutes = PaperDraft("minutes", "会议纪要.pdf", PDF)
    add_paper(case.pk, minutes, actor=people["head"], on=on)
    cases.decide(Case.objects.get(pk=case.pk), "meeting", people["head"], votes=Votes(7, 6, 0, 0), text="同意", on=on)
    pass_notice(Case.objects.get(pk=case.pk), on)
    measure.refresh_from_db()
    return measure


def unproved() -> list[str]:
    """What the verifier finds wrong with revival's own rows."""
    kinds = {protected.kind for protected in PROTECTED}
    return [str(one) for one in evidence.verify(PROTECTED).findings if one.obj.partition(":")[0] in kinds]


company = operation.company
