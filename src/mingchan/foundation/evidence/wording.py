"""How fields and values of protected rows are said to people (说法): labels, amounts in yuan, words of choices."""

import re
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import dateparse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.kernel import money, period

LONGEST = 200
_CHILD = re.compile(r"^(\w+)\[(\d+)\](?:\.(\w+))?$")
_UNIT = re.compile(r"（[^（）]*）$")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")


def model_of(label: str) -> type[models.Model] | None:
    """The model `app.Model`, None when there is none of that name."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def row_name(label: str, name: str, otherwise: str) -> str:
    """A row as people call it: its model's name and its own, 资产 140932-2018-000005."""
    model = model_of(label)
    return otherwise if model is None else f"{model._meta.verbose_name} {name or otherwise}"


def _place(label: str, path: str) -> tuple[type[models.Model] | None, str, str]:
    """The model a path of a finding lies in, what to say before the field, and the field's name."""
    found = _CHILD.match(path)
    if found is None:
        return model_of(label), "", path
    name, at, field = found[1], int(found[2]) + 1, found[3] or ""
    for item in protection.registered():
        for child in item.children:
            if item.model._meta.label == label and child.name == name:
                return child.model, f"{child.model._meta.verbose_name}[{at}]", field
    return None, f"{name}[{at}]", field


def _field(model: type[models.Model] | None, name: str) -> "models.Field[Any, Any] | None":
    if model is None:
        return None
    return next((known for known in model._meta.concrete_fields if name in (known.attname, known.name)), None)


def field_label(label: str, path: str) -> str:
    """A field of a model as people call it, with its place in a child list counted from one: 权利[2].主体."""
    model, before, name = _place(label, path)
    field = _field(model, name)
    text = name if field is None else str(field.verbose_name)
    if name.endswith(("_fen", "_milli")):
        text = _UNIT.sub("", text)
    return ".".join(part for part in (before, text) if part)


def value_text(label: str, path: str, value: Any) -> str:
    """A value as people read it: fen as yuan, thousandths as a quantity, a choice by its word, a key with its kind."""
    if value is None or value == "":
        return _("空")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    model, _before, name = _place(label, path)
    field = _field(model, name)
    if isinstance(value, int) and name.endswith("_fen"):
        return money.format_yuan(value)
    if isinstance(value, int) and name.endswith("_milli"):
        return money.format_quantity(value)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and isinstance(field.remote_field, models.ManyToOneRel):
        return f"{field.remote_field.model._meta.verbose_name} {value}"
    text = moment_text(value) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def moment_text(text: str) -> str:
    """A recording time in a document in Asia/Shanghai to the minute; other text as it is."""
    moment = dateparse.parse_datetime(text) if _MOMENT.match(text) else None
    return text if moment is None else period.format_moment(moment, get_language() or "zh")


def actor_name(account: str, facts: Any) -> str:
    """Who acted: the name in the record's facts, else the account."""
    name = facts.get("actor") if isinstance(facts, dict) else None
    return str(name) if name else (_("系统") if account == "system" else account)
