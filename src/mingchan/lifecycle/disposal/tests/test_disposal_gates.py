"""What the database refuses by itself, whatever statement is used and whoever sends it (3.4.3a, 2.6.3)."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingchan.lifecycle.disposal import services
from mingchan.lifecycle.disposal.models import Disposal, Item
from mingchan.lifecycle.disposal.tests import factories as make
from mingchan.register.assets.models import Asset

pytestmark = pytest.mark.usefixtures("sample_county")

LEAVES = "no asset leaves the register"
HELD = "frozen"


def run(statement: str, *values: Any) -> int:
    """Send a statement; answers how many rows it touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return int(cursor.rowcount)


def refused(words: str, statement: str, *values: Any) -> None:
    with pytest.raises(IntegrityError, match=words):
        run(statement, *values)


DISPOSE = "UPDATE assets_asset SET status = 'DISPOSED' WHERE id = %s"


def test_no_card_becomes_disposed_without_a_disposal() -> None:
    free = make.cards(1)[0]
    refused(LEAVES, DISPOSE, free)
    refused(LEAVES, "UPDATE assets_asset SET status = 'DISPOSED', frozen_by = 'disposal:1' WHERE id = %s", free)
    columns = [field.column for field in Asset._meta.concrete_fields if field.column != "id"]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join({"code": "'X-1'", "status": "'DISPOSED'"}.get(name, f'"{name}"') for name in columns)
    copy = f"INSERT INTO assets_asset ({names}) SELECT {values} FROM assets_asset WHERE id = %s"
    refused("as disposed", copy, free)


@pytest.mark.parametrize("state", ["draft", "review", "notice"])
def test_no_card_becomes_disposed_before_the_procedure_has_ended(state: str) -> None:
    ids = make.cards(1)
    step = {"draft": make.drafted, "review": make.submitted, "notice": lambda x: make.approved(make.submitted(x))}
    made = step[state](ids)
    refused(LEAVES, DISPOSE, ids[0])
    refused("a disposal may proceed", "UPDATE disposal_disposal SET state = 'MAY_PROCEED' WHERE id = %s", made.pk)
    refused(
        "carried out",
        "UPDATE disposal_disposal SET state = 'EXECUTED', executed_on = '2020-03-10' WHERE id = %s",
        made.pk,
    )
    assert make.fresh(made).state != "EXECUTED"


def test_a_card_of_another_list_does_not_leave_through_an_open_gate() -> None:
    open_one = make.may_proceed(make.cards(1))
    other = make.submitted(make.cards(1))
    item = Item.objects.get(disposal=other)
    refused(LEAVES, DISPOSE, item.asset_id)
    move = "UPDATE disposal_item SET disposal_id = %s WHERE id = %s"
    refused("the list of a disposal stands", move, open_one.pk, item.pk)
    own = Item.objects.get(disposal=open_one)
    refused(
        "the list of a disposal stands", "UPDATE disposal_item SET asset_id = %s WHERE id = %s", item.asset_id, own.pk
    )


def test_another_approved_case_opens_no_gate() -> None:
    open_one = make.may_proceed(make.cards(1))
    ids = make.cards(1)
    made = make.submitted(ids)
    swap = "UPDATE disposal_disposal SET case_id = %s WHERE id = %s"
    with pytest.raises(IntegrityError):
        run(swap, open_one.case_id, made.pk)
    refused(LEAVES, DISPOSE, ids[0])


def test_cards_of_a_running_disposal_stay_as_they_are() -> None:
    ids = make.cards(2)
    make.submitted(ids)
    for change in (
        "name = 'x'", "cost_fen = 1", "owner_id = NULL", "status = 'WITHDRAWN'", "status = 'SPLIT'", "version = 9",
        "division_code = ''", "state_since = '2021-01-01'", "frozen_by = 'disposal:999'",
    ):  # fmt: skip
        refused(HELD, f"UPDATE assets_asset SET {change} WHERE id = %s", ids[0])
    refused("stay frozen", "UPDATE assets_asset SET frozen_by = NULL WHERE id = %s", ids[0])
    refused("stay frozen", "UPDATE assets_asset SET frozen_by = NULL, name = 'x' WHERE id = %s", ids[0])
    with pytest.raises(IntegrityError):
        run("DELETE FROM assets_asset WHERE id = %s", ids[0])
    refused(HELD, "UPDATE assets_right SET valid_to = '2020-03-11' WHERE asset_id = %s", ids[0])
    copy = (
        "INSERT INTO assets_right (asset_id, kind, party_id, share_numerator, share_denominator, valid_from, basis, "
        "source, document) SELECT asset_id, 'SUPERVISION', party_id, 1, 1, valid_from, '', '', '' FROM assets_right "
        "WHERE asset_id = %s AND kind = 'OWNERSHIP'"
    )
    refused(HELD, copy, ids[0])


def test_a_disposed_card_never_changes_and_a_list_that_went_out_stands() -> None:
    ids = make.cards(2)
    made = make.executed(make.may_proceed(ids))
    for change in ("status = 'ACTIVE'", "name = 'x'", "version = version + 1", "frozen_by = 'disposal:1'"):
        refused("never changes", f"UPDATE assets_asset SET {change} WHERE id = %s", ids[0])
    with pytest.raises(IntegrityError):
        run("DELETE FROM assets_asset WHERE id = %s", ids[0])
    refused("stays so", "UPDATE disposal_disposal SET state = 'DRAFT', executed_on = NULL WHERE id = %s", made.pk)
    refused("goes back to review", "UPDATE disposal_disposal SET reason = 'x' WHERE id = %s", made.pk)
    refused("never goes", "DELETE FROM disposal_disposal WHERE id = %s", made.pk)
    refused("list of a disposal stands", "DELETE FROM disposal_item WHERE disposal_id = %s", made.pk)
    refused("list of a disposal stands", "UPDATE disposal_item SET name = 'x' WHERE disposal_id = %s", made.pk)
    refused("ends with its case", "UPDATE disposal_disposal SET state = 'FILED' WHERE id = %s", made.pk)
    for table in ("disposal_result", "disposal_paper"):
        refused("append-only", f"UPDATE {table} SET id = id + 1000")
        refused("append-only", f"DELETE FROM {table}")


def test_money_and_prices_stand_once_written() -> None:
    made = make.executed(make.may_proceed(make.cards(1, cost_fen=1_000_000), "SALE"))
    services.receive(made.pk, 2_000_000, "收1", make.DAY, actor=make.actor("accountant"), on=make.DAY)
    refused("append-only", "UPDATE disposal_moneyentry SET amount_fen = 1")
    refused("append-only", "DELETE FROM disposal_moneyentry")
    refused("append-only", "UPDATE disposal_appraisal SET value_fen = 1")


def test_a_disposal_begins_as_a_draft_and_keeps_its_number() -> None:
    made = make.drafted(make.cards(1))
    refused("keeps its number", "UPDATE disposal_disposal SET number = 'x' WHERE id = %s", made.pk)
    columns = ", ".join(f'"{field.column}"' for field in Disposal._meta.concrete_fields if field.column != "id")
    values = columns.replace('"state"', "'REVIEW'").replace('"serial"', "99")
    copy = f"INSERT INTO disposal_disposal ({columns}) SELECT {values} FROM disposal_disposal WHERE id = %s"
    with pytest.raises(IntegrityError):
        run(copy, made.pk)
