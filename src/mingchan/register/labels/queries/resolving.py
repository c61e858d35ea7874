"""Codes of assets and assets of codes (标签与资产互查), set-based: thousands are asked for at once."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from django.utils.translation import gettext as _

from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.database import one_of
from mingchan.kernel.errors import NotFound
from mingchan.register.assets.models import Asset
from mingchan.register.assets.queries import visible_to
from mingchan.register.labels import rules
from mingchan.register.labels.choices import State
from mingchan.register.labels.drafts import Found
from mingchan.register.labels.models import Label, Link, Scan
from mingchan.register.labels.rules import Layout

SHOWN_SCANS = 50


def code_in(text: str) -> str:
    """The code of a printed label in what was typed or scanned, right or mistyped; empty when there is none."""
    code = rules.plain(text)
    return code if rules.looks_like_code(code) else ""


def is_mistyped(text: str) -> bool:
    """Whether a text looks like the code of a printed label but its check digits are wrong."""
    code = code_in(text)
    return bool(code) and not rules.is_code(code)


@cache
def layouts() -> Mapping[str, Layout]:
    """Layouts of label paper by key, in the order of the policy pack."""
    return MappingProxyType(rules.layouts_of(policy.document("label_layouts.yaml")))


def codes_for(asset_ids: Iterable[int]) -> dict[int, str]:
    """The code of the label that is on each asset today; an asset without one is left out. One statement."""
    found = Link.objects.filter(asset__in=one_of(asset_ids, "bigint"), valid_to__isnull=True)
    return dict(found.values_list("asset_id", "label__code"))


def on_assets(codes: Iterable[str], county: str) -> dict[str, str]:
    """Codes of the labels that are today on the assets with these numbers, each with its asset's number."""
    found = Link.objects.filter(asset__county=county, asset__code__in=one_of(list(codes)), valid_to__isnull=True)
    return dict(found.values_list("label__code", "asset__code"))


def resolve(texts: Iterable[str], county: str) -> dict[str, Found]:
    """What each scanned or typed text means today: a label's code, an asset's number, or an address ending in either.

    A text that means nothing in the county is answered too, without label and asset. Two statements however many.
    Whether the reader may see the asset is the caller's to ask.
    """
    codes = {text: rules.plain(text) for text in texts}
    wanted = sorted(set(codes.values()) - {""})
    labels = {
        code: (key, voided)
        for key, code, voided in Label.objects.filter(county=county, code__in=one_of(wanted)).values_list(
            "id", "code", "voided_on"
        )
    }
    links = Link.objects.filter(label__in=one_of([key for key, _v in labels.values()], "bigint"), valid_to__isnull=True)
    assets = {label: (key, code) for label, key, code in links.values_list("label_id", "asset_id", "asset__code")}
    rest = [code for code in wanted if code not in labels]
    numbered = Asset.objects.filter(county=county, code__in=one_of(rest)) if rest else Asset.objects.none()
    by_number = {code: (key, code) for key, code in numbered.values_list("id", "code")}
    return {text: _found(code, labels, assets, by_number) for text, code in codes.items()}


def _found(
    code: str,
    labels: Mapping[str, tuple[int, object]],
    assets: Mapping[int, tuple[int, str]],
    by_number: Mapping[str, tuple[int, str]],
) -> Found:
    if code in labels:
        label, voided = labels[code]
        asset, number = assets.get(label, (None, ""))
        state = State.VOID if voided is not None else State.LIVE if asset is not None else State.FREE
        return Found(code, label, state.value, asset, number)
    if code in by_number:
        asset, number = by_number[code]
        return Found(code, asset_id=asset, asset_code=number)
    return Found(code, is_mistyped=rules.looks_like_code(code) and not rules.is_code(code))


def one(code: str, actor: Actor) -> tuple[Label, Link | None]:
    """A label by its code and the link that holds today. Raises NotFound for none, or one on an asset out of reach."""
    label = Label.objects.select_related("batch").filter(county=actor.county, code=rules.plain(code)).first()
    if label is None:
        raise NotFound(_("没有这张标签"))
    link = Link.objects.select_related("asset").filter(label=label, valid_to__isnull=True).first()
    if link is not None and not Asset.objects.filter(visible_to(actor), pk=link.asset_id).exists():
        raise NotFound(_("没有这张标签"))
    return label, link


def of_label(label_id: int, actor: Actor) -> list[Link]:
    """The assets a label was on that the actor may see, newest first."""
    found = Link.objects.filter(label=label_id, asset__in=Asset.objects.filter(visible_to(actor)))
    return list(found.select_related("asset").order_by("-valid_from", "-id"))


def of_asset(asset_id: int) -> list[Link]:
    """The labels that were on an asset, newest first."""
    return list(Link.objects.filter(asset=asset_id).select_related("label").order_by("-valid_from", "-id"))


def scans(*, label: int | None = None, asset: int | None = None) -> Sequence[Scan]:
    """The last scans of a label or an asset, newest first."""
    found = Scan.objects.filter(label=label) if label is not None else Scan.objects.filter(asset=asset)
    return list(found.order_by("-id")[:SHOWN_SCANS])
