"""Moving many cards at once (变动): holders, place and state, with books and search, as one act (2.3, 3.3)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from mingchan.kernel.actor import Actor
from mingchan.kernel.events import EventKind
from mingchan.kernel.refs import Ref
from mingchan.register.assets.drafts import Moved, MoveDraft


@transaction.atomic
def move(
    asset_ids: Sequence[int],
    draft: MoveDraft,
    *,
    kind: EventKind,
    right: str,
    basis: str,
    source: Ref,
    document: str = "",
    reason: str = "",
    actor: Actor,
    on: date,
) -> Moved:
    """Give cards other holders, another place or another state from `on`; however many, in a handful of statements."""
    raise NotImplementedError
