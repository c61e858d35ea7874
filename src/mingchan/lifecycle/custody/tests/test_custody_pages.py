"""Pages of custody, asked for by accounts of the sample county."""

import html
import io
import re
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingchan.foundation.evidence import queries as log
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.custody import services
from mingchan.lifecycle.custody.models import Departure, OneSided
from mingchan.lifecycle.custody.tests.factories import BASIS, DUE, ON, assign, body, cards, person
from mingchan.register.assets.models import Asset, Right
from mingchan.register.handover.models import Handover

TODAY = date(2020, 6, 8)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The gate gives every request a fixed business date."""
    monkeypatch.setattr("mingchan.kernel.period.today", lambda: TODAY)


@pytest.fixture
def clerk(actor_of):
    return actor_of("bureau_clerk")


@pytest.fixture
def kept(clerk):
    """Three cards that 刘二 keeps for the village's committee, and one that nobody keeps."""
    ids = cards(3, clerk)
    assign(ids, person("刘二"), body(), clerk)
    return [*ids, *cards(1, clerk)]


def _text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def _plain(answer, status=200):
    """The words of a page without the markup between them."""
    return " ".join(_text(answer, status).split())


def test_the_overview_leads_from_every_number_to_its_list(kept, clerk, log_in):
    services.leave(person("刘二"), TODAY, "MOVED", actor=clerk, on=TODAY)
    page = _text(log_in("bureau_clerk").get(reverse("custody:overview")))
    assert f"{reverse('assets:list')}?problem=NO_KEEPER" in page
    assert f"{reverse('assets:list')}?problem=NO_KEEPER&amp;system=PUBLIC_SERVICE&amp;division=140932101" in page
    assert f"{reverse('custody:ledger')}?state=ENDING" in page
    assert f"{reverse('custody:ledger')}?leavers=1" in page
    assert "待交接" in page
    assert reverse("custody:keeper", args=[person("刘二")]) in page
    assert f"{reverse('custody:assign')}?system=PUBLIC_SERVICE&amp;division=140932101&amp;problem=NO_KEEPER" in page


def test_an_empty_county_says_what_to_do(log_in):
    page = _text(log_in("bureau_clerk").get(reverse("custody:overview")))
    assert "每件在册资产都有管护责任人" in page
    assert "还没有管护责任人" in page


def test_the_overview_asks_as_often_for_many_as_for_few(kept, clerk, log_in):
    client, url = log_in("bureau_clerk"), reverse("custody:overview")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(12):
        assign(cards(2, clerk), person(f"刘{n}家"), body(), clerk)
    client.get(url)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few)


def test_the_list_and_its_workbook_are_the_same(kept, log_in):
    client = log_in("bureau_clerk")
    page = _text(client.get(reverse("custody:ledger"), {"state": "RUNNING", "keeper": person("刘二")}))
    assert page.count(">刘二</a>") == 3
    assert "当前筛选条件" in page
    answer = client.get(reverse("custody:export"), {"state": "RUNNING", "keeper": person("刘二")})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][8:12] == ("管护责任人", "管护主体", "自", "任期止")
    assert len(rows) == 4
    assert rows[1][8] == "刘二"
    assert rows[1][4] == 3980
    assert rows[1][11].date() == DUE
    assert Record.objects.filter(act="custody.list.exported").count() == 1


def test_a_keepers_page_shows_things_terms_duties_and_the_letter(kept, log_in):
    client = log_in("bureau_clerk")
    page = _text(client.get(reverse("custody:keeper", args=[person("刘二")])))
    assert "窑头村" in page
    assert policy.custody_duties()["VILLAGE"].sentences[0] in page
    assert "打印责任书" in page
    answer = client.get(reverse("custody:letter", args=[person("刘二")]))
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert log.history(Ref("party", person("刘二")))[-1].kind == "custody.letter.printed"


def test_a_letter_needs_a_body(clerk, log_in):
    cards(1, clerk, keeper=person("刘二"))
    client = log_in("bureau_clerk")
    assert "管护主体" in _text(client.get(reverse("custody:letter", args=[person("刘二")])), 409)


def _assign_form(client, query):
    """The form as shown: its stamp and its hidden fields."""
    page = _text(client.get(f"{reverse('custody:assign')}?{query}"))
    found = re.search(r'name="stamp" value="([^"]+)"', page)
    assert found
    return found[1]


