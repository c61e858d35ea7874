"""Connections of portal (公示平台)."""

from mingchan.foundation.evidence.protection import Protected
from mingchan.interfaces.portal import sections as portal_sections
from mingchan.kernel.ui import sections

PROTECTED: tuple[Protected, ...] = ()
EXEMPT: dict[str, str] = {
    "portal.Snapshot": "when the public figures were taken; rebuilding takes them again",
    "portal.PlaceSnapshot": "public figures derived from the register; rebuilding gives them again",
    "portal.PlaceName": "names of places derived from the directory; rebuilding gives them again",
    "portal.LabelSnapshot": "public columns of cards; rebuilding puts every row right again",
    "portal.LabelCode": "codes of printed labels; rebuilding puts every row right again",
    "portal.Attempt": "counts what a network sends for a day, as digests, then forgotten",
    "portal.SpentChallenge": "keeps a form from being sent twice for a day, then forgotten",
}
LEFT_OUT: dict[str, str] = {}


def connect() -> None:
    """Make them."""
    sections.register("asset", portal_sections.OF_ASSET)
