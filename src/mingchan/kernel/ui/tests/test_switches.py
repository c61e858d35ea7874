"""The reader's language and unit of amounts."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from mingchan.kernel.ui import language, unit, views


@pytest.mark.parametrize(("posted", "kept"), [("wan", "wan"), ("yuan", "yuan"), ("<b>", "yuan")])
def test_the_unit_is_remembered(posted, kept):
    response = views.set_unit(RequestFactory().post("/", {"unit": posted, "next": "/assets/?q=1"}))
    assert response.cookies[unit.COOKIE].value == kept
    assert response.url == "/assets/?q=1"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_a_switch_never_leads_to_another_site(target):
    assert views.set_unit(RequestFactory().post("/", {"unit": "wan", "next": target})).url == "/"


@pytest.mark.parametrize(("posted", "cookies"), [("en", ["django_language"]), ("xx", []), ("", [])])
def test_only_a_known_language_is_remembered(posted, cookies):
    assert list(views.set_language(RequestFactory().post("/", {"language": posted})).cookies) == cookies


def test_switches_answer_posts_only():
    assert views.set_unit(RequestFactory().get("/")).status_code == 405


def test_each_request_has_its_own_unit():
    seen = []
    middleware = unit.UnitMiddleware(lambda request: seen.append(unit.active()) or HttpResponse())
    for cookie in ("wan", "yuan", None):
        request = RequestFactory().get("/")
        request.COOKIES = {unit.COOKIE: cookie} if cookie else {}
        middleware(request)
    assert seen == ["wan", "yuan", "yuan"]


@pytest.mark.parametrize(
    ("cookie", "browser", "shown"),
    [
        (None, "en-US,en;q=0.9", "zh-hans"),
        ("en", "zh-CN", "en"),
        ("zh-hans", "en-US", "zh-hans"),
        ("xx", "en-US", "zh-hans"),
    ],
)
def test_pages_are_chinese_unless_the_reader_chose_english(cookie, browser, shown):
    seen = []
    middleware = language.LanguageMiddleware(
        lambda request: seen.append((translation.get_language(), request.LANGUAGE_CODE)) or HttpResponse()
    )
    request = RequestFactory().get("/", headers={"accept-language": browser})
    request.COOKIES = {"django_language": cookie} if cookie else {}
    with translation.override("zh-hans"):
        response = middleware(request)
    assert seen == [(shown, shown)]
    assert response["Content-Language"] == shown
