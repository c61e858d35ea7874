"""Things the portal's tests start from: a small county with a village station, kept and run by known people."""

from datetime import date
from typing import Any

from mingchan.foundation.directory.models import Division
from mingchan.interfaces.portal import services
from mingchan.interfaces.portal.services import Rebuilt
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.assets.tests.factories import BATCH, COUNTY, DAY, clerk, draft, party, register, site

__all__ = [
    "BATCH",
    "DAY",
    "KEEPER",
    "NOBODY",
    "OPERATOR",
    "STATION",
    "VILLAGE",
    "clerk",
    "former_village",
    "rebuild",
    "stock",
]
NOBODY = Actor(account_id=None, name="", county=COUNTY)
VILLAGE, STATION = "140932105201", "马道咀村电商服务站"
KEEPER, OPERATOR = "董改花", "刘二牛"


def former_village(name: str = "旧马道咀村", code: str = "140932105299") -> None:
    """A village that was merged into the village."""
    Division.objects.get_or_create(
        code=code,
        defaults={
            "name": name, "level": "VILLAGE", "parent_code": "140932105000", "is_current": False,
            "first_vintage": date(2019, 1, 1), "last_vintage": date(2020, 1, 1), "successor_code": VILLAGE,
        },
    )  # fmt: skip


def stock(*, source: int = 1, **changes: Any) -> list[int]:
    """Two cards at the village's station: one in use, one idle; kept and run by persons, owned by an office."""
    place = site(STATION, VILLAGE)
    values: dict[str, Any] = {
        "site": place,
        "division_code": VILLAGE,
        "keeper": party(KEEPER, "PERSON", VILLAGE),
        "operator": party(OPERATOR, "PERSON", VILLAGE),
        "owner": party("偏关县工业和信息化局"),
        **changes,
    }
    done = register(
        [draft("货架", condition="在用", **values), draft("电脑", condition="闲置", **values)],
        actor=clerk(),
        source=Ref("batch", source),
    )
    return list(range(done.first_id, done.last_id + 1))


def rebuild(on: date = DAY) -> Rebuilt:
    """The public figures."""
    return services.rebuild(actor=NOBODY, on=on)
