"""What the verifier compares of revival: the pool with its reasons, measures with assets and steps, reviews."""

from typing import Any

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.lifecycle.revival.models import Measure, Part, Reason, Review, Spell, Step

SPELL = Protected("idle_spell", Spell, children=(Child(Reason, "spell", "reasons"),), label=("entered_on",))
MEASURE = Protected(
    "revival",
    Measure,
    children=(
        Child(Part, "measure", "parts", order=("asset_id",), exclude=("is_open",)),
        Child(Step, "measure", "steps", order=("kind",)),
    ),
)
REVIEW = Protected("revival_review", Review, label=("days",))
PROTECTED = (SPELL, MEASURE, REVIEW)
_OF = {protected.model: protected for protected in PROTECTED}


def protected_of(row: Any) -> Protected:
    """How a row of this context is protected."""
    return _OF[type(row)]


def document(row: Any) -> dict[str, Any]:
    """A row as it is recorded, with what hangs on it."""
    return protection.document(protected_of(row), row)
