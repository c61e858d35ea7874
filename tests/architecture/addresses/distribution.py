"""Addresses of distribution (收益分配)."""

from collections.abc import Callable
from typing import Any

from mingchan.kernel.ui.page import RIGHT
from mingchan.lifecycle.distribution.models import Household, Payment, PayoutList, Plan, Policy, Roster
from tests.architecture.url_table import ASKED_AGAIN, SHOWN, Row, Things
from tests.house.kept import distribution as make

VIEW, HOUSEHOLDS, IMPORT = "distribution.view", "household.view", "household.import"
PLAN, RULE, FILE, PAY = "distribution.plan", "distribution.rule", "distribution.file", "distribution.pay"
SENT = {200, 302, 303, 400, 404, 409, 422}
"""A form of a page sent empty: shown again with what is missing, or refused with a reason."""


def one(model: type[Any], key: str) -> Callable[[Things], dict[str, Any]]:
    """One of a thing, made with the others when it is first asked for."""

    def found(things: Things) -> dict[str, Any]:
        if not Payment.objects.exists():
            make.fill(things)
        return {key: model.objects.order_by("pk").first().pk}

    return found


a_household, a_roster = one(Household, "household_id"), one(Roster, "roster_id")
a_policy, a_plan = one(Policy, "policy_id"), one(Plan, "plan_id")
a_payout, a_payment = one(PayoutList, "payout_id"), one(Payment, "payment_id")


def _page(right: str, kwargs: Any, **answers: set[int]) -> Row:
    return Row(RIGHT, right, answers or {"GET": SHOWN}, kwargs, scoped=True)


def _list(right: str, **answers: set[int]) -> Row:
    return Row(RIGHT, right, answers or {"GET": SHOWN})


ROWS: dict[str, Row] = {
    "distribution:overview": _list(VIEW),
    "distribution:households": _list(HOUSEHOLDS),
    "distribution:household": _page(HOUSEHOLDS, a_household),
    "distribution:reveal": _page(HOUSEHOLDS, a_household, POST=SENT),
    "distribution:leave": _page(IMPORT, a_household, POST=SENT),
    "distribution:rosters": _list(IMPORT),
    "distribution:roster": _page(IMPORT, a_roster),
    "distribution:apply": _page(IMPORT, a_roster, POST=SENT),
    "distribution:discard": _page(IMPORT, a_roster, POST=SENT),
    "distribution:policies": _list(VIEW),
    "distribution:make_policy": _list(RULE, GET=SHOWN, POST=ASKED_AGAIN),
    "distribution:policy": _page(VIEW, a_policy),
    "distribution:file_policy": _page(FILE, a_policy, POST=SENT),
    "distribution:drop_policy": _page(RULE, a_policy, POST=SENT),
    "distribution:plans": _list(VIEW),
    "distribution:new_plan": _list(PLAN, GET=SHOWN, POST=SHOWN),
    "distribution:plan": _page(VIEW, a_plan),
    "distribution:redraft": _page(PLAN, a_plan, GET=SHOWN, POST=ASKED_AGAIN),
    "distribution:propose": _page(PLAN, a_plan, POST=SENT | {403}),
    "distribution:withdraw": _page(PLAN, a_plan, POST=SENT),
    "distribution:trace": _page(VIEW, a_plan),
    "distribution:paper": _page(VIEW, a_plan),
    "distribution:spend": _page("distribution.spend", a_plan, POST=SENT),
    "distribution:make_list": _page(PAY, a_plan, POST=SENT),
    "distribution:payout": _page(VIEW, a_payout),
    "distribution:paid": _page(PAY, a_payout, POST=SENT),
    "distribution:bank_file": _page("distribution.export", a_payout, POST=SENT),
    "distribution:payout_paper": _page(VIEW, a_payout, GET=SHOWN | {409}),
    "distribution:returned": _page(PAY, a_payment, POST=SENT),
    "exchange:households": _list(IMPORT, GET=SHOWN, POST=ASKED_AGAIN),
}
