"""The portal's pages: cached, without cookies, the same for everybody; its doors work without a script."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from mingchan.foundation.directory.models import Account
from mingchan.foundation.evidence.models import Attachment, Record
from mingchan.foundation.policy import queries as policy
from mingchan.interfaces.portal import forms
from mingchan.interfaces.portal.models import Attempt
from mingchan.interfaces.portal.tests import factories as make
from mingchan.oversight.complaints.models import Complaint
from mingchan.oversight.disclosure.models import Objection
from mingchan.oversight.disclosure.tests import factories as notices
from mingchan.register.assets.models import Asset

pytestmark = pytest.mark.django_db
READ = (
    "",
    "notices/",
    "answers/",
    "plan/",
    "phones/",
    "search/?q=马道咀",
    "a/",
    f"p/{make.VILLAGE}/",
    "p/140932000000/",
)
FORMS = ("report/", "follow/", "certificate/")


@pytest.fixture
def code(sample_county: Any) -> str:
    """The number of an asset of the village, once the public figures are taken."""
    make.former_village()
    first = make.stock()[0]
    make.rebuild()
    return Asset.objects.values_list("code", flat=True).get(pk=first)


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form may be sent at once without a script."""
    real = policy.figure
    monkeypatch.setattr(policy, "figure", lambda code: 0 if code == "portal.wait_seconds" else real(code))


@pytest.fixture
def _at_once(no_wait: None) -> None:
    """The same, for tests that need no more of it."""


def _picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return SimpleUploadedFile("现场.jpg", out.getvalue(), "image/jpeg")


def _challenge(page: str) -> str:
    found = re.search(r'name="challenge" value="([^"]+)"', page)
    assert found
    return found[1]


def _open(client: Client, address: str) -> str:
    answer = client.get(f"/portal/{address}")
    assert answer.status_code in (200, 302), answer.content.decode()[:500]
    return str(answer.content.decode())


@pytest.mark.parametrize("address", READ)
def test_a_page_is_cached_by_its_content_and_sets_no_cookie(client: Client, code: str, address: str) -> None:
    answer = client.get(f"/portal/{address}", follow=True)
    assert answer.status_code == 200
    is_news = address in ("notices/", "answers/")
    assert answer["Cache-Control"] == ("public, no-cache" if is_news else "public, max-age=60")
    assert not answer.cookies
    assert "数据截至" in answer.content.decode()
    again = client.get(
        answer.request["PATH_INFO"],
        answer.request["QUERY_STRING"] and {"q": "马道咀"},
        headers={"if-none-match": answer["ETag"]},
    )
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize("address", FORMS)
def test_a_form_is_never_cached_and_sets_no_cookie(client: Client, code: str, address: str) -> None:
    answer = client.get(f"/portal/{address}")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_before_the_first_rebuild_pages_say_so(client: Client, sample_county: Any) -> None:
    assert "公开数据还没有生成" in _open(client, "")
    assert client.get(f"/portal/p/{make.VILLAGE}/").status_code == 404


def test_whoever_is_logged_in_sees_what_everybody_sees(client: Client, code: str) -> None:
    plain = _open(client, f"a/{code}")
    client.force_login(Account.objects.get(username="bureau_clerk"))
    assert _open(client, f"a/{code}") == plain


def test_a_village_says_what_is_there_and_who_keeps_it(client: Client, code: str) -> None:
    page = _open(client, f"p/{make.VILLAGE}/")
    for words in (make.STATION, "货架", "董**", "刘**", "偏关县工业和信息化局", "旧马道咀村", "还没有收益和分配的记录"):
        assert words in page
    assert make.KEEPER not in page
    assert make.OPERATOR not in page


def test_a_label_is_read_kindly(client: Client, code: str) -> None:
    page = _open(client, f"a/{code}")
    for words in ("货架", "登记在册", "在用", make.STATION, "马道咀村"):
        assert words in page
    assert "**" not in page
    unknown = client.get("/portal/a/XX-1")
    assert unknown.status_code == 404
    assert "没有编号为“XX-1”的资产" in unknown.content.decode()
    assert client.get("/portal/search/", {"q": code}).status_code == 302
    assert client.get("/portal/search/", {"q": "旧马道咀"})["Location"] == f"/portal/p/{make.VILLAGE}/"
    assert client.get("/portal/nowhere/at/all").status_code == 404


def test_the_language_is_chosen_without_a_script(client: Client, code: str) -> None:
    answer = client.get("/portal/language/en/", {"next": "/portal/plan/"})
    assert answer["Location"] == "/portal/plan/"
    page = _open(client, "plan/")
    assert '<html lang="en">' in page
    assert "Public things must not lie idle" in page
    for bad in ("https://evil.example/", "//evil.example/portal/", "/login/", "/portal/\\evil"):
        target = client.get("/portal/language/zh-hans/", {"next": bad})["Location"]
        assert target.startswith("/portal/")
        assert "evil.example" not in target


