"""A capsule goes out as one text under the county's signature, and who has it is recorded."""

import orjson
import pytest
from conftest import DAY
from django.db import IntegrityError, transaction

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.evidence import services as log
from mingchan.interfaces.field import drafts, queries, services, signing
from mingchan.interfaces.field.models import Capsule, Device
from mingchan.interfaces.field.tests.conftest import DEVICE
from mingchan.interfaces.field.tests.demonstration import KIND, Demonstration
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref

pytestmark = pytest.mark.django_db
PHONE = drafts.Contact(DEVICE, "新关镇 1 号", unsent=2, skew_seconds=40)


def test_a_capsule_says_what_the_provider_says_and_for_whom(provider: Demonstration, clerk: Actor) -> None:
    issued = services.issue(KIND, "7", contact=PHONE, actor=clerk, on=DAY)
    body = orjson.loads(issued.text)
    assert [line["name"] for line in body["lines"]] == ["台式电脑", "货架", "扫码枪"]
    assert (body["issued"]["account"], body["issued"]["name"]) == (clerk.account_id, clerk.name)
    assert issued.digest == crypto.sha256(issued.text.encode()).hex()
    assert signing.is_signed(issued.text, issued.signature)


def test_a_changed_text_or_signature_is_not_the_countys(provider: Demonstration, clerk: Actor) -> None:
    issued = services.issue(KIND, "7", contact=PHONE, actor=clerk, on=DAY)
    assert not signing.is_signed(issued.text.replace("货架", "冰柜"), issued.signature)
    assert not signing.is_signed(issued.text, issued.signature[:-8] + "AAAAAAA=")
    assert not signing.is_signed(issued.text, "nothing")
    assert not signing.is_signed(issued.text, "")


def test_who_took_what_on_which_phone_is_a_record(provider: Demonstration, clerk: Actor) -> None:
    issued = services.issue(KIND, "7", contact=PHONE, actor=clerk, on=DAY)
    capsule = Capsule.objects.get()
    assert (capsule.digest, capsule.device_key, capsule.line_count) == (issued.digest, DEVICE, 3)
    assert capsule.division_code == "140932100000"
    (entry,) = evidence.history(Ref("field_capsule", capsule.pk))
    assert "2020年盘点：新关镇" in entry.sentence
    assert clerk.name in entry.sentence
    phone = Device.objects.get()
    assert (phone.name, phone.unsent, phone.skew_seconds) == ("新关镇 1 号", 2, 40)


def test_a_file_goes_out_without_a_phone(provider: Demonstration, clerk: Actor) -> None:
    services.issue(KIND, "7", actor=clerk, on=DAY)
    assert (Capsule.objects.get().way, Device.objects.count()) == ("FILE", 0)


def test_what_the_provider_refuses_does_not_go_out(provider: Demonstration, clerk: Actor) -> None:
    with pytest.raises(NotFound):
        services.issue(KIND, "8", contact=PHONE, actor=clerk, on=DAY)
    with pytest.raises(NotFound):
        services.issue("unknown", "7", contact=PHONE, actor=clerk, on=DAY)
    provider.closed = True
    with pytest.raises(Refusal, match="已结束"):
        services.issue(KIND, "7", contact=PHONE, actor=clerk, on=DAY)
    assert not Capsule.objects.exists()


def test_what_went_out_can_be_neither_changed_nor_dropped(provider: Demonstration, clerk: Actor) -> None:
    services.issue(KIND, "7", contact=PHONE, actor=clerk, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Capsule.objects.update(digest="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        Capsule.objects.all().delete()


def test_the_verifier_compares_what_went_out(provider: Demonstration, clerk: Actor) -> None:
    services.issue(KIND, "7", contact=PHONE, actor=clerk, on=DAY)
    assert log.verify(queries.PROTECTED).ok
