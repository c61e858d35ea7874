"""Labels made, claimed, changed and void; what the database refuses by itself; scans that stay."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mingchan.foundation.evidence.models import Record
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import RegisterFilter
from mingchan.register.labels import queries, rules, services
from mingchan.register.labels.choices import Cause, State, Way
from mingchan.register.labels.drafts import ScanDraft
from mingchan.register.labels.models import Label, Link, Scan
from mingchan.register.labels.queries import LabelFilter
from mingchan.register.labels.tests.factories import DAY, LATER, cards, free, labeller

pytestmark = pytest.mark.django_db
NOW = datetime(2020, 3, 10, 2, tzinfo=UTC)


@pytest.fixture
def clerk(sample_county):
    return labeller()


def test_labels_printed_ahead_have_running_numbers_and_stand_for_nothing(clerk):
    codes = free(3) + free(2)
    serials = [int(code[8:15]) for code in codes]
    assert serials == list(range(serials[0], serials[0] + 5))
    assert all(rules.is_code(code) for code in codes)
    found = queries.resolve(codes, "140932")
    assert {one.state for one in found.values()} == {State.FREE}
    assert all(one.asset_id is None for one in found.values())


def test_a_label_is_claimed_by_scanning(clerk):
    [code], [asset] = free(1), cards(1)
    services.claim(f"https://x/labels/s/{code}", asset, actor=clerk, on=DAY)
    assert queries.codes_for([asset]) == {asset: code}
    number = Asset.objects.get(pk=asset).code
    meant = queries.resolve([rules.shown(code), number, "nothing"], "140932")
    assert meant[rules.shown(code)][2:5] == (State.LIVE, asset, number)
    assert (meant[number].asset_id, meant[number].label_id) == (asset, None)
    assert (meant["nothing"].asset_id, meant["nothing"].is_mistyped) == (None, False)


def test_a_mistyped_code_is_told_from_one_that_is_unknown(clerk):
    [code], [asset] = free(1), cards(1)
    wrong = f"{code[:-1]}{(int(code[-1]) + 1) % 10}"
    assert queries.resolve([wrong], "140932")[wrong].is_mistyped
    with pytest.raises(Refusal, match="校验不符"):
        services.claim(wrong, asset, actor=clerk, on=DAY)
    with pytest.raises(NotFound, match="没有印制过"):
        services.claim(rules.code_of("140932", 9_000_000), asset, actor=clerk, on=DAY)


def test_one_asset_one_label_one_label_one_asset(clerk):
    (one, other), (first, second) = free(2), cards(2)
    services.claim(one, first, actor=clerk, on=DAY)
    with pytest.raises(Refusal, match="已经贴在这项"):
        services.claim(one, first, actor=clerk, on=DAY)
    with pytest.raises(Refusal, match="已经贴在"):
        services.claim(one, second, actor=clerk, on=DAY)
    with pytest.raises(Refusal, match="换贴标签"):
        services.claim(other, first, actor=clerk, on=DAY)


def test_a_spoilt_label_is_changed_and_the_past_stays(clerk):
    (old, new), [asset] = free(2), cards(1)
    services.claim(old, asset, actor=clerk, on=DAY)
    services.relink(asset, new, Cause.SPOILT, reason="雨淋", actor=clerk, on=LATER)
    assert queries.codes_for([asset]) == {asset: new}
    periods = [(link.label.code, link.valid_from, link.valid_to, link.cause) for link in queries.of_asset(asset)]
    assert periods == [(new, LATER, None, ""), (old, DAY, LATER, "SPOILT")]
    assert queries.resolve([old], "140932")[old].state == State.VOID
    with pytest.raises(Refusal, match="作废"):
        services.claim(old, cards(1, division_code="140932101202")[0], actor=clerk, on=LATER)


def test_a_label_on_the_wrong_thing_goes_to_the_right_one(clerk):
    [code], (wrong, right) = free(1), cards(2)
    services.claim(code, wrong, actor=clerk, on=DAY)
    services.take_off(wrong, Cause.WRONG, actor=clerk, on=LATER)
    services.claim(code, right, actor=clerk, on=LATER)
    assert queries.codes_for([wrong, right]) == {right: code}
    with pytest.raises(Refusal, match="较晚的日期"):
        services.claim(free(1)[0], wrong, actor=clerk, on=LATER - timedelta(days=1))


def test_a_failed_change_changes_nothing(clerk):
    (old, void), [asset] = free(2), cards(1)
    services.claim(old, asset, actor=clerk, on=DAY)
    services.void(void, Cause.LOST, actor=clerk, on=DAY)
    with pytest.raises(Refusal):
        services.relink(asset, void, Cause.SPOILT, actor=clerk, on=LATER)
    assert queries.codes_for([asset]) == {asset: old}


@pytest.mark.parametrize("cause", ["", "NOTHING"])
def test_a_label_comes_off_for_a_known_cause_only(clerk, cause):
    [code], [asset] = free(1), cards(1)
    services.claim(code, asset, actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="原因"):
        services.take_off(asset, cause, actor=clerk, on=LATER)
    with pytest.raises(Refusal, match="不能早于"):
        services.take_off(asset, Cause.LOST, actor=clerk, on=DAY)


def test_who_may_not_claim_there_is_told(clerk):
    [code], [asset] = free(1), cards(1)
    with pytest.raises(NotAllowed):
        services.claim(code, asset, actor=labeller(rights=frozenset({"label.print"})), on=DAY)
    with pytest.raises(NotFound):
        services.claim(code, asset, actor=labeller("140932100"), on=DAY)
    with pytest.raises(NotAllowed):
        services.draw(1, actor=labeller(rights=frozenset()), on=DAY)


def test_labels_for_many_assets_are_made_in_a_handful_of_statements(clerk):
    few, many = cards(2), cards(60, division_code="140932101201")
    with CaptureQueriesContext(connection) as small:
        services.for_assets(few, actor=clerk, on=DAY)
    with CaptureQueriesContext(connection) as large:
        services.for_assets(many, actor=clerk, on=DAY)
    assert len(large) <= len(small) + 2
    assert len(queries.codes_for(many)) == 60
    assert services.for_assets(many, actor=clerk, on=DAY) is None
    with CaptureQueriesContext(connection) as asked:
        queries.resolve([*queries.codes_for(many).values(), "x"], "140932")
    assert len(asked) <= 4


def test_no_label_for_a_card_that_no_longer_counts(clerk):
    [asset] = cards(1)
    assets.withdraw_card(asset, "重复登记", actor=clerk, on=DAY)
    with pytest.raises(Refusal, match="不再贴标签"):
        services.for_assets([asset], actor=clerk, on=DAY)
    with pytest.raises(Refusal, match="不再贴标签"):
        services.claim(free(1)[0], asset, actor=clerk, on=DAY)


@pytest.mark.parametrize("count", [0, services.MOST + 1])
def test_a_batch_has_a_size(clerk, count):
    with pytest.raises(Refusal):
        services.draw(count, actor=clerk, on=DAY)


def test_what_has_no_label_is_listed(clerk):
    every = cards(3)
    before = queries.missing_count(RegisterFilter(), clerk)
    services.claim(free(1)[0], every[1], actor=clerk, on=DAY)
    assert queries.missing_count(RegisterFilter(), clerk) == before - 1
    shown = [row.id for row in queries.missing(RegisterFilter(), clerk, limit=100)[0]]
    assert every[1] not in shown
    assert every[0] in shown
    counts = queries.counts(clerk)
    assert (counts.live, counts.missing) == (1, before - 1)
    assert queries.counts(labeller("140932100")).live == 0


def test_the_list_is_walked_by_key_and_narrowed(clerk):
    codes = free(5)
    services.claim(codes[0], cards(1)[0], actor=clerk, on=DAY)
    services.void(codes[1], Cause.SPOILT, actor=clerk, on=DAY)
    page, following = queries.rows(LabelFilter(), clerk, limit=3)
    rest, end = queries.rows(LabelFilter(), clerk, after=following, limit=3)
    assert [row.code for row in page + rest] == codes[::-1]
    assert end is None
    by_state = {state: [row.code for row in queries.rows(LabelFilter(state), clerk)[0]] for state in State.values}
    assert by_state == {"FREE": codes[:1:-1], "LIVE": codes[:1], "VOID": codes[1:2]}
    assert [row.code for row in queries.rows(LabelFilter(words=rules.shown(codes[3])), clerk)[0]] == [codes[3]]
    assert [row.code for row in queries.rows(LabelFilter(words="货架0"), clerk)[0]] == [codes[0]]


def test_scans_stay_with_who_when_and_where(clerk):
    [code], [asset] = free(1), cards(1)
    services.claim(code, asset, actor=clerk, on=DAY)
    drafts = [
        ScanDraft(code, NOW, Way.PHONE, 39_436_300, 111_500_800),
        ScanDraft("XX-1", NOW, Way.FIELD, 200_000_000, 0),
    ]
    found = services.note_scans(drafts, actor=clerk, on=DAY)
    assert [one.asset_id for one in found] == [asset, None]
    first, second = Scan.objects.order_by("id")
    assert (first.scanned_by, first.at, first.latitude_micro, first.asset_id) == (clerk.name, NOW, 39_436_300, asset)
    assert (second.code, second.latitude_micro) == ("XX-1", None)
    assert services.note_scans([], actor=clerk, on=DAY) == []


def _refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_the_database_refuses_by_itself(clerk):
    (one, other, third), (first, second) = free(3), cards(2)
    link = services.claim(one, first, actor=clerk, on=DAY)
    label = {code: Label.objects.get(code=code) for code in (one, other, third)}
    new = {"county": "140932", "valid_from": LATER, "linked_by": "某人"}
    _refused(lambda: Link.objects.create(label=label[other], asset_id=first, **new))
    _refused(lambda: Link.objects.create(label=label[one], asset_id=second, **new))
    _refused(lambda: Link.objects.create(label=label[other], asset_id=second, valid_to=LATER, cause="LOST", **new))
    _refused(lambda: Link.objects.filter(pk=link.pk).update(asset_id=second))
    _refused(lambda: Link.objects.filter(pk=link.pk).update(valid_from=LATER))
    _refused(lambda: Link.objects.filter(pk=link.pk).update(reason="改"))
    _refused(lambda: Link.objects.filter(pk=link.pk).update(valid_to=LATER))
    _refused(lambda: Link.objects.filter(pk=link.pk).delete())
    _refused(lambda: Label.objects.filter(code=one).update(voided_on=LATER, void_cause="LOST"))
    _refused(lambda: Label.objects.filter(code=other).update(code=third))
    _refused(lambda: Label.objects.filter(code=other).delete())
    services.take_off(first, Cause.SPOILT, actor=clerk, on=LATER)
    _refused(lambda: Link.objects.filter(pk=link.pk).update(valid_to=None, cause=""))
    _refused(lambda: Link.objects.create(label=label[one], asset_id=second, **new))
    _refused(lambda: Link.objects.create(label=label[other], asset_id=first, **{**new, "valid_from": DAY}))
    _refused(lambda: Label.objects.filter(code=one).update(voided_on=None, void_cause=""))
    services.note_scans([ScanDraft(one, NOW, Way.DESK)], actor=clerk, on=DAY)
    _refused(lambda: Scan.objects.update(scanned_by="别人"))
    _refused(lambda: Scan.objects.all().delete())


def test_every_act_leaves_a_record(clerk):
    (one, other), [asset] = free(2), cards(1)
    size = Record.objects.count()
    services.claim(one, asset, actor=clerk, on=DAY)
    services.relink(asset, other, Cause.LOST, actor=clerk, on=LATER)
    services.note_print([one], actor=clerk, on=LATER)
    kinds = list(Record.objects.order_by("seq").values_list("act", flat=True)[size:])
    assert kinds == [
        "labels.asset.linked", "labels.asset.unlinked", "labels.label.voided", "labels.asset.linked",
        "labels.sheet.printed",
    ]  # fmt: skip
