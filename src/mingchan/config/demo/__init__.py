"""The sample county's state (示例县): step by step what its offices would have done, through the same services.

Each step is a module with `load() -> Iterator[str]`, safe to run again: what is there stays. A step gives a line for
each thing that it brought in.
"""

from collections.abc import Iterator

from mingchan.config.demo import (
    complaints,
    confirming,
    custody,
    depreciation,
    disclosure,
    disposal,
    distribution,
    field,
    handover,
    income,
    labels,
    maintenance,
    matters,
    operation,
    performance,
    portal,
    projects,
    revival,
    rights,
    sites,
    stages,
    stocktake,
    supervision,
    survey,
    workbooks,
)

STEPS = (
    workbooks,
    survey,
    projects,
    rights,
    custody,
    sites,
    handover,
    confirming,
    stages,
    matters,
    operation,
    income,
    distribution,
    performance,
    disposal,
    stocktake,
    disclosure,
    complaints,
    labels,
    maintenance,
    revival,
    depreciation,
    supervision,
    field,
    portal,
)
"""In the order of the plan's stages."""


def load() -> Iterator[str]:
    """Every step. Raises Refusal outside the sample county."""
    for step in STEPS:
        yield from step.load()
