"""Services of revival (盘活服务): the pool, measures and their steps, reviews of the effect."""

from mingchan.lifecycle.revival.services.acting import carry_out, follow, settle, stop
from mingchan.lifecycle.revival.services.pooling import by_the_clock, sweep
from mingchan.lifecycle.revival.services.proposing import propose
from mingchan.lifecycle.revival.services.reviewing import review

__all__ = [
    "by_the_clock",
    "carry_out",
    "follow",
    "propose",
    "review",
    "settle",
    "stop",
    "sweep",
]
