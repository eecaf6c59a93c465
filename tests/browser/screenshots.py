"""Pictures of scoreboard and graphics for the documentation, from replays, so that they can be made again.

    python -m tests.browser.screenshots [FOLDER]

Writes to `docs/screenshots`, or to FOLDER.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from schemas.standings import Standings
from tests.browser.chromium import launched
from tests.browser.evening import Evening, evening, method_of, record
from tests.browser.on_air import FULL_HD
from tests.browser.sheets import until
from tests.gateway.telling import Gateway, Heard, gateway, heard

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
M500 = "torture/M500/-"
BEIJING = "2022-olympics-beijing/M1000/-"
LAST_LAP = 139
"""How many events of Beijing there are when its winner is on the last lap."""
NEW_MS = 8_000
"""For longer than this nothing looks new."""
ICE = "linear-gradient(165deg, #8fb7cf 0%, #d7e6ef 34%, #eef5f9 35%, #c3d9e6 70%, #9fc0d4 100%)"
DESK = {"width": 1280, "height": 860}


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a page: which one, seen on what, and what has to be there first.

    `before` has come before the page is opened, `live` comes while it is, event by event. `backdrop` is what
    a graphic stands before.
    """

    name: str
    path: str
    before: Sequence[Heard]
    ready: str
    live: Sequence[Sequence[Heard]] = ()
    screen: dict[str, Any] = field(default_factory=dict)
    backdrop: str = ""


def shots() -> list[Shot]:
    """Give all pictures."""
    games, torture = evening("2022-olympics-beijing"), evening("torture")
    return [*scoreboards(games, torture), *graphics(games, torture)]


def scoreboards(games: Evening, torture: Evening) -> list[Shot]:
    """Give the pictures of the scoreboard."""
    sheet = "#standings[data-version]"
    photo = torture.after(method_of(M500, "jpn-kaito-mori", "photo_finish"))
    gold = torture.after(record("WR", M500))
    phone = {"viewport": {"width": 360, "height": 780}, "device_scale_factor": 2, "is_mobile": True}
    wall = {"viewport": {"width": 2560, "height": 1440}, "device_scale_factor": 0.45}
    return [
        Shot("scoreboard-light", "/", games.told(LAST_LAP), sheet, screen={"viewport": DESK}),
        Shot(
            "scoreboard-dark",
            f"/?race={M500}",
            torture.told(photo - 1),
            "#flashes > .flash[data-kind=WR]",
            [torture.then(count, count + 1) for count in range(photo - 1, gold)],
            {"viewport": DESK, "color_scheme": "dark"},
        ),
        Shot("scoreboard-phone", "/", games.told(LAST_LAP), sheet, screen=phone),
        Shot("scoreboard-wall", "/?view=wall", games.told(LAST_LAP), sheet, screen=wall),
        Shot("scoreboard-dutch", "/", games.heard, sheet, screen={"viewport": DESK, "locale": "nl-NL"}),
        Shot(
            "rankings",
            "/?view=rankings",
            heard("2021-22-season"),
            "#ranking[data-version]",
            screen={"viewport": DESK},
        ),
    ]


def graphics(games: Evening, torture: Evening) -> list[Shot]:
    """Give the pictures of the overlays, before something like ice."""
    gold = torture.after(record("WR", M500))
    half = {"viewport": FULL_HD, "device_scale_factor": 0.5}
    return [
        Shot(
            f"overlay-{name}", f"/overlay/{name}?motion=none", before, ".stage[data-air=on]", live, half, ICE
        )
        for name, before, live in (
            ("standings", games.told(LAST_LAP), ()),
            ("pair", games.told(LAST_LAP), ()),
            ("record", torture.told(gold - 1), [torture.then(gold - 1, gold)]),
        )
    ]


async def take(browser: Browser, shot: Shot, folder: Path) -> None:
    """Take a picture."""
    async with AsyncExitStack() as held:
        feed = await held.enter_async_context(gateway(shot.before))
        known = {"locale": "en-GB", "reduced_motion": "reduce", **shot.screen}
        context = await held.enter_async_context(await browser.new_context(**known))
        page = await context.new_page()
        await page.clock.install()
        await page.goto(feed.url + shot.path)
        await tell(page, feed, shot)
        await page.locator(shot.ready).first.wait_for()
        await page.evaluate("colour => { document.documentElement.style.background = colour }", shot.backdrop)
        await page.evaluate("document.fonts.ready")
        await page.screenshot(path=folder / f"{shot.name}.png", animations="disabled")


async def tell(page: Page, feed: Gateway, shot: Shot) -> None:
    """Let come what comes while the page is open; only the last of it looks new."""
    if not shot.live:
        return
    await page.locator("#standings[data-version], [data-feed=live]").first.wait_for(state="attached")
    for event in shot.live[:-1]:
        for message in event:
            feed.hear(message)
        told = [Standings.model_validate_json(one.value) for one in event if one.stream == "standings"]
        for standings in told:
            if standings.race_id == M500:
                await until(page, M500, standings.version)
    if len(shot.live) > 1:
        await page.clock.fast_forward(NEW_MS)
    for message in shot.live[-1]:
        feed.hear(message)


async def take_all(folder: Path) -> None:
    """Take all pictures, and say how large they are."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    async with launched() as browser:
        for shot in shots():
            await take(browser, shot, folder)
            size = (await asyncio.to_thread((folder / f"{shot.name}.png").stat)).st_size
            print(f"{shot.name}.png {size / 1000:.0f} kB")  # noqa: T201 - to who runs it


if __name__ == "__main__":
    asyncio.run(take_all(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
