"""Inspection by lot (抽查): drawn from a kept seed, so that anybody can draw the same again; what was found (3.4.2)."""

import hashlib
import random
import secrets
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import protection
from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref
from mingchan.oversight.supervision import events, permissions, queries
from mingchan.oversight.supervision.choices import LineResult, Severity
from mingchan.oversight.supervision.models import Sample, SampleLine
from mingchan.oversight.supervision.queries.documents import SAMPLE
from mingchan.oversight.supervision.services.raising import raise_by_hand
from mingchan.register.assets.models import Asset

MOST = 500


def drawn(population: list[int], seed: str, count: int) -> list[int]:
    """The assets that a seed draws from a population in order of keys, in the order of drawing."""
    return random.Random(seed).sample(population, count)  # noqa: S311 - must be drawn again by anybody, not guessed


@transaction.atomic
def draw(
    title: str, division: str, count: int, *, seed: str = "", actor: Actor, on: date, is_sample: bool = False
) -> Sample:
    """Draw so many active assets of a place by lot; the seed is kept, a random one when none is given (3.4.2).

    Raises NotAllowed without `finding.inspect` over the place; Refusal without a title, or for a number that the place
    hasn't got.
    """
    permissions.require_right(actor, permissions.INSPECT, division)
    if not title.strip():
        raise Refusal(_("请填写抽查名称。"), clauses=("3.4.2",), field="title")
    cards = Asset.objects.filter(county=actor.county, status="ACTIVE", division_code__startswith=division)
    population = list(cards.order_by("pk").values_list("pk", flat=True))
    if not 0 < count <= min(MOST, len(population)):
        raise Refusal(
            _("抽查件数应在 1 至 %(most)s 之间。") % {"most": min(MOST, len(population))},
            clauses=("3.4.2",),
            field="count",
        )
    seed = seed.strip() or secrets.token_hex(8)
    sample = Sample.objects.create(
        county=actor.county,
        title=title.strip()[:120],
        division_code=division,
        seed=seed[:40],
        population=len(population),
        population_digest=hashlib.sha256(",".join(map(str, population)).encode()).hexdigest(),
        count=count,
        drawn_on=on,
        drawn_by=actor.name,
        is_sample=is_sample,
    )
    SampleLine.objects.bulk_create(
        [SampleLine(sample=sample, asset_id=asset) for asset in drawn(population, sample.seed, count)]
    )
    evidence.record(
        events.DRAWN,
        Ref("supervision_sample", sample.pk),
        actor=actor,
        on=on,
        after=protection.document(SAMPLE, sample),
        division=division,
        facts={"title": sample.title, "count": count},
    )
    return sample


@transaction.atomic
def inspect(
    line_id: int, *, is_wrong: bool, note: str = "", severity: str = Severity.MEDIUM, actor: Actor, on: date
) -> SampleLine:
    """Note what was found at an asset that was drawn; what is wrong becomes a finding at once (3.4.2, 3.4.1).

    Raises NotFound, NotAllowed; Refusal when it was inspected already, or without words for what is wrong.
    """
    line = SampleLine.objects.select_for_update(of=("self",)).select_related("asset").filter(pk=line_id).first()
    sample = queries.sample(line.sample_id if line is not None else 0, actor)
    assert line is not None
    permissions.require_right(actor, permissions.INSPECT, line.asset.division_code or sample.division_code)
    if line.result != LineResult.WAITING:
        raise Refusal(_("这件资产已经检查过。"), clauses=("3.4.2",))
    if is_wrong and len(note.strip()) < 5:
        raise Refusal(_("请写明问题，至少 5 个字。"), clauses=("3.4.2",), field="note")
    before = protection.document(SAMPLE, sample)
    line.result = LineResult.WRONG if is_wrong else LineResult.FINE
    line.note, line.inspected_on, line.inspected_by = note.strip()[:500], on, actor.name
    line.inspector_id = actor.account_id
    if is_wrong:
        asset = line.asset
        line.finding = raise_by_hand(
            "inspection",
            subject=f"asset:{asset.pk}",
            title=f"{asset.code} {asset.name}",
            text=note,
            division=asset.division_code or sample.division_code,
            severity=severity,
            asset=asset.pk,
            fact=f"sample:{sample.pk}",
            actor=actor,
            on=on,
            is_sample=sample.is_sample,
        )
    line.save()
    evidence.record(
        events.INSPECTED,
        Ref("supervision_sample", sample.pk),
        actor=actor,
        on=on,
        before=before,
        after=protection.document(SAMPLE, sample),
        division=sample.division_code,
        facts={"code": line.asset.code},
    )
    return line
