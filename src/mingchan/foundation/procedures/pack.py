"""What the policy pack says of procedures (制度包中的流程): drawings, decision tables, the published working days."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

import yaml

from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import decisions
from mingchan.foundation.procedures.decisions import Table


@cache
def procedure_files() -> Mapping[str, str]:
    """The text of each drawing (`procedures/<code>.bpmn`) by its code."""
    folder = policy.pack_path("procedures")
    return MappingProxyType({path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.bpmn"))})


@cache
def decision_tables() -> Mapping[str, Table]:
    """The decision tables (`decisions/<code>.yaml`) by code. Raises BadTable for one with a gap or an overlap."""
    folder = policy.pack_path("decisions")
    found = [decisions.read(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.yaml"))]
    return MappingProxyType({table.code: table for table in found})


@cache
def working_days() -> Mapping[date, bool]:
    """Published days that aren't what their weekday says (调休), True where they are worked."""
    with policy.pack_path("working_days.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType({date.fromisoformat(row["day"]): row["works"] == "yes" for row in csv.DictReader(file)})
