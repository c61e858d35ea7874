"""Reading distribution (收益分配查询): households, policies, plans, payouts, where a yuan came from and went."""

from mingchan.lifecycle.distribution.queries.documents import PROTECTED
from mingchan.lifecycle.distribution.queries.publishing import PublicDistribution, public_distribution, publication

__all__ = ["PROTECTED", "PublicDistribution", "public_distribution", "publication"]
