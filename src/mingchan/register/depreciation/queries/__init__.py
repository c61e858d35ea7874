"""Reading depreciation (折旧查询): what was charged, what a month charges, runs, tables, checks."""

from mingchan.register.depreciation.queries.charged import by_account, require_current, totals
from mingchan.register.depreciation.queries.documents import PROTECTED, faults

__all__ = ["PROTECTED", "by_account", "faults", "require_current", "totals"]
