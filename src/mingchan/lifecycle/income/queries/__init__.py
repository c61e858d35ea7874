"""Reading income (收益查询): receivables, receipts, ages, years, reconciliation, and what came in for whom."""

from mingchan.lifecycle.income.queries.holding import Received, received

__all__ = ["Received", "received"]