def test_what_is_picked_in_the_register_gets_its_keeper(kept, clerk, log_in):
    client = log_in("bureau_clerk")
    assert "落实管护人" in _text(client.get(reverse("assets:list")))
    new = person("刘三")
    stamp = _assign_form(client, f"selected={kept[3]}")
    form = {
        "selected": [kept[3]], "stamp": stamp, "person": "刘三", "organisation": "窑头村民委员会",
        "due_on": DUE.isoformat(), "basis": BASIS,
    }  # fmt: skip
    answer = client.post(reverse("custody:assign"), form)
    assert (answer.status_code, answer["Location"]) == (302, reverse("custody:keeper", args=[new]))
    assert Asset.objects.get(pk=kept[3]).keeper_id == new


def test_all_that_a_filter_finds_gets_its_keeper_with_the_paper(kept, clerk, log_in):
    client = log_in("bureau_clerk")
    person("刘三")
    query = "problem=NO_KEEPER&division=140932101"
    page = _text(client.get(f"{reverse('custody:assign')}?{query}"))
    assert 'name="problem" value="NO_KEEPER"' in page
    paper = io.BytesIO("责任书\n".encode())
    paper.name = "责任书.csv"
    form = {
        "problem": "NO_KEEPER", "division": "140932101", "stamp": _assign_form(client, query), "person": "刘三",
        "organisation": "窑头村民委员会", "due_on": DUE.isoformat(), "basis": BASIS, "paper": paper,
    }  # fmt: skip
    assert client.post(reverse("custody:assign"), form).status_code == 302
    right = Right.objects.get(asset=kept[3], kind="CUSTODY", valid_to__isnull=True)
    assert right.document.startswith("attachment:")


