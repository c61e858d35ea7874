"""Phones for journeys: a camera that sees what the test drew, a browser whose battery can run flat."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import segno
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.flows.conftest import ARGUMENTS, BROWSERS

SIZE = (640, 480)
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "has_touch": True, "is_mobile": True}


def film(label: str, path: Path) -> Path:
    """A film of a label with a QR code, a little askew, as the browser's false camera takes it (y4m)."""
    code = segno.make(label, error="m", micro=False)
    square = Image.new("L", (code.symbol_size(scale=8)[0],) * 2, 255)
    for y, row in enumerate(code.matrix_iter(scale=8, border=4)):
        for x, dark in enumerate(row):
            if dark:
                square.putpixel((x, y), 30)
    picture = Image.new("L", SIZE, 150)
    turned = square.rotate(4, expand=True, fillcolor=150)
    picture.paste(turned, ((SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2))
    colours = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    frame = b"FRAME\n" + picture.tobytes() + colours
    path.write_bytes(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 4)
    return path


def browser_path() -> str:
    """Where Chromium is."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert path, "no Chromium here; `make test` installs it"
    return path


class Phone:
    """A browser with a folder of its own that survives when the process is killed outright."""

    def __init__(self, playwright: Playwright, folder: Path, camera: Path) -> None:
        self._playwright, self._folder, self._camera = playwright, folder, camera
        self._process: subprocess.Popen[bytes] | None = None
        self._browser: Browser | None = None

    def switch_on(self) -> BrowserContext:
        """Start it; what was kept is still there."""
        port_file = self._folder / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                browser_path(), "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={self._folder}",
                *ARGUMENTS, *CAMERA, f"--use-file-for-fake-video-capture={self._camera}", "--no-first-run",
                "--window-size=390,844", "about:blank",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        limit = time.monotonic() + 30
        while not port_file.exists() or not port_file.read_text().strip():
            assert time.monotonic() < limit, "the browser did not start"
            time.sleep(0.05)
        port = port_file.read_text().splitlines()[0]
        self._browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        return self._browser.contexts[0]

    def battery_dies(self) -> None:
        """End it without a word of warning."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)
        self._process = None
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self._folder / name).unlink(missing_ok=True)


@contextlib.contextmanager
def cameras(playwright: Playwright, camera: Path, *more: str) -> Iterator[Browser]:
    """A browser whose camera sees the film."""
    arguments: Sequence[str] = [*ARGUMENTS, *CAMERA, f"--use-file-for-fake-video-capture={camera}", *more]
    browser = playwright.chromium.launch(executable_path=browser_path(), args=list(arguments))
    yield browser
    browser.close()
