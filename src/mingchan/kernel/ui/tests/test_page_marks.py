"""A view says which right it asks for; without it, or by another method, it doesn't run."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from mingchan.kernel.actor import Actor, Grant
from mingchan.kernel.errors import NotAllowed
from mingchan.kernel.ui import page


def answer(request) -> HttpResponse:
    """Say yes."""
    return HttpResponse("yes")


def request(method: str, *rights: str):
    made = RequestFactory().generic(method, "/")
    made.actor = Actor(1, "某人", "140932", (Grant("role", "140932", frozenset(rights)),))
    return made


VIEW = page.page("asset.view", methods=("GET", "POST"))(answer)


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 200), ("HEAD", 200), ("POST", 200), ("PUT", 405), ("DELETE", 405)]
)
def test_only_the_stated_methods_are_answered(method: str, status: int) -> None:
    assert VIEW(request(method, "asset.view")).status_code == status


def test_without_the_right_the_view_does_not_run() -> None:
    with pytest.raises(NotAllowed):
        VIEW(request("GET", "log.view"))


def test_an_act_is_not_answered_to_a_link() -> None:
    act = page.signed_in(methods=("POST",))(answer)
    assert act(request("GET")).status_code == 405
    assert act(request("POST")).status_code == 200


def test_marks_can_be_read_from_the_view() -> None:
    assert page.access_of(VIEW) == page.Access("right", "asset.view", ("GET", "POST", "HEAD"))
    assert (VIEW.right, VIEW.__name__, VIEW.__doc__) == ("asset.view", "answer", "Say yes.")
    assert page.access_of(page.public()(answer)).kind == "public"
    assert page.access_of(answer) is None
