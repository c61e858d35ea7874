"""Writing project money (资金登记): projects and their stages, appropriations, payments."""

from mingchan.register.funding.services.entering import enter_appropriation, enter_payment
from mingchan.register.funding.services.money import record_appropriations, record_fund_uses, withdraw
from mingchan.register.funding.services.projects import assign, open_line, open_project, record_stage, revise_project

__all__ = [
    "assign",
    "enter_appropriation",
    "enter_payment",
    "open_line",
    "open_project",
    "record_appropriations",
    "record_fund_uses",
    "record_stage",
    "revise_project",
    "withdraw",
]
