"""The scoreboard on a wall: a large screen that nobody scrolls or touches."""

import json
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.evening import evening
from tests.browser.sheets import sheet_on, until
from tests.browser.test_accessibility import serious_on
from tests.browser.visits import Visit
from tests.gateway.telling import Heard, gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")

BEIJING = "2022-olympics-beijing/M1000/-"
WALLS = {
    "full-hd": ({"width": 1920, "height": 1080}, 1.6),
    "1440": ({"width": 2560, "height": 1440}, 1.6),
    "uhd": ({"width": 3840, "height": 2160}, 1.6),
    "upright": ({"width": 1080, "height": 1920}, 1.0),
}
"""Screens, and how high the letters of thirty lines are at least, in percent of the height."""

ON_WALL = """
() => {
  const box = (node) => node.getBoundingClientRect();
  const rows = [...document.querySelectorAll("#standings-rows > tr:not([hidden])")];
  const cards = [...document.querySelectorAll("#standings, .card, #podium, #race-age")];
  const within = ({ left, top, right, bottom }) =>
    left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  return {
    rows: rows.length,
    seen: rows.filter((row) => box(row).bottom <= box(document.querySelector("#standings")).bottom).length,
    within: cards.every((node) => within(box(node)) && node.scrollHeight <= node.clientHeight + 2),
    letters: (100 * parseFloat(getComputedStyle(rows[0].cells[2]).fontSize)) / innerHeight,
    scrolls: document.documentElement.scrollHeight > innerHeight,
  };
}
"""


@pytest.mark.parametrize("wall", WALLS)
async def test_a_wall_shows_the_whole_race_at_once(visit: Visit, wall: str) -> None:
    """All thirty lines, who is on the ice and the podium, large; nothing to click; what is old says so."""
    screen, letters = WALLS[wall]
    told = evening("2022-olympics-beijing")
    version = told.standings(139)[BEIJING].version
    async with gateway(told.told(139)) as held:
        page = await visit(f"{held.url}/?view=wall&lang=nl&delay=0", viewport=screen)
        await until(page, BEIJING, version)
        await expect(page.locator(".card")).to_have_count(2)
        shown = await page.evaluate(ON_WALL)
        assert shown["rows"] == shown["seen"] == 30
        assert shown["within"]
        assert not shown["scrolls"]
        assert shown["letters"] >= letters
        for hidden in ("#races", "#language", "#sections", "#standings-part"):
            await expect(page.locator(hidden)).to_be_hidden()
        await expect(page.locator("#race-age")).to_contain_text("Stand van 17:04:13")
        assert await serious_on(page, f"wall, {wall}") == []

        held.channels.set_stale(stale=True)
        await expect(page.locator("#connection")).to_be_in_viewport(ratio=1)
        shown = await page.evaluate(ON_WALL)
        assert shown["rows"] == shown["seen"] == 30


async def test_a_sheet_too_long_for_a_wall_takes_turns(visit: Visit) -> None:
    """Of sixty skaters thirty are shown for twelve seconds, then the others, then the first again."""
    told = evening("2022-olympics-beijing").told(139)
    version = evening("2022-olympics-beijing").standings(139)[BEIJING].version
    async with gateway([doubled(one) for one in told]) as held:
        page = await visit(f"{held.url}/?view=wall", viewport={"width": 1920, "height": 1080})
        await page.clock.install()
        await page.reload()
        await until(page, BEIJING, version)
        part, rows = page.locator("#standings-part"), page.locator("#standings-rows > tr")
        for turn in ("1/2", "2/2", "1/2"):
            await expect(part).to_have_text(turn)
            await expect(rows.nth(0)).to_be_visible(visible=turn == "1/2")
            await expect(rows.nth(59)).to_be_visible(visible=turn == "2/2")
            await expect(page.locator(".card").first).to_be_in_viewport(ratio=1)
            await expect(page.locator("#podium-places")).to_be_in_viewport(ratio=1)
            assert len(await sheet_on(page)) == 60
            await page.clock.fast_forward(12_000)


def doubled(message: Heard) -> Heard:
    """Give standings with everybody in them twice, under another name."""
    if message.stream != "standings":
        return message
    said: dict[str, Any] = json.loads(message.value)
    others = [
        {**entry, "rank": None, "competitor": {**entry["competitor"], "id": f"{entry['competitor']['id']}-2"}}
        for entry in said["entries"]
    ]
    return replace(message, value=json.dumps({**said, "entries": said["entries"] + others}).encode())
