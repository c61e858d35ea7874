"""Taking, matching, deciding, settling: the register follows, and a settled survey never changes."""

import pytest
from django.db import IntegrityError, transaction

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal, Stale
from mingchan.register.assets import queries as asset_queries
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset
from mingchan.register.assets.tests import factories as cards
from mingchan.register.survey import queries, services
from mingchan.register.survey.drafts import NewCardTerms
from mingchan.register.survey.models import Difference, Match, ScopeMark, Survey, SurveyRow
from mingchan.register.survey.queries.listing import DifferenceFilter
from mingchan.register.survey.tests import factories as make

pytestmark = pytest.mark.django_db
TERMS = NewCardTerms(funding="central", system="LOGISTICS", tier="VILLAGE")


@pytest.fixture
def bureau(db: None) -> int:
    cards.divisions()
    return cards.party("偏关县工业和信息化局")


def found() -> dict[str, list[str]]:
    """Open differences by kind, with the titles of what they are about."""
    result: dict[str, list[str]] = {}
    for kind, title in Difference.objects.filter(decision="").order_by("kind", "title").values_list("kind", "title"):
        result.setdefault(kind, []).append(title)
    return result


def one(kind: str) -> Difference:
    return Difference.objects.get(kind=kind)


def decide(difference: Difference, decision: str, **options: object) -> object:
    return services.decide(
        difference.survey_id, {difference.pk: difference.version}, decision, "现场核对", actor=make.settler(),
        on=make.LATER, **options,
    )  # fmt: skip


def test_rows_find_their_cards_by_number_serial_name_and_likeness(bureau: int) -> None:
    first = cards.register(
        [
            cards.draft("投影仪", code="140932-2018-000777"),
            cards.draft("打印机", serial_no="SN-1"),
            cards.draft("货架", place="一楼"),
            cards.draft("双开门展示冰柜", cost_fen=500000),
        ]
    ).first_id
    taken = make.take(
        [
            make.row("投影机", code="140932-2018-000777"),
            make.row("打印机", serial_no="SN-1"),
            make.row("货 架", place="一楼"),
            make.row("展示冰柜", cost_fen=500000),
        ]
    )
    ways = list(Match.objects.order_by("asset_id").values_list("asset_id", "way"))
    assert ways == [(first, "CODE"), (first + 1, "SERIAL"), (first + 2, "PLACE"), (first + 3, "FUZZY")]
    assert (taken.rows, taken.matched) == (4, 4)
    assert found() == {"NAME": ["双开门展示冰柜", "投影仪"]}
    assert evidence.verify(queries.PROTECTED).ok


def test_every_row_and_every_card_ends_in_one_bucket(bureau: int) -> None:
    cards.register([cards.draft("货架"), cards.draft("电子秤"), cards.draft("货架", division_code=cards.TOWN)])
    make.take([make.row("货架"), make.row("冷藏车"), make.row("电子秤", quantity_milli=0, is_missing=True)],
              scope=(cards.VILLAGE[:9] + "000",))  # fmt: skip
    assert found() == {"ONLY_SURVEY": ["冷藏车"], "ONLY_REGISTER": ["电子秤"]}
    matched = set(Match.objects.values_list("row_id", flat=True))
    alone = set(Difference.objects.filter(kind="ONLY_SURVEY").values_list("row_id", flat=True))
    assert matched | alone == set(SurveyRow.objects.values_list("pk", flat=True))
    assert not matched & alone


def test_a_card_outside_the_surveys_part_is_not_missing(bureau: int) -> None:
    cards.register(
        [cards.draft("货架"), cards.draft("货车", system="LOGISTICS"), cards.draft("磅", division_code=cards.TOWN)]
    )
    make.take([make.row("冷库")], scope=("140932101000",), systems=("PUBLIC_SERVICE",))
    assert found() == {"ONLY_SURVEY": ["冷库"], "ONLY_REGISTER": ["货架"]}


