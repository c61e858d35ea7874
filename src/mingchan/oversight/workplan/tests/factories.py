"""Plans, cards and rights that the tests of the stages start from."""

from datetime import date
from typing import Any

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.oversight.workplan import services
from mingchan.oversight.workplan.models import Stage, WorkPlan

BEGAN = date(2020, 2, 15)


def offices(party: int) -> dict[str, int]:
    """The template's offices, all of them one party."""
    return dict.fromkeys(policy.stage_template().offices, party)


def plan(actor: Actor, party: int, year: int = 2020, *, on: date = BEGAN, **options: Any) -> WorkPlan:
    """The plan of a year as the template has it."""
    return services.set_up(
        year, f"工作步骤（{year}）", services.proposed(year, offices(party)), actor=actor, on=on, **options
    )


def stage(of: WorkPlan, code: str) -> Stage:
    """A stage by its code."""
    return Stage.objects.get(plan=of, code=code)
