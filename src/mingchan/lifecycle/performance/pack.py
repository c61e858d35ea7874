"""The set of indicators of the policy pack (指标体系), and the one an evaluation was commissioned with."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

import orjson

from mingchan.foundation.policy import queries as policy
from mingchan.lifecycle.performance.rules import GradeLine, Indicator, IndicatorSet, set_faults

_POINT = 100
"""The pack writes whole points and percents, the system counts hundredths of them."""


def _set_of(data: Mapping[str, Any]) -> IndicatorSet:
    found = IndicatorSet(
        code=data["code"],
        label=data["label"],
        label_en=data["label_en"],
        parts={code: (part["label"], part["label_en"]) for code, part in data["parts"].items()},
        indicators=tuple(
            Indicator(
                code=one["code"],
                label=one["label"],
                label_en=one["label_en"],
                part=one["part"],
                weight=one["weight"] * _POINT,
                measure=one.get("measure", ""),
                full_bp=one.get("full", 100) * _POINT,
                explain=one["explain"],
                explain_en=one["explain_en"],
            )
            for one in data["indicators"]
        ),
        grades=tuple(
            GradeLine(
                code=line["code"],
                label=line["label"],
                label_en=line["label_en"],
                least=line["least"] * _POINT,
                tone=line["tone"],
                passes=line["passes"],
                talk=line.get("talk", False),
                allocation_bp=line.get("allocation", 100) * _POINT,
            )
            for line in data["grades"]
        ),
    )
    faults = set_faults(found)
    if faults:
        raise ValueError(f"indicators.yaml: {'; '.join(faults)}")
    return found


@cache
def indicators() -> IndicatorSet:
    """The set in force. Raises ValueError for a pack whose set can't be used."""
    return _set_of(policy.document("indicators.yaml"))


def text_of_set() -> tuple[str, str]:
    """The set in force as text, to be kept with an evaluation, and its digest."""
    text = orjson.dumps(policy.document("indicators.yaml"))
    return text.decode(), sha256(text).hexdigest()


@cache
def read(text: str) -> IndicatorSet:
    """The set that an evaluation keeps."""
    return _set_of(orjson.loads(text))
