"""Services of the portal: rebuild the public figures, and let in what people send."""

from mingchan.interfaces.portal.services.flood import admit, challenge, count_miss
from mingchan.interfaces.portal.services.rebuilding import Rebuilt, rebuild, refresh

__all__ = ["Rebuilt", "admit", "challenge", "count_miss", "rebuild", "refresh"]