def test_value_quantity_place_and_keeper_are_corrected_in_one_step(bureau: int) -> None:
    keeper = cards.party("王伟", "PERSON", cards.VILLAGE)
    site = cards.site()
    card = cards.register([cards.draft("货架", code="A-1", owner=bureau, keeper=keeper, serial_no="")]).first_id
    changes = {"quantity_milli": 2000, "cost_fen": 800000, "keeper": "李芳", "condition": "损坏"}
    make.take([make.row("货架", code="A-1", site="窑头村电商服务站", **changes)])
    assert set(found()) == {"QUANTITY", "VALUE", "PLACE", "KEEPER", "CONDITION"}
    survey = Survey.objects.get()
    chosen = dict(Difference.objects.values_list("id", "version"))
    done = services.decide(survey.pk, chosen, "CORRECT", "现场核对", actor=make.settler(), on=make.LATER)
    assert (done.differences, done.corrected) == (5, 1)
    now = Asset.objects.get(pk=card)
    assert (now.quantity_milli, now.cost_fen, now.unit_price_fen, now.site_id, now.condition, now.version) == (
        2000, 800000, 400000, site, "损坏", 2)  # fmt: skip
    assert now.keeper is not None
    assert now.keeper.name == "李芳"
    assert found() == {}
    assert evidence.verify((*queries.PROTECTED, *asset_queries.PROTECTED)).ok


def test_one_difference_after_another_of_one_card(bureau: int) -> None:
    card = cards.register([cards.draft("货架", code="A-1")]).first_id
    make.take([make.row("货架", code="A-1", quantity_milli=2000, condition="损坏")])
    decide(one("QUANTITY"), "KEEP")
    decide(one("CONDITION"), "CORRECT")
    decide(one("QUANTITY"), "CORRECT")
    now = Asset.objects.get(pk=card)
    assert (now.quantity_milli, now.condition, now.version) == (2000, "损坏", 3)
    assert evidence.verify(queries.PROTECTED).ok


def test_a_thing_outside_the_books_becomes_a_card_with_its_row(bureau: int) -> None:
    make.take([make.row("冷库", site="窑头村电商服务站", keeper="李芳", serial_no="X-9")])
    done = decide(one("ONLY_SURVEY"), "REGISTER", terms=TERMS)
    card = Asset.objects.get(name="冷库")
    assert done.registered == 1
    assert (card.cost_fen, card.system, card.tier, card.funding, card.source) == (
        398000, "LOGISTICS", "VILLAGE", "central", f"survey:{Survey.objects.get().pk}")  # fmt: skip
    assert one("ONLY_SURVEY").new_asset_id == card.pk
    assert Match.objects.get().asset_id == card.pk
    services.match(Survey.objects.get().pk, actor=make.settler(), on=make.LATER)
    assert found() == {}
    assert evidence.verify((*queries.PROTECTED, *asset_queries.PROTECTED)).ok


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cost_fen": None}, "没有价值"),
        ({"quantity_milli": None}, "没有数量"),
        ({"quantity_milli": 1500}, "整数"),
        ({"is_missing": True}, "未见实物"),
    ],
)
def test_a_row_that_says_too_little_becomes_no_card(bureau: int, changes: dict[str, object], words: str) -> None:
    make.take([make.row("冷库", **changes)])
    with pytest.raises(Refusal, match=words):
        decide(one("ONLY_SURVEY"), "REGISTER", terms=TERMS)
    assert not Asset.objects.exists()
    assert one("ONLY_SURVEY").decision == ""


def test_a_card_changed_since_the_comparison_is_named(bureau: int) -> None:
    card = cards.register([cards.draft("货架", code="A-1")]).first_id
    make.take([make.row("货架", code="A-1", quantity_milli=2000)])
    assets.correct(card, {"quantity_milli": 3000}, 1, "核对", actor=cards.clerk(), on=make.LATER)
    difference = one("QUANTITY")
    with pytest.raises(Stale, match="A-1 货架"):
        decide(difference, "CORRECT")
    assert Asset.objects.get(pk=card).quantity_milli == 3000
    services.compare_again(difference.pk, actor=make.settler(), on=make.LATER)
    decide(one("QUANTITY"), "CORRECT")
    assert Asset.objects.get(pk=card).quantity_milli == 2000


