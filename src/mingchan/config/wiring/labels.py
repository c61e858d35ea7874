"""Connections of labels (资产标签)."""

from django.urls import reverse

from mingchan.foundation.evidence.protection import Protected
from mingchan.kernel import links
from mingchan.kernel.links import Link as Way
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import bulk, desk, sections
from mingchan.register.labels import cards, queries, rules
from mingchan.register.labels import sections as label_sections
from mingchan.register.labels.models import Label, Link

PROTECTED: tuple[Protected, ...] = queries.PROTECTED
EXEMPT: dict[str, str] = {
    "labels.LabelSeries": "the last number given and a count of changes; numbers stand in the labels and are unique",
}
LEFT_OUT: dict[str, str] = {}


def _label(ref: Ref) -> Way | None:
    code = Label.objects.filter(pk=ref.id).values_list("code", flat=True).first()
    return Way(rules.shown(code), reverse("labels:detail", args=[code])) if code else None


def _link(ref: Ref) -> Way | None:
    label = Link.objects.filter(pk=ref.id).values_list("label_id", flat=True).first()
    return _label(Ref("label", label)) if label else None


def _batch(ref: Ref) -> Way:
    return Way(str(ref), reverse("labels:print_batch", args=[ref.id]))


def _public(ref: Ref) -> Way:
    """The public page of a code, for who isn't logged in."""
    return Way(str(ref.id), reverse("portal:label", args=[str(ref.id)]))


def connect() -> None:
    """Make them."""
    links.register("label", _label)
    links.register("label_link", _link)
    links.register("label_batch", _batch)
    links.register("label_public", _public)
    sections.register("asset", label_sections.OF_ASSET)
    bulk.register("asset", label_sections.BULK)
    desk.register("labels", cards.of_labels, order=35)
