"""What the verifier compares of surveys: the survey, its rows, matches, decided differences and marks (3.2)."""

from collections.abc import Mapping
from typing import Any

from mingchan.foundation.evidence.protection import Protected
from mingchan.register.survey.models import Difference, Match, ScopeMark, Survey, SurveyRow


def _is_decided(document: Mapping[str, Any]) -> bool:
    """An open difference follows from a row, its match and the card, and is found anew when one of them changes."""
    return bool(document.get("decision"))


SURVEY = Protected("survey", Survey, label=("title",))
ROW = Protected("survey_row", SurveyRow, label=("name",))
MATCH = Protected("survey_match", Match)
DIFFERENCE = Protected("survey_difference", Difference, label=("title",), begins=_is_decided)
MARK = Protected("scope_mark", ScopeMark)
PROTECTED = (SURVEY, ROW, MATCH, DIFFERENCE, MARK)
