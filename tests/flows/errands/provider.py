"""Errands whose events are kept as files, so that the test reads them past the server's processes."""

import json
import os
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.fieldwork import Answer, Errand, Event

KIND, KEY, TITLE = "demonstration", "7", "2020年度资产盘点：新关镇"
LABEL, GONE = "MC7K2P", "140932-2018-000005"


def _line(number: int, name: str, place: str, **more: Any) -> dict[str, Any]:
    return {
        "code": f"140932-2018-{number:06}", "name": name, "model": "", "unit": "台", "quantity": 1, "place": place,
        "keeper": "董改花", "serial": "", "lot": False, "photo": None, **more,
    }  # fmt: skip


LINES = (
    _line(1, "台式电脑", "1", model="联想 M720"),
    _line(2, "移动货架", "1", quantity=12, unit="组", lot=True),
    _line(3, "扫码枪", "2"),
    _line(4, "冷藏柜", "2", checklist="cold"),
    _line(5, "电子秤", "2"),
)
CAPSULE: dict[str, Any] = {
    "format": "mingchan-capsule-1", "kind": KIND, "key": KEY, "ref": f"{KIND}:{KEY}", "title": TITLE,
    "county": "140932", "division": "140932", "base_date": "2020-03-10", "due": "2020-03-31",
    "rules": {"blind": False, "photo_for": ["damaged"], "signature": True, "position": False},
    "places": [{"key": "1", "name": "电商公共服务中心"}, {"key": "2", "name": "乾坤湾村电子商务服务站"}],
    "lines": list(LINES), "codes": {LABEL: LINES[0]["code"]},
    "elsewhere": [["140932-2018-000099", "打印机", "窑头乡电子商务服务站"]],
    "checklists": [{"key": "cold", "title": "冷藏设备检查", "items": [
        {"key": "runs", "text": "通电运行正常", "answer": "yes_no"},
        {"key": "degrees", "text": "箱内温度（℃）", "answer": "number"},
    ]}],
    "choices": {"conditions": [["GOOD", "完好"], ["WORN", "老旧"]]},
}  # fmt: skip


def folder(home: Path) -> Path:
    """Where the events of a county lie."""
    return home / "errands"


def events(home: Path) -> list[dict[str, Any]]:
    """What was taken in, by number."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder(home).glob("*.json")]
    return sorted(found, key=lambda event: event["seq"])


class Provider:
    """One errand, for whoever is logged in; closed while a file `closed` lies there, and one asset is refused."""

    kind = KIND

    def __init__(self) -> None:
        self.folder = folder(Path(os.environ["MINGCHAN_HOME"]))

    def _require(self, key: str) -> None:
        if key != KEY:
            raise NotFound("没有这项任务。")

    def errands(self, *, actor: Actor, on: date) -> Sequence[Errand]:
        return (Errand(KIND, KEY, TITLE, "新关镇", date(2020, 3, 31), len(LINES), 0),)

    def capsule(self, key: str, *, actor: Actor, on: date) -> Mapping[str, Any]:
        self._require(key)
        return CAPSULE

    def known(self, key: str, ids: Collection[str], *, actor: Actor) -> set[str]:
        self._require(key)
        return {one for one in ids if (self.folder / f"{one}.json").exists()}

    def take_in(self, key: str, events: Sequence[Event], *, actor: Actor, on: date) -> Sequence[Answer]:
        self._require(key)
        self.folder.mkdir(exist_ok=True)
        if (self.folder / "closed").exists():
            raise Refusal("盘点已经结束，不再收记录。")
        return [self._keep(event, actor) for event in events]

    def _keep(self, event: Event, actor: Actor) -> Answer:
        if event.code == GONE:
            return Answer(event.id, False, "这件资产已经报废，不在盘点范围内。")
        path = self.folder / f"{event.id}.json"
        if path.exists():
            raise AssertionError(f"{event.id} came twice")
        plain = {
            "id": event.id, "seq": event.seq, "kind": event.kind, "code": event.code, "data": dict(event.data),
            "at": event.at.isoformat(), "skew": event.skew_seconds, "photos": list(event.photos), "by": actor.name,
        }  # fmt: skip
        path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        return Answer(event.id, True)
