"""Pages of the field: what the phone asks and is answered, the program's files, and the office's lists."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from conftest import DAY
from django.test import Client
from django.urls import reverse
from django.utils import translation

from mingchan.foundation.directory.models import Account
from mingchan.interfaces.field import services, wording
from mingchan.interfaces.field.models import Capsule, Photo
from mingchan.interfaces.field.tests.conftest import DEVICE, event, message, picture
from mingchan.interfaces.field.tests.demonstration import KIND, Demonstration
from mingchan.interfaces.field.tests.results import result_file
from mingchan.interfaces.field.views import shell
from mingchan.kernel.actor import Actor

pytestmark = pytest.mark.django_db
LogIn = Callable[[str], Client]
SCRIPTS = Path(shell.__file__).parents[1] / "static/field/js"
SENTENCE = re.compile(r'"((?:[^"\\]|\\.)*[\u4e00-\u9fff](?:[^"\\]|\\.)*)"')


def say(client: Client, address: str, given: Any) -> Any:
    return client.post(address, orjson.dumps(given), content_type="application/json")


def test_a_phone_learns_who_is_logged_in_and_what_to_take(provider: Demonstration, log_in: LogIn) -> None:
    client = log_in("bureau_clerk")
    state = client.get(reverse("field:state")).json()
    assert state["account"]["name"]
    assert state["token"]
    told = say(client, reverse("field:contact"), {"device": DEVICE, "unsent": 4}).json()
    assert [errand["title"] for errand in told["errands"]] == ["2020年盘点：新关镇"]
    assert told["now"].endswith("+00:00")


def test_an_errand_goes_out_and_its_events_come_back(provider: Demonstration, log_in: LogIn, clerk: Actor) -> None:
    client = log_in("bureau_clerk")
    issued = say(client, reverse("field:capsule", args=[KIND, "7"]), {"device": DEVICE}).json()
    assert hashlib.sha256(issued["text"].encode()).hexdigest() == issued["digest"]
    digest, content = picture()
    given = message(clerk.account_id, [event(1, photos=[digest]), event(2, "wrong")], capsule=issued["digest"])
    address = reverse("field:events", args=[KIND, "7"])
    told = say(client, address, given).json()
    assert {one["id"]: one["taken"] for one in told["answers"]} == {"event-00000001": True, "event-00000002": False}
    assert told["photos"] == []

    photo = reverse("field:photo", args=[KIND, "7", digest])
    half = len(content) // 2
    for offset, piece in ((0, content[:half]), (half, content[half:])):
        answer = client.put(f"{photo}?offset={offset}&size={len(content)}", piece, content_type="image/jpeg").json()
    assert answer["complete"]
    assert client.get(photo).json()["complete"]
    assert say(client, address, given).json()["photos"] == [digest]


def test_a_refusal_is_told_in_words(provider: Demonstration, log_in: LogIn, clerk: Actor) -> None:
    client = log_in("bureau_clerk")
    assert say(client, reverse("field:capsule", args=[KIND, "8"]), {"device": DEVICE}).status_code == 404
    answer = say(client, reverse("field:events", args=[KIND, "7"]), message(10**6, [event(1)]))
    assert (answer.status_code, "本人登录" in answer.json()["error"]) == (409, True)
    digest, _content = picture()
    photo = reverse("field:photo", args=[KIND, "7", digest])
    for query in ("", "?offset=-1&size=5", "?offset=x&size=0", "?offset=0&size=99999999999"):
        assert client.put(photo + query, b"x", content_type="image/jpeg").status_code in (200, 409)
    assert client.get(reverse("field:photo", args=[KIND, "7", "abc"])).status_code == 404
    assert not Photo.objects.exists()


def test_what_is_sent_needs_the_token(provider: Demonstration, log_in: LogIn, clerk: Actor) -> None:
    session = log_in("bureau_clerk").cookies
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = session
    address = reverse("field:events", args=[KIND, "7"])
    given = orjson.dumps(message(clerk.account_id, [event(1)]))
    assert strict.post(address, given, content_type="application/json").status_code == 403
    token = strict.get(reverse("field:state")).json()["token"]
    heard = strict.post(address, given, content_type="application/json", headers={"X-CSRFToken": token})
    assert heard.json()["answers"] == [{"id": "event-00000001", "taken": True, "reason": ""}]


def test_the_way_in_leads_over_the_login_and_a_new_password(log_in: LogIn) -> None:
    enter = reverse("field:enter")
    assert Client().get(enter)["Location"].startswith(reverse("web:login"))
    client = log_in("bureau_clerk")
    assert client.get(enter)["Location"] == reverse("field:program")
    Account.objects.filter(pk=client.session["_auth_user_id"]).update(must_change_password=True, is_sample=False)
    assert client.get(enter)["Location"] == reverse("web:password")
    assert client.get(reverse("field:state")).status_code == 302


def test_the_worker_keeps_every_file_by_its_digest(client: Client) -> None:
    answer = client.get(reverse("field:service_worker"))
    assert answer["Service-Worker-Allowed"] == "/field/"
    (listed,) = re.findall(r"new Map\((\[.*?\])\);", answer.content.decode())
    kept = dict(json.loads(listed))
    for address in ("/field/", "/field/decoder.js"):
        assert hashlib.sha256(client.get(address).content).hexdigest() == kept[address]
    scripts = {f"/static/field/js/{path.name}" for path in SCRIPTS.glob("*.js") if path.name != "decoder.js"}
    assert scripts == {address for address in kept if "/js/" in address}


def test_scripts_load_only_what_is_kept() -> None:
    for path in SCRIPTS.glob("*.js"):
        for name in re.findall(r'from "([^"]+)"', path.read_text(encoding="utf-8")):
            assert f"field/js/{name.removeprefix('./')}" in shell.FILES, (path.name, name)


def test_the_program_names_nobody_and_is_the_same_for_all(client: Client, log_in: LogIn) -> None:
    anonymous = client.get(reverse("field:program")).content
    assert log_in("bureau_clerk").get(reverse("field:program")).content == anonymous


def test_the_program_can_be_put_on_the_home_screen(client: Client) -> None:
    found = client.get(reverse("field:manifest"))
    assert found["Content-Type"] == "application/manifest+json"
    assert (found.json()["start_url"], found.json()["display"]) == ("/field/", "standalone")
    assert {icon["sizes"] for icon in found.json()["icons"]} == {"192x192", "512x512", "any"}


def test_every_sentence_of_the_scripts_can_be_translated() -> None:
    said = {text for path in SCRIPTS.glob("*.js") for text in SENTENCE.findall(path.read_text(encoding="utf-8"))}
    assert sorted(said) == sorted(wording.TEXTS)


def test_an_english_program_is_told_its_sentences(client: Client) -> None:
    with translation.override("en"):
        page = shell._page()
    assert "取消" in page
    assert "取消" not in shell._page()


def test_a_desk_shows_errands_gives_files_and_takes_results(
    provider: Demonstration, log_in: LogIn, clerk: Actor
) -> None:
    client = log_in("bureau_clerk")
    assert "2020年盘点：新关镇" in client.get(reverse("field:errands")).content.decode()
    file = client.post(reverse("field:capsule_file", args=[KIND, "7"]))
    issued = json.loads(b"".join(file.streaming_content))
    assert issued["format"] == "mingchan-capsule-file-1"
    brought = result_file(clerk.account_id, [event(1), event(2, "wrong")], capsule=issued["digest"])
    brought.name = "result.zip"
    page = client.post(reverse("field:results"), {"file": brought}).content.decode()
    assert "这件资产已经处置" in page
    assert list(provider.kept) == ["event-00000001"]
    spoiled = result_file(clerk.account_id, [event(3)], spoiled=True)
    spoiled.name = "result.zip"
    answer = client.post(reverse("field:results"), {"file": spoiled})
    assert (answer.status_code, "被改动过" in answer.content.decode()) == (422, True)
    assert client.post(reverse("field:results")).status_code == 422


def test_the_office_sees_what_is_out_and_what_came_back(provider: Demonstration, log_in: LogIn, clerk: Actor) -> None:
    client = log_in("bureau_clerk")
    say(client, reverse("field:capsule", args=[KIND, "7"]), {"device": DEVICE, "name": "新关镇 1 号", "skew": -7200})
    say(client, reverse("field:events", args=[KIND, "7"]), message(clerk.account_id, [event(1, "wrong")], skew=-7200))
    devices = client.get(reverse("field:devices")).content.decode()
    assert "新关镇 1 号" in devices
    assert "偏差 120 分钟" in devices
    assert "这件资产已经处置" in client.get(reverse("field:arrivals")).content.decode()


def test_a_township_sees_its_own_errands_only(provider: Demonstration, log_in: LogIn, clerk: Actor) -> None:
    services.issue(KIND, "7", actor=clerk, on=DAY)
    town = log_in("town_keeper").get(reverse("field:devices"))
    own = town.wsgi_request.actor.scopes("field.view")[0]
    assert ("2020年盘点" in town.content.decode()) == "140932100000".startswith(own)


def test_lists_ask_the_same_number_of_questions_however_long(
    provider: Demonstration, log_in: LogIn, clerk: Actor, django_assert_max_num_queries: Any
) -> None:
    client = log_in("bureau_clerk")
    for _number in range(55):
        services.issue(KIND, "7", actor=clerk, on=DAY)
    assert Capsule.objects.count() == 55
    with django_assert_max_num_queries(22):
        first = client.get(reverse("field:devices")).content.decode()
    following = re.search(r"after=(\d+)", first)
    assert following
    assert client.get(reverse("field:devices") + f"?after={following[1]}").content.decode().count("2020年盘点") == 5
