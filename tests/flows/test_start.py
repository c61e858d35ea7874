"""The first minutes: open the page, log in, land on one's own desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows import running
from tests.flows.running import PASSWORD, County

ROLES = ("bureau_clerk", "accountant", "audit", "town_keeper", "operator", "system_admin", "security_admin")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_lands_on_its_desk(log_in: Callable[..., Page], server: str, role: str) -> None:
    page = log_in(role)
    assert page.url == f"{server}/"
    expect(page.locator("h1, h2").first).to_be_visible()


def test_a_wrong_password_says_so_and_opens_nothing(page: Page, server: str) -> None:
    page.goto(f"{server}/login/")
    page.fill("input[name=username]", "bureau_clerk")
    page.fill("input[name=password]", PASSWORD + "x")
    page.press("input[name=password]", "Enter")
    expect(page.locator("[role=alert], .alert, .invalid-feedback").first).to_be_visible()
    page.goto(f"{server}/assets/")
    assert "/login/" in page.url


def test_the_page_speaks_english_when_asked(log_in: Callable[..., Page]) -> None:
    page = log_in("bureau_clerk")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.evaluate(
        "document.querySelector('form[action*=\"/reader/language/\"]').requestSubmit("
        "document.querySelector('form[action*=\"/reader/language/\"] [value=en]'))"
    )
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_an_empty_county_asks_for_a_new_password_first(browser: Browser, empty_county: County) -> None:
    with running.serving(empty_county) as address:
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(f"{address}/login/")
        page.fill("input[name=username]", "sysadmin")
        page.fill("input[name=password]", empty_county.first_passwords["sysadmin"])
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{address}/password/")
        context.close()
