"""A provider for tests (示范任务): two errands in memory, which know what a careful context knows of its events."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.fieldwork import Answer, Errand, Event

KIND = "demonstration"
LINES = [
    {
        "code": f"140932-2018-{number:06}", "name": name, "model": "M720", "unit": "台", "quantity": 1, "place": place,
        "keeper": "董改花", "serial": "", "lot": False, "photo": None,
    }
    for number, (name, place) in enumerate([("台式电脑", "1"), ("货架", "1"), ("扫码枪", "2")], start=1)
]  # fmt: skip


@dataclass
class Demonstration:
    """Errands 7 (the clerk's) and 8 (of somebody else), open until `closed`; an event named `wrong` is refused."""

    kind: str = KIND
    accounts: tuple[int | None, ...] = ()
    closed: bool = False
    kept: dict[str, Event] = field(default_factory=dict)
    calls: int = 0

    def _require(self, key: str, actor: Actor) -> None:
        if key != "7" or (self.accounts and actor.account_id not in self.accounts):
            raise NotFound("没有这项任务。")

    def errands(self, *, actor: Actor, on: date) -> Sequence[Errand]:
        if self.accounts and actor.account_id not in self.accounts:
            return ()
        return (Errand(KIND, "7", "2020年盘点：新关镇", "新关镇", date(2020, 3, 31), len(LINES), len(self.kept)),)

    def capsule(self, key: str, *, actor: Actor, on: date) -> Mapping[str, Any]:
        self._require(key, actor)
        if self.closed:
            raise Refusal("任务已结束。")
        return {
            "format": "mingchan-capsule-1", "kind": KIND, "key": key, "ref": f"{KIND}:{key}",
            "title": "2020年盘点：新关镇", "county": "140932", "division": "140932100000", "base_date": "2020-03-10",
            "due": "2020-03-31",
            "rules": {"blind": False, "photo_for": ["damaged"], "signature": True, "position": False},
            "places": [{"key": "1", "name": "电商公共服务中心"}, {"key": "2", "name": "乾坤湾村电子商务服务站"}],
            "lines": LINES, "codes": {"MC7K2P": LINES[0]["code"]}, "elsewhere": [], "checklists": [], "choices": {},
        }  # fmt: skip

    def known(self, key: str, ids: Collection[str], *, actor: Actor) -> set[str]:
        self._require(key, actor)
        return set(ids) & set(self.kept)

    def take_in(self, key: str, events: Sequence[Event], *, actor: Actor, on: date) -> Sequence[Answer]:
        self._require(key, actor)
        self.calls += 1
        if self.closed:
            raise Refusal("任务已结束，不再收记录。")
        answers = []
        for event in events:
            if event.kind == "wrong":
                answers.append(Answer(event.id, False, "这件资产已经处置。"))
                continue
            self.kept.setdefault(event.id, event)
            answers.append(Answer(event.id, True))
        return answers