@pytest.mark.usefixtures("_at_once")
def test_a_report_without_a_script_is_sent_and_followed(client: Client, code: str) -> None:
    client.force_login(Account.objects.get(username="bureau_clerk"))
    page = _open(client, f"report/?asset={code}")
    assert f'value="{code}"' in page
    sent = {
        "kind": "DAMAGED", "asset": code.lower(), "text": "货架坏了一条腿，放不稳", "photo": _picture(),
        "name": "王大明", "contact": "13912345678", "challenge": _challenge(page),
    }  # fmt: skip
    answer = client.post("/portal/report/", sent, REMOTE_ADDR="203.0.113.7")
    receipt = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    number, secret = (re.search(f'id="{part}">([^<]+)<', receipt)[1] for part in ("number", "code"))  # type: ignore[index]
    kept = Complaint.objects.get(number=number)
    assert (kept.asset_code, kept.division_code, kept.place) == (code, make.VILLAGE, make.STATION)
    assert Attachment.objects.filter(owner=f"complaint:{kept.pk}").count() == 1
    record = Record.objects.filter(obj=f"complaint:{kept.pk}").first()
    assert record is not None
    assert record.actor == "system"
    assert b"203.0.113" not in bytes(record.body)
    assert "203.0.113" not in str(list(Attempt.objects.values()))
    followed = client.post("/portal/follow/", {"number": number.lower(), "code": secret}).content.decode()
    assert "待受理" in followed
    assert "王大明" not in followed
    wrong = client.post("/portal/follow/", {"number": number, "code": "AAAA-AAAA"})
    assert wrong.status_code == 422
    assert "对不上" in wrong.content.decode()
    twice = client.post("/portal/report/", {**sent, "photo": _picture()}, REMOTE_ADDR="203.0.113.7")
    assert twice.status_code == 422
    assert "已经提交过了" in twice.content.decode()
    assert Complaint.objects.count() == 1


def test_too_early_keeps_what_was_written_and_the_form(client: Client, code: str) -> None:
    challenge = _challenge(_open(client, "report/"))
    sent = {"kind": "IDLE", "place": "村口", "text": "货架一直没有人用", "challenge": challenge}
    answer = client.post("/portal/report/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "再点提交" in page
    assert "货架一直没有人用" in page
    assert _challenge(page) == challenge
    trapped = client.post("/portal/report/", {**sent, "website": "http://spam"}).content.decode()
    assert "请清空这一栏" in trapped
    assert _challenge(trapped) != challenge


@pytest.mark.usefixtures("_at_once")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "短"}, "至少"),
        ({"place": ""}, "请填资产编号，或选哪个村"),
        ({"place": "", "asset": "XX-9"}, "没有这个编号的资产"),
        ({"kind": "NONSENSE"}, "NONSENSE"),
        ({"photo": SimpleUploadedFile("a.jpg", b"<html>")}, "这不是照片"),
        ({"photo": SimpleUploadedFile("a.jpg", b"\xff\xd8\xff broken")}, "图片已损坏"),
    ],
)
def test_what_is_wrong_is_said_beside_what_to_do(
    client: Client, code: str, changes: dict[str, Any], words: str
) -> None:
    challenge = _challenge(_open(client, "report/"))
    sent = {"kind": "IDLE", "place": "村口", "text": "货架一直没有人用", "challenge": challenge, **changes}
    answer = client.post("/portal/report/", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Complaint.objects.exists()


def test_what_is_too_large_is_refused_unread(client: Client, code: str) -> None:
    for address in ("report/", "follow/", "notices/2020-1/object/"):
        answer = client.post(
            f"/portal/{address}", b"x", content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(forms.MOST_BODY_BYTES + 1),
        )  # fmt: skip
        assert answer.status_code == 413, address
        assert "选小一些的照片" in answer.content.decode()


@pytest.mark.usefixtures("_at_once")
def test_an_objection_is_sent_and_followed(client: Client, code: str) -> None:
    notice = notices.published()
    page = _open(client, f"notices/{notice.slug}/")
    assert notice.title in page
    page = _open(client, f"notices/{notice.slug}/object/")
    sent = {"text": "这批电脑还能用，不应报废", "name": "王大明", "challenge": _challenge(page), "photo": _picture()}
    answer = client.post(f"/portal/notices/{notice.slug}/object/", sent)
    receipt = answer.content.decode()
    assert answer.status_code == 200, receipt
    number, secret = (re.search(f'id="{part}">([^<]+)<', receipt)[1] for part in ("number", "code"))  # type: ignore[index]
    assert Objection.objects.get(number=number).notice_id == notice.pk
    followed = client.post("/portal/follow/", {"number": number, "code": secret}).content.decode()
    assert "这批电脑还能用" in followed
    public = _open(client, f"notices/{notice.slug}/")
    assert number in public
    assert "这批电脑还能用" not in public
    assert "王大明" not in public
    assert Attempt.objects.filter(subject=f"notice:{notice.pk}").count() == 1
    assert client.get("/portal/notices/2019-99/").status_code == 404


def test_a_certificate_leads_to_the_registers_own_check(client: Client, code: str) -> None:
    answer = client.get("/portal/certificate/", {"number": "偏确证字〔2020〕第1号", "token": "ABCD efgh 2345"})
    assert answer["Location"] == "/rights/verify/2020/1/abcdefgh2345/"
    assert "编号应有年度和证号" in client.get("/portal/certificate/", {"number": "1", "token": "a"}).content.decode()


def test_every_clause_is_said_in_plain_words_in_both_languages() -> None:
    given = policy.document("villager.yaml")
    assert set(map(str, given)) == set(policy.clauses())
    assert all(len(words["zh"]) > 10 and len(words["en"]) > 20 for words in given.values())
