"""Addresses of performance (绩效)."""

from datetime import date, timedelta
from typing import Any

from mingchan.foundation.directory.models import Party
from mingchan.kernel.ui.page import SIGNED_IN
from mingchan.lifecycle.operation.models import Contract
from mingchan.lifecycle.operation.tests import factories as make
from mingchan.lifecycle.performance import pack
from mingchan.lifecycle.performance.models import Evaluation, Rectification
from tests.architecture.url_table import ASKED_AGAIN, SHOWN, Row, Things, page, signed_in

COUNTY = "140932000000"
FIRST = date(2020, 1, 1)
OUTSIDE = frozenset({"town_keeper", "operator"})
"""Roles that see no evaluation of a contract of the county's own, or of somebody else's."""


def _contract(things: Things) -> Contract:
    """A contract of another operator than the sample account's."""
    found = Contract.objects.filter(serial=911).first()
    if found is None:
        found = make.contract(
            [things.asset().pk],
            operator=make.company("示例运营公司", COUNTY),
            starts_on=FIRST,
            division=COUNTY,
            serial=911,
        )
    return found


def _evaluation(things: Things) -> Evaluation:
    """An evaluation that the sample evaluator was commissioned with."""
    contract = _contract(things)
    text, digest = pack.text_of_set()
    found = Evaluation.objects.filter(contract=contract, year=2020).first()
    if found is None:
        found = Evaluation.objects.create(
            county="140932", division_code=COUNTY, contract=contract, year=2020, document_no="偏财绩〔2021〕3号",
            evaluator=Party.objects.get(pk=things.account("evaluator").office_id), commissioned_on=FIRST,
            commissioned_by="高丽萍", due_on=FIRST + timedelta(days=400), indicators=text, set_digest=digest,
        )  # fmt: skip
    return found


def _fix(things: Things) -> Rectification:
    """What it obliges to put right."""
    return Rectification.objects.get_or_create(
        evaluation=_evaluation(things),
        defaults={
            "county": "140932", "division_code": COUNTY, "demand": "限期整改", "ordered_on": FIRST,
            "due_on": FIRST + timedelta(days=60),
        },
    )[0]  # fmt: skip


def a_contract(things: Things) -> dict[str, Any]:
    """A contract and a year of its term."""
    return {"contract_id": _contract(things).pk, "year": 2020}


def an_evaluation(things: Things) -> dict[str, Any]:
    """An evaluation under way."""
    return {"evaluation_id": _evaluation(things).pk}


def a_fix(things: Things) -> dict[str, Any]:
    """A rectification under way."""
    return {"fix_id": _fix(things).pk}


def _asked(right: str, what: Any, hidden: frozenset[str] = frozenset()) -> Row:
    return page(right, what, POST=ASKED_AGAIN, hidden_from=hidden)


def _own(what: Any) -> Row:
    """An act of the evaluated body; nobody holds its right over a division."""
    return page("performance.answer", what, POST=ASKED_AGAIN, scoped=False, hidden_from=OUTSIDE)


ROWS: dict[str, Row] = {
    "performance:list": signed_in(GET={200, 403}),
    "performance:commission": page("performance.commission", GET=SHOWN, POST=ASKED_AGAIN),
    "performance:goals": page("performance.view"),
    "performance:goals_of": page(
        "performance.view", a_contract, GET=SHOWN, POST={403, *ASKED_AGAIN}, hidden_from=OUTSIDE
    ),
    "performance:consequences": page("performance.view"),
    "performance:fixes": page("performance.view"),
    "performance:fix": page("performance.view", a_fix, hidden_from=OUTSIDE),
    "performance:fix_report": _own(a_fix),
    "performance:fix_review": _asked("performance.review", a_fix),
    "performance:fix_extend": _asked("performance.review", a_fix),
    "performance:evaluation": Row(SIGNED_IN, "", {"GET": {200, 404}}, an_evaluation),
    "performance:score": page("performance.score", an_evaluation, GET=SHOWN, POST=ASKED_AGAIN),
    "performance:visit": _asked("performance.score", an_evaluation),
    "performance:submit": _asked("performance.score", an_evaluation),
    "performance:announce": _asked("performance.commission", an_evaluation),
    "performance:return": _asked("performance.commission", an_evaluation),
    "performance:cancel": _asked("performance.commission", an_evaluation),
    "performance:answer": _asked("performance.commission", an_evaluation),
    "performance:send": _asked("performance.commission", an_evaluation),
    "performance:appeal": _own(an_evaluation),
}
