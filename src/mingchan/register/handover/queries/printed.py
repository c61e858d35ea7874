"""The list that a printed paper is of (纸质清单): by its number in the system and the digits of its digest."""

import hmac

from mingchan.register.handover.models import Handover
from mingchan.register.handover.queries import lines

DIGITS = 16
"""So many digits of the digest stand on the paper and in its QR code."""


def of_paper(county: str, handover_id: int, digest: str) -> Handover | None:
    """The list, None when there is none or its content isn't that of the paper any more."""
    if len(digest) != DIGITS or not digest.isascii() or handover_id >= 2**62:
        return None
    found = Handover.objects.filter(pk=handover_id, county=county).first()
    if found is None:
        return None
    content = found.digest or lines.content_digest(found)
    return found if hmac.compare_digest(content[:DIGITS], digest) else None
