"""Whatever the services write equals the log's last word about it; whatever is written past them is named."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from mingchan.foundation.directory import queries, services
from mingchan.foundation.directory.drafts import PartyDraft
from mingchan.foundation.directory.models import Account, Division, Grant, Party
from mingchan.foundation.directory.tests import factories
from mingchan.foundation.evidence import services as evidence

DAY = factories.DAY
TOWN = "140932100000"


@pytest.fixture
def busy_county(db: None) -> None:
    """A county in which every service of the directory has been used."""
    installer = factories.load_county()
    clerk = factories.actor("clerk", "bureau_clerk")
    admin = factories.actor("admin", "system_admin")
    guard = factories.actor("guard", "security_admin")
    party = services.create_party("PERSON", "董改花", TOWN, phone="13912346279", actor=clerk, on=DAY)
    services.correct_party(
        party.pk, {"name": "董改华", "id_number": "140932199001010019"}, 1, "写错", actor=clerk, on=DAY
    )
    services.ensure_parties(
        [PartyDraft("PERSON", f"村民{n}", TOWN, f"139****00{n:02d}") for n in range(12)],
        actor=clerk,
        on=DAY,
        source="batch:1",
    )
    services.reveal_personal(party.pk, "phone", "联系盘点", actor=clerk, on=DAY)
    one = factories.account("target", "finance")
    services.give_grant(one.pk, "audit", "140932100", basis="任命", valid_to=date(2020, 9, 1), actor=guard, on=DAY)
    services.end_grant(Grant.objects.filter(account=one).first().pk, "离岗", actor=guard, on=DAY)
    services.set_password(one.pk, factories.PASSWORD, "Guanhe-2021-new", actor=queries.actor_for(one, DAY), on=DAY)
    services.reset_password(one.pk, "忘记", actor=admin, on=DAY)
    services.disable_account(one.pk, "离岗", actor=admin, on=DAY)
    services.enable_account(one.pk, "返岗", actor=admin, on=DAY)
    services.log_in("clerk", factories.PASSWORD, "10.0.0.1", at=datetime(2020, 3, 10, 4, tzinfo=UTC), on=DAY)
    local = services.create_local_account(factories.office().pk, actor=installer, on=DAY)
    services.give_local_roles(local.pk, "本机", actor=installer, on=DAY)


def found() -> list[tuple[str, str]]:
    report = evidence.verify(services.PROTECTED)
    return [(finding.obj, finding.field) for finding in report.findings]


def test_after_every_service_the_log_and_the_tables_agree(busy_county: None) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (Grant, "scope", "14"),
        (Grant, "role", "bureau_head"),
        (Account, "is_active", False),
        (Account, "password", "md5$salt$0123456789abcdef0123456789abcdef"),
        (Account, "name", "别人"),
        (Party, "name", "别人"),
        (Party, "phone_cipher", b"moved"),
        (Division, "successor_code", "140932100000"),
    ],
)
def test_a_value_written_past_the_program_is_named_by_object_and_field(busy_county, model, column: str, value) -> None:
    key = model.objects.order_by("pk").values_list("pk", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" SET "{column}" = %s WHERE "{model._meta.pk.column}" = %s', [value, key]
        )
    assert found() == [(f"{model._meta.model_name}:{key}", column)]


def test_a_seal_written_past_the_program_is_named_with_the_password_it_no_longer_fits(busy_county: None) -> None:
    account = Account.objects.get(username="target")
    Account.objects.filter(pk=account.pk).update(password_seal="0" * 64)
    assert found() == [(f"account:{account.pk}", "password_seal"), (f"account:{account.pk}", "password")]


def test_a_password_moved_with_its_seal_from_another_account_is_named(busy_county: None) -> None:
    """The seal is of one login name, and it stands in the account's document."""
    clerk, target = Account.objects.get(username="clerk"), Account.objects.get(username="target")
    Account.objects.filter(pk=target.pk).update(password=clerk.password, password_seal=clerk.password_seal)
    assert found() == [(f"account:{target.pk}", "password_seal"), (f"account:{target.pk}", "password")]


def test_a_grant_inserted_past_the_program_is_named(busy_county: None) -> None:
    grant = Grant.objects.create(
        account=Account.objects.get(username="clerk"),
        role="audit",
        scope="140932",
        valid_from=DAY,
        basis="x",
        given_by="x",
    )
    assert [obj for obj, _field in found()] == [f"grant:{grant.pk}"]


def test_a_grant_deleted_past_the_program_is_named(busy_county: None) -> None:
    key = Grant.objects.order_by("pk").values_list("pk", flat=True).first()
    Grant.objects.filter(pk=key).delete()
    assert [obj for obj, _field in found()] == [f"grant:{key}"]
