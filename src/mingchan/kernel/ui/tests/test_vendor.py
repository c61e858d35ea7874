"""What the pages load is what the licences and digests say."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3]
VENDOR = SOURCE / "kernel/ui/static/vendor"


@pytest.fixture(scope="module")
def vendor():
    path = SOURCE.parents[1] / "tools/vendor.py"
    spec = importlib.util.spec_from_file_location("tools_vendor", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_file_has_the_digest_of_the_list(vendor):
    assert vendor.differences() == []


def test_a_changed_a_missing_and_a_stray_file_are_found(vendor, tmp_path):
    for path in VENDOR.iterdir():
        tmp_path.joinpath(path.name).write_bytes(path.read_bytes())
    tmp_path.joinpath("htmx.min.js").write_text("changed")
    tmp_path.joinpath("icons.svg").unlink()
    tmp_path.joinpath("stray.js").write_text("")
    assert vendor.differences(tmp_path) == ["not listed: stray.js", "missing: icons.svg", "changed: htmx.min.js"]


def test_every_package_has_its_licence_beside_it(vendor):
    for package in vendor.PACKAGES:
        short = package.name.strip("@").replace("/", "-").replace(".org", "")
        assert len(VENDOR.joinpath(f"LICENSE-{short}.txt").read_text(encoding="utf-8")) > 400


def test_no_file_points_at_a_source_map_that_is_not_there():
    for path in VENDOR.glob("*.min.*"):
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8")[-300:]


def test_every_icon_named_anywhere_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', VENDOR.joinpath("icons.svg").read_text()))
    named = re.compile(r"""\bicon(?:_name)?(?:\(|=\s*|":\s*)["']([a-z0-9-]+)["']""")
    missing = {
        (path.name, name)
        for path in [*SOURCE.rglob("*.html"), *SOURCE.rglob("*.py")]
        if "tests" not in path.parts
        for name in named.findall(path.read_text(encoding="utf-8"))
        if name not in drawn
    }
    assert missing == set()