def test_a_card_changed_in_something_else_is_still_corrected(bureau: int) -> None:
    card = cards.register([cards.draft("货架", code="A-1")]).first_id
    make.take([make.row("货架", code="A-1", quantity_milli=2000)])
    assets.correct(card, {"note": "他人"}, 1, "核对", actor=cards.clerk(), on=make.LATER)
    decide(one("QUANTITY"), "CORRECT")
    now = Asset.objects.get(pk=card)
    assert (now.quantity_milli, now.note, now.version) == (2000, "他人", 3)
    assert evidence.verify(queries.PROTECTED).ok


def test_two_people_don_t_decide_the_same(bureau: int) -> None:
    make.take([make.row("冷库")])
    seen = one("ONLY_SURVEY")
    decide(seen, "PENDING")
    with pytest.raises(Stale, match="经办人"):
        decide(seen, "KEEP")
    with pytest.raises(Refusal, match="不适用"):
        decide(one("ONLY_SURVEY"), "CORRECT")
    with pytest.raises(Refusal, match="理由"):
        services.decide(seen.survey_id, {seen.pk: 2}, "KEEP", " ", actor=make.settler(), on=make.LATER)


def test_everything_in_a_filter_is_decided_at_once_if_it_is_what_was_seen(bureau: int) -> None:
    cards.register([cards.draft(f"货架{n}") for n in range(7)])
    make.take([make.row("冷库")])
    survey = Survey.objects.get()
    wanted = DifferenceFilter(kind="ONLY_REGISTER")
    with pytest.raises(Stale):
        services.decide_all(survey.pk, wanted, 6, "PENDING", "继续查找", actor=make.settler(), on=make.LATER)
    done = services.decide_all(survey.pk, wanted, 7, "PENDING", "继续查找", actor=make.settler(), on=make.LATER)
    assert done.differences == 7
    assert found() == {"ONLY_SURVEY": ["冷库"]}
    assert evidence.verify(queries.PROTECTED).ok


def test_a_row_gets_another_card_by_hand_and_loses_it_again(bureau: int) -> None:
    first = cards.register([cards.draft("货架"), cards.draft("保温箱")]).first_id
    make.take([make.row("货架")])
    row, old = SurveyRow.objects.get(), Match.objects.get()
    settler = make.settler()
    services.rematch(row.pk, first + 1, standing=old.pk, reason="铭牌一致", actor=settler, on=make.LATER)
    assert found() == {"NAME": ["保温箱"], "ONLY_REGISTER": ["货架"]}
    with pytest.raises(Stale):
        services.rematch(row.pk, None, standing=old.pk, reason="误配", actor=settler, on=make.LATER)
    new = Match.objects.get()
    assert (new.way, new.made_by) == ("HAND", "经办人")
    services.rematch(row.pk, None, standing=new.pk, reason="误配", actor=settler, on=make.LATER)
    assert found() == {"ONLY_REGISTER": ["保温箱", "货架"], "ONLY_SURVEY": ["货架"]}
    assert evidence.verify(queries.PROTECTED).ok
    decide(one("ONLY_SURVEY"), "PENDING")
    with pytest.raises(Refusal, match="已有处理意见"):
        services.rematch(row.pk, first, standing=0, reason="铭牌一致", actor=settler, on=make.LATER)


