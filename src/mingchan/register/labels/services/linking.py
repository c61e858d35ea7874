"""Labels on and off assets (认领、换贴、作废): each change begins or ends a period, none is written over."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.labels import events, permissions, rules
from mingchan.register.labels.choices import REUSED, Cause
from mingchan.register.labels.models import Label, Link
from mingchan.register.labels.queries.documents import LABEL, LINK
from mingchan.register.labels.services.making import touch

_CLAUSES = ("2.6.1b", "3.4.1")


def _asset(asset_id: int, actor: Actor) -> Asset:
    found = Asset.objects.select_for_update(of=("self",)).filter(pk=asset_id, county=actor.county).first()
    return permissions.require_claim(actor, found)


def _label(text: str, actor: Actor) -> Label:
    code = rules.plain(text)
    if rules.looks_like_code(code) and not rules.is_code(code):
        raise Refusal(_("标签编号校验不符，请核对后重新输入或扫码"), clauses=_CLAUSES, field="code")
    found = Label.objects.select_for_update(of=("self",)).filter(county=actor.county, code=code).first()
    if found is None:
        raise NotFound(_("本县没有印制过这张标签"), field="code")
    return found


@transaction.atomic
def claim(text: str, asset_id: int, *, actor: Actor, on: date) -> Link:
    """Put a label that was printed ahead on an asset, from `on` (认领, 2.6.1b).

    `text` is its code as scanned or typed. Raises NotFound for an unknown label or an asset out of reach, NotAllowed
    without `label.claim` there; Refusal for a mistyped or void label, one on another asset, an asset that has its
    label, that no longer counts, or whose last label came off after `on`.
    """
    asset = _asset(asset_id, actor)
    label = _label(text, actor)
    if asset.status != Status.ACTIVE:
        raise Refusal(_("卡片已拆分、已撤回或已处置，不再贴标签"), clauses=_CLAUSES)
    if label.voided_on is not None:
        raise Refusal(_("这张标签已经作废，请换一张"), clauses=_CLAUSES, field="code")
    held = Link.objects.filter(label=label, valid_to__isnull=True).select_related("asset").first()
    if held is not None and held.asset_id == asset.pk:
        raise Refusal(_("这张标签已经贴在这项资产上"), clauses=_CLAUSES, field="code")
    if held is not None:
        words = _("这张标签已经贴在 %(code)s %(name)s 上；贴错的请先在那项资产下换下")
        raise Refusal(words % {"code": held.asset.code, "name": held.asset.name}, clauses=_CLAUSES, field="code")
    own = Link.objects.filter(asset=asset, valid_to__isnull=True).select_related("label").first()
    if own is not None:
        words = _("这项资产已有标签 %(code)s；破损、脱落的请用“换贴标签”")
        raise Refusal(words % {"code": rules.shown(own.label.code)}, clauses=_CLAUSES, field="code")
    try:
        with transaction.atomic():
            link = Link.objects.create(
                county=actor.county, label=label, asset=asset, valid_from=on, linked_by=actor.name
            )
    except IntegrityError as error:
        raise Refusal(
            _("标签或资产在这一天之后还有贴签记录，请改用较晚的日期"), clauses=_CLAUSES, field="on"
        ) from error
    touch(actor.county)
    evidence.record(
        events.LINKED,
        Ref("label_link", link.pk),
        actor=actor,
        on=on,
        after=protection.document(LINK, link),
        division=asset.division_code,
        facts={"name": asset.name, "count": 1},
    )
    return link


@transaction.atomic
def take_off(asset_id: int, cause: str, *, reason: str = "", actor: Actor, on: date) -> Link:
    """End the label of an asset without a successor; unless it was on the wrong thing, the label becomes void.

    Raises as `claim`; Refusal for an asset without a label, no cause, or a day before the label came on.
    """
    asset = _asset(asset_id, actor)
    link = Link.objects.select_for_update(of=("self",)).filter(asset=asset, valid_to__isnull=True).first()
    if link is None:
        raise Refusal(_("这项资产现在没有标签"), clauses=_CLAUSES)
    if cause not in Cause.values:
        raise Refusal(_("请选择换下原因"), clauses=_CLAUSES, field="cause")
    if on < link.valid_from:
        raise Refusal(_("换下日期不能早于贴签日期"), clauses=_CLAUSES, field="on")
    before = protection.document(LINK, link)
    link.valid_to, link.cause, link.reason, link.ended_by = on, cause, reason.strip()[:200], actor.name
    link.save(update_fields=["valid_to", "cause", "reason", "ended_by"])
    touch(actor.county)
    label = Label.objects.select_for_update(of=("self",)).get(pk=link.label_id)
    evidence.record(
        events.ENDED,
        Ref("label_link", link.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(LINK, link),
        division=asset.division_code,
        reason=link.reason,
        facts={"code": rules.shown(label.code), "name": asset.name, "cause": cause},
    )
    if cause not in REUSED:
        _void(label, cause, actor, on)
    return link


@transaction.atomic
def relink(asset_id: int, text: str, cause: str, *, reason: str = "", actor: Actor, on: date) -> Link:
    """Put another label on an asset in place of one spoilt, lost or wrong (换贴, 2.6.1b); the old period ends.

    Raises as `take_off` and `claim`; then nothing changed.
    """
    take_off(asset_id, cause, reason=reason, actor=actor, on=on)
    return claim(text, asset_id, actor=actor, on=on)


@transaction.atomic
def void(text: str, cause: str, *, actor: Actor, on: date) -> Label:
    """Make an unclaimed label void (作废): spoilt in the printer, lost on the way.

    Raises NotAllowed without `label.print`, NotFound, Refusal for one that is on an asset or void, or no cause.
    """
    permissions.require_print(actor)
    label = _label(text, actor)
    if cause not in Cause.values or cause in REUSED:
        raise Refusal(_("请选择作废原因"), clauses=_CLAUSES, field="cause")
    if label.voided_on is not None:
        raise Refusal(_("这张标签已经作废"), clauses=_CLAUSES)
    if Link.objects.filter(label=label, valid_to__isnull=True).exists():
        raise Refusal(_("这张标签正贴在资产上，请在资产下换下"), clauses=_CLAUSES)
    touch(actor.county)
    return _void(label, cause, actor, on)


def _void(label: Label, cause: str, actor: Actor, on: date) -> Label:
    before = protection.document(LABEL, label)
    label.voided_on, label.void_cause = on, cause
    label.save(update_fields=["voided_on", "void_cause"])
    evidence.record(
        events.VOIDED,
        Ref("label", label.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(LABEL, label),
        facts={"code": rules.shown(label.code), "cause": cause},
    )
    return label
