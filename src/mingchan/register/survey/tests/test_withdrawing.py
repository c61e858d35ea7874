"""A survey brought in by mistake is taken back while nothing was decided from it; it stays to be seen (3.2)."""

from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from mingchan.foundation.evidence.models import Attachment
from mingchan.kernel.errors import NotAllowed, Refusal, Stale
from mingchan.register.survey import services
from mingchan.register.survey.choices import Decision
from mingchan.register.survey.models import Difference, Survey, SurveyRow
from mingchan.register.survey.queries import waiting
from mingchan.register.survey.tests import factories as make

pytestmark = pytest.mark.django_db


def taken() -> Survey:
    return Survey.objects.get(pk=make.take([make.row(), make.row("货架")]).survey_id)


def test_a_survey_is_taken_back_and_nothing_of_it_changes_any_more() -> None:
    survey = taken()
    assert [one.survey for one in waiting.open_for(make.settler())] == [survey.pk]
    done = services.withdraw(survey.pk, "重复导入", survey.version, actor=make.settler(), on=make.LATER)
    assert (done.state, done.settled_on, done.conclusion) == ("WITHDRAWN", make.LATER, "重复导入")
    assert waiting.open_for(make.settler()) == []
    for act in (
        lambda: services.withdraw(survey.pk, "再收回", done.version, actor=make.settler(), on=make.LATER),
        lambda: services.settle(survey.pk, "办结", done.version, actor=make.settler(), on=make.LATER),
        lambda: services.match(survey.pk, actor=make.settler(), on=make.LATER),
    ):
        with pytest.raises(Refusal, match="已收回"):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(state="SETTLING")
    with pytest.raises(IntegrityError), transaction.atomic():
        Difference.objects.filter(survey=survey).update(title="别的")


def test_the_sheet_may_be_brought_in_anew() -> None:
    survey = taken()
    services.withdraw(survey.pk, "表格有误", survey.version, actor=make.settler(), on=make.LATER)
    again = make.take([make.row()], number=8)
    assert again.survey_id != survey.pk


def test_a_survey_from_which_something_was_decided_stays() -> None:
    survey = taken()
    difference = Difference.objects.filter(survey=survey).earliest("id")
    chosen = {difference.pk: difference.version}
    services.decide(survey.pk, chosen, Decision.PENDING, "再核实", actor=make.settler(), on=make.LATER)
    survey.refresh_from_db()
    with pytest.raises(Refusal, match="已处理 1 条"):
        services.withdraw(survey.pk, "重复导入", survey.version, actor=make.settler(), on=make.LATER)


def test_only_whoever_settles_takes_back_with_a_reason_and_the_present_version() -> None:
    survey = taken()
    with pytest.raises(NotAllowed):
        services.withdraw(survey.pk, "重复", survey.version, actor=make.third_party(), on=make.LATER)
    with pytest.raises(Refusal, match="收回理由"):
        services.withdraw(survey.pk, " ", survey.version, actor=make.settler(), on=make.LATER)
    with pytest.raises(Stale):
        services.withdraw(survey.pk, "重复", survey.version + 1, actor=make.settler(), on=make.LATER)


def test_what_was_found_has_photographs(log_in: Any) -> None:
    survey = taken()
    row = SurveyRow.objects.filter(survey=survey).earliest("id")
    picture = BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "PNG")
    picture.seek(0)
    picture.name = "货架.png"
    client = log_in("third_party")
    address = reverse("survey:row", args=[survey.pk, row.pk])
    client.post(reverse("survey:photograph", args=[survey.pk, row.pk]), {"photographs": picture})
    kept = Attachment.objects.get(owner=f"survey_row:{row.pk}")
    text = client.get(address).content.decode()
    assert reverse("evidence:thumbnail", args=[kept.pk]) in text
    assert "共 1 张" in text
