"""Pages of handover lists as clerks and keepers meet them: what they see, what they are told, what they can't open."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from mingchan.foundation.evidence import queries as evidence
from mingchan.kernel.papers.tests import reading
from mingchan.kernel.refs import Ref
from mingchan.register.handover import queries, services
from mingchan.register.handover.choices import State
from mingchan.register.handover.models import Handover, Line, Signature, Tick
from mingchan.register.handover.tests import factories as make

pytestmark = pytest.mark.usefixtures("sample_county")
LogIn = Callable[[str], Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def first_line(handover: Handover) -> Line:
    found = Line.objects.filter(handover=handover).order_by("line_no").first()
    assert found is not None
    return found


def form(**changes: Any) -> dict[str, Any]:
    values = {
        "kind": "OWNERSHIP",
        "from_party": "偏关县工业和信息化局",
        "to_party": "新关镇人民政府",
        "reason": "项目验收合格，移交属地管理",
        "keeper": "董改花",
    }
    return {**values, **changes}


def test_chosen_cards_of_the_register_become_a_list(log_in: LogIn) -> None:
    make.person("董改花")
    ids = make.cards(3)
    client = log_in("bureau_clerk")
    assert 'formaction="/handover/new/"' in text(client.get("/assets/"))
    shown = client.get("/handover/new/", {"selected": ids[:2]})
    assert 'value="偏关县工业和信息化局"' in text(shown)
    paper = BytesIO(b"%PDF-1.4\n%%EOF\n")
    paper.name = "批复.pdf"
    done = client.post("/handover/new/", form(selected=ids[:2], rights=["USE"], file=paper))
    made = Handover.objects.get()
    assert done["Location"] == f"/handover/{made.pk}/"
    assert (queries.sums(made).items, made.rights) == (2, "OWNERSHIP,USE,CUSTODY")
    assert [file.name for file in evidence.attachments_of(Ref("handover", made.pk))] == ["批复.pdf"]


def test_everything_a_filter_finds_becomes_a_list(log_in: LogIn) -> None:
    make.person("董改花")
    make.cards(60)
    listed = make.cards(1)
    make.drafted(listed)
    client = log_in("bureau_clerk")
    assert "已选 59 项" in text(client.get("/handover/new/", {"q": "台式电脑", "all": "1"}))
    client.post("/handover/new/", form(q="台式电脑", all="1"))
    made = Handover.objects.order_by("-pk")[0]
    assert queries.sums(made).items == 59
    client.post(f"/handover/{made.pk}/pick/", {"q": "货架", "all": "1"})
    assert queries.sums(made).items == 60


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to_party": "没有的单位"}, "没有名为“没有的单位”的主体"),
        ({"to_party": "偏关县工业和信息化局"}, "不能是同一主体"),
        ({"keeper": ""}, "须指明新的管护责任人"),
        ({"reason": ""}, "必填"),
        ({"kind": "USE", "from_party": "偏关县财政局", "keeper": ""}, "不是使用权人"),
    ],
)
def test_a_form_filled_wrongly_is_shown_again_with_reasons(log_in: LogIn, changes: Any, words: str) -> None:
    make.person("董改花")
    ids = make.cards(1)
    answer = log_in("bureau_clerk").post("/handover/new/", form(selected=ids, **changes))
    assert answer.status_code in (409, 422)
    assert words in text(answer)
    assert not Handover.objects.exists()


def test_people_of_one_name_are_told_apart_by_number(log_in: LogIn) -> None:
    one, other = make.person("董改花"), make.person("董改花", "140932100201")
    ids = make.cards(1)
    client = log_in("bureau_clerk")
    answer = client.post("/handover/new/", form(selected=ids))
    assert f"董改花（#{other.pk}）" in text(answer)
    client.post("/handover/new/", form(selected=ids, keeper=f"董改花（#{one.pk}）"))
    made = Handover.objects.get()
    assert made.keeper == one
    assert f"董改花（#{one.pk}）" in text(client.get(f"/handover/{made.pk}/edit/"))


def test_a_stale_edit_is_told_and_not_saved(log_in: LogIn) -> None:
    made = make.drafted(make.cards(1))
    client = log_in("bureau_clerk")
    client.post(f"/handover/{made.pk}/edit/", form(version="1", reason="新的事由"))
    answer = client.post(f"/handover/{made.pk}/edit/", form(version="1", reason="旧的事由"))
    assert answer.status_code == 409
    assert "刚被他人修改" in text(answer)
    made.refresh_from_db()
    assert made.reason == "新的事由"


def test_the_page_says_what_is_next_and_by_whom(log_in: LogIn) -> None:
    client = log_in("bureau_clerk")
    made = make.drafted(make.cards(2))
    assert "送现场清点" in text(client.get(f"/handover/{made.pk}/"))
    client.post(f"/handover/{made.pk}/open/")
    assert "还有 2 项没有清点" in text(client.get(f"/handover/{made.pk}/"))
    make.tick_all(made)
    assert "双方可以签署" in text(client.get(f"/handover/{made.pk}/"))
    make.sign(made, "FROM", "bureau_clerk")
    page = text(client.get(f"/handover/{made.pk}/"))
    assert "对方签署后立即移交" in page
    assert "收回签署" in page
    services.retract(made.pk, "金额待核", actor=make.actor("bureau_clerk"), on=make.DAY)
    page = text(client.get(f"/handover/{made.pk}/"))
    assert "的签署已作废" in page
    assert "金额待核" in page


def test_a_tick_is_one_small_request_that_brings_the_item_and_the_progress(log_in: LogIn) -> None:
    made = make.checking(make.cards(2))
    line = first_line(made)
    client = log_in("town_keeper")
    photo = BytesIO()
    Image.new("RGB", (8, 8), "white").save(photo, "PNG")
    photo.seek(0)
    photo.name = "照片.png"
    body = {"result": "DIFFERS", "counted": "1", "condition": "损坏", "remark": "缺一组", "photo": photo}
    answer = client.post(f"/handover/{made.pk}/check/{line.pk}/", body, headers={"HX-Request": "true"})
    page = text(answer)
    assert f'id="item-{line.pk}"' in page
    assert 'hx-swap-oob="true"' in page
    assert "<html" not in page
    assert "按现状接收" in page
    assert Tick.objects.get(line=line).photo.startswith("attachment:")
    photo_id = Tick.objects.get(line=line).photo.partition(":")[2]
    assert client.get(reverse("evidence:thumbnail", args=[photo_id])).status_code == 200
    decided = client.post(
        f"/handover/{made.pk}/check/{line.pk}/resolve/",
        {"resolution": "ACCEPTED", "note": "已报修"},
        headers={"HX-Request": "true"},
    )
    assert "已报修" in text(decided)


def test_a_refused_tick_says_why_at_the_item(log_in: LogIn) -> None:
    made = make.checking(make.cards(1))
    line = first_line(made)
    client = log_in("town_keeper")
    for body, words in (
        ({"result": "MATCHES", "counted": "1"}, "请选“不符”"),
        ({"result": "MATCHES", "counted": "一"}, "请填写数字"),
        ({}, "请选择清点结果"),
        ({"result": "DIFFERS", "photo": BytesIO(b"not a picture")}, "数量、状况至少一项"),
    ):
        answer = client.post(f"/handover/{made.pk}/check/{line.pk}/", body, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert words in text(answer), text(answer)
    assert not Tick.objects.exists()


def test_without_script_a_tick_leads_back_to_the_item(log_in: LogIn) -> None:
    made = make.checking(make.cards(1))
    line = first_line(made)
    answer = log_in("town_keeper").post(f"/handover/{made.pk}/check/{line.pk}/", {"result": "MATCHES"})
    assert answer["Location"] == f"/handover/{made.pk}/check/#item-{line.pk}"
    assert Tick.objects.get(line=line).result == "MATCHES"


def test_items_can_be_narrowed_to_those_not_ticked(log_in: LogIn) -> None:
    made = make.checking(make.cards(3))
    line = first_line(made)
    client = log_in("town_keeper")
    client.post(f"/handover/{made.pk}/check/{line.pk}/", {"result": "MATCHES"})
    page = text(client.get(f"/handover/{made.pk}/check/", {"show": "unticked"}))
    assert f'id="item-{line.pk}"' not in page
    assert page.count('<article class="ho-item') == 2


def test_before_signing_one_sees_what_moves_and_what_the_books_are_told(log_in: LogIn) -> None:
    made = make.ticked(make.cards(3))
    page = text(log_in("bureau_clerk").get(f"/handover/{made.pk}/sign/"))
    for words in ("所有权、使用权、管护责任", "11,940.06", "3401 无偿调拨净资产", "无偿调入资产", "新关镇人民政府"):
        assert words in page
    assert page.count('name="password"') == 1
    assert "只有这一方单位的账号可以为这一方签署" in page


def test_both_sign_on_the_page_and_the_list_is_done(log_in: LogIn) -> None:
    made = make.ticked(make.cards(1))
    seen = queries.content_digest(made)
    client = log_in("bureau_clerk")
    wrong = client.post(f"/handover/{made.pk}/sign/", {"side": "FROM", "seen": seen, "password": "x"})
    assert wrong.status_code == 409
    assert "口令不对" in text(wrong)
    body = {"side": "FROM", "seen": seen, "password": make.PASSWORD}
    assert client.post(f"/handover/{made.pk}/sign/", body).status_code == 302
    other = log_in("town_keeper")
    assert "您签署后立即移交" in text(other.get(f"/handover/{made.pk}/sign/"))
    assert other.post(f"/handover/{made.pk}/sign/", {**body, "side": "FROM"}).status_code == 409
    assert other.post(f"/handover/{made.pk}/sign/", {**body, "side": "TO"}).status_code == 302
    made.refresh_from_db()
    assert made.state == State.EXECUTED
    page = text(log_in("bureau_clerk").get(f"/handover/{made.pk}/"))
    assert made.digest in page
    assert "无偿调出资产" in page


def test_signing_for_the_other_side_is_answered_403(log_in: LogIn) -> None:
    made = make.ticked(make.cards(1))
    body = {"side": "TO", "seen": queries.content_digest(made), "password": make.PASSWORD}
    assert log_in("bureau_clerk").post(f"/handover/{made.pk}/sign/", body).status_code == 403
    assert not Signature.objects.exists()


def test_the_paper_carries_signatures_digest_and_code(log_in: LogIn) -> None:
    made = make.ticked(make.cards(3))
    client = log_in("bureau_clerk")

    def words() -> str:
        answer = client.get(f"/handover/{made.pk}/paper/")
        assert answer["Content-Type"] == "application/pdf"
        return reading.text(answer.content)

    before = words()
    assert made.number in before
    assert "贺晓云" not in before
    assert "11,940.06" in before
    make.sign(made, "FROM", "bureau_clerk")
    make.sign(made, "TO", "town_keeper")
    after = words()
    made.refresh_from_db()
    assert "贺晓云" in after
    assert "万丽芳" in after
    assert made.digest in after


def test_the_code_on_the_paper_tells_whether_it_is_the_list(log_in: LogIn) -> None:
    done = make.handed_over(make.cards(1))
    client = log_in("bureau_clerk")
    assert "纸质清单与系统一致" in text(client.get(f"/handover/{done.pk}/", {"digest": done.digest[:16]}))
    assert "纸质清单与系统不一致" in text(client.get(f"/handover/{done.pk}/", {"digest": "0" * 16}))


def test_the_dossier_shows_the_handovers_of_an_asset(log_in: LogIn) -> None:
    ids = make.cards(2)
    done = make.handed_over(ids[:1])
    client = log_in("town_keeper")
    assert done.number in text(client.get(f"/assets/{ids[0]}/", {"tab": "rights"}))
    assert done.number not in text(log_in("bureau_clerk").get(f"/assets/{ids[1]}/", {"tab": "rights"}))


def test_lists_are_filtered_and_each_side_finds_its_own(log_in: LogIn) -> None:
    ids = make.cards(2)
    town = make.drafted(ids[:1])
    office = make.drafted(ids[1:], to_party=make.office("finance").pk)
    page = text(log_in("town_keeper").get("/handover/"))
    assert town.number in page
    assert office.number not in page
    client = log_in("audit")
    page = text(client.get("/handover/", {"party": make.office("finance").pk}))
    assert office.number in page
    assert town.number not in page
    assert "没有移交清单" in text(client.get("/handover/", {"state": "EXECUTED"}))
    assert client.get("/handover/", {"after": "x", "year": "二〇"}).status_code == 200


def test_acts_on_a_list_go_back_to_it(log_in: LogIn) -> None:
    client = log_in("bureau_clerk")
    made = make.drafted(make.cards(2))
    line = first_line(made)
    for path, body in (
        ("remove", {"selected": line.pk}),
        ("open", {}),
        ("refresh", {}),
        ("cancel", {"reason": "另行安排"}),
        ("cancel", {"reason": "再次"}),
    ):
        answer = client.post(f"/handover/{made.pk}/{path}/", body)
        assert answer["Location"] == f"/handover/{made.pk}/"
    made.refresh_from_db()
    assert made.state == State.CANCELLED
    assert "另行安排" in text(client.get(f"/handover/{made.pk}/"))
