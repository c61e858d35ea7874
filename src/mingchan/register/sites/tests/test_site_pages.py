"""Pages of sites, asked for by accounts of the sample county."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from mingchan.foundation.directory.models import Division, Party
from mingchan.foundation.evidence.models import Attachment, Record
from mingchan.kernel import links
from mingchan.kernel.refs import Ref
from mingchan.register.assets import services as assets
from mingchan.register.assets.drafts import CardDraft, SiteDraft
from mingchan.register.assets.models import Asset, Site
from mingchan.register.sites import services
from mingchan.register.sites.drafts import HolderDraft
from mingchan.register.sites.models import Profile, SiteState, Term

DAY = date(2020, 3, 10)
COUNTY = "140932"


@pytest.fixture
def villages(sample_county: Any) -> list[Division]:
    """Two villages of the first town; the first is the sample keeper's own."""
    found = Division.objects.filter(code__startswith=f"{COUNTY}100", level="VILLAGE", is_current=True)
    return list(found.filter(name__endswith="村").order_by("code")[:2])


@pytest.fixture
def sites(villages: list[Division], actor_of: Callable[[str], Any]) -> list[int]:
    """A station in each village, filed, and a depot in the town with a lot of five scanners."""
    actor = actor_of("bureau_clerk")
    drafts = [SiteDraft(f"{row.name}电商站", row.code, "PUBLIC_SERVICE", "VILLAGE") for row in villages]
    drafts.append(SiteDraft("<b>县物流中心", f"{COUNTY}100000", "LOGISTICS", "COUNTY"))
    found = assets.ensure_sites(drafts, actor=actor, on=DAY)
    ids = [found[draft] for draft in drafts]
    cards = [
        CardDraft("台式电脑", "PUBLIC_SERVICE", "VILLAGE", villages[0].code, 1000, 398000, unit="台", site=ids[0]),
        CardDraft("扫码枪", "LOGISTICS", "COUNTY", f"{COUNTY}100000", 5000, 100_01, unit="把", site=ids[2]),
    ]
    assets.register([cards], source=Ref("batch", 1), summary="资产明细", actor=actor, on=DAY)
    services.open_files(ids, DAY, "验收", actor=actor, on=DAY)
    return ids


def card(name: str) -> Asset:
    return Asset.objects.filter(name=name).earliest("pk")


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def body(page: str) -> str:
    return page.split("<tbody>")[1].split("</tbody>")[0]


def photograph() -> io.BytesIO:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(kept, "JPEG")
    kept.seek(0)
    kept.name = "门头.jpg"
    return kept


def version(site: int) -> int:
    return Profile.objects.values_list("version", flat=True).get(pk=site)


def test_the_list_shows_figures_as_links_and_markup_as_text(sites: list[int], log_in: Any) -> None:
    page = text(log_in("bureau_clerk").get(reverse("sites:list")))
    assert "&lt;b&gt;县物流中心" in page
    assert f"{reverse('assets:list')}?site={sites[0]}" in page
    assert "3,980.00" in page
    assert "doubt=LACKING" in page
    assert "3 个" in page, "the tile of the town"


def test_the_list_is_narrowed_and_says_by_what(sites: list[int], log_in: Any) -> None:
    client = log_in("bureau_clerk")
    page = text(client.get(reverse("sites:list"), {"tier": "COUNTY", "doubt": "NO_KEEPER"}))
    assert body(page).count("<tr>") == 1
    assert "当前筛选条件" in page
    page = text(client.get(reverse("sites:list"), {"q": "没有的站"}))
    assert "没有符合条件的站点" in page
    text(
        client.get(
            reverse("sites:list"), {"tier": "X", "division": "abc", "operator": "x", "after": "\x00", "sort": "?"}
        )
    )


def test_the_list_asks_as_often_for_many_sites_as_for_few(
    sites: list[int], log_in: Any, actor_of: Callable[[str], Any], django_assert_max_num_queries: Any
) -> None:
    client, url = log_in("bureau_clerk"), reverse("sites:list")
    text(client.get(url))
    with CaptureQueriesContext(connection) as captured:
        text(client.get(url))
        few = len(captured)
    actor = actor_of("bureau_clerk")
    drafts = [SiteDraft(f"站{number}", f"{COUNTY}100000", "LOGISTICS", "TOWN") for number in range(60)]
    more = assets.ensure_sites(drafts, actor=actor, on=DAY)
    services.open_files(list(more.values()), DAY, "验收", actor=actor, on=DAY)
    text(client.get(url))
    with django_assert_max_num_queries(few):
        page = text(client.get(url))
    assert body(page).count("<tr>") == 50
    assert 'rel="next"' in page


