"""Attachments of each test lie in a folder of its own; guarded shelves when asked for."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType

from mingchan.foundation.evidence.tests.shelving import fill


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def shelves(db: None) -> list[ContentType]:
    """Five shelves with two boxes each, and five records."""
    return fill(5)
