"""What the verifier compares of the register: sites, sheets that were read, cards with all that hangs on them (2.2)."""

from mingchan.foundation.evidence.protection import Child, Protected
from mingchan.register.assets.models import Asset, FormerCard, FundingShare, Origin, OriginSheet, Permit, Right, Site

PROTECTED = (
    Protected("site", Site),
    Protected("sheet", OriginSheet),
    Protected("permit", Permit),
    Protected(
        "asset",
        Asset,
        children=(
            Child(Right, fk="asset", name="rights", exclude=("id",)),
            Child(FundingShare, fk="asset", name="funding_shares", exclude=("id",)),
            Child(Origin, fk="asset", name="origin", order=()),
            Child(FormerCard, fk="asset", name="former", order=("left_on",), exclude=("id",)),
        ),
    ),
)
"""The rows' own numbers of rights, shares and former cards mean nothing and are left out of a card's document."""
