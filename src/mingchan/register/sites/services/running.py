"""States, holders and own requirements of a site, each from a day on; what was stays to be seen (2.2, 2.6.1b)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.money import LARGEST_FEN, format_quantity
from mingchan.kernel.period import format_day
from mingchan.register.assets import services as assets
from mingchan.register.sites import events, permissions, queries, rules
from mingchan.register.sites.choices import Duty, State
from mingchan.register.sites.drafts import HolderDraft
from mingchan.register.sites.models import Requirement
from mingchan.register.sites.services import keeping
from mingchan.register.sites.services.keeping import put_back, stated, take


@transaction.atomic
def change_state(site_id: int, state: str, since: date, reason: str, version: int, *, actor: Actor, on: date) -> int:
    """Bring a site into another state from a day on; returns the file's version.

    A closed site holds no cards: while it does, closing is refused, and its holders' terms end with it. Raises
    Refusal, Stale, NotFound, NotAllowed. Serves 2.2, 2.6.1b.
    """
    opened = take(site_id, version, actor=actor, on=on)
    reason = stated(reason)
    if not rules.may_follow(opened.profile.state, state):
        raise Refusal(_("站点不能由现在的状态变为所选状态"), clauses=("2.2",), field="state")
    if state == State.CLOSED:
        left = queries.active_cards(site_id, actor.county)
        if left:
            raise Refusal(
                _("站点尚有 %(count)s 张在册资产卡片，请先调整其存放地点，再撤销站点") % {"count": left},
                clauses=("2.2", "2.6.1b"),
                field="state",
            )
        for duty in Duty.values:
            if getattr(opened.profile, keeping.COPIES[duty]) is not None:
                keeping.begin_term(opened.profile, duty, None, since, "", actor=actor, on=on)
    keeping.begin_state(opened.profile, state, since, reason, on=on)
    closed_on = since if state == State.CLOSED else None
    if opened.site.closed_on != closed_on:
        changes = {site_id: {"closed_on": closed_on}}
        assets.correct_sites(changes, right=permissions.MANAGE, reason=reason, actor=actor, on=on)
    facts = {"since": format_day(since), "state_label": str(State(state).label)}
    return put_back(opened, events.STATE_CHANGED, actor=actor, on=on, reason=reason, facts=facts)


@transaction.atomic
def appoint(
    site_id: int,
    duty: str,
    holder: HolderDraft | None,
    since: date,
    basis: str,
    version: int,
    *,
    actor: Actor,
    on: date,
) -> int:
    """Say who runs or keeps a site from a day on, None for nobody; returns the file's version.

    The former term ends on that day. Raises Refusal for an unknown duty or party, a day to come, a day before the
    present term, or no basis; Stale, NotFound, NotAllowed. Serves 2.6.1b, 3.4.1.
    """
    opened = take(site_id, version, actor=actor, on=on)
    basis = stated(basis, "basis")
    if duty not in Duty.values:
        raise Refusal(_("没有这种职责"), clauses=("2.6.1b",), field="duty")
    if opened.profile.state == State.CLOSED:
        raise Refusal(_("站点已撤销，不能再确定经营主体或管护责任人"), clauses=("2.6.1b",))
    present = getattr(opened.profile, keeping.COPIES[duty])
    if holder is None and present is None:
        raise Refusal(_("没有改动"))
    same_body = duty == Duty.OPERATOR or (holder is not None and holder.organisation == opened.profile.organisation_id)
    if holder is not None and holder.party == present and same_body:
        raise Refusal(_("现任就是所填的主体，没有改动"), clauses=("2.6.1b",), field="party")
    keeping.begin_term(opened.profile, duty, holder, since, basis, actor=actor, on=on)
    name = directory.party_names([holder.party])[holder.party] if holder is not None else _("无")
    facts = {"since": format_day(since), "duty": str(Duty(duty).label), "party": name}
    return put_back(opened, events.APPOINTED, actor=actor, on=on, reason=basis, facts=facts)


@transaction.atomic
def require(
    site_id: int,
    item: str,
    quantity_milli: int | None,
    reason: str,
    version: int,
    *,
    actor: Actor,
    on: date,
    words: str = "",
    unit: str = "",
) -> int:
    """Change how much of an item a site should have, from today; returns the file's version. Serves 2.2.

    `item` is one of its kind's list, or words of the site's own. Thousandths; zero: not needed here; None: as its
    kind's list says again. Raises Refusal for a quantity that can't be, an item without words or no reason; Stale,
    NotFound, NotAllowed.
    """
    opened = take(site_id, version, actor=actor, on=on)
    reason = stated(reason)
    item = item.strip()
    if not item or len(item) > 40 or len(words) > 100 or len(unit) > 20:
        raise Refusal(_("请填写项目名称，最多 40 字"), clauses=("2.2",), field="item")
    if quantity_milli is not None and not 0 <= quantity_milli <= LARGEST_FEN:
        raise Refusal(_("数量不能为负数或过大"), clauses=("2.2",), field="quantity")
    site = opened.site
    kind = queries.standards.effective(site.kind, site.name, site.tier)
    known = {spec.code: spec for spec in queries.standards.items(kind)}
    present = Requirement.objects.filter(profile=opened.profile, item=item, valid_to__isnull=True).first()
    if present is None and quantity_milli is None:
        raise Refusal(_("没有改动"))
    if present is None and item not in known and not quantity_milli:
        raise Refusal(_("新增的项目应填写大于零的数量"), clauses=("2.2",), field="quantity")
    if present is not None:
        Requirement.objects.filter(pk=present.pk).update(valid_to=on)
    if quantity_milli is not None and (item in known or quantity_milli):
        Requirement.objects.create(
            profile=opened.profile,
            item=item,
            words="" if item in known else words.strip(),
            unit=known[item].unit if item in known else unit.strip(),
            quantity_milli=quantity_milli,
            reason=reason,
            valid_from=on,
        )
    label = queries.standards.text(known[item]) if item in known else item
    quantity = _("按类型标准") if quantity_milli is None else format_quantity(quantity_milli)
    facts = {"item": label, "quantity": quantity}
    return put_back(opened, events.REQUIRED, actor=actor, on=on, reason=reason, facts=facts)
