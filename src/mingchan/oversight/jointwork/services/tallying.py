"""Counting the log (留痕计数): how often each act was recorded in each year, so that the wall needs no full count."""

from django.db import transaction
from django.db.models import Count, F, Max
from django.db.models.functions import ExtractYear

from mingchan.foundation.evidence import queries as log
from mingchan.foundation.evidence.models import Record
from mingchan.oversight.jointwork.models import Tally, TallyEnd


@transaction.atomic
def count_log() -> int:
    """Count the records that came since the last count; returns how many. Derived, so anybody may have it done."""
    TallyEnd.objects.get_or_create(id=1)
    end = TallyEnd.objects.select_for_update().get(id=1)
    size = log.latest_checkpoint().size
    if size <= end.size:
        return 0
    fresh = (
        Record.objects.filter(seq__gte=end.size, seq__lt=size)
        .annotate(year=ExtractYear("on"))
        .values("act", "year")
        .annotate(n=Count("seq"), last=Max("seq"))
        .values_list("act", "year", "n", "last")
    )
    known = {(tally.act, tally.year): tally for tally in Tally.objects.all()}
    made = []
    for act, year, count, last in fresh:
        if (act, year) in known:
            Tally.objects.filter(pk=known[act, year].pk).update(count=F("count") + count, last_seq=last)
        else:
            made.append(Tally(act=act, year=year, count=count, last_seq=last))
    Tally.objects.bulk_create(made)
    counted, end.size = size - end.size, size
    end.save(update_fields=["size"])
    return int(counted)
