"""Result files as the phone writes them."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from mingchan.interfaces.field.tests.conftest import message
from mingchan.interfaces.field.tests.demonstration import KIND


def result_file(
    account: int | None, events: list[Any], photos: Mapping[str, bytes] | None = None, *, spoiled: bool = False,
    **more: Any,
) -> io.BytesIO:  # fmt: skip
    """A zip with manifest, result and photographs; a spoiled one was changed after it was written."""
    result = {
        **message(account, events), "format": "mingchan-result-1",
        "errand": {"kind": KIND, "key": "7", "title": "2020年盘点：新关镇"}, **more,
    }  # fmt: skip
    text = json.dumps(result, ensure_ascii=False).encode()
    manifest = {"format": "mingchan-manifest-1", "sha256": hashlib.sha256(text).hexdigest()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for digest, content in (photos or {}).items():
            archive.writestr(f"photos/{digest}.jpg", content)
        archive.writestr("result.json", text + (b" " if spoiled else b""))
        archive.writestr("manifest.json", json.dumps(manifest))
    out.seek(0)
    return out
