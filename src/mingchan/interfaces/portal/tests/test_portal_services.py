"""The portal's figures against the register, and its doors against floods, on a real database."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db.models import Sum

from mingchan.foundation.directory.models import Party
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.portal import queries, rules, services
from mingchan.interfaces.portal.choices import Door
from mingchan.interfaces.portal.drafts import Proof
from mingchan.interfaces.portal.models import Attempt, LabelSnapshot, PlaceSnapshot, SpentChallenge
from mingchan.interfaces.portal.tests import factories as make
from mingchan.kernel.errors import Refusal
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset

NOW = datetime(2020, 3, 10, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(sample_county: Any) -> list[int]:
    make.former_village()
    return make.stock()


def test_figures_of_a_place_are_those_of_the_register(cards: list[int]) -> None:
    done = make.rebuild()
    cost = Asset.objects.filter(pk__in=cards).aggregate(cost=Sum("cost_fen"))["cost"]
    assert (done.cards, done.cost_fen) == (len(cards), cost)
    for code in (make.VILLAGE, f"{make.VILLAGE[:9]}000", "140932000000"):
        place = queries.place("140932", code)
        assert place is not None
        assert (place.cards, place.cost_fen) == (len(cards), cost), code
        assert place.figures["states"]["in_use"][0] == place.figures["states"]["idle"][0] == 1
    village = PlaceSnapshot.objects.get(code=make.VILLAGE)
    (station,) = village.figures["sites"]
    assert (station["cards"], station["waste"]) == (2, 1)
    assert {name for name, _quantity, _unit in station["things"]} == {"货架", "电脑"}
    assert station["owners"] == ["偏关县工业和信息化局"]
    assert station["keepers"] == ["董**"]
    assert station["operators"] == ["刘**"]


def test_cards_of_a_merged_village_count_in_the_one_it_went_into(sample_county: Any) -> None:
    make.former_village()
    make.stock(division_code="140932105299")
    make.rebuild()
    assert PlaceSnapshot.objects.get(code=make.VILLAGE).cards == 2


def test_no_snapshot_holds_the_name_of_a_person(cards: list[int]) -> None:
    make.rebuild()
    kept = json.dumps([list(PlaceSnapshot.objects.values()), list(LabelSnapshot.objects.values())], ensure_ascii=False)
    people = Party.objects.filter(kind="PERSON").values_list("name", flat=True)
    assert {make.KEEPER, make.OPERATOR} <= set(people)
    assert [name for name in people if name in kept] == []


def test_what_the_county_takes_off_its_list_is_not_taken(cards: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = replace(queries.published(), place=frozenset({"count"}), label=frozenset({"name"}), persons="none")
    monkeypatch.setattr("mingchan.interfaces.portal.services.rebuilding.published", lambda: fewer)
    make.rebuild()
    village = PlaceSnapshot.objects.get(code=make.VILLAGE)
    assert village.figures == {}
    label = LabelSnapshot.objects.get(pk=cards[0])
    assert (label.name, label.site, label.condition, label.office, label.owner) == ("货架", "", "", "", "")


def test_a_label_follows_its_card(cards: list[int]) -> None:
    assert make.rebuild().labels == 2
    assert make.rebuild().labels == 0
    code = Asset.objects.values_list("code", flat=True).get(pk=cards[1])
    label = queries.label("140932", code)
    assert label is not None
    assert (label.name, label.condition, label.site) == ("电脑", "闲置", make.STATION)
    assert (label.office, label.owner) == ("", "偏关县工业和信息化局")
    assets.withdraw(make.BATCH, "导入错误", actor=make.clerk(), on=make.DAY)
    assert make.rebuild().labels == 2
    assert queries.label("140932", code) is None


def test_nothing_is_taken_anew_without_a_change(cards: list[int]) -> None:
    assert services.refresh(actor=make.NOBODY, on=make.DAY) is not None
    assert services.refresh(actor=make.NOBODY, on=make.DAY) is None
    make.stock(source=2)
    found = services.refresh(actor=make.NOBODY, on=make.DAY)
    assert found is not None
    assert found.cards == 4


def test_a_merged_village_is_found_under_both_names(cards: list[int]) -> None:
    make.rebuild()
    for words in ("旧马道咀", "旧马道咀村"):
        (found,) = queries.find("140932", words)
        assert (found.code, found.is_former) == (make.VILLAGE, True)
    assert make.VILLAGE in {one.code for one in queries.find("140932", "马道咀村")}
    assert "旧马道咀村" in queries.former_names("140932", make.VILLAGE)
    assert queries.find("140932", "\x00 ") == []


# ---- Floods -----------------------------------------------------------------------------------------------------


def _worked(door: Door, moment: datetime, trap: str = "") -> Proof:
    asked = services.challenge(door, moment=moment)
    nonce = next(str(n) for n in count() if rules.has_work(asked.text, str(n), asked.bits))
    return Proof(asked.text, nonce, trap)


def _plain(door: Door, moment: datetime) -> Proof:
    return Proof(services.challenge(door, moment=moment).text)


def _admit(proof: Proof, moment: datetime = NOW, address: str = "203.0.113.7", subject: str = "") -> None:
    services.admit(Door.REPORT, proof, address=address, subject=subject, moment=moment, actor=make.NOBODY, on=make.DAY)


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little work, so that the tests are quick; the figures are the county's otherwise."""
    real = policy.figure
    monkeypatch.setattr(policy, "figure", lambda code: 4 if code == "portal.work_bits" else real(code))


