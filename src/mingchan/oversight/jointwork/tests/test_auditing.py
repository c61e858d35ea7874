"""Auditors learn who could have acted and who did, see a past day, and take evidence away; the wall is true."""

import importlib.util
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.directory import services as directory
from mingchan.foundation.directory.models import Account, Grant
from mingchan.foundation.directory.tests import factories as people
from mingchan.foundation.evidence.models import Record
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.policy import versions
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.oversight.jointwork import queries, services
from mingchan.oversight.jointwork.models import Tally
from mingchan.oversight.jointwork.queries import authority, packing, serving, wall
from mingchan.oversight.jointwork.queries.packing import LogPart
from mingchan.oversight.jointwork.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
START = people.DAY


def usernames(right: str, division: str, on: date) -> set[str]:
    return {one.username for one in authority.holders(make.actor("audit"), right, division, on)}


def test_who_could_approve_on_a_day_follows_from_the_grants_of_that_day() -> None:
    make.actor("bureau_head")
    people.account("town_head", "bureau_head", scope="140932101")
    people.account("gone", "bureau_head")
    grant = Grant.objects.get(account__username="gone")
    end = START + timedelta(days=30)
    directory.end_grant(grant.pk, actor=people.load_county(), on=end)
    right = "right.approve"
    assert usernames(right, "140932", START - timedelta(days=1)) == set()
    assert usernames(right, "140932", START) == {"bureau_head", "gone"}
    assert usernames(right, "140932", end) == {"bureau_head"}
    assert usernames(right, "140932101201", end) == {"bureau_head", "town_head"}
    assert usernames(right, "140932100000", end) == {"bureau_head"}
    assert usernames("ledger.close", "140932", end) == set()
    with pytest.raises(NotAllowed):
        authority.holders(make.actor("cashier"), right, "140932", END := end)
        assert END


def test_an_account_closed_since_is_told_as_in_use_on_the_day_before() -> None:
    make.actor("bureau_head")
    account = Account.objects.get(username="bureau_head")
    closed = START + timedelta(days=10)
    directory.disable_account(account.pk, actor=people.load_county(), on=closed)

    def in_use(on: date) -> bool:
        return authority.holders(make.actor("audit"), "right.approve", "140932", on)[0].in_use

    assert in_use(closed - timedelta(days=1))
    assert not in_use(closed)


def test_each_act_on_a_thing_says_whether_its_actor_was_authorised_that_day() -> None:
    case = make.case()
    make.named(make.found(case))
    acts = authority.acts_on(make.actor("audit"), packing.objects_of([f"accountability:{case.pk}"]))
    assert {one.entry.kind for one in acts} >= {"jointwork.case.opened", "jointwork.person.named"}
    assert all(one.covered for one in acts)
    grant = Grant.objects.get(account__username="discipline")
    Grant.objects.filter(pk=grant.pk).update(valid_to=make.DAY)
    acts = authority.acts_on(make.actor("audit"), [f"accountability:{case.pk}"])
    assert not any(one.covered for one in acts)


def test_a_package_of_a_case_holds_its_people_orders_vouchers_and_assets_papers() -> None:
    case = make.case(asset_codes=[make.cards(500_000)[0].code])
    order = make.ordered(case, make.named(make.found(case)))
    payment = make.paid(case, order, 100_000)
    objects = packing.objects_of([f"accountability:{case.pk}"])
    assert {f"accountability_order:{order}", f"accountability_payment:{payment}"} <= set(objects)
    assert sum(text.startswith("voucher:") for text in objects) == 2
    asset = packing.objects_of([f"asset:{case.assets.get().asset_id}"])
    assert f"accountability:{case.pk}" in asset
    target = io.BytesIO()
    made = services.make_package(
        target, about=f"accountability:{case.pk}", part=LogPart(), words={}, reason="移送司法机关",
        actor=make.actor("audit"), on=make.LATER,
    )  # fmt: skip
    assert made.files == 1
    path = Path(__file__).resolve().parents[5] / "tools" / "verify_package.py"
    spec = importlib.util.spec_from_file_location("verify_package", path)
    assert spec is not None
    assert spec.loader is not None
    checker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checker)
    assert checker.check(io.BytesIO(target.getvalue()))["records"] == made.records


def test_a_package_of_a_part_of_the_log_takes_what_its_maker_may_see() -> None:
    make.case()
    part = LogPart(division="140932", day_from=make.DAY, act="jointwork.")
    found = packing.seqs_in(part, make.actor("audit"))
    assert found == list(Record.objects.filter(act__startswith="jointwork.").values_list("seq", flat=True))
    with pytest.raises(Refusal, match="至少填写"):
        packing.seqs_in(LogPart(), make.actor("audit"))
    for actor in (make.actor("finance"), make.actor("cashier")):
        with pytest.raises(NotAllowed):
            services.make_package(
                io.BytesIO(), about="", part=part, words={}, reason="年度审计", actor=actor, on=make.DAY
            )
    with pytest.raises(NotFound):
        packing.known("accountability:999", make.actor("audit"))


