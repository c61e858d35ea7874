"""Reading inspections and repairs (巡查维修查询)."""

from mingchan.lifecycle.maintenance.queries import orders, packs, rounds
from mingchan.lifecycle.maintenance.queries.documents import PROTECTED
from mingchan.lifecycle.maintenance.queries.orders import in_warranty, of_asset, of_origin, warranties_of

__all__ = ["PROTECTED", "in_warranty", "of_asset", "of_origin", "orders", "packs", "rounds", "warranties_of"]
