"""What the verifier compares of disposals, and the documents the log keeps of them (受保护的行)."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence.protection import Protected
from mingchan.lifecycle.disposal.models import Appraisal, Disposal, Item, MoneyEntry, Paper, PriceAsk, Result

DISPOSAL = Protected("disposal", Disposal)
ITEM = Protected("disposal_item", Item, exclude=("is_open",))
"""`is_open` follows the state of the disposal; it only keeps an asset off two proposals at once."""
PAPER = Protected("disposal_paper", Paper, label=("code",))
APPRAISAL = Protected("disposal_appraisal", Appraisal, label=("report_no",))
PRICE = Protected("disposal_price", PriceAsk, label=("buyer",))
RESULT = Protected("disposal_result", Result, label=("other_party",))
MONEY = Protected("disposal_money", MoneyEntry, label=("document_no",))

PROTECTED = (DISPOSAL, ITEM, PAPER, APPRAISAL, PRICE, RESULT, MONEY)
_BY_MODEL = {item.model: item for item in PROTECTED}
ITEM_NAMES = protection.document_names(Item, ITEM.exclude)


def document(row: models.Model) -> dict[str, Any]:
    """The whole row as the log keeps it."""
    return protection.document(_BY_MODEL[type(row)], row)


def kind_of(row: models.Model) -> str:
    """The word by which the row is referred to."""
    return _BY_MODEL[type(row)].kind


def item_documents(pks: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Items as the log keeps them, by id, in one statement."""
    rows = Item.objects.filter(pk__in=pks).order_by("pk").values_list(*ITEM_NAMES)
    found = (protection.from_values(ITEM_NAMES, row) for row in rows)
    return {document["id"]: document for document in found}
