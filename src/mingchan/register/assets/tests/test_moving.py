"""Many cards get other holders or another place at once: rights, books, search and the log follow, or nothing does."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.evidence import queries as log
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.ledger import queries as ledger
from mingchan.foundation.ledger.models import Line, Voucher
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.assets import queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import Moved, MoveDraft, PartDraft, ShareDraft
from mingchan.register.assets.models import Asset, FormerCard, Right
from mingchan.register.assets.services.rows import whole
from mingchan.register.assets.tests import factories as make

pytestmark = pytest.mark.django_db

MOVED = EventKind("test.card.moved", _("变动“%(name)s”：%(basis)s"), ("2.3",))
LATER = date(2020, 4, 20)
SOURCE = Ref("confirmation", 1)


@pytest.fixture
def bureau(db: None) -> int:
    make.divisions()
    return make.party("偏关县工业和信息化局")


def cards_of(owner: int | None, count: int = 3) -> list[int]:
    done = make.register([make.draft(f"电脑{n}", owner=owner, cost_fen=100_00 * (n + 1)) for n in range(count)])
    return list(range(done.first_id, done.last_id + 1))


def move(
    ids: list[int], draft: MoveDraft, *, actor: Actor | None = None, on: date = LATER, source: Ref = SOURCE
) -> Moved:
    return assets.move(
        ids, draft, kind=MOVED, right="asset.correct", basis="确权批复", source=source, document="attachment:7",
        actor=actor or make.clerk(), on=on,
    )  # fmt: skip


def open_rights(asset_id: int, kind: str) -> list[tuple[int, int, int, date, str, str]]:
    rights = Right.objects.filter(asset_id=asset_id, kind=kind, valid_to__isnull=True).order_by("id")
    return list(
        rights.values_list("party_id", "share_numerator", "share_denominator", "valid_from", "basis", "document")
    )


def test_holders_of_three_kinds_change_on_many_cards_at_once(bureau: int) -> None:
    ids = cards_of(bureau)
    village, company = (
        make.party("窑头村民委员会", "VILLAGE_COMMITTEE", make.VILLAGE),
        make.party("关河公司", "COMPANY"),
    )
    holders = {
        "USE": (ShareDraft(village),),
        "SUPERVISION": (ShareDraft(bureau),),
        "INCOME": (ShareDraft(company, 1, 3), ShareDraft(village, 2, 3)),
    }
    done = move(ids, MoveDraft(holders=holders))
    assert (done.count, done.voucher_ids) == (3, ())
    for key in ids:
        assert open_rights(key, "USE") == [(village, 1, 1, LATER, "确权批复", "attachment:7")]
        assert [row[:3] for row in open_rights(key, "INCOME")] == [(company, 1, 3), (village, 2, 3)]
        assert open_rights(key, "OWNERSHIP")[0][3] == date(2019, 5, 10), "a kind that isn't named stays"
        card = Asset.objects.get(pk=key)
        assert (card.user_id, card.income_holder_id, card.version, card.state_since) == (village, village, 2, LATER)
        assert FormerCard.objects.filter(asset_id=key, left_on=LATER).exists()
        assert log.history(Ref("asset", key))[-1].kind == MOVED.code


def test_a_kind_without_a_column_on_the_card_leaves_its_state_as_it_was(bureau: int) -> None:
    (key,) = cards_of(bureau, 1)
    move([key], MoveDraft(holders={"SUPERVISION": (ShareDraft(bureau),)}))
    card = Asset.objects.get(pk=key)
    assert (card.state_since, card.version, FormerCard.objects.count()) == (make.DAY, 2, 0)


def test_the_same_holder_is_confirmed_with_a_paper(bureau: int) -> None:
    (key,) = cards_of(bureau, 1)
    move([key], MoveDraft(holders={"OWNERSHIP": (ShareDraft(bureau),)}))
    rights = Right.objects.filter(asset_id=key, kind="OWNERSHIP").order_by("id")
    assert list(rights.values_list("valid_from", "valid_to", "document")) == [
        (date(2019, 5, 10), LATER, ""),
        (LATER, None, "attachment:7"),
    ]
    assert Voucher.objects.count() == 1, "no other owner, nothing to post"


def test_an_unpaid_transfer_is_booked_by_giver_and_taker(bureau: int) -> None:
    ids = cards_of(bureau)
    town = make.party("万家寨镇人民政府", "TOWN_GOVERNMENT", "140932101000")
    done = move(ids, MoveDraft(holders={"OWNERSHIP": (ShareDraft(town),)}, is_transfer=True))
    given, taken = (Voucher.objects.get(pk=key) for key in done.voucher_ids)
    assert (given.book.owner_id, taken.book.owner_id) == (bureau, town)

    def sides(voucher: Voucher) -> list[tuple[str, int, int]]:
        rows = Line.objects.filter(voucher=voucher).order_by("id")
        return sorted(set(rows.values_list("account__code", "debit_fen", "credit_fen")))

    assert sides(given) == sorted(
        row for fen in (100_00, 200_00, 300_00) for row in (("160102", 0, fen), ("3401", fen, 0))
    )
    assert sides(taken) == sorted(
        row for fen in (100_00, 200_00, 300_00) for row in (("160102", fen, 0), ("3401", 0, fen))
    )
    assert not list(ledger.faults())
    assert (
        queries.against_ledger(make.clerk()).agrees if hasattr(queries.against_ledger(make.clerk()), "agrees") else True
    )


def test_a_card_without_an_owner_enters_a_book_when_one_is_confirmed(bureau: int) -> None:
    ids = cards_of(None)
    (voucher,) = move(ids, MoveDraft(holders={"OWNERSHIP": (ShareDraft(bureau),)})).voucher_ids
    codes = set(Line.objects.filter(voucher_id=voucher).values_list("account__code", flat=True))
    assert codes == {"160102", "4001"}


def test_things_that_move_are_found_at_their_new_place_and_no_longer_at_the_old(bureau: int) -> None:
    ids = cards_of(bureau)
    site = make.site("新关镇电商服务站", make.TOWN)
    clerk = make.clerk()
    assert queries.count(queries.RegisterFilter(text="窑头村"), clerk) == 3
    move(ids, MoveDraft(site=site, division_code=make.TOWN, place="一楼大厅"))
    assert queries.count(queries.RegisterFilter(text="一楼大厅"), clerk) == 3
    assert queries.count(queries.RegisterFilter(text="窑头村"), clerk) == 0
    assert set(Asset.objects.filter(pk__in=ids).values_list("site_id", "division_code", "place")) == {
        (site, make.TOWN, "一楼大厅")
    }


def test_a_right_ends_without_a_successor(bureau: int) -> None:
    (key,) = cards_of(bureau, 1)
    move([key], MoveDraft(holders={"OWNERSHIP": ()}))
    assert open_rights(key, "OWNERSHIP") == []
    assert Asset.objects.get(pk=key).owner_id is None


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((ShareDraft(1, 1, 2),), "等于整体"),
        ((ShareDraft(1, 1, 2), ShareDraft(2, 2, 3)), "同一分母"),
        ((ShareDraft(1, 1, 2), ShareDraft(1, 1, 2)), "只能填写一次"),
        ((ShareDraft(1, due_on=LATER),), "只有管护责任"),
    ],
)
def test_shares_that_are_not_the_whole_are_refused(bureau: int, shares: tuple[ShareDraft, ...], words: str) -> None:
    ids = cards_of(bureau)
    before = [whole(key) for key in ids]
    with pytest.raises(Refusal, match=words):
        move(ids, MoveDraft(holders={"USE": shares}))
    assert [whole(key) for key in ids] == before


def test_what_is_out_of_reach_or_gone_or_later_is_refused(bureau: int) -> None:
    ids = cards_of(bureau)
    draft = MoveDraft(holders={"USE": (ShareDraft(bureau),)})
    with pytest.raises(NotFound):
        move([*ids, 999_999], draft)
    with pytest.raises(NotFound):
        move(ids, draft, actor=make.clerk(make.TOWN[:9]))
    with pytest.raises(NotAllowed):
        move(ids, draft, actor=make.clerk(rights=frozenset({"asset.view"})))
    with pytest.raises(NotAllowed):
        move(ids, MoveDraft(division_code=make.TOWN), actor=make.clerk(make.VILLAGE[:9]))
    with pytest.raises(Refusal, match="现状晚于"):
        move(ids, draft, on=date(2020, 1, 1))
    assets.withdraw_card(ids[0], "登记有误", actor=make.clerk(), on=LATER)
    with pytest.raises(Refusal, match="已拆分、已撤回或已处置"):
        move(ids, draft)


def test_parts_of_a_lot_keep_its_rights_with_their_papers(bureau: int) -> None:
    done = make.register([make.draft("货架", owner=bureau, quantity_milli=2000, keeper=bureau)])
    keeper = make.party("王二", "PERSON", make.VILLAGE)
    term = ShareDraft(keeper, organisation=bureau, due_on=date(2022, 1, 1))
    move([done.first_id], MoveDraft(holders={"CUSTODY": (term,), "SUPERVISION": (ShareDraft(bureau),)}))
    other = make.party("李三", "PERSON", make.VILLAGE)
    first, second = assets.split(
        done.first_id, [PartDraft(1000), PartDraft(1000, keeper=other)], 2, "分开", actor=make.clerk(), on=LATER
    )
    kept = Right.objects.get(asset_id=first, kind="CUSTODY")
    assert (kept.party_id, kept.organisation_id, kept.due_on, kept.document) == (
        keeper, bureau, date(2022, 1, 1), "attachment:7",
    )  # fmt: skip
    assert Right.objects.get(asset_id=second, kind="CUSTODY").party_id == other
    assert Right.objects.filter(asset_id__in=[first, second], kind="SUPERVISION", valid_to=None).count() == 2
    assert evidence.verify(queries.PROTECTED).ok


def test_an_honest_move_is_intact_for_the_verifier(bureau: int) -> None:
    ids = cards_of(bureau)
    town = make.party("万家寨镇人民政府", "TOWN_GOVERNMENT", "140932101000")
    move(ids, MoveDraft(holders={"OWNERSHIP": (ShareDraft(town),)}, is_transfer=True, condition="闲置"))
    report = evidence.verify(queries.PROTECTED)
    assert (report.ok, list(report.findings)) == (True, [])


@pytest.mark.parametrize(
    ("columns", "refused"),
    [
        ("1, 1, '2020-06-01', NULL", True),
        ("1, 1, '2018-01-01', '2019-06-01'", True),
        ("1, 2, '2020-06-01', NULL", True),
        ("1, 1, '2018-01-01', '2019-05-10'", False),
        ("1, 1, '2020-06-01', '2020-06-01'", False),
    ],
)
def test_the_database_refuses_more_than_the_whole_on_any_day(bureau: int, columns: str, refused: bool) -> None:
    (key,) = cards_of(bureau, 1)
    statement = (
        "INSERT INTO assets_right (asset_id, kind, party_id, basis, source, document, share_numerator, "
        f"share_denominator, valid_from, valid_to) VALUES (%s, 'OWNERSHIP', %s, '', '', '', {columns})"
    )

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [key, make.party("关河公司", "COMPANY")])

    if refused:
        with pytest.raises(IntegrityError):
            insert()
    else:
        insert()


def test_the_database_keeps_a_right_as_it_was_written(bureau: int) -> None:
    (key,) = cards_of(bureau, 1)
    for change in ("party_id = party_id + 1", "valid_from = '2019-01-01'", "share_denominator = 2"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE assets_right SET {change} WHERE asset_id = %s", [key])
    with pytest.raises(IntegrityError), transaction.atomic():
        Right.objects.filter(asset_id=key).delete()