def test_the_desk_shows_a_past_day_as_it_was() -> None:
    make.cards(500_000, 300_000)
    order_case = make.case()
    make.ordered(order_case, make.named(make.found(order_case)))

    def shown(day: date) -> dict[str, int]:
        groups = queries.auditing.desk(make.actor("audit"), day)
        return {str(figure.label): figure.value for group in groups for figure in group.figures}

    before, now = shown(date(2020, 3, 9)), shown(make.LATER)
    assert (before["在册资产"], before["资产原值"], before["责令赔偿"]) == (0, 0, 0)
    assert (now["在册资产"], now["资产原值"], now["责令赔偿"]) == (2, 800_000, 300_000)
    assert now["留痕记录"] > before["留痕记录"]


def test_counting_the_log_in_parts_gives_what_counting_it_at_once_gives() -> None:
    make.case()
    live = wall.acted_in(make.DAY.year)
    assert services.count_log() > 0
    assert services.count_log() == 0
    assert wall.acted_in(make.DAY.year) == live
    make.case()
    assert wall.acted_in(make.DAY.year)["jointwork.case.opened"].count == 2
    services.count_log()
    assert Tally.objects.get(act="jointwork.case.opened", year=make.DAY.year).count == 2
    assert wall.acted_in(make.DAY.year)["jointwork.case.opened"].count == 2


def test_the_wall_counts_what_each_clause_did_and_calls_missing_what_nothing_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.case()
    rows = {row.clause.id: row for row in wall.wall(make.COUNTY, make.DAY.year, make.DAY)}
    assert tuple(rows) == tuple(policy.clauses())
    assert rows["3.4.2"].state == "acting"
    assert rows["3.4.2"].acted == sum(
        count.count for act, count in wall.acted_in(make.DAY.year).items()
        if act in {kind.code for kind in policy.events_serving("3.4.2")}
    )  # fmt: skip
    assert rows["3.4.2"].last_on == make.DAY
    invented = policy.Clause("9.9", "没有落实的条款", "Unserved", "九", "原文", ())
    monkeypatch.setattr(policy, "clauses", lambda: {**dict(rows), "9.9": invented} and {"9.9": invented})
    assert [row.state for row in wall.wall(make.COUNTY, make.DAY.year, make.DAY)] == ["missing"]


def test_no_clause_of_the_plan_is_missing_from_the_program() -> None:
    missing = [row.clause.id for row in wall.wall(make.COUNTY, make.DAY.year, make.DAY) if row.state == "missing"]
    assert missing == []


def test_the_wall_asks_a_handful_of_statements() -> None:
    make.case()
    serving.refusals(), serving.steps()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        wall.wall(make.COUNTY, make.DAY.year, make.DAY)
    assert len(asked) <= 6


def test_refusals_are_read_from_the_program_with_what_they_say() -> None:
    found = serving.refusals()
    said = {one.sentence for one in found["3.4.2"]}
    assert "没有责任人，或损失已全部责令赔偿。" in said or "请选择方案列明的违规情形。" in said
    assert any(one.context == "lifecycle.disposal" for one in found["3.4.3a"])
    assert any(step.procedure == "disposal" and step.required for step in serving.steps()["3.4.3a"])


def test_checks_of_a_source_stand_on_the_wall_with_their_open_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_sources", [])
    assert not serving.has_checks()
    check = serving.CheckServing("idle_asset", "长期闲置", "/x/", 3)
    serving.register_checks(lambda county: {"2.6.2": [check]} if county == make.COUNTY else {})
    rows = {row.clause.id: row for row in wall.wall(make.COUNTY, make.DAY.year, make.DAY)}
    assert (rows["2.6.2"].checks, rows["2.6.2"].open) == (1, 3)


PLAN = (
    """title: {title}\ntitle_en: Plan\nnumber: {title}\nissued_on: {day}\nvalid_from: {day}\nreplaces: "{replaces}"\n"""
)


def _pack(folder: Path, name: str, day: str, replaces: str, clauses: dict[str, str]) -> None:
    (folder / name).mkdir()
    (folder / name / "plan.yaml").write_text(PLAN.format(title=name, day=day, replaces=replaces), encoding="utf-8")
    rows = [f'- {{id: "{key}", title: 条, text: "{text}"}}' for key, text in clauses.items()]
    (folder / name / "clauses.yaml").write_text("\n".join(rows), encoding="utf-8")


def test_a_new_plan_ends_the_old_and_both_can_be_compared(tmp_path: Path) -> None:
    _pack(tmp_path, "old", "2020-02-15", "", {"1.1": "甲", "1.2": "乙", "1.3": "丙"})
    _pack(tmp_path, "new", "2026-01-01", "old", {"1.1": "甲", "1.2": "乙改", "1.4": "丁"})
    newest, older = versions.plan_versions(tmp_path)
    assert (newest.pack, newest.valid_to, older.valid_to) == ("new", None, date(2026, 1, 1))
    changes = {one.id: one.kind for one in versions.compared("old", "new", tmp_path)}
    assert changes == {"1.1": "same", "1.2": "changed", "1.4": "new", "1.3": "gone"}
    _pack(tmp_path, "loop", "2019-01-01", "new", {"1.1": "甲"})
    with pytest.raises(ValueError, match="replaces no earlier paper"):
        versions.plan_versions(tmp_path)
    with pytest.raises(KeyError):
        versions.wordings("../secret", tmp_path)


def test_the_plan_in_use_is_the_paper_of_2020() -> None:
    (found,) = policy.plan_versions()
    assert (found.number, found.in_use, found.valid_to) == ("偏电商组办字〔2020〕1号", True, None)
