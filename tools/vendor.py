"""Re-make the folder of third-party browser files from the npm registry.

    python tools/vendor.py            fetch, write the files, their licences and vendor.json
    python tools/vendor.py --check    compare what is committed with vendor.json, no network

Only the few built files the pages load are kept. Lines that point at source maps are cut off, because
the maps are not shipped and the manifest storage of static files refuses links that lead nowhere; the
digest in vendor.json is that of the file as committed.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src/mingchan/kernel/ui/static/vendor"
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=[^\n]*\*/|//# sourceMappingURL=[^\n]*)\s*\Z")

ICONS = [
    "adjustments-horizontal",
    "alert-circle",
    "alert-triangle",
    "archive",
    "arrow-down",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrows-split",
    "ban",
    "bell",
    "book-2",
    "building-bank",
    "building-community",
    "building-warehouse",
    "calendar",
    "certificate",
    "chart-bar",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle-check",
    "clock",
    "coin",
    "columns-3",
    "device-floppy",
    "dots-vertical",
    "download",
    "external-link",
    "eye-off",
    "file-spreadsheet",
    "file-text",
    "filter",
    "first-aid-kit",
    "folder",
    "git-branch",
    "history",
    "home",
    "inbox",
    "info-circle",
    "key",
    "language",
    "link",
    "list-details",
    "lock",
    "logout",
    "map-2",
    "map-pin",
    "menu-2",
    "message",
    "news",
    "paperclip",
    "pencil",
    "phone",
    "photo",
    "player-stop",
    "plus",
    "printer",
    "receipt-2",
    "refresh",
    "report-money",
    "scale",
    "search",
    "selector",
    "send",
    "settings",
    "shield-check",
    "stack-2",
    "table-options",
    "tag",
    "trash",
    "upload",
    "user",
    "users",
    "x",
]


@dataclass(frozen=True)
class Package:
    """One npm package, the files taken from it (path inside the package → our name) and its licence."""

    name: str
    version: str
    licence: str
    files: dict[str, str]
    licence_files: tuple[str, ...] = ("LICENSE",)


PACKAGES = (
    Package(
        "@tabler/core",
        "1.6.1",
        "MIT",
        {"dist/css/tabler.min.css": "tabler.min.css", "dist/js/tabler.min.js": "tabler.min.js"},
        licence_files=(),  # the package carries its notice in the head of the files; see tabler_licence
    ),
    Package("htmx.org", "2.0.11", "0BSD", {"dist/htmx.min.js": "htmx.min.js"}),
    Package(
        "echarts",
        "6.1.0",
        "Apache-2.0",
        {"dist/echarts.min.js": "echarts.min.js"},  # the smaller builds lack treemap, sankey and custom series
        licence_files=("LICENSE", "NOTICE", "licenses/LICENSE-d3"),
    ),
    Package("@tabler/icons", "3.51.0", "MIT", {}),
    Package("jsqr", "1.4.0", "Apache-2.0", {"dist/jsQR.js": "jsQR.js"}),
)


def unpack(package: Package, into: Path) -> Path:
    """Fetch `package` with npm and return the folder of its contents."""
    target = into / package.name.replace("/", "-")
    target.mkdir()
    spec = f"{package.name}@{package.version}"
    subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(target), spec], check=True, stdout=subprocess.DEVNULL
    )
    (archive,) = target.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def sprite(icons_folder: Path) -> bytes:
    """All icons of ICONS as symbols of one SVG; stroke and size come from the <svg> that uses them."""
    symbols = []
    for name in sorted(ICONS):
        text = (icons_folder / f"{name}.svg").read_text(encoding="utf-8")
        shapes = re.findall(r"<(?:path|circle|rect|line|polyline)\b[^>]*/>", text)
        drawn = "".join(shape for shape in shapes if 'stroke="none"' not in shape)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def tabler_licence(source: Path, mit_text: str) -> str:
    """The MIT text under the copyright lines that stand in the head of Tabler's own files."""
    head = source.joinpath("dist/css/tabler.min.css").read_text(encoding="utf-8")[:600]
    holders = [line.strip(" *") for line in head.splitlines() if "Copyright" in line]
    terms = mit_text[mit_text.index("Permission is hereby granted") :]
    return "MIT License\n\n" + "\n".join(holders) + "\n\n" + terms


def make(folder: Path = FOLDER) -> None:
    """Fetch every package and write the folder anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    rows: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as name:
        sources = {package.name: unpack(package, Path(name)) for package in PACKAGES}
        mit_text = sources["@tabler/icons"].joinpath("LICENSE").read_text(encoding="utf-8")
        for package in PACKAGES:
            source = sources[package.name]
            short = package.name.strip("@").replace("/", "-").replace(".org", "")
            licences = [source.joinpath(file).read_text(encoding="utf-8") for file in package.licence_files]
            licence_file = f"LICENSE-{short}.txt"
            text = "\n\n".join(licences) if licences else tabler_licence(source, mit_text)
            contents = {
                ours: SOURCE_MAP.sub(b"\n", source.joinpath(theirs).read_bytes())
                for theirs, ours in package.files.items()
            }
            if package.name == "@tabler/icons":
                contents["icons.svg"] = sprite(source / "icons/outline")
            contents[licence_file] = text.encode()
            for file, data in contents.items():
                folder.joinpath(file).write_bytes(data)
                rows.append(
                    {
                        "name": package.name,
                        "version": package.version,
                        "file": file,
                        "sha256": hashlib.sha256(data).hexdigest(),
                        "licence": package.licence,
                    }
                )
    text = json.dumps(rows, indent=1, ensure_ascii=False)
    folder.joinpath("vendor.json").write_text(text + "\n", encoding="utf-8")


def differences(folder: Path = FOLDER) -> list[str]:
    """Every way in which the folder departs from its vendor.json; empty when they agree."""
    rows = json.loads(folder.joinpath("vendor.json").read_text(encoding="utf-8"))
    listed = {row["file"]: row["sha256"] for row in rows}
    present = {path.name for path in folder.iterdir()} - {"vendor.json"}
    found = [f"not listed: {name}" for name in sorted(present - set(listed))]
    found += [f"missing: {name}" for name in sorted(set(listed) - present)]
    for name in sorted(present & set(listed)):
        if hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() != listed[name]:
            found.append(f"changed: {name}")
    return found


def main(arguments: list[str]) -> int:
    """Return 0 when made or in agreement, 1 on a difference, 2 when called wrongly."""
    if arguments == ["--check"]:
        found = differences()
        print("\n".join(found) or "vendor files agree with vendor.json")
        return 1 if found else 0
    if arguments:
        print(__doc__)
        return 2
    make()
    print(f"written: {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
