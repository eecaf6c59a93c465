"""The scoreboard, from timing events on Apache Kafka through worker and gateway to the screen."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.evening import Evening, evening, method_of, record
from tests.browser.serving import free_port, serving
from tests.browser.sheets import sheet_of, sheet_on, until
from tests.browser.visits import Visit
from tests.kafka.meeting import Meeting, meeting

pytestmark = pytest.mark.asyncio(loop_scope="session")

M500 = "torture/M500/-"
W1000 = "torture/W1000/-"
W3000 = "torture/W3000/B"


@asynccontextmanager
async def opened(address: str, log: Path, told: Evening) -> AsyncIterator[Meeting]:
    """Open a meeting: a worker runs, and has read what was listed before."""
    async with meeting(address, log) as held:
        held.start_worker()
        await held.publish(told.reference)
        yield held


async def shows_all(pages: Sequence[tuple[Page, str]], told: Evening, count: int) -> None:
    """Hold the sheets on pages against what so many events come to."""
    standings = told.standings(count)
    for page, race_id in pages:
        if race_id in standings:
            await until(page, race_id, standings[race_id].version)
            assert await sheet_on(page) == sheet_of(standings[race_id])


async def test_a_winter_games_race_is_right_all_the_way(
    kafka_address: str, tmp_path: Path, visit: Visit
) -> None:
    """At three moments and at the end ranks, names, times and gaps are those that memory comes to."""
    told = evening("2022-olympics-beijing")
    race_id = "2022-olympics-beijing/M1000/-"
    async with (
        opened(kafka_address, tmp_path / "worker.log", told) as held,
        serving(held.settings, tmp_path / "gateway.log") as address,
    ):
        page = await visit(address)
        before = 0
        for count in (40, 90, 135, len(told.timing)):
            await held.publish(told.timing[before:count])
            await shows_all([(page, race_id)], told, count)
            before = count
        assert (await sheet_on(page))[0] == ("1", "Thomas Krol", "NED", "1:07.92", "")


async def test_an_evening_with_everything_that_goes_wrong(
    kafka_address: str, tmp_path: Path, visit: Visit
) -> None:
    """A photo finish swaps gold and silver, a world record flashes, the gateway restarts, a DQ takes it back.

    At each of these moments and at the end the sheets of all races are those that memory comes to.
    """
    told = evening("torture")
    photo = told.after(method_of(M500, "jpn-kaito-mori", "photo_finish"))
    gold = told.after(record("WR", M500))
    taken_back = told.after(record("WR", M500, revoked=True))
    port = free_port()
    log = tmp_path / "gateway.log"
    async with opened(kafka_address, tmp_path / "worker.log", told) as held:
        async with serving(held.settings, log, port=port) as address:
            pages = [
                (await visit(f"{address}/?race={race_id}", provokes=["ERR_"]), race_id)
                for race_id in (M500, W1000, W3000)
            ]
            page = pages[0][0]
            await held.publish(told.timing[: photo - 1])
            await shows_all(pages, told, photo - 1)

            await held.publish(told.timing[photo - 1 : photo])
            await shows_all(pages, told, photo)
            await shows_swap(page)

            await held.publish(told.timing[photo:gold])
            await shows_all(pages, told, gold)
            flash = page.locator("#flashes > .flash[data-kind=WR]")
            await expect(flash).to_have_count(1)
            await expect(flash).to_contain_text("Teun Postma NED")
            await expect(flash).to_contain_text("33.55")
        await expect(page.locator("#connection")).to_have_attribute("data-state", "disconnected")
        # What happens while the gateway is away has to be on the page when it is back.
        await held.publish(told.timing[gold:taken_back])
        await held.all_done()
        async with serving(held.settings, log, port=port):
            await shows_all(pages, told, taken_back)
            await expect(page.locator("#connection")).to_have_attribute("data-state", "live")
            await held.publish(told.timing[taken_back:])
            await shows_all(pages, told, len(told.timing))


async def shows_swap(page: Page) -> None:
    """See that the photo finish of Mori has put Marchand before him, and what stood there before."""
    mori, marchand = (
        page.locator(f'#standings-rows > tr[data-competitor="{who}"]')
        for who in ("jpn-kaito-mori", "can-evan-marchand")
    )
    await expect(mori).to_have_attribute("data-corrected", "")
    await expect(mori.locator(".was")).to_be_visible()
    await expect(mori.locator(".was")).to_have_text("33.86(2)")
    await expect(mori.locator(".moved")).to_have_text("▼1")
    await expect(marchand.locator(".was")).to_be_hidden()
    await expect(marchand.locator(".moved")).to_have_text("▲1")
