"""The pages of rights: from the list to the certificate and its public check, with bad input told in plain words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mingchan.foundation.directory.models import Account, Party
from mingchan.register.assets.models import Asset, Right
from mingchan.register.rights.models import Certificate, Confirmation
from mingchan.register.rights.queries import listing
from mingchan.register.rights.tests import factories
from mingchan.register.rights.views import certificates as views

LogIn = Callable[[str], Client]


@pytest.fixture
def ids(sample_county: Any) -> list[int]:
    return factories.cards(3)


def bureau() -> Party:
    return Account.objects.get(username="bureau_clerk").office


def form(**changes: Any) -> dict[str, Any]:
    """A batch's form as the page sends it."""
    given = {"title": "县级中心资产确权", "basis": "偏政函〔2020〕8号", "k-OWNERSHIP-party": bureau().name}
    return {**given, **changes}


def begun(client: Client, ids: list[int], **changes: Any) -> Any:
    return client.post(reverse("rights:propose"), form(selected=ids, **changes))


def act(client: Client, name: str, batch: Confirmation, **more: Any) -> Any:
    batch.refresh_from_db()
    sent = {"version": batch.version, "digest": batch.digest, **more}
    return client.post(reverse(f"rights:{name}", args=[batch.pk]), sent, follow=True)


def certified(log_in: LogIn, ids: list[int], **changes: Any) -> Certificate:
    begun(log_in("bureau_clerk"), ids, **changes)
    batch = Confirmation.objects.get()
    act(log_in("bureau_clerk"), "submit", batch)
    act(log_in("bureau_reviewer"), "check", batch)
    act(log_in("bureau_head"), "approve", batch)
    return Certificate.objects.order_by("pk")[0]


def test_from_the_list_to_the_certificate(log_in: LogIn, ids: list[int]) -> None:
    listed = log_in("bureau_clerk").get(reverse("assets:list")).content.decode()
    assert reverse("rights:propose") in listed
    found = certified(log_in, ids)
    assert found.count == 3
    client = log_in("bureau_clerk")
    shown = client.get(reverse("rights:certificate", args=[found.pk])).content.decode()
    assert "偏确证字〔2020〕第0001号"[:4] in shown
    assert "有效" in shown
    for name in ("coverage", "batches", "certificates", "holders"):
        assert client.get(reverse(f"rights:{name}")).status_code == 200
    card = client.get(reverse("assets:card", args=[ids[0]]) + "?tab=rights").content.decode()
    assert "县级中心资产确权" in card
    assert reverse("rights:batch", args=[found.confirmation_id]) in card


def test_all_that_the_filter_finds_is_taken(log_in: LogIn, ids: list[int]) -> None:
    other = factories.cards(2, system="LOGISTICS")
    client = log_in("bureau_clerk")
    page = client.get(reverse("rights:propose") + "?system=LOGISTICS&all=1").content.decode()
    assert 'name="system" value="LOGISTICS"' in page
    answer = client.post(reverse("rights:propose"), form(system="LOGISTICS", all="1"))
    assert answer.status_code == 302
    assert Confirmation.objects.get().count == len(other)


def test_a_filter_of_a_past_day_is_refused(log_in: LogIn, ids: list[int]) -> None:
    answer = log_in("bureau_clerk").post(reverse("rights:propose"), form(as_of="2020-03-10", all="1"))
    assert answer.status_code == 409
    assert "只针对现在在册的资产" in answer.content.decode()
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"k-OWNERSHIP-party": "没有这个局"}, "没有这个主体"),
        ({"k-OWNERSHIP-share": "一半"}, "正分数"),
        ({"k-OWNERSHIP-share": "1/2"}, "份额之和应等于 1"),
        ({"k-OWNERSHIP-party": ""}, "至少填写一种权利"),
        ({"basis": ""}, "必填"),
        ({"x-0-party": "偏关县财政局"}, "请选择权利种类"),
    ],
)
def test_what_is_typed_wrong_is_told_and_nothing_is_kept(
    log_in: LogIn, ids: list[int], changes: dict[str, str], words: str
) -> None:
    answer = begun(log_in("bureau_clerk"), ids, **changes)
    assert answer.status_code in (409, 422)
    assert words in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_holders_in_shares(log_in: LogIn, ids: list[int]) -> None:
    begun(
        log_in("bureau_clerk"), ids,
        **{"k-OWNERSHIP-share": "2/3", "x-0-kind": "OWNERSHIP", "x-0-party": "偏关县财政局", "x-0-share": "1/3"},
    )  # fmt: skip
    batch = Confirmation.objects.get()
    page = log_in("bureau_clerk").get(reverse("rights:batch", args=[batch.pk])).content.decode()
    assert "2/3" in page
    assert "1/3" in page
    changed = log_in("bureau_clerk").get(reverse("rights:change", args=[batch.pk])).content.decode()
    assert 'value="2/3"' in changed


def test_the_batch_says_who_may_do_what(log_in: LogIn, ids: list[int]) -> None:
    begun(log_in("bureau_clerk"), ids)
    batch = Confirmation.objects.get()
    address = reverse("rights:batch", args=[batch.pk])
    assert reverse("rights:submit", args=[batch.pk]) in log_in("bureau_clerk").get(address).content.decode()
    act(log_in("bureau_clerk"), "submit", batch)
    assert reverse("rights:check", args=[batch.pk]) not in log_in("bureau_clerk").get(address).content.decode()
    assert reverse("rights:check", args=[batch.pk]) in log_in("bureau_reviewer").get(address).content.decode()
    assert act(log_in("bureau_clerk"), "check", batch).status_code == 403
    returned = act(log_in("bureau_reviewer"), "return", batch, reason="依据不全").content.decode()
    assert "已退回" in returned
    assert "依据不全" in returned
    assert act(log_in("bureau_clerk"), "withdraw", batch, reason="重做").status_code == 200
    batch.refresh_from_db()
    assert batch.state == "WITHDRAWN"