@pytest.mark.parametrize("tab", ["overview", "assets", "standard", "history"])
def test_a_page_of_a_site_takes_few_statements(
    sites: list[int], log_in: Any, django_assert_max_num_queries: Any, tab: str
) -> None:
    client = log_in("bureau_clerk")
    url = f"{reverse('sites:site', args=[sites[0]])}?tab={tab}"
    text(client.get(url))
    with django_assert_max_num_queries(28):
        text(client.get(url))


def test_what_should_be_there_leads_to_the_cards_that_count(sites: list[int], log_in: Any) -> None:
    client, url = log_in("bureau_clerk"), reverse("sites:site", args=[sites[0]])
    page = text(client.get(url, {"tab": "standard"}))
    assert "tab=assets&amp;item=COMPUTER" in page
    assert page.count("缺 1") >= 5
    page = text(client.get(url, {"tab": "assets", "item": "COMPUTER"}))
    assert card("台式电脑").code in page
    assert "“电脑”共 1 张卡片" in page
    assert card("台式电脑").code not in text(client.get(url, {"tab": "assets", "item": "TV"}))


def test_a_requirement_of_its_own_is_set_with_a_reason_or_refused(sites: list[int], log_in: Any) -> None:
    client, url = log_in("bureau_clerk"), reverse("sites:standard", args=[sites[0]])
    given = {"item": "TV", "other": "", "quantity": "0", "reason": "与村委会共用", "version": version(sites[0])}
    page = text(client.post(url, given, follow=True))
    assert "已调整应有配置" in page
    assert "与村委会共用" in page
    assert "刚被他人修改" in text(client.post(url, given, follow=True))
    assert "请选择项目" in text(client.post(url, {"item": "", "reason": "x", "version": 2}, follow=True))


def test_a_site_is_opened_corrected_and_its_state_changed_by_hand(
    sites: list[int], villages: list[Division], log_in: Any
) -> None:
    client = log_in("bureau_clerk")
    form = {
        "name": "新站", "kind": "", "system": "PUBLIC_SERVICE", "tier": "VILLAGE", "division_code": villages[1].code,
        "address": "一层", "opening_hours": "", "coordinates": "39.43， 111.508", "note": "", "state": "PREPARING",
        "since": "2020-03-01", "operator": "", "keeper": "没有这人", "organisation": "",
    }  # fmt: skip
    page = text(client.post(reverse("sites:create"), form), 422)
    assert "没有这个主体" in page
    answer = client.post(reverse("sites:create"), form | {"keeper": ""})
    assert answer.status_code == 302, answer.content.decode()
    site = Site.objects.get(name="新站")
    file = Profile.objects.get(pk=site.pk)
    assert (site.kind, file.latitude_micro, file.longitude_micro) == ("VILLAGE_STATION", 39_430_000, 111_508_000)
    page = text(client.get(reverse("sites:site", args=[site.pk])))
    assert "geo:39.43,111.508" in page
    correction = {key: form[key] for key in ("name", "system", "tier", "division_code", "opening_hours", "note")}
    correction |= {"kind": "WAREHOUSE", "address": "二层", "coordinates": "x", "version": 1, "reason": "核对"}
    url = reverse("sites:correct", args=[site.pk])
    assert "写作“纬度, 经度”" in text(client.post(url, correction), 422)
    assert client.post(url, correction | {"coordinates": ""}).status_code == 302
    assert "刚被他人修改" in text(client.post(url, correction | {"coordinates": "", "note": "x"}), 409)
    url = reverse("sites:state", args=[site.pk])
    assert "停业" not in text(client.get(url)).split("<main")[1], "a site in preparation can't be suspended"
    change = {"version": 2, "state": "OPERATING", "since": "2020-03-05", "reason": "验收"}
    assert client.post(url, change).status_code == 302
    assert list(SiteState.objects.filter(profile=site.pk).values_list("state", flat=True)) == ["PREPARING", "OPERATING"]
    page = text(client.get(reverse("sites:site", args=[site.pk]), {"tab": "history"}))
    assert "更正站点档案“新站”：" in page
    assert "筹建" in page


def test_a_keeper_is_named_and_the_one_before_stays_to_be_seen(
    sites: list[int], villages: list[Division], log_in: Any
) -> None:
    for name in ("王二", "李三"):
        Party.objects.create(county=COUNTY, kind="PERSON", name=name, division_code=villages[0].code, created_on=DAY)
    client, url = log_in("town_keeper"), reverse("sites:holder", args=[sites[0]])
    form = {"duty": "KEEPER", "organisation": "", "basis": "村委会会议"}
    for number, (name, since) in enumerate((("王二", "2020-03-10"), ("李三", "2020-04-01")), start=1):
        answer = client.post(url, form | {"party": name, "since": since, "version": number})
        assert answer.status_code == 302, answer.content.decode()
    assert Term.objects.filter(profile=sites[0]).count() == 2
    page = text(client.get(reverse("sites:site", args=[sites[0]]), {"tab": "history"}))
    assert page.index("李三") < page.index("王二")
    assert "早于现任" in text(client.post(url, form | {"party": "", "since": "2020-03-11", "version": 3}), 409)


