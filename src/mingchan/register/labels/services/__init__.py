"""Services of labels (标签服务): make, link, claim, relink, take off, void, keep scans."""

from mingchan.register.labels.services.linking import claim, relink, take_off, void
from mingchan.register.labels.services.making import MOST, draw, for_assets, note_print
from mingchan.register.labels.services.scanning import note_scans

__all__ = ["MOST", "claim", "draw", "for_assets", "note_print", "note_scans", "relink", "take_off", "void"]
