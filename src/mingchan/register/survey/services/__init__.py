"""Services of the survey (调查服务): take, match, match by hand, decide, settle."""

from mingchan.register.survey.services.closing import settle
from mingchan.register.survey.services.deciding import decide, decide_all
from mingchan.register.survey.services.matching import match
from mingchan.register.survey.services.pairing import compare_again, rematch
from mingchan.register.survey.services.taking import take
from mingchan.register.survey.services.withdrawing import withdraw

__all__ = ["compare_again", "decide", "decide_all", "match", "rematch", "settle", "take", "withdraw"]