@pytest.fixture
def _easy(easy: None) -> None:
    """The same, for tests that need no more of it."""


@pytest.mark.usefixtures("_easy")
def test_who_worked_is_let_in_at_once_and_only_once() -> None:
    proof = _worked(Door.REPORT, NOW)
    _admit(proof)
    with pytest.raises(Refusal) as refusal:
        _admit(proof)
    assert refusal.value.field == "SPENT"


@pytest.mark.usefixtures("_easy")
def test_without_a_script_one_waits() -> None:
    proof = _plain(Door.REPORT, NOW)
    with pytest.raises(Refusal, match="请过 11 秒") as refusal:
        _admit(proof, NOW + timedelta(seconds=4))
    assert refusal.value.field == "EARLY"
    _admit(proof, NOW + timedelta(seconds=15))


@pytest.mark.usefixtures("_easy")
@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda p: Proof(p.challenge, p.nonce, "http://spam"), "TRAP"),
        (lambda p: Proof(p.challenge[:-1] + "x", p.nonce), "STALE"),
        (lambda p: Proof("", ""), "STALE"),
        (lambda p: Proof("REPORT.1.ab", p.nonce), "STALE"),
        (lambda p: Proof(p.challenge, "０"), "EARLY"),
    ],
)
def test_what_is_no_honest_form_is_refused(spoil: Any, fault: str) -> None:
    with pytest.raises(Refusal) as refusal:
        _admit(spoil(_worked(Door.REPORT, NOW)))
    assert refusal.value.field == fault
    assert not Attempt.objects.exists()


@pytest.mark.usefixtures("_easy")
def test_a_form_is_good_for_its_own_door_and_two_hours() -> None:
    with pytest.raises(Refusal, match="过期"):
        _admit(_worked(Door.OBJECT, NOW))
    with pytest.raises(Refusal, match="过期"):
        _admit(_worked(Door.REPORT, NOW), NOW + timedelta(hours=2, seconds=1))
    with pytest.raises(Refusal, match="过期"):
        _admit(_worked(Door.REPORT, NOW), NOW - timedelta(seconds=1))


@pytest.mark.usefixtures("_easy")
def test_a_network_sends_so_much_an_hour() -> None:
    for _time in range(6):
        _admit(_worked(Door.REPORT, NOW))
    with pytest.raises(Refusal, match="一小时后"):
        _admit(_worked(Door.REPORT, NOW))
    _admit(_worked(Door.REPORT, NOW), address="203.0.113.8")
    later = NOW + timedelta(hours=1)
    _admit(_worked(Door.REPORT, later), later)


@pytest.mark.usefixtures("_easy")
def test_without_a_script_it_sends_less() -> None:
    later = NOW + timedelta(seconds=20)
    for _time in range(3):
        _admit(_plain(Door.REPORT, NOW), later)
    with pytest.raises(Refusal, match="一小时后"):
        _admit(_plain(Door.REPORT, NOW), later)
    _admit(_worked(Door.REPORT, NOW), later)


@pytest.mark.usefixtures("_easy")
def test_one_matter_takes_so_many_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(200):
        Attempt.objects.create(
            county="140932", door=Door.OBJECT, source=f"{n:032x}", subject="notice:1", is_plain=False, at=NOW
        )
    with pytest.raises(Refusal, match="今天收到的意见太多"):
        _admit(_worked(Door.REPORT, NOW), subject="notice:1")
    _admit(_worked(Door.REPORT, NOW), subject="notice:2")


@pytest.mark.usefixtures("_easy")
def test_no_address_is_kept_and_marks_are_forgotten_after_a_day() -> None:
    _admit(_worked(Door.REPORT, NOW), address="203.0.113.7")
    row = str(list(Attempt.objects.values()))
    assert "203.0.113" not in row
    (first,) = Attempt.objects.values_list("source", flat=True)
    later = NOW + timedelta(hours=25)
    services.admit(
        Door.REPORT, _worked(Door.REPORT, later), address="203.0.113.7", moment=later, actor=make.NOBODY,
        on=make.DAY + timedelta(days=1),
    )  # fmt: skip
    assert Attempt.objects.count() == SpentChallenge.objects.count() == 1
    assert Attempt.objects.exclude(source=first).count() == 1


def test_guessing_numbers_ends_after_a_while() -> None:
    for _time in range(30):
        services.count_miss(address="203.0.113.7", moment=NOW, actor=make.NOBODY, on=make.DAY)
    with pytest.raises(Refusal, match="一小时后"):
        services.count_miss(address="203.0.113.7", moment=NOW, actor=make.NOBODY, on=make.DAY)
    services.count_miss(address="203.0.113.9", moment=NOW, actor=make.NOBODY, on=make.DAY)