def test_a_settled_survey_marks_what_it_covered_and_is_frozen(bureau: int) -> None:
    cards.register(
        [cards.draft("货架", code="A-1"), cards.draft("磅", code="A-2", funding="other"), cards.draft("灯", code="A-3")]
    )
    make.take([make.row("货架", code="A-1"), make.row("磅", code="A-2", cost_fen=1000)])
    survey = Survey.objects.get()
    settler = make.settler()
    with pytest.raises(Refusal, match="2 条差异"):
        services.settle(survey.pk, "范围清楚", survey.version, actor=settler, on=make.LATER)
    decide(one("VALUE"), "CORRECT")
    decide(one("ONLY_REGISTER"), "PENDING")
    with pytest.raises(Stale):
        services.settle(survey.pk, "范围清楚", survey.version - 1, actor=settler, on=make.LATER)
    services.settle(survey.pk, "范围清楚", survey.version, actor=settler, on=make.LATER)
    marks = ScopeMark.objects.order_by("asset__code").values_list("asset__code", "verdict", "cost_fen")
    assert list(marks) == [("A-1", "IN", 398000), ("A-2", "OUT", 1000), ("A-3", "DOUBT", 398000)]
    assert evidence.verify(queries.PROTECTED).ok
    survey.refresh_from_db()
    assert (survey.state, survey.settled_by, survey.settled_on) == ("SETTLED", "经办人", make.LATER)
    with pytest.raises(Refusal, match="已办结"):
        decide(one("VALUE"), "KEEP")
    for statement in (
        lambda: Difference.objects.update(reason="改写"),
        lambda: Difference.objects.filter(kind="VALUE").delete(),
        lambda: Match.objects.update(score=1),
        lambda: Match.objects.all()._raw_delete(Match.objects.db),
        lambda: Survey.objects.update(conclusion="改写"),
        lambda: SurveyRow.objects.update(name="改写"),
        lambda: ScopeMark.objects.update(verdict="OUT"),
        lambda: Survey.objects.all()._raw_delete(Survey.objects.db),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            statement()


def test_the_third_party_brings_in_and_does_not_settle(bureau: int) -> None:
    make.take([make.row("冷库")], actor=make.third_party())
    difference = one("ONLY_SURVEY")
    with pytest.raises(NotAllowed):
        services.decide(difference.survey_id, {difference.pk: 1}, "PENDING", "继续查找", actor=make.third_party(),
                        on=make.LATER)  # fmt: skip
    with pytest.raises(NotAllowed):
        services.rematch(difference.row_id, None, standing=0, reason="误配", actor=make.third_party(), on=make.LATER)
    with pytest.raises(NotAllowed), transaction.atomic():
        make.take([make.row("冷库")], actor=cards.clerk(), number=8)
    with pytest.raises(NotAllowed), transaction.atomic():
        make.take([make.row("冷库", division_code=cards.TOWN)], actor=make.third_party("140932101"), number=9,
                  scope=("140932101000",))  # fmt: skip


def test_who_looks_after_a_town_decides_there_only(bureau: int) -> None:
    make.take([make.row("冷库"), make.row("磅", division_code=cards.TOWN)])
    there = make.settler("140932101")
    mine, other = (Difference.objects.get(title=title) for title in ("冷库", "磅"))
    with pytest.raises(NotFound):
        services.decide(other.survey_id, {other.pk: 1}, "PENDING", "继续查找", actor=there, on=make.LATER)
    services.decide(mine.survey_id, {mine.pk: 1}, "PENDING", "继续查找", actor=there, on=make.LATER)
    decide(other, "PENDING")
    with pytest.raises(NotAllowed):
        services.settle(mine.survey_id, "范围清楚", 2, actor=there, on=make.LATER)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"surveyor": 0}, "surveyor"),
        ({"surveyed_from": make.LATER}, "surveyed_to"),
        ({"scope": ("140999000000",)}, "scope"),
        ({"systems": ("NONE",)}, "systems"),
    ],
)
def test_a_faulty_survey_is_not_taken(bureau: int, changes: dict[str, object], field: str) -> None:
    with pytest.raises((Refusal, NotAllowed)) as refused, transaction.atomic():
        make.take([make.row()], **changes)
    assert refused.value.field == field or isinstance(refused.value, NotAllowed)
    assert not Survey.objects.exists()


def test_the_same_sheet_is_taken_once_and_an_empty_one_never(bureau: int) -> None:
    make.take([make.row()])
    with pytest.raises(Refusal, match="已经收过"), transaction.atomic():
        make.take([make.row()])
    with pytest.raises(Refusal, match="没有可用的行"), transaction.atomic():
        make.take([], number=8)
    assert Survey.objects.count() == 1
