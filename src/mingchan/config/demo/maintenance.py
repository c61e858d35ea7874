"""Inspections and repairs in the sample county (巡查维修): rounds done and due, repairs in every state, warranties."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.kernel import period
from mingchan.kernel.actor import Actor
from mingchan.kernel.fieldwork import Event
from mingchan.kernel.refs import Ref
from mingchan.lifecycle.maintenance import services as maintenance
from mingchan.lifecycle.maintenance.choices import Nature, Payment, Severity
from mingchan.lifecycle.maintenance.drafts import AcceptDraft, AssignDraft, FaultDraft, WorkDraft
from mingchan.lifecycle.maintenance.models import Order, Rhythm, Round
from mingchan.oversight.complaints.models import Complaint
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset

SHOP = "偏关县鑫源办公设备维修部（示例）"


def _actor(username: str, on: date) -> Actor:
    return directory.actor_for(Account.objects.get(username=username), on, source="command")


def load() -> Iterator[str]:
    """Plan, inspect and repair, once."""
    county = settings.COUNTY
    if Rhythm.objects.filter(county=county).exists():
        return
    today = period.today()
    town = Account.objects.select_related("office").get(username="town_keeper").office.division_code[:9]
    cards = Asset.objects.filter(
        county=county, status=Status.ACTIVE, frozen_by__isnull=True, division_code__startswith=town,
        site__isnull=False, six_class__in=("GENERAL", "SPECIAL"),
        state_since__lt=today - timedelta(days=40), owner__isnull=False,
    )  # fmt: skip
    sites = list(
        cards.order_by().values("site").annotate(n=Count("pk")).filter(n__gte=3).order_by("-n", "site")
        .values_list("site", flat=True)[:3]
    )  # fmt: skip
    if not sites:
        return
    planned = today - timedelta(days=38)
    keeper = _actor("town_keeper", planned)
    maintenance.plan(sites, 30, planned, actor=keeper, on=planned, is_sample=True)
    for place, site in enumerate(sites[:2]):
        _inspect(site, list(cards.filter(site=site).order_by("code")[:12]), planned + timedelta(days=place))
    yield f"Planned inspections of {len(sites)} sites, made {len(sites[:2])} rounds."
    chosen = list(cards.exclude(pk__in=Order.objects.values("asset")).order_by("-cost_fen", "code")[:4])
    if len(chosen) == 4:
        _repaired(chosen[0], today - timedelta(days=30), Nature.IMPROVE, chosen[0].cost_fen // 4)
        _repaired(chosen[1], today - timedelta(days=25), Nature.KEEP, 26_000)
        _complained(chosen[2], today - timedelta(days=3))
        on = today - timedelta(days=20)
        provider, first, last = "设备供应商（示例）", today - timedelta(days=350), today + timedelta(days=15)
        maintenance.warrant(
            chosen[3].pk, provider, first, last, scope="整机保修一年", actor=_actor("town_keeper", on), on=on,
            is_sample=True,
        )  # fmt: skip
        yield "Carried two repairs to their end, one added to the asset's cost; one more is under way."


def _inspect(site: int, cards: list[Asset], on: date) -> None:
    """What a telephone sent from a site: all seen, one out of order, one not found, signed and ended."""
    found = Round.objects.get(site=site, state="OPEN")
    moment, device = datetime(on.year, on.month, on.day, 2, tzinfo=UTC), f"phone-{site}"
    said: list[tuple[str, str, dict[str, Any]]] = [("found", card.code, {}) for card in cards[:-1]]
    said.append(("not_found", cards[-1].code, {"note": "保管人外出，未见到实物（示例）"}))
    said.append(("fault", cards[0].code, {"what": "开机后无显示，按键失灵（示例）", "severity": Severity.MAJOR.value}))
    said.append(("signature", "", {"role": "巡查人", "name": "示例", "strokes": [[[0, 0], [10, 10]]]}))
    said.append(("finish", "", {}))
    events = [
        Event(f"demo-{site}-{n}", device, n, kind, moment + timedelta(minutes=n), 0, code, data)
        for n, (kind, code, data) in enumerate(said, start=1)
    ]
    maintenance.take_in(found.pk, events, actor=_actor("town_keeper", on), on=on)


def _repaired(card: Asset, on: date, nature: str, fen: int) -> None:
    """A repair from the report to its acceptance, paid at once."""
    who = _actor("town_keeper", on)
    draft = FaultDraft("使用中出现故障，影响服务（示例）", Severity.MAJOR, down_since=on)
    order = maintenance.report(card.pk, draft, actor=who, on=on, is_sample=True)
    given: dict[str, Any] = {"actor": who, "on": on + timedelta(days=2)}
    order = maintenance.assign(
        order.pk, AssignDraft(SHOP, due_on=on + timedelta(days=7), estimate_fen=fen), seen=1, **given
    )  # fmt: skip
    work = "更新主机部件，提高处理能力（示例）" if nature == Nature.IMPROVE else "清洗、更换易损件（示例）"
    draft_of_work = WorkDraft(work, on + timedelta(days=2), fen, nature, "示例发票")
    order = maintenance.repair(order.pk, draft_of_work, seen=2, **given)
    verdict = AcceptDraft(
        "试用正常，同意验收（示例）", Payment.PAID, funding="other", warranty_until=on + timedelta(days=180)
    )
    maintenance.accept(order.pk, verdict, seen=3, **given)


def _complained(card: Asset, on: date) -> None:
    """A fault that somebody reported to the county, given to a shop."""
    complaint = Complaint.objects.filter(county=card.county, kind="DAMAGED").order_by("id").first()
    origin = str(Ref("complaint", complaint.pk)) if complaint is not None else ""
    who = _actor("town_keeper", on)
    draft = FaultDraft("群众反映设备损坏，现场查看属实（示例）", Severity.STOPPED, down_since=on, origin=origin)
    order = maintenance.report(card.pk, draft, actor=who, on=on, is_sample=True)
    maintenance.assign(order.pk, AssignDraft(SHOP, due_on=on + timedelta(days=10)), seen=1, actor=who, on=on)
