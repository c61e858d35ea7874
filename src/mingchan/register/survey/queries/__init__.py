"""Reading surveys (调查查询): lists, figures, one difference, one row, candidates, and what the verifier compares."""

from mingchan.register.survey.queries.documents import PROTECTED
from mingchan.register.survey.queries.listing import DifferenceFilter, DifferenceRow
from mingchan.register.survey.queries.scoping import survey
from mingchan.register.survey.queries.things import holds_on_assets

__all__ = ["PROTECTED", "DifferenceFilter", "DifferenceRow", "holds_on_assets", "survey"]