def test_photographs_are_kept_and_shown_and_what_is_no_picture_is_refused(sites: list[int], log_in: Any) -> None:
    client, url = log_in("village_keeper"), reverse("sites:attach", args=[sites[0]])
    page = text(client.post(url, {"camera": photograph(), "photographs": [photograph()]}, follow=True))
    assert "已保存 2 张照片" in page
    kept = Attachment.objects.filter(owner=f"site:{sites[0]}")
    assert page.count("/thumbnail/") == kept.count() == 2
    bad = io.BytesIO(b"no picture")
    bad.name = "照片.jpg"
    assert "照片.jpg：" in text(client.post(url, {"photographs": [bad]}, follow=True))
    assert "请选择照片" in text(client.post(url, {}, follow=True))
    assert client.post(reverse("sites:attach", args=[sites[1]]), {"camera": photograph()}).status_code == 404


def test_chosen_assets_are_seen_from_and_to_before_they_move(sites: list[int], log_in: Any) -> None:
    client, url = log_in("bureau_clerk"), reverse("sites:move")
    moved = card("台式电脑")
    asked = {
        "selected": moved.pk,
        "site": sites[1],
        "on": "2020-03-20",
        "reason": "调剂",
        "place": "大厅",
        "division_code": "",
    }
    page = text(client.get(url, asked))
    assert "确认调整" in page
    assert "csrfmiddlewaretoken" not in page.split("</form>")[0], "no token in an address"
    assert moved.site_id == Asset.objects.get(pk=moved.pk).site_id
    page = text(client.post(url, asked, follow=True))
    assert "已调整 1 张卡片" in page
    assert Asset.objects.get(pk=moved.pk).site_id == sites[1]
    assert "的现状晚于变动日期" in text(client.post(url, asked | {"site": sites[0], "on": "2020-03-15"}), 409)
    assert "晚于今天" in text(client.post(url, asked | {"on": "2999-01-01"}), 422)
    assert "请选择站点" in text(client.post(url, asked | {"site": "", "place": ""}), 422)


def test_a_target_outside_ones_divisions_is_told_and_not_moved_to(
    sites: list[int], log_in: Any, actor_of: Callable[[str], Any]
) -> None:
    far = SiteDraft("远站", f"{COUNTY}105000", "PUBLIC_SERVICE", "TOWN")
    target = assets.ensure_sites([far], actor=actor_of("bureau_clerk"), on=DAY)[far]
    client = log_in("town_keeper")
    asked = {"selected": card("台式电脑").pk, "site": target, "on": "2020-03-20", "reason": "调剂", "place": "x"}
    assert "不在您可以办理的区划之内" in text(client.post(reverse("sites:move"), asked), 422)
    assert Asset.objects.get(name="台式电脑").site_id == sites[0]


def test_the_lists_bulk_action_and_the_dossier_lead_to_moving(sites: list[int], log_in: Any) -> None:
    client = log_in("bureau_clerk")
    assert reverse("sites:move") in text(client.get(reverse("assets:list")))
    page = text(client.get(reverse("assets:card", args=[card("扫码枪").pk])))
    assert reverse("sites:site", args=[sites[2]]) in page
    assert reverse("sites:spread", args=[card("扫码枪").pk]) in page
    assert reverse("sites:move") not in text(log_in("audit").get(reverse("assets:list")))


def test_assets_are_found_for_a_site_that_is_to_receive_them(sites: list[int], log_in: Any) -> None:
    client = log_in("bureau_clerk")
    page = text(client.get(reverse("sites:move"), {"site": sites[1], "q": "电脑"}))
    assert card("台式电脑").code in page
    assert "没有找到" in text(client.get(reverse("sites:move"), {"site": sites[0], "q": "电脑"}))
    assert client.get(reverse("sites:move"), {"site": 10**9}).status_code == 404


