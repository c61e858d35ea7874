"""Reading contracts (经营查询)."""

from mingchan.lifecycle.operation.queries.dues import Due, dues

__all__ = ["Due", "dues"]
