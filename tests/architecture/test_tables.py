"""Keys between contexts, written as text, escape the import contracts; these tests see them. So do record fields."""

from django.apps import apps
from django.db import models

from mingchan.config import wiring
from tests.architecture import source

CANONICAL = (
    models.CharField, models.TextField, models.IntegerField, models.BigIntegerField, models.SmallIntegerField,
    models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField,
    models.BooleanField, models.DateField, models.DateTimeField, models.BinaryField, models.ForeignKey,
    models.OneToOneField, models.AutoField, models.BigAutoField, models.JSONField,
)  # fmt: skip
"""Kinds of field whose every value has exactly one byte form."""


def _own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("mingchan.")]


def _rank(context: str) -> tuple[int, int]:
    """Where a context stands, bottom first; inside a band the order of the layer contracts."""
    inner = (
        "policy", "evidence", "directory", "ledger", "procedures",
        "funding", "assets", "tracing", "rights", "survey", "sites", "handover",
        "custody", "operation", "disposal", "income", "distribution", "performance", "revival",
    )  # fmt: skip
    name = context.rsplit(".", 1)[-1]
    return source.BANDS.index(source.band_of(context)), inner.index(name) if name in inner else 0


def _keys_across() -> list[tuple[type[models.Model], models.ForeignKey, str, str]]:
    found = []
    for model in _own_models():
        here = source.context_of(model.__module__)
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and not field.auto_created:
                target = field.related_model.__module__
                there = source.context_of(target) if target.startswith("mingchan.") else target
                if there != here:
                    found.append((model, field, here, there))
    return found


def test_keys_across_contexts_point_downwards() -> None:
    wrong = [
        f"{model.__name__}.{field.name}: {here} → {there}"
        for model, field, here, there in _keys_across()
        if not there.startswith("mingchan.") or _rank(there) >= _rank(here)
    ]
    assert not wrong, "\n".join(wrong)


def test_keys_across_contexts_leave_no_attribute_behind() -> None:
    wrong = [f"{m.__name__}.{f.name}" for m, f, _, _ in _keys_across() if not f.remote_field.hidden]
    assert not wrong, 'related_name="+" is missing: ' + ", ".join(wrong)


def test_keys_across_contexts_protect_what_they_point_at() -> None:
    wrong = [
        f"{m.__name__}.{f.name}" for m, f, _, _ in _keys_across() if f.remote_field.on_delete is not models.PROTECT
    ]
    assert not wrong, ", ".join(wrong)


def test_no_table_keeps_a_float_or_a_decimal() -> None:
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in _own_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FloatField | models.DecimalField)
    ]
    assert not wrong, ", ".join(wrong)


def test_every_field_of_a_protected_row_has_one_byte_form() -> None:
    wrong = []
    for protected in wiring.PROTECTED:
        for model in (protected.model, *(child.model for child in protected.children)):
            excluded = set(protected.exclude) if model is protected.model else set()
            wrong += [
                f"{model.__name__}.{field.name} is a {type(field).__name__}"
                for field in model._meta.concrete_fields
                if field.name not in excluded and not isinstance(field, CANONICAL)
            ]
    assert wiring.PROTECTED
    assert not wrong, "\n".join(wrong)


def _protected_models() -> dict[str, tuple[type[models.Model], set[str]]]:
    """Models whose rows are compared with the log, with the fields that are left out of their documents."""
    found: dict[str, tuple[type[models.Model], set[str]]] = {}
    for protected in wiring.PROTECTED:
        found[protected.model._meta.label] = protected.model, set(protected.exclude)
        for child in protected.children:
            found[child.model._meta.label] = child.model, set(child.exclude)
    return found


def test_every_table_is_compared_with_the_log_or_exempt_with_a_reason() -> None:
    known = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    protected = set(_protected_models())
    assert known - protected - set(wiring.EXEMPT) == set()
    assert protected & set(wiring.EXEMPT) == set()
    assert set(wiring.EXEMPT) - known == set()
    assert [label for label, reason in wiring.EXEMPT.items() if len(reason.split()) < 4] == []


def test_every_field_of_a_protected_row_is_in_its_document_or_left_out_with_a_reason() -> None:
    left_out = set()
    for label, (model, names) in _protected_models().items():
        assert names <= {field.name for field in model._meta.concrete_fields}, label
        left_out |= {f"{label}.{name}" for name in names}
    assert left_out == set(wiring.LEFT_OUT)
    assert [name for name, reason in wiring.LEFT_OUT.items() if len(reason.split()) < 4] == []
