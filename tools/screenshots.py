"""Pictures of every page at desktop and phone width, from a sample county made for the purpose.

.venv/bin/python tools/screenshots.py              all pages, build/screenshots/<width>/<name>.png
.venv/bin/python tools/screenshots.py assets web   pages whose name begins with one of the words
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from tests.flows import running  # noqa: E402

TARGET = ROOT / "build" / "screenshots"
WIDTHS = {"1440": (1440, 900), "390": (390, 844)}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Shot:
    """One picture: its name, who looks, at which address, and what to do on the page before."""

    name: str
    role: str
    path: str
    before: Callable[[Page], object] | None = None


def first_link(selector: str) -> Callable[[Page], object]:
    """Follow the first link that matches."""

    def follow(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")

    return follow


SHOTS: tuple[Shot, ...] = (
    Shot("web-login", "", "/login/"),
    Shot("web-desk-clerk", "bureau_clerk", "/"),
    Shot("web-desk-accountant", "accountant", "/"),
    Shot("web-desk-admin", "system_admin", "/"),
)


def _log_in(page: Page, address: str, role: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("input[name=username]", role)
    page.fill("input[name=password]", running.PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def take(browser: Browser, address: str, shots: list[Shot]) -> list[str]:
    """Take the pictures and return what went wrong, page by page."""
    wrong = []
    for folder, (width, height) in WIDTHS.items():
        (TARGET / folder).mkdir(parents=True, exist_ok=True)
        for role in dict.fromkeys(shot.role for shot in shots):
            context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            page = context.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
            page.on("console", lambda line, errors=errors: errors.append(line.text) if line.type == "error" else None)
            if role:
                _log_in(page, address, role)
            for shot in (shot for shot in shots if shot.role == role):
                errors.clear()
                answer = page.goto(address + shot.path, wait_until="networkidle")
                if shot.before:
                    shot.before(page)
                page.screenshot(path=TARGET / folder / f"{shot.name}.png", full_page=True)
                if answer is None or answer.status >= 400:
                    wrong.append(f"{shot.name} at {width}: status {answer.status if answer else 'none'}")
                overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if overflow > 0:
                    wrong.append(f"{shot.name} at {width}: {overflow} pixels wider than the window")
                wrong += [f"{shot.name} at {width}: {error}" for error in errors]
            context.close()
    return wrong


def main() -> int:
    words = sys.argv[1:]
    shots = [shot for shot in SHOTS if not words or any(shot.name.startswith(word) for word in words)]
    with tempfile.TemporaryDirectory(prefix="mingchan-screenshots-") as name:
        home = Path(name)
        county = running.County(home, running.environment_for(home, "sqlite://"))
        county.command("init")
        county.command("demo")
        with running.serving(county) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_browser(), args=ARGUMENTS)
            wrong = take(browser, address, shots)
            browser.close()
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(shots)} pages at {len(WIDTHS)} widths in {TARGET.relative_to(ROOT)}; {len(wrong)} problems")
    return 1 if wrong else 0


def _browser() -> str:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for candidate in names if (path := shutil.which(candidate))), None)
    if found is None:
        sys.exit("No Chromium here. Install it: sudo apt install chromium fonts-noto-cjk")
    return found


if __name__ == "__main__":
    sys.exit(main())
