"""The scoreboard as people use it: phones, keyboards, languages, colours, delays, tokens, and what is old."""

import time

import pytest
from playwright.async_api import Page, expect

from schemas.rankings import Ranking
from schemas.standings import Standings
from streams.gateway.gate import Door, hash_of, new_token
from tests.browser.evening import evening
from tests.browser.sheets import Language, sheet_of, sheet_on, until
from tests.browser.visits import Visit
from tests.gateway.telling import Heard, gateway, heard

pytestmark = pytest.mark.asyncio(loop_scope="session")

BEIJING = "2022-olympics-beijing/M1000/-"
M500 = "torture/M500/-"
W1000 = "torture/W1000/-"
PHONE = {"width": 360, "height": 780}


def final(messages: tuple[Heard, ...], race_id: str) -> Standings:
    """Give the last standings of a race."""
    of_race = [Standings.model_validate_json(one.value) for one in messages if one.stream == "standings"]
    return next(standings for standings in reversed(of_race) if standings.race_id == race_id)


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached with Tab")


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_times_are_written_as_in_the_language_of_the_page(visit: Visit, language: Language) -> None:
    """English people read 1:07.92 and Dutch people 1.07,92, in every line and on the podium."""
    messages = heard("2022-olympics-beijing")
    standings = final(messages, BEIJING)
    async with gateway(messages) as held:
        page = await visit(held.url, locale={"en": "en-US", "nl": "nl-BE"}[language])
        await until(page, BEIJING, standings.version)

        sheet = await sheet_on(page)
        first = page.locator("#podium-places > li").first

        assert sheet == sheet_of(standings, language)
        assert sheet[0].time == {"en": "1:07.92", "nl": "1.07,92"}[language]
        await expect(first).to_contain_text(sheet[0].time)
        await expect(page.locator("html")).to_have_attribute("lang", language)
        await expect(page.locator("#race-title")).to_have_text(
            {"en": "Men 1000 m", "nl": "1000 m mannen"}[language]
        )


async def test_every_race_of_a_weekend_can_be_looked_up(visit: Visit) -> None:
    """A click in the programme shows a race, whatever its format; back returns to the one before."""
    messages = heard("2021-wc1-tomaszow")
    timed = [one for one in messages if one.stream == "standings"]
    races = {Standings.model_validate_json(one.value).race_id for one in timed}
    async with gateway(messages) as held:
        page = await visit(held.url)
        await page.locator("#races > summary").click()
        links = page.locator("#programme-groups a[data-race]")
        await expect(links).to_have_count(len(races))
        for race_id in sorted(races):
            standings = final(messages, race_id)
            await page.locator(f'#programme-groups a[data-race="{race_id}"]').click()
            await until(page, race_id, standings.version)
            assert await sheet_on(page) == sheet_of(standings)
            await expect(page.locator("#races")).not_to_have_attribute("open", "")
            await page.locator("#races > summary").click()
        before = sorted(races)[-2]
        await page.go_back()
        await until(page, before, final(messages, before).version)


async def test_a_phone_shows_everything_without_scrolling_sideways(visit: Visit) -> None:
    """At 360 px nothing is wider than the screen: a race, its list of races, and the rankings."""
    async with gateway(heard("2021-22-season", "2022-olympics-beijing")) as held:
        page = await visit(f"{held.url}/?race={BEIJING}", viewport=PHONE, has_touch=True, is_mobile=True)
        await page.wait_for_selector(f'#standings[data-race="{BEIJING}"]')
        await fits(page)
        await expect(page.locator("#standings-rows .time .result").first).to_be_in_viewport(ratio=1)
        await page.locator("#races > summary").tap()
        await expect(page.locator("#programme-groups a").first).to_be_visible()
        await fits(page)
        await page.locator("#to-rankings").tap()
        await page.wait_for_selector("#ranking[data-version]")
        await fits(page)


async def fits(page: Page) -> None:
    """See that a page is no wider than the window, also with what overflows it."""
    width = await page.evaluate(
        "[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]"
    )
    assert width == [PHONE["width"]] * 3


async def test_a_keyboard_is_enough(visit: Visit) -> None:
    """Tab and Enter reach and choose another race, and another language, which the next visit remembers."""
    async with gateway(heard("torture")) as held:
        page = await visit(held.url)
        await page.wait_for_selector("#standings[data-version]")

        await page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        await expect(skip).to_be_focused()
        await expect(skip).to_be_in_viewport(ratio=1)
        await tab_to(page, "#races > summary")
        await page.keyboard.press("Enter")
        await tab_to(page, f'a[data-race="{W1000}"]')
        await page.keyboard.press("Enter")
        await page.wait_for_selector(f'#standings[data-race="{W1000}"]')
        await expect(page.locator("#race-title")).to_have_text("Women 1000 m")

        await page.evaluate("document.activeElement.blur()")
        await tab_to(page, "#language")
        await page.keyboard.press("Enter")
        await expect(page.locator("html")).to_have_attribute("lang", "nl")
        await expect(page.locator("#race-title")).to_have_text("1000 m vrouwen")
        await expect(page.locator("#language")).to_be_focused()
        await page.reload()
        await expect(page.locator("#race-title")).to_have_text("1000 m vrouwen")