def test_cards_that_changed_since_they_were_shown_are_shown_again(kept, clerk, log_in):
    client = log_in("bureau_clerk")
    person("刘三")
    stamp = _assign_form(client, f"selected={kept[3]}")
    assign([kept[3]], person("刘四"), body(), clerk)
    form = {
        "selected": [kept[3]], "stamp": stamp, "person": "刘三", "organisation": "窑头村民委员会",
        "due_on": DUE.isoformat(), "basis": BASIS,
    }  # fmt: skip
    assert "刚有变动" in _text(client.post(reverse("custody:assign"), form), 409)
    assert Asset.objects.get(pk=kept[3]).keeper_id == person("刘四")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"person": "无此人"}, "没有这个人"),
        ({"person": "王伟"}, "多个同名"),
        ({"organisation": "无此单位"}, "没有这个单位"),
        ({"due_on": "2019-01-01"}, "任期止不能早于"),
        ({"basis": ""}, "必填"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(kept, log_in, given, words):
    person("刘三"), person("王伟"), person("王伟", "140932100000")
    client = log_in("bureau_clerk")
    form = {
        "selected": [kept[3]], "stamp": _assign_form(client, f"selected={kept[3]}"), "person": "刘三",
        "organisation": "窑头村民委员会", "due_on": DUE.isoformat(), "basis": BASIS,
    }  # fmt: skip
    answer = client.post(reverse("custody:assign"), form | given)
    assert answer.status_code in (409, 422)
    assert words in answer.content.decode()
    assert Asset.objects.get(pk=kept[3]).keeper_id is None


def test_a_name_with_its_division_is_the_one_meant(kept, log_in):
    person("王伟")
    here = person("王伟", "140932100000")
    client = log_in("bureau_clerk")
    form = {
        "selected": [kept[3]], "stamp": _assign_form(client, f"selected={kept[3]}"), "person": "王伟（新关镇）",
        "organisation": "窑头村民委员会", "due_on": DUE.isoformat(), "basis": BASIS,
    }  # fmt: skip
    assert client.post(reverse("custody:assign"), form).status_code == 302
    assert Asset.objects.get(pk=kept[3]).keeper_id == here


def test_a_leavers_cards_are_refused_with_the_way_named(kept, clerk, log_in):
    services.leave(person("刘二"), TODAY, "MOVED", actor=clerk, on=TODAY)
    person("刘三")
    client = log_in("bureau_clerk")
    assert "不能直接换人" in _text(client.get(f"{reverse('custody:assign')}?selected={kept[0]}"))
    form = {
        "selected": [kept[0]], "stamp": _assign_form(client, f"selected={kept[0]}"), "person": "刘三",
        "organisation": "窑头村民委员会", "due_on": DUE.isoformat(), "basis": BASIS,
    }  # fmt: skip
    assert "移交清单" in _text(client.post(reverse("custody:assign"), form), 409)


def test_leaving_from_the_page_and_the_way_to_the_handover(kept, log_in):
    client, who, successor = log_in("bureau_clerk"), person("刘二"), person("刘三")
    form = {"left_on": "2020-06-08", "cause": "MOVED", "reason": "调往县城", "successor": "刘三"}
    assert client.post(reverse("custody:leave", args=[who]), form).status_code == 302
    assert Departure.objects.get().successor_id == successor
    page = _text(client.get(reverse("custody:keeper", args=[who])))
    assert (
        f"{reverse('handover:create')}?kind=CUSTODY&amp;from={who}&amp;keeper={who}&amp;all=1&amp;to={successor}"
        in page
    )
    assert "仍在保管 3 张卡片" in page
    assert "已登记离任" in _text(client.post(reverse("custody:leave", args=[who]), form), 409)


def test_the_handover_of_a_leaver_begins_with_all_that_is_kept(kept, clerk, log_in):
    who = person("刘二")
    services.leave(who, TODAY, "MOVED", successor=person("刘三"), actor=clerk, on=TODAY)
    client = log_in("bureau_clerk")
    page = _text(client.get(reverse("custody:keeper", args=[who])))
    found = re.search(rf'href="({reverse("handover:create")}[^"]+)"', page)
    assert found
    form = _text(client.get(html.unescape(found[1])))
    assert "刘二" in form
    assert "刘三" in form
    assert f'name="keeper" value="{who}"' in form
    assert not Handover.objects.exists()


def test_one_side_and_coming_back_from_the_page(kept, clerk, log_in):
    client, who = log_in("bureau_clerk"), person("刘二")
    gone = services.leave(who, TODAY, "UNREACHABLE", actor=clerk, on=TODAY)
    form = {"departure": gone.pk, "approval": "县工信局 2020年6月8日批准，村委会在场"}
    assert client.post(reverse("custody:one_sided", args=[who]), form).status_code == 302
    assert OneSided.objects.get().departure_id == gone.pk
    assert "已批准单方交接" in _text(client.get(reverse("custody:keeper", args=[who])))
    other = client.post(reverse("custody:return", args=[person("刘三")]), {"departure": gone.pk, "reason": "错"})
    assert other.status_code == 404
    assert (
        client.post(reverse("custody:return", args=[who]), {"departure": gone.pk, "reason": "回来"}).status_code == 302
    )
    assert Departure.objects.get().returned_on == TODAY


def test_terms_are_renewed_and_custody_ended_from_the_page(kept, log_in):
    client, who = log_in("bureau_clerk"), person("刘二")
    renew, end = reverse("custody:renew", args=[who]), reverse("custody:end", args=[who])
    assert client.post(renew, {"due_on": "2026-06-07", "basis": "续签"}).status_code == 302
    assert Right.objects.filter(kind="CUSTODY", valid_to__isnull=True, due_on=date(2026, 6, 7)).count() == 3
    assert client.post(renew, {"due_on": "2027-06-07", "basis": "续签", "selected": [kept[0]]}).status_code == 302
    assert Right.objects.filter(kind="CUSTODY", valid_to__isnull=True, due_on=date(2027, 6, 7)).count() == 1
    assert "勾选" in _text(client.post(end, {"basis": "撤站"}), 409)
    assert client.post(end, {"basis": "撤站", "selected": [kept[1], kept[3]]}).status_code == 302
    assert Asset.objects.filter(keeper__isnull=True).count() == 2
    assert "必填" in _plain(client.post(renew, {"due_on": "", "basis": ""}), 422)


def test_mine_is_what_the_account_keeps_by_site_with_the_duties(clerk, actor_of, log_in):
    keeper = actor_of("village_keeper")
    here = keeper.grants[0].scope
    assign(cards(2, clerk, division=here), person(keeper.name, here), body("某村民委员会", here), clerk)
    page = _text(log_in("village_keeper").get(reverse("custody:mine")))
    assert "2 张卡片" in page
    assert policy.custody_duties()["VILLAGE"].sentences[0] in page
    assert reverse("custody:assign") not in page
    page = _text(log_in("audit").get(reverse("custody:mine")))
    assert "没有以您的姓名登记的管护责任" in page


def test_the_dossier_tells_who_keeps_and_kept_the_card(kept, clerk, log_in):
    assign([kept[0]], person("刘三"), body(), clerk, on=TODAY)
    page = _text(log_in("bureau_clerk").get(reverse("assets:card", args=[kept[0]]), {"tab": "rights"}))
    assert "刘二" in page
    assert f"{reverse('custody:assign')}?selected={kept[0]}" in page
    page = _text(log_in("bureau_clerk").get(reverse("assets:card", args=[kept[3]]), {"tab": "rights"}))
    assert "当日即为问题" in page


def test_english_pages_have_no_chinese_labels_of_the_pack(kept, log_in):
    client = log_in("bureau_clerk")
    client.cookies["language"] = "en"
    page = _text(client.get(reverse("custody:keeper", args=[person("刘二")])))
    assert page


def test_on_is_the_day_of_the_request(kept):
    assert Right.objects.filter(kind="CUSTODY", valid_from=ON).count() == 3