def test_a_step_on_an_older_page_is_refused(log_in: LogIn, ids: list[int]) -> None:
    begun(log_in("bureau_clerk"), ids)
    batch = Confirmation.objects.get()
    sent = {"version": batch.version, "digest": ""}
    client = log_in("bureau_clerk")
    client.post(reverse("rights:change", args=[batch.pk]), form(version=batch.version, title="改了名"))
    answer = client.post(reverse("rights:submit", args=[batch.pk]), sent, follow=True)
    assert "刚被他人办理过" in answer.content.decode()
    stale = client.post(reverse("rights:change", args=[batch.pk]), form(version=batch.version))
    assert stale.status_code == 409


def test_a_changed_card_stands_on_the_page_of_the_batch(log_in: LogIn, ids: list[int]) -> None:
    begun(log_in("bureau_clerk"), ids)
    batch = Confirmation.objects.get()
    act(log_in("bureau_clerk"), "submit", batch)
    Asset.objects.filter(pk=ids[1]).update(version=2)
    code = Asset.objects.get(pk=ids[1]).code
    refused = act(log_in("bureau_reviewer"), "check", batch).content.decode()
    assert "请退回" in refused
    assert code in refused


def test_anybody_checks_a_certificate_without_login(log_in: LogIn, ids: list[int]) -> None:
    found = certified(log_in, ids)
    stranger = Client()
    right = reverse("rights:answer", args=[found.year, found.number, found.token])
    page = stranger.get(right)
    assert page.status_code == 200
    assert "证书真实，现行有效" in page.content.decode()
    assert found.digest[:32] in page.content.decode()
    for wrong in ((found.year, 2, found.token), (2019, found.number, found.token), (found.year, found.number, "aaaa")):
        answer = stranger.get(reverse("rights:answer", args=wrong))
        assert answer.status_code == 404
        assert "查无此证" in answer.content.decode()
        assert bureau().name not in answer.content.decode()
    asked = stranger.post(reverse("rights:ask"), {"number": f"{found.year}-{found.number}", "token": found.token})
    assert asked["Location"] == right
    assert stranger.post(reverse("rights:ask"), {"number": "第一号", "token": "x"}).status_code == 422


def test_a_persons_name_is_masked_for_strangers(log_in: LogIn, ids: list[int]) -> None:
    factories.party("董改花", "PERSON")
    found = certified(log_in, ids, **{"k-OWNERSHIP-party": "", "k-CUSTODY-party": "董改花"})
    page = Client().get(reverse("rights:answer", args=[found.year, found.number, found.token])).content.decode()
    assert "董**" in page
    assert "董改花" not in page


def test_the_public_page_says_when_rights_have_moved(log_in: LogIn, ids: list[int]) -> None:
    found = certified(log_in, ids)
    address = reverse("rights:answer", args=[found.year, found.number, found.token])
    Right.objects.filter(asset_id=ids[0], kind="OWNERSHIP", valid_to__isnull=True).update(valid_to=found.issued_on)
    assert "部分失效" in Client().get(address).content.decode()
    Right.objects.filter(kind="OWNERSHIP", valid_to__isnull=True).update(valid_to=found.issued_on)
    assert "已失效" in Client().get(address).content.decode()


def test_papers_and_files_come_out(log_in: LogIn, ids: list[int]) -> None:
    found = certified(log_in, ids)
    client = log_in("bureau_clerk")
    paper = client.get(reverse("rights:certificate_paper", args=[found.pk]))
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    base = reverse("rights:ledger_export", args=[found.party_id]) + "?kind=OWNERSHIP"
    for kind, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        answer = client.get(f"{base}&form={kind}")
        assert b"".join(answer.streaming_content).startswith(start)
    assert client.get(f"{base}&form=doc").status_code == 409


def test_a_certificate_of_very_many_assets_gives_sums(
    log_in: LogIn, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = certified(log_in, ids)
    monkeypatch.setattr(views, "LISTED", 2)
    paper = log_in("bureau_clerk").get(reverse("rights:certificate_paper", args=[found.pk]))
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    (row,) = listing.sums_of(found)
    assert (row["quantity_milli"], row["cost_fen"]) == (3000, found.cost_fen)


def test_a_ledger_of_a_day_and_a_day_that_cannot_be_read(log_in: LogIn, ids: list[int]) -> None:
    found = certified(log_in, ids)
    client = log_in("bureau_clerk")
    address = reverse("rights:ledger", args=[found.party_id])
    assert "3" in client.get(f"{address}?kind=OWNERSHIP").content.decode()
    assert "没有这种权利的资产" in client.get(f"{address}?kind=OWNERSHIP&on=2020-01-01").content.decode()
    assert "日期看不懂" in client.get(f"{address}?on=明天").content.decode()
    assert "日期看不懂" in client.get(reverse("rights:coverage") + "?on=2999-01-01").content.decode()
    assert "持有的权利" in client.get(reverse("directory:party", args=[found.party_id])).content.decode()
