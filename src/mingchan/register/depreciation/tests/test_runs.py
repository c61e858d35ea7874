"""Months charged, posted once and taken back; changes, leaving, splitting; what the books and the log say of it."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from mingchan.foundation.directory.models import Party
from mingchan.foundation.ledger import queries as ledger_queries
from mingchan.foundation.ledger import services as ledger
from mingchan.foundation.ledger.drafts import LineDraft, VoucherDraft
from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import MoveDraft, PartDraft, ShareDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import valuing
from mingchan.register.assets.tests import factories as make
from mingchan.register.depreciation import queries, services
from mingchan.register.depreciation.models import Charge, Course, Run, Term
from mingchan.register.depreciation.queries import closing, standing
from mingchan.register.depreciation.tests import factories
from mingchan.register.depreciation.tests.factories import cards

pytestmark = pytest.mark.django_db
MOVED = EventKind("test.depreciation.moved", "变动", ())
ENDS = {3: date(2020, 3, 31), 4: date(2020, 4, 30), 5: date(2020, 5, 31), 6: date(2020, 6, 30)}


def run(month: int, *, on: date | None = None, owner: int | None = None) -> Run:
    return services.post(
        factories.book(owner).pk, month, actor=factories.accountant(), on=on or ENDS.get(month % 100, date(2021, 1, 31))
    )


def balance(code: str, owner: int | None = None, month: int = 209912) -> int:
    """What stands on an account, debit positive."""
    rows = ledger_queries.trial_balance([factories.book(owner).pk], 190001, month).rows
    return next(row.closing_fen for row in rows if row.code == code)


def charged(*ids: int) -> list[int]:
    found = queries.totals(ids)
    return [found.get(key, 0) for key in ids]


def sound() -> None:
    """Books, runs and register agree."""
    assert list(ledger_queries.faults()) == []
    assert list(queries.faults()) == []


def test_the_first_run_catches_up_and_the_next_one_charges_its_month() -> None:
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)})
    first = run(202003)
    assert (first.count, first.total_fen) == (1, 6_667)
    late = Run.objects.get(kind="CATCH_UP")
    assert (late.month, late.total_fen) == (202003, 60_000)
    assert charged(pc) == [66_667]
    assert balance("160202") == -66_667
    assert balance("3001") == 46_667, "seven months of 2019 aren't this year's expense"
    assert balance("5001") == 20_000
    assert run(202004).total_fen == 6_666
    assert balance("160202") == -73_333
    sound()


def test_a_village_book_begins_a_month_later_and_charges_by_purpose() -> None:
    owner = factories.collective()
    industry, welfare = cards(
        {"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)},
        {"cost_fen": 480_000, "acquired_on": date(2020, 3, 2), "asset_type": "PUBLIC_SERVICE"},
        owner=owner,
    )
    run(202003, on=date(2020, 3, 15), owner=owner)
    assert charged(industry, welfare) == [60_000, 0]
    run(202004, on=date(2020, 4, 2), owner=owner)
    assert charged(industry, welfare) == [66_667, 6_667]
    assert balance("152", owner) == -73_334
    assert (balance("322", owner), balance("401", owner), balance("551", owner)) == (40_000, 26_667, 6_667)
    sound()


def test_what_is_not_charged_is_named_with_its_reason() -> None:
    cards(
        {"class_code": "A03010000"},
        {"cost_fen": 100},
        {"acquired_on": None},
        {"life_months": None},
        {"acquired_on": date(2010, 1, 1)},
        {"acquired_on": date(2020, 2, 1)},
    )
    book = factories.book()
    shown = services.preview(book.pk, 202003, actor=factories.accountant(), on=ENDS[3])
    assert not Run.objects.exists()
    assert not Term.objects.exists()
    posted = run(202003)
    assert (posted.count, posted.total_fen) == (shown.month_count, shown.month_fen) == (1, 5_528)
    reasons = standing.skipped(book, 24_243)
    assert {why: n for why, (n, _cost) in reasons.items()} == {
        "CLASS": 1, "NOMINAL": 1, "NO_DATE": 1, "NO_LIFE": 1, "DONE": 1,
    }  # fmt: skip
    assert [row[2] for row in standing.skipped_cards(book, 24_243, "NO_LIFE")] == ["设备3"]
    sound()


def test_software_is_amortised() -> None:
    cards({"class_code": "A08060303", "cost_fen": 120_000, "life_months": 120, "acquired_on": date(2020, 1, 5)})
    run(202003)
    assert (balance("1702"), balance("1602"), balance("5001")) == (-3_000, 0, 3_000)


def test_a_month_is_charged_once_and_in_order() -> None:
    cards({})
    run(202003)
    with pytest.raises(Refusal, match="不能重复计提"):
        run(202003)
    with pytest.raises(Refusal, match="2020年4月"):
        run(202005)
    with pytest.raises(Refusal, match="最后一天"):
        run(202004, on=date(2020, 4, 29))
    assert Voucher.objects.filter(source__startswith="depreciation_run").count() == 2


def test_the_database_refuses_a_second_run_and_any_change_of_charges() -> None:
    (pc,) = cards({})
    posted = run(202003)
    names = (
        "county, book_id, month, kind, state, day, posted_by, count, total_fen, charges_digest, terms_digest, "
        "reversed_by, reason"
    )
    for statement in (
        f"INSERT INTO depreciation_run ({names}) SELECT {names.replace('state', '0')} FROM depreciation_run "
        f"WHERE id = {posted.pk}",
        f"INSERT INTO depreciation_charge (run_id, asset_id, fen) VALUES ({posted.pk}, {pc + 1}, 5)",
        f"UPDATE depreciation_charge SET fen = fen + 1 WHERE run_id = {posted.pk}",
        f"DELETE FROM depreciation_charge WHERE run_id = {posted.pk}",
        f"UPDATE depreciation_term SET months = months + 1 WHERE asset_id = {pc}",
        f"DELETE FROM depreciation_term WHERE asset_id = {pc}",
        f"UPDATE depreciation_run SET total_fen = total_fen + 1 WHERE id = {posted.pk}",
        f"DELETE FROM depreciation_run WHERE id = {posted.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    sound()


def test_a_run_is_taken_back_as_a_whole_and_charged_again() -> None:
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)})
    first = run(202003)
    with pytest.raises(Refusal, match="冲销原因"):
        services.reverse(first.pk, " ", actor=factories.accountant(), on=ENDS[3])
    taken = services.reverse(first.pk, "年限录错", actor=factories.accountant(), on=ENDS[3])
    assert [each.kind for each in taken] == ["CATCH_UP", "MONTH"]
    assert (charged(pc), balance("160202"), balance("5001"), balance("3001")) == ([0], 0, 0, 0)
    sound()
    run(202003)
    run(202004)
    with pytest.raises(Refusal, match="最后一个月"):
        services.reverse(Run.objects.filter(state=1).earliest("id").pk, "错", actor=factories.accountant(), on=ENDS[4])
    assert charged(pc) == [73_333]
    sound()


def test_a_longer_life_spreads_what_is_left_from_the_day_of_the_change() -> None:
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)})
    run(202003)
    assets.correct(pc, {"life_months": 96}, 1, "改扩建延长寿命", actor=make.clerk(), on=date(2020, 4, 10))
    posted = run(202004)
    left = 96 - 10
    assert posted.total_fen == (413_333 * 2 + left) // (2 * left)
    assert charged(pc) == [66_667 + posted.total_fen]
    assert Term.objects.filter(asset=pc).count() == 2
    sound()


def test_a_provisional_value_that_becomes_final_redoes_nothing() -> None:
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2020, 1, 20)})
    run(202003)
    assert charged(pc) == [20_000]
    assets.correct(pc, {"cost_fen": 618_000}, 1, "竣工决算", actor=make.clerk(), on=date(2020, 4, 10))
    run(202004)
    assert charged(pc) == [20_000 + round(598_000 / 69)]
    with pytest.raises(Refusal, match="原值不能更低"):
        assets.correct(pc, {"cost_fen": 20_000}, 2, "更正", actor=make.clerk(), on=date(2020, 5, 2))
    sound()


def test_a_run_that_comes_late_reads_the_register_of_its_month() -> None:
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2020, 1, 20)})
    run(202003)
    assets.correct(pc, {"life_months": 36}, 1, "缩短", actor=make.clerk(), on=date(2020, 5, 10))
    assert run(202004, on=date(2020, 5, 20)).total_fen == 6_667
    assert run(202005).total_fen == (453_333 * 2 + 32) // 64
    sound()


def test_a_card_registered_late_is_caught_up_when_it_comes() -> None:
    cards({})
    run(202003)
    (late,) = cards({"cost_fen": 720_000, "acquired_on": date(2019, 11, 1)}, on=date(2020, 4, 20), batch=2)
    run(202004)
    assert charged(late) == [60_000]
    assert balance("3501") == 20_000, "two months of the year before"
    sound()


def test_an_opening_balance_of_the_books_is_taken_for_what_it_is() -> None:
    on_line, other = cards(
        {"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)}, {"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)}
    )
    lines = [
        LineDraft("ACCUMULATED_DEPRECIATION.GENERAL", "", 0, 60_000, f"asset:{on_line}"),
        LineDraft("ACCUMULATED_DEPRECIATION.GENERAL", "", 0, 100_000, f"asset:{other}"),
        LineDraft("SURPLUS", "", 160_000, 0),
    ]
    draft = VoucherDraft(factories.book().pk, date(2020, 3, 10), "期初累计折旧", lines, Ref("batch", 1), "opening")
    ledger.post(draft, actor=factories.accountant(), on=date(2020, 3, 10))
    assert charged(on_line, other) == [60_000, 100_000]
    run(202003)
    assert charged(on_line, other) == [66_667, 100_000 + (380_000 * 2 + 63) // 126]
    assert not Run.objects.filter(kind="CATCH_UP").exists()
    sound()


def move(pc: int, to: int, on: date, *, is_transfer: bool = True) -> None:
    assets.move(
        [pc], MoveDraft(holders={"OWNERSHIP": (ShareDraft(to),)}, is_transfer=is_transfer), kind=MOVED,
        right="asset.correct", basis="批复", source=Ref("batch", 9), actor=make.clerk(), on=on,
    )  # fmt: skip


def test_an_unpaid_transfer_takes_cost_and_accumulated_depreciation_along() -> None:
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)})
    other = make.party("偏关县商务服务中心")
    run(202003)
    move(pc, other, date(2020, 4, 10))
    assert (balance("160102"), balance("160202"), balance("3401")) == (0, 0, 413_333)
    assert (balance("160102", other), balance("160202", other), balance("3401", other)) == (480_000, -66_667, -413_333)
    assert charged(pc) == [66_667]
    run(202004)
    run(202004, owner=other)
    assert charged(pc) == [73_333], (
        "the giver doesn't charge the month of leaving, the taker charges the month of entry"
    )
    assert balance("160202", other) == -73_333
    sound()


def test_an_asset_leaves_its_book_only_when_every_month_before_is_charged() -> None:
    (pc,) = cards({})
    other = make.party("偏关县商务服务中心")
    run(202003)
    with pytest.raises(Refusal, match="2020年4月的折旧还没有计提"):
        move(pc, other, date(2020, 5, 10))
    run(202004)
    move(pc, other, date(2020, 5, 10))
    sound()


def test_an_asset_of_a_village_is_charged_for_the_month_it_leaves_in() -> None:
    owner, other = factories.collective(), factories.collective("前场村股份经济合作社")
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)}, owner=owner)
    run(202003, on=date(2020, 3, 15), owner=owner)
    with pytest.raises(Refusal, match="2020年4月"):
        move(pc, other, date(2020, 4, 10))
    run(202004, on=date(2020, 4, 10), owner=owner)
    move(pc, other, date(2020, 4, 10))
    assert balance("152", owner) == 0
    run(202005, on=date(2020, 5, 10), owner=owner)
    assert balance("152", owner) == 0
    assert charged(pc) == [66_667]
    sound()


def test_what_left_before_the_book_was_ever_charged_is_not_charged_afterwards() -> None:
    pc, stays = cards({"acquired_on": date(2020, 1, 20)}, {"acquired_on": date(2020, 1, 20)})
    move(pc, make.party("偏关县商务服务中心"), date(2020, 4, 10))
    run(202003, on=date(2020, 5, 2))
    assert charged(pc, stays) == [0, 16_583]
    assert balance("160202") == -16_583
    sound()


def test_a_wrong_owner_gives_the_charges_back_with_the_asset() -> None:
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)})
    other = make.party("偏关县商务服务中心")
    run(202003)
    assets.correct(pc, {"owner": other}, 1, "产权登记有误", actor=make.clerk(), on=date(2020, 4, 2))
    assert (balance("160202"), balance("160202", other)) == (0, -66_667)
    run(202004, owner=other)
    assert charged(pc) == [73_333]
    sound()


def test_parts_of_a_lot_share_what_was_charged_on_it() -> None:
    (lot,) = cards({"cost_fen": 1_000_000, "quantity_milli": 3000, "acquired_on": date(2020, 1, 20)})
    run(202003)
    assert charged(lot) == [41_667]
    parts = assets.split(
        lot, [PartDraft(1000), PartDraft(2000)], 1, "分站使用", actor=make.clerk(), on=date(2020, 4, 5)
    )
    assert charged(*parts) == [13_889, 27_778]
    run(202004)
    assert sum(charged(*parts)) == -balance("160202")
    assert sum(charged(*parts)) == pytest.approx(1_000_000 * 4 / 72, abs=2)
    sound()


def test_a_new_class_moves_what_was_charged_to_its_account() -> None:
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)})
    run(202003)
    assets.correct(pc, {"class_code": "A05010201"}, 1, "分类更正", actor=make.clerk(), on=date(2020, 4, 2))
    run(202004)
    assert (balance("160202"), balance("160206")) == (0, -charged(pc)[0])
    assert queries.by_account([pc]) == {pc: (("160206", charged(pc)[0]),)}
    sound()


def test_a_charged_card_is_not_withdrawn() -> None:
    (pc,) = cards({})
    run(202003)
    with pytest.raises(assets.Depends):
        assets.withdraw_card(pc, "重复登记", actor=make.clerk(), on=ENDS[3])


def test_lists_and_totals_show_what_was_charged() -> None:
    (pc,) = cards({"cost_fen": 480_000, "acquired_on": date(2019, 6, 20)})
    expected = [(date(2020, 3, 31), 413_333), (date(2020, 9, 30), 406_667)]
    run(202003)
    run(202004)
    for day, net in expected:
        found = Asset.objects.filter(pk=pc).annotate(net=valuing.net_value(day)).values_list("net", flat=True).get()
        assert found == net, "a book charged through April has charged nothing since"


def test_register_and_ledger_agree_at_every_months_end() -> None:
    cards({}, {"cost_fen": 99_999}, {"acquired_on": None})
    run(202003)
    assert all(item.good for item in closing.of_register(factories.book(), 202003, ENDS[3]))
    assert all(item.good for item in closing.of_run(factories.book(), 202003, ENDS[3]))
    assert not next(closing.of_run(factories.book(), 202004, ENDS[4])).good


def test_a_charged_book_closes_a_month_only_with_its_run() -> None:
    cards({})
    actor, book = factories.accountant(), factories.book()
    run(202003)
    ledger.close_period(book.pk, 202003, actor=actor, on=ENDS[4])
    with pytest.raises(Refusal, match="本月折旧已计提"):
        ledger.close_period(book.pk, 202004, "来不及", actor=actor, on=ENDS[4])
    with pytest.raises(Refusal, match="已结账"):
        services.reverse(Run.objects.get(kind="MONTH").pk, "错", actor=actor, on=ENDS[3])
    assert Run.objects.filter(state=1).count() == 2
    run(202004)
    ledger.close_period(book.pk, 202004, actor=actor, on=ENDS[4])


def test_a_book_that_was_never_charged_says_so_and_closes_with_an_explanation() -> None:
    cards({})
    actor, book = factories.accountant(), factories.book()
    with pytest.raises(Refusal, match="尚未开始计提"):
        ledger.close_period(book.pk, 202003, actor=actor, on=ENDS[3])
    ledger.close_period(book.pk, 202003, "本县自下月起计提折旧", actor=actor, on=ENDS[3])


def test_only_the_accountant_charges() -> None:
    cards({})
    with pytest.raises(NotAllowed):
        services.post(factories.book().pk, 202003, actor=make.clerk(), on=ENDS[3])
    with pytest.raises(NotFound):
        services.post(0, 202003, actor=factories.accountant(), on=ENDS[3])


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE depreciation_charge SET fen = fen + 1 WHERE asset_id = {pc}", "asset:{pc}"),
        ("DELETE FROM depreciation_charge WHERE asset_id = {pc}", "depreciation_run:"),
        ("UPDATE depreciation_charge SET asset_id = asset_id + 5000 WHERE asset_id = {pc}", "asset:"),
        ("UPDATE depreciation_charge SET run_id = run_id + 5000 WHERE asset_id = {pc}", "depreciation_run:"),
        ("UPDATE depreciation_term SET base_fen = base_fen - 1 WHERE asset_id = {pc}", "depreciation_run:"),
        ("UPDATE depreciation_term SET is_live = NOT is_live WHERE asset_id = {pc}", "asset:{pc}"),
        ("DELETE FROM depreciation_term WHERE asset_id = {pc}", "depreciation_run:"),
        ("UPDATE depreciation_course SET through = through + 1", "book:"),
    ],
)
def test_the_verifier_finds_what_was_changed_past_the_program(statement: str, named: str) -> None:
    (pc, _other) = cards({"acquired_on": date(2020, 3, 1)}, {"acquired_on": date(2020, 3, 1)})
    run(202003)
    sound()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'depreciation%%'", [])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement.format(pc=pc))
    found = list(queries.faults())
    assert any(fault.obj.startswith(named.format(pc=pc)) for fault in found), found


def test_a_thousand_cards_cost_as_many_statements_as_ten(django_assert_max_num_queries: object) -> None:
    cards(*({"serial_no": ""} for _ in range(400)))
    book, actor = factories.book(), factories.accountant()
    with django_assert_max_num_queries(90):  # type: ignore[operator]
        services.post(book.pk, 202003, actor=actor, on=ENDS[3])
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        services.post(book.pk, 202004, actor=actor, on=ENDS[4])
    assert Charge.objects.count() == 1_200
    assert Course.objects.get().through == 24_244
    assert Line.objects.filter(subject__startswith="depreciation_run").count() == 7
    assert Party.objects.exists()
