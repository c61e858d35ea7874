"""Addresses of disposal (处置)."""

from typing import Any

from mingchan.kernel.ui.page import RIGHT
from mingchan.lifecycle.disposal.models import Disposal
from mingchan.lifecycle.disposal.tests import factories as make
from tests.architecture.url_table import ASKED_AGAIN, DONE, SHOWN, Row, Things


def one(state: str) -> Any:
    """A disposal in a state, made when it is first asked for."""

    def found(_things: Things) -> dict[str, Any]:
        made = Disposal.objects.filter(state=state).order_by("pk").first()
        if made is None:
            ids = make.cards(1)
            made = {"DRAFT": make.drafted, "MAY_PROCEED": make.may_proceed}.get(state, make.may_proceed)(ids)
            made = make.executed(made) if state == "EXECUTED" else made
        return {"disposal_id": made.pk}

    return found


VIEW, PROPOSE, APPRAISE = "disposal.view", "disposal.propose", "disposal.appraise"
EXECUTE, SETTLE = "disposal.execute", "disposal.settle"
BACK = {302, 303, 400, 404, 409, 422}


def _post(right: str, state: str) -> Row:
    return Row(RIGHT, right, {"POST": ASKED_AGAIN | DONE}, kwargs=one(state), scoped=True)


def _form(right: str, state: str) -> Row:
    return Row(RIGHT, right, {"GET": SHOWN, "POST": ASKED_AGAIN}, kwargs=one(state), scoped=True)


ROWS: dict[str, Row] = {
    "disposal:list": Row(RIGHT, VIEW, {"GET": SHOWN}),
    "disposal:propose": Row(RIGHT, PROPOSE, {"GET": SHOWN, "POST": ASKED_AGAIN}),
    "disposal:detail": Row(RIGHT, VIEW, {"GET": SHOWN}, kwargs=one("EXECUTED"), scoped=True),
    "disposal:edit": _form(PROPOSE, "DRAFT"),
    "disposal:pick": _form(PROPOSE, "DRAFT"),
    "disposal:part": _post(PROPOSE, "DRAFT"),
    "disposal:remove": Row(RIGHT, PROPOSE, {"POST": ASKED_AGAIN | {404}}, kwargs=one("DRAFT"), scoped=True),
    "disposal:attach": _post(PROPOSE, "DRAFT"),
    "disposal:submit": _post(PROPOSE, "DRAFT"),
    "disposal:cancel": _post(PROPOSE, "DRAFT"),
    "disposal:appraise": _form(APPRAISE, "DRAFT"),
    "disposal:price": _post(EXECUTE, "MAY_PROCEED"),
    "disposal:execute": _form(EXECUTE, "MAY_PROCEED"),
    "disposal:receive": _post(SETTLE, "EXECUTED"),
    "disposal:pay": _post(SETTLE, "EXECUTED"),
    "disposal:close": _post(SETTLE, "EXECUTED"),
    "disposal:remit": _post(SETTLE, "EXECUTED"),
    "disposal:application": Row(RIGHT, VIEW, {"GET": SHOWN}, kwargs=one("EXECUTED"), scoped=True),
    "disposal:filing": Row(RIGHT, VIEW, {"GET": SHOWN}, kwargs=one("EXECUTED"), scoped=True),
}
