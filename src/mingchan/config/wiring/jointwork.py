"""Connections of joint supervision and of the library of institutions (联合监管、制度库)."""

from django.urls import reverse

from mingchan.foundation.evidence.protection import Protected
from mingchan.foundation.institutions import cards as institution_cards
from mingchan.foundation.institutions import queries as institutions
from mingchan.foundation.institutions.models import Document, Version
from mingchan.kernel import links
from mingchan.kernel.links import Link
from mingchan.kernel.refs import Ref
from mingchan.kernel.ui import desk, sections
from mingchan.oversight.jointwork import cards, queries
from mingchan.oversight.jointwork import sections as jointwork_sections
from mingchan.oversight.jointwork.models import Case, Order, Payment, Person, Plan, Sample, Transfer

PROTECTED: tuple[Protected, ...] = (*queries.PROTECTED, *institutions.PROTECTED)
EXEMPT: dict[str, str] = {
    "jointwork.Series": "the last number given; numbers themselves stand in plans and cases and are unique",
    "jointwork.Tally": "derived from the log; counting it again gives it again",
    "jointwork.TallyEnd": "up to where the log was counted; derived from the log",
}
LEFT_OUT: dict[str, str] = {
    "jointwork.Sample.id": "the row's own number means nothing; a drawn asset is known by plan and place",
    "jointwork.CaseAsset.id": "the row's own number means nothing; a card of a case is known by case and card",
    "jointwork.Step.id": "the row's own number means nothing; steps stand in their order in the case",
}


def _plan(ref: Ref) -> Link | None:
    number = Plan.objects.filter(pk=ref.id).values_list("number", flat=True).first()
    return Link(number, reverse("jointwork:plan", args=[ref.id])) if number else None


def _case(ref: Ref) -> Link | None:
    number = Case.objects.filter(pk=ref.id).values_list("number", flat=True).first()
    return Link(number, reverse("jointwork:case", args=[ref.id])) if number else None


def _of_case(model: type[Person] | type[Order] | type[Transfer] | type[Payment], path: str) -> links.Resolver:
    def resolve(ref: Ref) -> Link | None:
        found = model._default_manager.filter(pk=ref.id).values_list(f"{path}__pk", f"{path}__number").first()
        return Link(found[1], reverse("jointwork:case", args=[found[0]])) if found else None

    return resolve


def _of_plan(path: str, model: type[Plan] | type[Sample]) -> links.Resolver:
    def resolve(ref: Ref) -> Link | None:
        found = model._default_manager.filter(**{path: ref.id}).first()
        plan = found.plan if isinstance(found, Sample) else found
        return Link(plan.number, reverse("jointwork:plan", args=[plan.pk])) if plan else None

    return resolve


def _institution(ref: Ref) -> Link | None:
    title = Document.objects.filter(pk=ref.id).values_list("title", flat=True).first()
    return Link(title, reverse("institutions:detail", args=[ref.id])) if title else None


def _version(ref: Ref) -> Link | None:
    found = Version.objects.select_related("document").filter(pk=ref.id).first()
    if found is None:
        return None
    address = reverse("institutions:detail", args=[found.document_id])
    return Link(f"{found.document.title} {found.document_no}", f"{address}?version={found.number}")


def connect() -> None:
    """Make them."""
    links.register("tracking", _plan)
    links.register("tracking_look", _of_plan("looks", Sample))
    links.register("tracking_opinion", _of_plan("opinions", Plan))
    links.register("accountability", _case)
    links.register("accountability_person", _of_case(Person, "case"))
    links.register("accountability_order", _of_case(Order, "case"))
    links.register("accountability_transfer", _of_case(Transfer, "case"))
    links.register("accountability_payment", _of_case(Payment, "order__case"))
    links.register("institution", _institution)
    links.register("institution_version", _version)
    sections.register("asset", jointwork_sections.OF_ASSET)
    desk.register("jointwork", cards.of_jointwork, order=42)
    desk.register("institutions", institution_cards.of_institutions, order=60)
