"""Reading revival (盘活查询): the pool, matching, measures, their effect, what is to be published."""

from mingchan.lifecycle.revival.queries import effects, matching, measures, pool
from mingchan.lifecycle.revival.queries.documents import PROTECTED
from mingchan.lifecycle.revival.queries.pool import PoolFilter
from mingchan.lifecycle.revival.queries.publishing import publication

__all__ = ["PROTECTED", "PoolFilter", "effects", "matching", "measures", "pool", "publication"]
