"""A race in parts on the scoreboard: its first lines, and somebody who is not among them."""

from itertools import chain

import pytest
from playwright.async_api import expect

from bench.long_race import RACE, announced_in_parts, skated_by
from tests.browser.test_accessibility import serious_on
from tests.browser.test_scoreboard import PHONE, tab_to
from tests.browser.visits import Visit
from tests.gateway.in_parts import entries_of, told_by
from tests.gateway.telling import gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANY = 240
PAIRS = 6


async def test_somebody_far_behind_is_found_and_followed(visit: Visit) -> None:
    """With the keyboard alone: words, Enter, the one who is meant, and the line as it changes."""
    said, race = told_by(chain(announced_in_parts(MANY), *(skated_by(pair) for pair in range(1, PAIRS + 1))))
    before, _ = told_by(chain(announced_in_parts(MANY), *(skated_by(pair) for pair in range(1, PAIRS))))
    last = [entry for entry in entries_of(race) if entry.rank][-1]
    other = "skater-239"
    async with gateway(before) as held:
        page = await visit(f"{held.url}/?race={RACE}", viewport=PHONE)
        await expect(page.locator("#standings-front")).to_have_text("First 100 of 240")
        await expect(page.locator("#standings-rows > tr")).to_have_count(100)

        await tab_to(page, "#finding-words")
        await page.keyboard.type("SKATER-23")
        await page.keyboard.press("Enter")
        await expect(page.locator("#finding-count")).to_have_text("10 of 11 found")
        await page.locator("#finding-words").fill(other)
        await page.keyboard.press("Enter")
        await expect(page.locator("#finding-found a")).to_have_count(1)
        await tab_to(page, "#finding-found a")
        await page.keyboard.press("Enter")
        await expect(page.locator(f"#finding-line[data-competitor={other}]")).to_contain_text("120")
        assert await serious_on(page, "a competitor of a race in parts") == []
        # It asks for the line now and then, also when the gateway of this test has gone.
        await page.close()

        followed = await visit(f"{held.url}/?race={RACE}&competitor={last.competitor.id}&lang=nl")
        line = followed.locator("#finding-line")
        await expect(line).to_be_visible()
        for message in said[len(before) :]:
            held.hear(message)
        await expect(line).to_contain_text(f"Plaats{last.rank}")
        await expect(followed.locator("#standings-front")).to_have_text("Eerste 100 van 240")
        await followed.close()


async def test_a_small_race_in_parts_has_everybody_on_the_page(visit: Visit) -> None:
    """And nothing to be found."""
    said, _ = told_by(announced_in_parts(4))
    async with gateway(said) as held:
        page = await visit(f"{held.url}/?race={RACE}")
        await expect(page.locator("#standings-rows > tr")).to_have_count(4)
        await expect(page.locator("#standings-front")).to_be_hidden()
