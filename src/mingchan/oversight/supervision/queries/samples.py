"""Samples drawn for inspection (抽查)."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound
from mingchan.oversight.supervision import permissions
from mingchan.oversight.supervision.models import Sample, SampleLine


def _visible(actor: Actor) -> QuerySet[Sample]:
    return Sample.objects.filter(reach.inside(actor, permissions.VIEW))


def samples(actor: Actor, limit: int = 200) -> list[Sample]:
    """Samples the actor may see, newest first, each with how many are inspected (`done`) and wrong (`wrong`)."""
    return list(
        _visible(actor)
        .annotate(
            done=Count("lines", filter=~Q(lines__result="WAITING")),
            wrong=Count("lines", filter=Q(lines__result="WRONG")),
        )
        .order_by("-pk")[:limit]
    )


def sample(sample_id: int, actor: Actor) -> Sample:
    """A sample the actor may see. Raises NotFound otherwise."""
    found = _visible(actor).filter(pk=sample_id).first()
    if found is None:
        raise NotFound(_("没有这次抽查。"))
    return found


def lines(sample_id: int) -> list[SampleLine]:
    """The assets drawn, in the order of drawing."""
    return list(
        SampleLine.objects.filter(sample_id=sample_id).select_related("asset__keeper", "finding").order_by("pk")
    )
