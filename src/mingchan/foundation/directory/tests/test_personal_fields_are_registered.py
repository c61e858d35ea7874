"""Every field of the directory that says something about a person stands in the register of personal fields."""

from django.apps import apps

from mingchan.foundation.policy import queries as policy

PERSONAL_NAMES = ("phone", "id_", "name", "username", "title", "given_by", "address")
NOT_PERSONAL = {"directory.Division.name", "directory.DivisionName.name"}


def fields_of_the_directory() -> set[str]:
    models = apps.get_app_config("directory").get_models()
    return {f"{model._meta.label}.{field.name}" for model in models for field in model._meta.concrete_fields}


def test_every_personal_field_is_registered_and_every_registered_one_exists() -> None:
    personal = {
        field
        for field in fields_of_the_directory()
        if field.rsplit(".", 1)[1].startswith(PERSONAL_NAMES) and field not in NOT_PERSONAL
    }
    registered = {field for field in policy.personal_fields() if field.startswith("directory.")}
    assert registered == personal


def test_each_has_a_purpose_a_clause_of_the_plan_a_term_and_a_mask() -> None:
    for field in policy.personal_fields().values():
        assert field.clause in policy.clauses(), field.field
        assert field.purpose, field.field
        assert field.retention, field.field
        assert field.mask, field.field


def test_phone_and_identity_numbers_are_kept_encrypted_and_masked_only() -> None:
    masks = {
        f.field.rsplit(".", 1)[1]: f.mask
        for f in policy.personal_fields().values()
        if f.kind in ("contact", "identity") and f.field.startswith("directory.")
    }
    assert set(masks) == {"phone_cipher", "phone_mask", "id_cipher", "id_mask"}
    assert masks["phone_cipher"] == masks["id_cipher"] == "encrypted"
