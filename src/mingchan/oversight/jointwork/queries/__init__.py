"""Reading joint supervision (联合监管查询)."""

from mingchan.oversight.jointwork.queries import auditing, authority, cases, packing, plans, serving, wall
from mingchan.oversight.jointwork.queries.documents import PROTECTED

__all__ = ["PROTECTED", "auditing", "authority", "cases", "packing", "plans", "serving", "wall"]
