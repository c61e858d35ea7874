"""Revival in the sample county (盘活): the pool, a transfer that was carried out with its effect after ninety days, and
an entrusting on its way to the county government.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.procedures import services as procedures
from mingchan.foundation.procedures.models import Case, Task
from mingchan.foundation.procedures.services import PaperDraft, Votes
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.lifecycle.operation.choices import LIVE
from mingchan.lifecycle.operation.models import Change, Covered
from mingchan.lifecycle.revival import permissions, services
from mingchan.lifecycle.revival.models import Measure, Part, Spell
from mingchan.lifecycle.revival.queries import matching
from mingchan.oversight.disclosure import services as disclosure
from mingchan.oversight.disclosure.drafts import PostingDraft
from mingchan.oversight.disclosure.models import Notice, NoticePlace
from mingchan.register.assets import services as assets
from mingchan.register.assets.models import Asset

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FOUND, PUT_RIGHT, PROPOSED = timedelta(days=150), timedelta(days=12), timedelta(days=9)
MOST = 4
"""So many things go to another village together, or are entrusted together."""


def _actor(role: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=role), on, source="command")


def load() -> Iterator[str]:
    """Bring it in, once."""
    if Spell.objects.filter(county=settings.COUNTY).exists() or not directory.has_samples(settings.COUNTY):
        return
    today = period.today()
    clock = permissions.by_the_clock(settings.COUNTY)
    entered, _left = services.sweep(actor=clock, on=today - FOUND)
    done = _transfer(today - FOUND, today)
    services.sweep(actor=clock, on=today - PROPOSED)
    begun = _entrust(today - PROPOSED)
    services.by_the_clock(settings.COUNTY, on=today)
    yield f"Found {entered} idle assets; {done} went to another village and are in use, {begun} wait to be entrusted."


def _transfer(on: date, today: date) -> int:
    """What matching suggests for the site that it suggests most for, decided, published, moved, used, reviewed."""
    suggested = matching.matched(_actor("bureau_clerk", on)).rows
    by_site: dict[int, list[int]] = {}
    for row in suggested:
        by_site.setdefault(row.site, []).append(row.card.id)
    if not by_site:
        return 0
    site, ids = max(by_site.items(), key=lambda item: (len(item[1]), -item[0]))
    ids = ids[:MOST]
    measure = services.propose(
        "TRANSFER", ids, site=site, reason="原站点长期闲置，接收站点缺少此类设备（示例）",
        goal="三个月内全部投入使用（示例）", actor=_actor("bureau_clerk", on), on=on, is_sample=True,
    )  # fmt: skip
    over = _agree(measure, on)
    services.carry_out(measure.pk, version=_version(measure), actor=_actor("bureau_clerk", over), on=over)
    used = over + PUT_RIGHT
    for key, version in Asset.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "version"):
        clerk = _actor("bureau_clerk", used)
        assets.correct(key, {"condition": "在用"}, version, "调剂后已投入使用（示例）", actor=clerk, on=used)
    looked = over + timedelta(days=93)
    if looked <= today:
        services.review(
            measure.pk, 90, outcome="GOOD", opinion="设备已全部投入使用，接收站点恢复代买代卖和快递收发（示例）",
            actor=_actor("bureau_reviewer", looked), on=looked,
        )  # fmt: skip
    return len(ids)


def _version(measure: Measure) -> int:
    return Measure.objects.values_list("version", flat=True).get(pk=measure.pk)


def _agree(measure: Measure, on: date) -> date:
    """The measure's case, agreed to and published; gives the day after its notice."""
    case = measure.case
    assert case is not None
    _review(case, on)
    held = on + timedelta(days=2)
    procedures.add_paper(
        case.pk, PaperDraft("minutes", "局务会纪要（示例）.pdf", PDF), actor=_actor("bureau_head", held), on=held
    )
    task = Task.objects.get(case=case, node="meeting", status="WAITING")
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    procedures.decide(
        task.pk, answer="AGREE", votes=Votes(7, 7, 0, 0), text="同意调剂（示例）", version=version,
        actor=_actor("bureau_head", held), on=held,
    )  # fmt: skip
    system = directory.installer(case.county)
    disclosure.draft_missing(actor=system, on=held)
    notice = Notice.objects.filter(case=case).order_by("-id")[0]
    notice = disclosure.publish(notice.pk, notice.version, actor=system, on=held)
    for place in NoticePlace.objects.filter(notice=notice, kind="BOARD").order_by("id"):
        disclosure.post(place.pk, PostingDraft(held, reason="示例数据，未实际张贴"), actor=system, on=held)
    assert notice.last_day is not None
    over = notice.last_day + timedelta(days=1)
    disclosure.close(notice.pk, actor=system, on=over)
    return over


def _review(case: Case, on: date) -> None:
    task = Task.objects.get(case=case, node="review", status="WAITING")
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    procedures.decide(task.pk, answer="AGREE", version=version, actor=_actor("bureau_reviewer", on), on=on)


def _entrust(on: date) -> int:
    """Idle things of one place that nobody has under contract, to a company that runs others: reviewed, no further."""
    let = Covered.objects.filter(is_let=True, contract__status__in=LIVE).values("asset")
    busy = Part.objects.filter(is_open=True).values("asset")
    rows = (
        Spell.objects.filter(county=settings.COUNTY, left_on__isnull=True, asset__frozen_by__isnull=True)
        .exclude(asset__in=let)
        .exclude(asset__in=busy)
        .filter(asset__site__isnull=False)
        .order_by("asset_id")
    )
    by_site: dict[int, list[int]] = {}
    for site, asset in rows.values_list("asset__site_id", "asset_id"):
        by_site.setdefault(site or 0, []).append(asset)
    company = Party.objects.filter(county=settings.COUNTY, kind=PartyKind.COMPANY).order_by("id").first()
    if not by_site or company is None:
        return 0
    _site, ids = max(by_site.items(), key=lambda item: (min(len(item[1]), MOST), -item[0]))
    measure = services.propose(
        "ENTRUST", ids[:MOST], party=company.pk, reason="站点无人经营，拟托管给有运营能力的企业（示例）",
        goal="恢复营业，年内实现收益（示例）", actor=_actor("bureau_clerk", on), on=on, is_sample=True,
    )  # fmt: skip
    for change in Change.objects.filter(reason__contains=measure.number).select_related("case").order_by("pk"):
        assert change.case is not None
        _review(change.case, on + timedelta(days=2))
    return len(ids[:MOST])
