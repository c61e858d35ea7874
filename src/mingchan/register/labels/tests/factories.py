"""What the tests of labels start from: cards of a village, and labels printed ahead."""

from datetime import date

from mingchan.kernel.actor import Actor
from mingchan.register.assets.tests.factories import DAY, RIGHTS, clerk, draft, party, register, site
from mingchan.register.labels import services
from mingchan.register.labels.models import Label

__all__ = ["DAY", "LATER", "cards", "draft", "free", "labeller", "party", "register", "site"]
LATER = date(2020, 3, 20)


def labeller(scope: str = "140932", *, rights: frozenset[str] = frozenset({"label.print", "label.claim"})) -> Actor:
    """Somebody who prints and claims labels."""
    return clerk(scope, rights=RIGHTS | rights)


def cards(count: int, name: str = "货架", **changes: object) -> list[int]:
    """Cards of a village, registered on 10 March 2020."""
    done = register([draft(f"{name}{n}", **changes) for n in range(count)])
    return list(range(done.first_id, done.last_id + 1))


def free(count: int, *, on: date = DAY) -> list[str]:
    """Codes of labels printed ahead."""
    batch = services.draw(count, actor=labeller(), on=on)
    return list(Label.objects.filter(batch=batch).order_by("code").values_list("code", flat=True))
