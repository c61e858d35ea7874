"""Rows of supervision (监督)."""

from mingchan.foundation.directory import queries as directory
from mingchan.oversight.supervision import services as supervision
from mingchan.oversight.supervision.models import SampleLine
from tests.architecture.addresses.supervision import finding, sample
from tests.architecture.url_table import DAY, Things


def fill(things: Things) -> None:
    """A run of the checks, a finding that people raised, a sample of which one asset was inspected."""
    supervision.run(actor=directory.nobody("140932"), on=DAY)
    finding(things)
    key = sample(things)["sample_id"]
    line = SampleLine.objects.filter(sample=key).order_by("pk").values_list("pk", flat=True)[0]
    supervision.inspect(line, is_wrong=False, actor=directory.installer("140932"), on=DAY)
