"""Linking, taking back, accepting, splitting, and what the database itself refuses, on a real database."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.models import Record
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import PartDraft
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as cards
from mingchan.register.funding import services as funding
from mingchan.register.funding.models import FundUse
from mingchan.register.tracing import queries, rules, services
from mingchan.register.tracing.drafts import Part
from mingchan.register.tracing.models import PaymentShare
from mingchan.register.tracing.tests.factories import BATCH, DAY, clerk, own, pay

SOURCE = Ref("account", 1)


@pytest.fixture
def county(db: None) -> None:
    cards.divisions()


def link(use: int, *parts: Part, **changes):
    return services.link(use, parts, **{"source": SOURCE, "actor": clerk(), "on": DAY, **changes})


def live_sum(**narrowed) -> int:
    found = PaymentShare.objects.filter(valid_to__isnull=True, **narrowed).aggregate(fen=Sum("amount_fen"))["fen"]
    return found or 0


def test_a_payment_goes_to_many_assets_and_an_asset_to_many_payments(county: None) -> None:
    first, second = pay(fen=70_00), pay("第2批", 30_00)
    one, two = own(50_00, 50_00)
    done = link(first, Part(one, 50_00), Part(two, 20_00), reason="按验收清单")
    link(second, Part(two, 30_00))
    assert (done.shares, done.amount_fen) == (2, 70_00)
    assert live_sum(use=first) == 70_00
    assert live_sum(asset=two) == 50_00
    assert queries.open_of_use(FundUse.objects.get(pk=second)) == 0
    record = Record.objects.filter(act="tracing.share.linked").latest("seq")
    assert record.obj == f"payment_share:{PaymentShare.objects.latest('id').pk}"
    assert evidence.verify(queries.PROTECTED).ok


@pytest.mark.parametrize(
    ("fens", "words"), [((50_01,), "原值只剩"), ((50_00, 50_00), "只剩 70.00 元"), ((0,), "大于零")]
)
def test_more_than_is_open_is_refused_in_words(county: None, fens: tuple[int, ...], words: str) -> None:
    use, keys = pay(fen=70_00), own(50_00, 50_00)
    with pytest.raises(Refusal, match=words):
        link(use, *(Part(key, fen) for key, fen in zip(keys, fens, strict=False)))
    assert not PaymentShare.objects.exists()


def test_the_same_pair_twice_is_refused(county: None) -> None:
    use, (key,) = pay(fen=70_00), own(50_00)
    link(use, Part(key, 10_00))
    with pytest.raises(Refusal, match="已关联这笔支出"):
        link(use, Part(key, 10_00))


def test_what_is_out_of_reach_is_not_there_and_without_the_right_nothing_is_linked(county: None) -> None:
    use, (key,) = pay(fen=70_00), own(50_00)
    with pytest.raises(NotFound):
        link(use, Part(key, 1), actor=clerk("140931"))
    with pytest.raises(NotFound):
        link(10**9, Part(key, 1))
    with pytest.raises(NotFound):
        link(use, Part(10**9, 1))
    with pytest.raises(NotAllowed):
        link(use, Part(key, 1), actor=clerk(but=frozenset({"tracing.link"})))
    assert not PaymentShare.objects.exists()


def test_amounts_left_blank_are_split_by_what_is_open(county: None) -> None:
    use, keys = pay(fen=100_00), own(30_01, 30_00, 90_00)
    services.link_spread(use, keys, {keys[0]: 10_00}, source=SOURCE, actor=clerk(), on=DAY)
    shares = dict(PaymentShare.objects.values_list("asset_id", "amount_fen"))
    assert shares[keys[0]] == 10_00
    assert shares[keys[1]] + shares[keys[2]] == 90_00
    assert shares[keys[2]] == 3 * shares[keys[1]]


def test_a_link_is_taken_back_with_a_reason_and_stays_to_be_read(county: None) -> None:
    use, (key,) = pay(fen=70_00), own(50_00)
    link(use, Part(key, 50_00))
    share = PaymentShare.objects.get()
    with pytest.raises(Refusal, match="理由"):
        services.unlink([share.pk], " ", actor=clerk(), on=DAY)
    done = services.unlink([share.pk], "关联有误", actor=clerk(), on=date(2020, 3, 12))
    assert done.amount_fen == 50_00
    share.refresh_from_db()
    assert (share.valid_from, share.valid_to, share.taken_back) == (DAY, date(2020, 3, 12), "关联有误")
    with pytest.raises(NotFound):
        services.unlink([share.pk], "再次", actor=clerk(), on=DAY)
    link(use, Part(key, 20_00))
    assert live_sum() == 20_00
    assert evidence.verify(queries.PROTECTED).ok


def test_proposals_are_accepted_as_shown_and_never_otherwise(county: None) -> None:
    first, second = pay(fen=70_00), pay("第2批", 30_00)
    keys = own(50_00, 50_00)
    shown = {one.use_id: rules.digest(one) for one in queries.proposals(clerk())}
    assert set(shown) == {first, second}
    link(first, Part(keys[0], 1))
    with pytest.raises(Stale):
        services.accept(shown, source=SOURCE, actor=clerk(), on=DAY)
    shown = {one.use_id: rules.digest(one) for one in queries.proposals(clerk()) if one.use_id == second}
    done = services.accept(shown, source=SOURCE, actor=clerk(), on=DAY)
    assert done.amount_fen == live_sum(use=second) == 30_00
    with pytest.raises(Refusal):
        services.accept({}, source=SOURCE, actor=clerk(), on=DAY)


def test_accepting_takes_as_many_statements_for_many_as_for_few(county: None) -> None:
    def statements(count: int, funding_code: str) -> int:
        for n in range(count):
            pay(f"批次{n}", 10_00, funding=funding_code)
        own(*[5_00] * (2 * count), funding=funding_code)
        shown = {one.use_id: rules.digest(one) for one in queries.proposals(clerk())}
        with CaptureQueriesContext(
            connection,
        ) as captured:
            services.accept(shown, source=SOURCE, actor=clerk(), on=DAY)
        return len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]])

    assert abs(statements(2, "central") - statements(40, "county")) <= 2


def test_the_database_refuses_more_than_the_payment_or_the_asset(county: None) -> None:
    use, other, (key, second) = pay(fen=70_00), pay("另一笔", 70_00), own(50_00, 90_00)
    values = {
        "county": cards.COUNTY, "division_code": cards.TOWN, "way": "MANUAL", "valid_from": DAY, "source": "account:1",
    }  # fmt: skip
    PaymentShare.objects.create(use_id=use, asset_id=key, amount_fen=50_00, **values)
    for use_id, asset_id, fen in ((other, key, 1), (use, second, 20_01), (use, second, 0), (use, second, -1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentShare.objects.create(use_id=use_id, asset_id=asset_id, amount_fen=fen, **values)
    PaymentShare.objects.create(use_id=use, asset_id=second, amount_fen=20_00, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Asset.objects.filter(pk=key).update(cost_fen=49_99)
    with pytest.raises(IntegrityError), transaction.atomic():
        FundUse.objects.filter(pk=use).update(asset_fen=F("asset_fen") - 1, paid_fen=F("paid_fen") - 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentShare.objects.filter(use=use).update(amount_fen=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentShare.objects.filter(use=use).delete()


def test_the_triggers_stand_again_after_migrations_of_other_contexts(county: None) -> None:
    from mingchan.register.tracing import guards

    guards.take_away(using="default")
    guards.put(using="default")
    use, (key,) = pay(fen=70_00), own(50_00)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentShare.objects.create(
            use_id=use, asset_id=key, amount_fen=60_00, county=cards.COUNTY, division_code=cards.TOWN, way="MANUAL",
            valid_from=DAY, source="account:1",
        )  # fmt: skip


def test_a_split_lot_hands_its_payments_to_its_parts_to_the_fen(county: None) -> None:
    first, second = pay(fen=33_34), pay("第2批", 50_00)
    (lot,) = own(100_00, quantity_milli=3000, unit="台")
    link(first, Part(lot, 33_34))
    link(second, Part(lot, 50_00))
    version = Asset.objects.get(pk=lot).version
    parts = assets.split(lot, [PartDraft(1000)] * 3, version, "分到三个村", actor=clerk(), on=DAY)
    assert live_sum(asset=lot) == 0
    assert (live_sum(use=first), live_sum(use=second)) == (33_34, 50_00)
    for key in parts:
        assert live_sum(asset=key) <= Asset.objects.get(pk=key).cost_fen
    assert evidence.verify(queries.PROTECTED).ok


def test_what_payments_rest_on_is_not_taken_away(county: None) -> None:
    use, (key,) = pay(fen=70_00), own(50_00)
    link(use, Part(key, 50_00))
    with pytest.raises(assets.Depends) as refused:
        assets.withdraw(cards.BATCH, "重新登记", actor=clerk(), on=DAY)
    assert "已关联支出" in refused.value.cards[0][3]
    with pytest.raises(assets.Depends):
        assets.withdraw_card(key, "重新登记", actor=clerk(), on=DAY)
    with pytest.raises(Refusal, match="原值不能更低"):
        assets.correct(key, {"cost_fen": 49_99}, 1, "更正", actor=clerk(), on=DAY)
    with pytest.raises(Refusal, match="解除关联"):
        funding.withdraw(BATCH, "重报", actor=clerk(), on=DAY)
    services.unlink([PaymentShare.objects.get().pk], "重新登记", actor=clerk(), on=DAY)
    assert funding.withdraw(BATCH, "重报", actor=clerk(), on=DAY).count == 1
    assert assets.withdraw(cards.BATCH, "重新登记", actor=clerk(), on=DAY) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_raw_writers_at_once_are_held_apart_by_the_trigger() -> None:
    cards.divisions()
    use, keys = pay(fen=70_00), own(50_00, 50_00)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def write(key: int) -> None:
        try:
            start.wait(10)
            with transaction.atomic():
                PaymentShare.objects.create(
                    use_id=use, asset_id=key, amount_fen=50_00, county=cards.COUNTY, division_code=cards.TOWN,
                    way="MANUAL", valid_from=DAY, source="account:1",
                )  # fmt: skip
            outcomes.append("written")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["refused", "written"]
    assert live_sum(use=use) == 50_00
