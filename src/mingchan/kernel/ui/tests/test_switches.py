"""The reader's language and unit of amounts."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from mingchan.kernel.ui import unit, views


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
