"""Matching by hand (人工改配): a row gets another card, or none; what follows from it is found anew (3.2)."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal, Stale
from mingchan.kernel.refs import Ref
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset
from mingchan.register.survey import events, permissions, rules
from mingchan.register.survey.choices import Way
from mingchan.register.survey.models import Difference, Match, Survey, SurveyRow
from mingchan.register.survey.queries import scoping
from mingchan.register.survey.queries.things import thing
from mingchan.register.survey.rules import Pair
from mingchan.register.survey.services import differing, matching, recording

_NAMES = recording.names_of(Match)


@transaction.atomic
def rematch(row_id: int, asset_id: int | None, *, standing: int, reason: str, actor: Actor, on: date) -> None:
    """Say by hand which card a row is; None takes its card away. `standing` is the match the person saw, 0 for none.

    Raises Stale when the row was matched otherwise meanwhile, Refusal when the card stands for another row or when
    something was already decided about the row or a card, NotFound, NotAllowed. Serves 3.2.
    """
    row = SurveyRow.objects.select_related("survey").filter(pk=row_id, survey__county=actor.county).first()
    if row is None or not scoping.sees(row.survey, actor):
        raise NotFound(_("没有这条调查记录"))
    survey = recording.locked(row.survey_id, actor=actor)
    permissions.require_settle(actor, [row.division_code])
    if not reason.strip():
        raise Refusal(_("请写明理由"), clauses=("3.2",), field="reason")
    old = Match.objects.select_related("asset").filter(row=row).first()
    if (old.pk if old else 0) != standing:
        raise Stale(
            _("这条记录刚被他人改配，请刷新后再办理"), theirs={"match": old and old.pk}, yours={"match": standing}
        )
    card = _card(asset_id, actor) if asset_id is not None else None
    if card is not None:
        permissions.require_settle(actor, [card.division_code])
        _is_free(survey, card, row)
    if (old.asset_id if old else None) == asset_id:
        raise Refusal(_("没有改动"), clauses=("3.2",))
    cards = [key for key in (old.asset_id if old else None, asset_id) if key is not None]
    _undecided(survey, row, cards)
    if old is not None:
        _end(survey, old, row, reason, actor=actor, on=on)
    if card is not None:
        pair = Pair(row.pk, card.pk, Way.HAND.value, _likeness(row, card))
        matching.write(survey, [pair], actor=actor, on=on, made_by=actor.name[:50], reason=reason.strip()[:500])
    differing.rebuild(survey, rows=[row.pk], cards=cards)


@transaction.atomic
def compare_again(difference_id: int, *, actor: Actor, on: date) -> None:
    """Compare a row and its card anew after the card changed; open differences of theirs are found again. Serves 3.2.

    Raises NotFound, NotAllowed, Refusal when the survey is settled.
    """
    found = Difference.objects.filter(pk=difference_id, survey__county=actor.county).first()
    if found is None:
        raise NotFound(_("没有这条差异"))
    survey = recording.locked(found.survey_id, actor=actor)
    permissions.require_settle(actor, [found.division_code])
    rows = [found.row_id] if found.row_id is not None else []
    cards = [found.asset_id] if found.asset_id is not None else []
    differing.rebuild(survey, rows=rows, cards=cards)


def _card(asset_id: int, actor: Actor) -> Asset:
    card = Asset.objects.select_related("site").filter(pk=asset_id, county=actor.county, status=Status.ACTIVE).first()
    if card is None or not actor.may("asset.view", card.division_code or actor.county):
        raise NotFound(_("没有这张资产卡片"))
    return card


def _is_free(survey: Survey, card: Asset, row: SurveyRow) -> None:
    other = Match.objects.filter(survey=survey, asset=card).exclude(row=row).select_related("row").first()
    if other is not None:
        raise Refusal(
            _("卡片 %(code)s 已与“%(sheet)s”第 %(row)s 行匹配，请先取消那一条")
            % {"code": card.code, "sheet": other.row.sheet, "row": other.row.row},
            clauses=("3.2",),
            field="asset",
        )


def _undecided(survey: Survey, row: SurveyRow, cards: list[int]) -> None:
    decided = Difference.objects.filter(Q(row=row) | Q(asset__in=cards), survey=survey).exclude(decision="").first()
    if decided is not None:
        raise Refusal(
            _("“%(name)s”已有处理意见（%(decision)s），不能再改配")
            % {"name": decided.title, "decision": decided.get_decision_display()},
            clauses=("3.2",),
        )


def _end(survey: Survey, old: Match, row: SurveyRow, reason: str, *, actor: Actor, on: date) -> None:
    before = recording.document(_NAMES, Match.objects.filter(pk=old.pk).values_list(*_NAMES).get())
    number = old.pk
    old.delete()
    evidence.record(
        events.UNMATCHED,
        Ref("survey_match", number),
        actor=actor,
        on=on,
        before=before,
        division=row.division_code,
        reason=reason.strip(),
        facts={"name": row.name},
    )


def _likeness(row: SurveyRow, card: Asset) -> int:
    said, stands = (
        thing((one.pk, one.name, one.model, one.division_code, site, one.place, one.quantity_milli, one.cost_fen))
        for one, site in ((row, row.site), (card, card.site.name if card.site else ""))
    )
    return rules.score(said, stands)
