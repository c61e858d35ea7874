"""What tests of stocktakes stand on."""

import pytest

from mingchan.register.assets.tests import factories as make


@pytest.fixture
def places(db: None) -> None:
    """The divisions of the county."""
    make.divisions()
