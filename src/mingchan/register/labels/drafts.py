"""What labels are asked and tell, as plain values."""

from datetime import datetime
from typing import NamedTuple


class ScanDraft(NamedTuple):
    """A code as it was read: the text, when, how, and where in millionths of a degree if the device knew."""

    text: str
    at: datetime
    way: str
    latitude_micro: int | None = None
    longitude_micro: int | None = None


class Found(NamedTuple):
    """What a scanned or typed text means today.

    `code` is the label's or asset's code that was read. `state` is a label's State; empty for a code that no label has
    (`is_mistyped`: it looks like a label's, but its check digits are wrong). `asset_id` is the asset that the label is
    on, or whose own number was read.
    """

    code: str
    label_id: int | None = None
    state: str = ""
    asset_id: int | None = None
    asset_code: str = ""
    is_mistyped: bool = False


class Printed(NamedTuple):
    """A label as a sheet shows it."""

    label_id: int
    code: str
    asset_id: int | None = None
    asset_code: str = ""
    name: str = ""
    site: str = ""
    is_sample: bool = False
