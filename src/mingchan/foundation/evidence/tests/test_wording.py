"""Findings speak of fields and values as people do."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from mingchan.foundation.evidence import protection, wording
from mingchan.foundation.evidence.models import Attachment
from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.foundation.evidence.reports import Finding

FILES = Attachment._meta.label


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("cost_fen", 120000000, "1,200,000.00"),
        ("quantity_milli", 12500, "12.5"),
        ("kind", "PHOTO", "照片"),
        ("kind", "UNHEARD", "UNHEARD"),
        ("name", None, "空"),
        ("name", "", "空"),
        ("is_sample", True, "是"),
        ("is_sample", False, "否"),
        ("recorded_at", "2026-03-31T09:12:44.018233Z", "2026年3月31日 17:12"),
        ("attached_on", "2026-03-31", "2026-03-31"),
        ("name", "长" * 300, "长" * 200 + "…"),
        ("size", 12345, "12345"),
    ],
)
def test_a_value_is_said_as_people_read_it(field: str, value: object, said: str) -> None:
    assert wording.value_text(FILES, field, value) == said


def test_a_field_is_called_by_its_label() -> None:
    assert wording.field_label(FILES, "uploader") == "上传人"
    assert wording.field_label(FILES, "nowhere") == "nowhere"
    assert wording.field_label("no.Model", "size") == "size"
    assert wording.field_label("", "") == ""


def test_a_field_of_a_child_names_the_child_counted_from_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protection, "_registered", {})
    protection.register(Protected("shelf", ContentType, children=(Child(Permission, "content_type", "boxes"),)))
    label, word = ContentType._meta.label, str(Permission._meta.verbose_name)
    name = str(Permission._meta.get_field("codename").verbose_name)
    assert wording.field_label(label, "boxes[1].codename") == f"{word}[2].{name}"
    assert wording.field_label(label, "boxes[1]") == f"{word}[2]"
    assert wording.field_label(label, "others[0].codename") == "others[1].codename"
    key = str(ContentType._meta.verbose_name)
    assert wording.value_text(label, "boxes[0].content_type_id", 12) == f"{key} 12"


def test_two_models_cannot_share_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protection, "_registered", {})
    protection.register(Protected("shelf", ContentType))
    protection.register(Protected("shelf", ContentType))
    with pytest.raises(ValueError, match="shelf"):
        protection.register(Protected("shelf", Permission))


def test_an_act_of_the_system_is_said_to_be_one() -> None:
    facts = {"model": FILES, "label": "a.txt", "at": "2026-03-31T09:12:44.018233Z", "account": "system"}
    sentence = Finding("row.missing", "attachment:1", seq=7, facts=facts).sentence
    assert (
        sentence
        == "附件 a.txt 被删除，不经系统。日志最后一次是第 7 条（2026年3月31日 17:12，系统），其后没有注销的记录。"
    )
    assert wording.row_name("no.Model", "x", "thing:1") == "thing:1"
