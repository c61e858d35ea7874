"""What tests of the survey start from: a county with cards, and a survey of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.register.assets.tests import factories as assets
from mingchan.register.survey import services as survey
from mingchan.register.survey.drafts import RowDraft, SurveyDraft, Taken

ON = date(2020, 3, 20)
LATER = date(2020, 4, 1)
RIGHTS = assets.RIGHTS | {"survey.view", "survey.import", "survey.settle"}


def settler(scope: str = assets.COUNTY) -> Actor:
    """A clerk who settles differences."""
    return assets.clerk(scope, rights=RIGHTS)


def third_party(scope: str = assets.COUNTY) -> Actor:
    """Somebody of the third party: sees and brings in."""
    return assets.clerk(scope, rights=frozenset({"survey.view", "survey.import", "asset.view"}))


def row(name: str = "台式电脑", **changes: Any) -> RowDraft:
    """A line of a survey sheet that agrees with the draft of a card as it is."""
    values: dict[str, Any] = {
        "name": name, "division_code": assets.VILLAGE, "sheet": "村级站点", "row": 5, "unit": "台",
        "quantity_milli": 1000, "cost_fen": 398000, "condition": "在用",
    }  # fmt: skip
    return RowDraft(**{**values, **changes})


def take(rows: Sequence[RowDraft], *, actor: Actor | None = None, number: int = 7, **changes: Any) -> Taken:
    """Take a survey of these rows, compared at once."""
    values: dict[str, Any] = {"title": "示例调查", "surveyor": assets.party("忻州某某评估公司", "COMPANY")}
    draft = SurveyDraft(**{**values, **changes})
    return survey.take([list(rows)], draft, source=Ref("batch", number), actor=actor or settler(), on=ON)
