"""What axe-core, which knows the rules for accessible pages, finds on the scoreboard: nothing serious."""

from collections import Counter
from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page

from tests.browser.evening import evening, method_of, record
from tests.browser.visits import Visit
from tests.gateway.telling import gateway, heard

pytestmark = pytest.mark.asyncio(loop_scope="session")

M500 = "torture/M500/-"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SERIOUS = {"serious", "critical"}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
async def test_nothing_serious_on_a_live_race(visit: Visit, screen: dict[str, Any]) -> None:
    """A race with a pair on the ice, a correction, badges and a flash, then with every list open."""
    told = evening("torture")
    photo = told.after(method_of(M500, "jpn-kaito-mori", "photo_finish"))
    gold = told.after(record("WR", M500))
    async with gateway(told.told(photo - 1)) as held:
        page = await visit(f"{held.url}/?race={M500}", **screen)
        await page.wait_for_selector("#standings[data-version]")
        for message in told.then(photo - 1, gold):
            held.hear(message)
        await page.wait_for_selector("#flashes > .flash[data-kind=WR]")
        await page.wait_for_selector("#standings-rows > tr[data-corrected]")
        assert await serious_on(page, "live race") == []
        await open_everything(page)
        assert await serious_on(page, "live race with all lists open") == []


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
async def test_nothing_serious_on_rankings_and_an_official_race(visit: Visit, screen: dict[str, Any]) -> None:
    """The rankings, and from there the latest race."""
    async with gateway(heard("2021-22-season", "2022-olympics-beijing")) as held:
        page = await visit(f"{held.url}/?view=rankings", **screen)
        await page.wait_for_selector("#ranking[data-version]")
        assert await serious_on(page, "rankings") == []
        await page.locator("#to-race").click()
        await page.wait_for_selector("#standings[data-version]")
        assert await serious_on(page, "official race") == []


async def test_what_is_serious_would_be_found(visit: Visit) -> None:
    """Words that hardly differ from their background are found: nothing hides the page from axe-core."""
    async with gateway(heard("torture")) as held:
        page = await visit(held.url)
        await page.wait_for_selector("#standings[data-version]")
        await page.evaluate("document.querySelector('#race-where').style.color = '#dde4e8'")
        found = await serious_on(page, "a race in pale letters")

    assert found
    assert all("color-contrast" in words and "#race-where" in words for words in found)


async def serious_on(page: Page, what: str) -> list[str]:
    """Let axe-core look at a page in light and in dark; print all counts, give what is serious and where."""
    serious = []
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        # What is halfway through a fade has colours that nobody is meant to read.
        await page.evaluate("Promise.all(document.getAnimations().map(({ finished }) => finished))")
        found = (await Axe().run(page)).response["violations"]
        counted = Counter(violation["impact"] for violation in found)
        print(f"axe-core, {what}, {scheme}: {dict(counted) or 'nothing'}")  # noqa: T201 - shown with -rP
        serious += [
            f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
            for violation in found
            if violation["impact"] in SERIOUS
            for node in violation["nodes"]
        ]
    return serious


async def open_everything(page: Page) -> None:
    """Open all lists and tables of a page."""
    for summary in await page.locator("details:not([open]) > summary").all():
        if await summary.is_visible():
            await summary.click()
