"""Services of performance (绩效服务): goals, evaluation by a third party, appeal, confirmation, rectification."""

from mingchan.lifecycle.performance.services.answering import announce, answer_appeal, appeal, return_scores
from mingchan.lifecycle.performance.services.commissioning import cancel, commission
from mingchan.lifecycle.performance.services.confirming import send
from mingchan.lifecycle.performance.services.goals import report_goal, set_goals
from mingchan.lifecycle.performance.services.rectifying import close_fix, extend_fix, report_fix, return_fix
from mingchan.lifecycle.performance.services.scoring import note_visit, score, submit

__all__ = [
    "announce",
    "answer_appeal",
    "appeal",
    "cancel",
    "close_fix",
    "commission",
    "extend_fix",
    "note_visit",
    "report_fix",
    "report_goal",
    "return_fix",
    "return_scores",
    "score",
    "send",
    "set_goals",
    "submit",
]
