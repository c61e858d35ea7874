"""What the verifier compares of the register: each site, and each card with its rights and funding shares (2.2)."""

from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.register.assets.models import Asset, FundingShare, Right, Site

PROTECTED = (
    Protected("site", Site),
    Protected(
        "asset",
        Asset,
        children=(
            Child(Right, fk="asset", name="rights", exclude=("id",)),
            Child(FundingShare, fk="asset", name="funding_shares", exclude=("id",)),
        ),
    ),
)
"""The rows' own numbers of rights and shares mean nothing and are left out of a card's document."""
