"""Reading surveys (调查查询): lists, figures, one difference, one row, candidates, and what the verifier compares."""

from mingchan.register.survey.queries.documents import PROTECTED
from mingchan.register.survey.queries.listing import DifferenceFilter, DifferenceRow
from mingchan.register.survey.queries.scoping import survey

__all__ = ["PROTECTED", "DifferenceFilter", "DifferenceRow", "survey"]
