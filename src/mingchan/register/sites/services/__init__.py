"""Services of sites (站点服务): files, states and holders, requirements; assets moved, lots spread, sites merged."""

from mingchan.register.sites.services.files import correct, open_files, open_site
from mingchan.register.sites.services.listing import record_export
from mingchan.register.sites.services.relocating import merge, relocate, spread
from mingchan.register.sites.services.running import appoint, change_state, require

__all__ = [
    "appoint",
    "change_state",
    "correct",
    "merge",
    "open_files",
    "open_site",
    "record_export",
    "relocate",
    "require",
    "spread",
]
