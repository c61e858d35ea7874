"""A running county and a browser for journeys. All of it is real: processes, database, pages."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.flows import running
from tests.flows.running import PASSWORD, County, Moulds

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a journey."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.flow)


def _shared(config: pytest.Config) -> Path:
    """The folder that all processes of a run share."""
    own: Path = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    return own.parent if hasattr(config, "workerinput") else own


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What journeys were copied from goes when the run is over."""
    if not hasattr(session.config, "workerinput") and hasattr(session.config, "_tmp_path_factory"):
        Moulds(_shared(session.config), os.environ.get("DATABASE_URL", "")).drop()


@pytest.fixture(scope="session")
def moulds(pytestconfig: pytest.Config) -> Moulds:
    """Prepared counties to be copied."""
    return Moulds(_shared(pytestconfig), os.environ.get("DATABASE_URL", ""))


@pytest.fixture(scope="module")
def county(
    request: pytest.FixtureRequest, moulds: Moulds, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    """A sample county for each module: with nothing imported yet, or as its offices left it when the module says
    `COUNTY = "filled"`."""
    with moulds.copy(getattr(request.module, "COUNTY", "sample"), tmp_path_factory.mktemp("county")) as copied:
        yield copied


@pytest.fixture(scope="module")
def empty_county(moulds: Moulds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """A county before its first steps."""
    with moulds.copy("empty", tmp_path_factory.mktemp("empty")) as copied:
        yield copied


@pytest.fixture(scope="module")
def server(county: County) -> Iterator[str]:
    """The address of the county's running server."""
    with running.serving(county) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the system."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert path, "no Chromium here; `make test` installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


def _is_trouble(line: ConsoleMessage) -> bool:
    """Whether the browser complains of more than a refusal, which the page itself shows in words."""
    return line.type == "error" and "the server responded with a status of 4" not in line.text


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh session. An error in its script or a refused resource fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda line: troubles.append(line.text) if _is_trouble(line) else None)
    yield opened
    context.close()
    assert not troubles, troubles


@pytest.fixture
def log_in(page: Page, server: str) -> Callable[..., Page]:
    """`log_in("bureau_clerk")`: the page at the desk of that sample account."""

    def as_user(username: str, password: str = PASSWORD) -> Page:
        page.goto(f"{server}/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        expect(page.locator("input[name=password]")).to_have_count(0)
        return page

    return as_user