async def test_light_and_dark_follow_the_screen_unless_the_address_says(visit: Visit) -> None:
    """The colour scheme of the machine decides, at once, and `theme` in the address over it."""
    async with gateway(heard("torture")) as held:
        page = await visit(held.url, color_scheme="light")
        assert not await is_dark(page)
        await page.emulate_media(color_scheme="dark")
        assert await is_dark(page)
        await page.goto(f"{held.url}/?theme=light")
        assert not await is_dark(page)
        await page.emulate_media(color_scheme="light")
        await page.goto(f"{held.url}/?theme=dark")
        assert await is_dark(page)


async def is_dark(page: Page) -> bool:
    """Say whether a page is light on dark, rather than dark on light; nothing in between."""
    await page.wait_for_selector("#standings[data-version]")
    paper, ink = [sum(colour) / 3 for colour in await page.evaluate(COLOURS)]
    assert (paper < 64 and ink > 192) or (paper > 192 and ink < 64)
    return bool(paper < ink)


COLOURS = """
[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.body).color].map(
  (written) => written.match(/[0-9.]+/g).slice(0, 3).map(Number)
)
"""


async def test_rankings_are_those_of_the_messages(visit: Visit) -> None:
    """The table of a World Cup ranking has everybody's rank, name and points, in order."""
    messages = heard("2021-22-season")
    rankings = [Ranking.model_validate_json(one.value) for one in messages if one.stream == "rankings"]
    last = next(ranking for ranking in reversed(rankings) if ranking.basis == "points")
    async with gateway(messages) as held:
        page = await visit(f"{held.url}/?view=rankings&ranking={last.ranking_id}")
        await page.wait_for_selector(
            f'#ranking[data-ranking="{last.ranking_id}"][data-version="{last.version}"]'
        )
        shown = await page.eval_on_selector_all(
            "#ranking-rows > tr",
            """rows => rows.map(({ children: [rank, name, value] }) =>
              [rank.textContent, name.querySelector(".name").textContent, value.textContent])""",
        )

    assert shown == [
        [f"{'=' if entry.rank_equal else ''}{entry.rank}", entry.competitor.name, entry.value]
        for entry in last.entries
    ]


async def test_a_delayed_page_says_so_and_shows_everything_later(visit: Visit) -> None:
    """With `delay=1` a finish comes a second after it comes elsewhere, and the page says by how much."""
    told = evening("2022-olympics-beijing")
    before, after = told.standings(60)[BEIJING], told.standings(61)[BEIJING]
    assert before.version < after.version
    async with gateway(told.told(60)) as held:
        live, delayed = await visit(held.url), await visit(f"{held.url}/?delay=1")
        for page in (live, delayed):
            await until(page, BEIJING, before.version)
        await expect(delayed.locator("#delay")).to_have_text("Delayed by 1 s")
        await expect(live.locator("#delay")).to_be_hidden()
        began = time.monotonic()
        for message in told.then(60, 61):
            held.hear(message)
        await until(live, BEIJING, after.version)
        assert await delayed.locator("#standings").get_attribute("data-version") == str(before.version)
        await until(delayed, BEIJING, after.version)
        assert time.monotonic() - began >= 1.0
        assert await sheet_on(delayed) == sheet_of(after)


async def test_a_page_says_when_nothing_new_reaches_the_gateway(visit: Visit) -> None:
    """Where Kafka is away what is shown stays, marked as old, until Kafka is back."""
    async with gateway(heard("torture")) as held:
        page = await visit(held.url)
        await page.wait_for_selector("#standings[data-version]")
        connection = page.locator("#connection")
        await expect(connection).to_have_attribute("data-state", "live")

        held.channels.set_stale(stale=True)
        await expect(connection).to_have_attribute("data-state", "stale")
        await expect(connection).to_be_visible()
        await expect(connection).to_contain_text("may be old")
        await expect(page.locator("#standings-rows > tr").first).to_be_visible()

        held.channels.set_stale(stale=False)
        await expect(connection).to_have_attribute("data-state", "live")
        await expect(connection).to_be_empty()


async def test_a_page_with_a_token_works_and_one_without_is_refused(visit: Visit) -> None:
    """The token of the address is enough for all that the page asks for, and for the next visit."""
    token, hashed = new_token()
    async with gateway(heard("torture"), Door((hash_of(hashed),))) as held:
        refused = await visit(held.url, provokes=["401"])
        await expect(refused.locator("body")).to_contain_text("a token is needed")

        page = await visit(f"{held.url}/?token={token}")
        await page.wait_for_selector("#standings[data-version]")
        await page.locator("#to-rankings").click()
        assert token not in page.url
        await page.goto(f"{held.url}/?race={W1000}")
        await page.wait_for_selector(f'#standings[data-race="{W1000}"]')

        overlay = await visit(f"{held.url}/overlay/standings?race={M500}&token={token}")
        await overlay.wait_for_selector(f'slotrit-standings[data-race="{M500}"][data-on-air="true"]')
