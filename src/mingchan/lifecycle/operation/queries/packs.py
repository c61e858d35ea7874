"""What the policy pack says of operation (制度): modes, terms, decision tables."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from django.utils.translation import get_language

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import queries as procedures


class Mode(NamedTuple):
    """A mode of operation (经营方式) of the county, with what its contracts usually say of risk control."""

    code: str
    name: str
    name_en: str
    measures: str

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name


@cache
def modes() -> Mapping[str, Mode]:
    """Every mode by its code, in the order of the pack."""
    rows = policy.document("operation_modes.yaml")
    return MappingProxyType(
        {code: Mode(code, row["label"], row["label_en"], row["measures"]) for code, row in rows.items()}
    )


def mode_label(code: str) -> str:
    """A mode's name; the code itself when the pack knows it no more."""
    found = modes().get(code)
    return found.label if found is not None else code


def grade_of(asset_class: str, mode: str, value_fen: int) -> str:
    """The risk grade by class, mode and value (2.4.2e); empty while there is no mode."""
    if mode not in modes():
        return ""
    return procedures.decided("risk_grade", {"asset_class": asset_class, "mode": mode, "value_fen": value_fen})
