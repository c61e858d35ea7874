"""Services of the import (导入服务): receive, read, correct, confirm, apply, withdraw.

Pages, the command and the sample county call these and nothing else.
"""

from mingchan.interfaces.exchange.services.applying import apply, ask_to_stop, confirm, restart
from mingchan.interfaces.exchange.services.comparing import choose_differences, choose_kinds
from mingchan.interfaces.exchange.services.importing import import_file
from mingchan.interfaces.exchange.services.reading import read
from mingchan.interfaces.exchange.services.receiving import AlreadyApplied, discard, receive
from mingchan.interfaces.exchange.services.settling import (
    admit,
    correct_cell,
    exclude_sheets,
    forget_mapping,
    set_mapping,
    skip_row,
)
from mingchan.interfaces.exchange.services.surveying import SurveyTerms, confirm_survey, set_purpose
from mingchan.interfaces.exchange.services.withdrawing import withdraw

__all__ = [
    "AlreadyApplied",
    "SurveyTerms",
    "admit",
    "apply",
    "ask_to_stop",
    "choose_differences",
    "choose_kinds",
    "confirm",
    "confirm_survey",
    "correct_cell",
    "discard",
    "exclude_sheets",
    "forget_mapping",
    "import_file",
    "read",
    "receive",
    "restart",
    "set_mapping",
    "set_purpose",
    "skip_row",
    "withdraw",
]
