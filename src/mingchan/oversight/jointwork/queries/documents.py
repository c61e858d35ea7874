"""The rows of joint supervision as the log holds them (留痕文本)."""

from typing import Any

from django.db import models

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.oversight.jointwork.models import (
    Case,
    CaseAsset,
    Looked,
    Opinion,
    Order,
    Payment,
    Person,
    Plan,
    Sample,
    Step,
    Transfer,
)

PROTECTED: tuple[Protected, ...] = (
    Protected(
        "tracking", Plan, children=(Child(Sample, "plan", "samples", ("place",), exclude=("id",)),), label=("number",)
    ),
    Protected("tracking_look", Looked),
    Protected("tracking_opinion", Opinion, label=("office_name",)),
    Protected(
        "accountability",
        Case,
        children=(
            Child(CaseAsset, "case", "assets", ("code",), exclude=("id",)),
            Child(Step, "case", "steps", ("number",), exclude=("id",)),
        ),
        label=("number",),
    ),
    Protected("accountability_person", Person, label=("name_mask",)),
    Protected("accountability_order", Order, label=("document_no",)),
    Protected("accountability_payment", Payment, label=("receipt_no",)),
    Protected("accountability_transfer", Transfer, label=("document_no",)),
)
"""What the verifier compares with the log."""

_BY_MODEL = {item.model: item for item in PROTECTED}


def document(row: models.Model) -> dict[str, Any]:
    """A row's document."""
    return protection.document(_BY_MODEL[type(row)], row)


def kind_of(row: models.Model) -> str:
    """The kind by which a row is known."""
    return _BY_MODEL[type(row)].kind
