"""What maintenance offers to the field (外业): rounds of inspection that a phone takes along (2.6.1b, 3.4.1)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.fieldwork import Answer, Errand, Event
from mingchan.kernel.money import MILLI, format_quantity
from mingchan.lifecycle.maintenance import permissions, queries, services
from mingchan.lifecycle.maintenance.choices import RoundState
from mingchan.lifecycle.maintenance.models import Round
from mingchan.register.labels import queries as labels

FORMAT = "mingchan-capsule-1"


class InspectionRounds:
    """The provider of errands of the kind `inspection_round`; their key is the round's number in the database."""

    kind = "inspection_round"

    def errands(self, *, actor: Actor, on: date) -> Sequence[Errand]:
        """Open rounds in the actor's divisions, the next due first."""
        found = queries.rounds.to_take(actor)
        names = directory.division_names({row.division_code for row, _total, _done in found})
        return [
            Errand(
                self.kind,
                str(row.id),
                _title(row.site, row.number),
                names.get(row.division_code, ""),
                row.due_on,
                total,
                done,
            )
            for row, total, done in found
        ]

    def capsule(self, key: str, *, actor: Actor, on: date) -> Mapping[str, Any]:
        """A round with its assets, their labels' codes and checklists. Raises NotFound, NotAllowed, Refusal."""
        found = _round(key, actor)
        if found.state != RoundState.OPEN:
            raise Refusal(_("这次巡查已经结束"), clauses=("2.6.1b",))
        cards = list(queries.rounds.things_at(found).select_related("keeper").order_by("code"))
        codes = labels.codes_for([card.pk for card in cards])
        lists = {card.pk: queries.packs.checklist_of(card.class_code) for card in cards}
        place = str(found.site_id)
        lines = []
        for card in cards:
            line = {
                "code": card.code,
                "name": card.name,
                "model": card.model,
                "unit": card.unit,
                "quantity": format_quantity(card.quantity_milli),
                "place": place,
                "keeper": card.keeper.name if card.keeper is not None else "",
                "serial": card.serial_no,
                "lot": card.quantity_milli > MILLI,
                "photo": None,
            }
            chosen = lists[card.pk]
            lines.append({**line, "checklist": chosen.key} if chosen is not None else line)
        given = queries.packs.field_rules()
        used = {one.key: one for one in lists.values() if one is not None}
        return {
            "format": FORMAT,
            "kind": self.kind,
            "key": key,
            "ref": f"{self.kind}:{key}",
            "title": _title(found.site.name, found.number),
            "county": found.county,
            "base_date": on.isoformat(),
            "due": found.due_on.isoformat(),
            "rules": {
                "blind": False,
                "photo_for": list(given["photo_for"]),
                "signature": bool(given["signature"]),
                "position": bool(given["position"]),
            },
            "places": [{"key": place, "name": found.site.name}],
            "lines": lines,
            "codes": {codes[card.pk]: card.code for card in cards if card.pk in codes},
            "elsewhere": [],
            "checklists": [
                {
                    "key": one.key,
                    "title": one.title_en if policy.english() else one.title,
                    "items": [
                        {
                            "key": item.key,
                            "text": item.text_en if policy.english() else item.text,
                            "answer": item.answer,
                        }
                        for item in one.items
                    ],
                }
                for one in queries.packs.checklists().values()
                if one.key in used
            ],
            "choices": {"conditions": list(policy.conditions())},
        }

    def known(self, key: str, ids: Collection[str], *, actor: Actor) -> set[str]:
        """Which of these events are there already. Raises NotFound, NotAllowed."""
        return queries.rounds.known(_round(key, actor).pk, list(ids), actor.county)

    def take_in(self, key: str, events: Sequence[Event], *, actor: Actor, on: date) -> Sequence[Answer]:
        """Keep the events, each once. Raises NotFound, NotAllowed, Refusal."""
        return services.take_in(_round(key, actor).pk, events, actor=actor, on=on)


def _title(site: str, number: int) -> str:
    return _("%(site)s 第 %(number)s 次巡查") % {"site": site, "number": number}


def _round(key: str, actor: Actor) -> Round:
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise NotFound(_("没有这次巡查"))
    found = Round.objects.select_related("site").filter(pk=int(key), county=actor.county).first()
    return permissions.require_round(actor, found)