def test_a_lot_is_spread_one_for_each_station_of_a_town(sites: list[int], log_in: Any) -> None:
    client = log_in("bureau_clerk")
    lot = card("扫码枪")
    url = reverse("sites:spread", args=[lot.pk])
    assert url in text(client.get(reverse("sites:lots"), {"q": "smq"}))
    town = f"{COUNTY}100000"
    page = text(client.get(url, {"town": town, "kind": "VILLAGE_STATION", "each": "1", "fill": "1"}))
    typed = dict(re.findall(r'name="(q-[^"]+)" value="([^"]*)"', page))
    assert typed == {"q-stay": "3", f"q-{sites[0]}": "1", f"q-{sites[1]}": "1"}
    form = {"town": town, "kind": "VILLAGE_STATION", "version": 1, "reason": "发放到村", **typed}
    page = text(client.post(url, form | {"q-stay": "2"}), 409)
    assert "不等于原数量" in page
    assert f'name="q-{sites[0]}" value="1"' in page, "what was typed stays"
    page = text(client.post(url, form | {"q-stay": "两把"}), 422)
    assert 'value="两把"' in page
    page = text(client.post(url, form, follow=True))
    assert "已分配为 3 张卡片" in page
    parts = Asset.objects.filter(parent=lot.pk)
    assert sum(part.cost_fen for part in parts) == 100_01
    assert {part.site_id for part in parts} == set(sites)
    assert "已拆分、已撤回或已处置" in text(client.post(url, form | {"version": 2}), 409)


def test_files_are_opened_for_chosen_sites_with_the_kinds_seen(
    sites: list[int], log_in: Any, actor_of: Callable[[str], Any], villages: list[Division]
) -> None:
    draft = SiteDraft("新导入站", villages[0].code, "PUBLIC_SERVICE", "VILLAGE")
    fresh = assets.ensure_sites([draft], actor=actor_of("bureau_clerk"), on=DAY)[draft]
    client, url = log_in("town_keeper"), reverse("sites:open_files")
    page = text(client.get(url))
    assert body(page).count("<tr>") == 1, "only those without a file"
    page = text(client.post(url, {"selected": [fresh, sites[0]], "since": "2020-03-01", "reason": ""}), 422)
    assert "新导入站" in page
    form = {"selected": [fresh, sites[0]], "since": "2020-03-01", "reason": "验收", f"kind-{fresh}": "WAREHOUSE"}
    assert "已为 1 个站点建档" in text(client.post(url, form, follow=True))
    assert Site.objects.get(pk=fresh).kind == "WAREHOUSE"


def test_a_merged_site_points_at_the_other(sites: list[int], log_in: Any) -> None:
    client = log_in("bureau_clerk")
    url = reverse("sites:merge", args=[sites[0]])
    assert "1 张资产卡片将改到" in text(client.get(url))
    form = {"into": sites[1], "reason": "同一处", "version": 1}
    page = text(client.post(url, form, follow=True))
    assert "本站点已并入其他站点" in page
    assert reverse("sites:site", args=[sites[1]]) in page
    assert reverse("sites:correct", args=[sites[0]]) not in page
    assert links.resolve(f"site:{sites[1]}").url == reverse("sites:site", args=[sites[1]])
    assert body(text(client.get(reverse("sites:list")))).count("<tr>") == 2
    assert body(text(client.get(reverse("sites:list"), {"state": "CLOSED"}))).count("<tr>") == 1


def test_the_export_is_what_is_seen_and_recorded(sites: list[int], log_in: Any) -> None:
    answer = log_in("bureau_clerk").get(reverse("sites:export"), {"tier": "COUNTY"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [sheet.cell(3, column).value for column in (1, 2, 10, 12)] == [1, "<b>县物流中心", 1, 100.01]
    assert sheet.max_row == 3
    assert Record.objects.filter(act="sites.list.exported").count() == 1


def test_an_operator_sees_its_own_sites_and_a_village_keeper_its_village(
    sites: list[int], log_in: Any, actor_of: Callable[[str], Any]
) -> None:
    company = actor_of("operator").parties("asset.view")[0]
    services.appoint(sites[1], "OPERATOR", HolderDraft(company), DAY, "协议", 1, actor=actor_of("bureau_clerk"), on=DAY)
    client = log_in("operator")
    assert body(text(client.get(reverse("sites:list")))).count("<tr>") == 1
    assert client.get(reverse("sites:site", args=[sites[1]])).status_code == 200
    assert client.get(reverse("sites:site", args=[sites[0]])).status_code == 404
    client = log_in("village_keeper")
    assert client.get(reverse("sites:site", args=[sites[0]])).status_code == 200
    assert client.get(reverse("sites:site", args=[sites[2]])).status_code == 404


def test_the_figures_of_a_large_register_come_after_the_page(
    sites: list[int], log_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mingchan.register.assets.queries.COUNT_CAP", 1)
    client, url = log_in("bureau_clerk"), reverse("sites:totals")
    page = text(client.get(reverse("sites:list"), {"tier": "VILLAGE"}))
    assert f'hx-get="{url}?tier=VILLAGE"' in page
    assert "3,980.00" in body(page)
    assert "1 张卡片，数量 1" in text(client.get(url, {"tier": "VILLAGE"}))
    assert "hx-get" not in text(client.get(reverse("sites:list"))), "they are kept from then on"
