"""Writing tracing (追溯): linking payments and assets, taking links back, accepting proposals."""

from mingchan.register.tracing.services.accepting import accept
from mingchan.register.tracing.services.linking import follow_split, link, link_spread, unlink

__all__ = ["accept", "follow_split", "link", "link_spread", "unlink"]
