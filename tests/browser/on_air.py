"""What an overlay has on air, read from the page as a camera would see it."""

import base64
from collections.abc import Sequence
from typing import Literal

from playwright.async_api import Page, expect

Graphic = Literal["standings", "pair", "record"]
GOES_WITHIN_MS = 20_000
"""A graphic is held for some seconds before it goes; on a busy machine it is looked at rarely."""
FULL_HD = {"width": 1920, "height": 1080}

ALPHA = """
async ([png, points]) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  canvas.drawImage(picture, 0, 0);
  return points.map(([x, y]) => canvas.getImageData(x, y, 1, 1).data[3]);
}
"""
LINES = """
lines => lines
  .filter(line => line.dataset.leaving === undefined)
  .sort((one, other) => one.style.getPropertyValue("--place") - other.style.getPropertyValue("--place"))
  .map(line => ["rank", "name", "country", "time", "thousandth", "gap"].map(
    field => line.querySelector(`[data-field=${field}]`).textContent))
"""


async def comes_in(page: Page, graphic: Graphic) -> None:
    """Wait until a graphic is on air and has come to rest."""
    await expect(page.locator(f"slotrit-{graphic} .stage")).to_have_attribute("data-air", "on")
    await expect(page.locator(f"slotrit-{graphic} .stage")).to_be_visible()


async def goes_out(page: Page, graphic: Graphic) -> None:
    """Wait until nothing of a graphic is to be seen."""
    stage = page.locator(f"slotrit-{graphic} .stage")
    await expect(stage).to_have_attribute("data-air", "out", timeout=GOES_WITHIN_MS)
    await expect(stage).to_be_hidden()


async def hears(page: Page, graphic: Graphic) -> None:
    """Wait until a graphic is connected and has been told how things are."""
    await expect(page.locator(f"slotrit-{graphic}")).to_have_attribute("data-feed", "live")


async def board_on(page: Page) -> list[list[str]]:
    """Read the lines of the leaderboard from top to bottom: rank, name, country, time, thousandth, gap."""
    found: list[list[str]] = await page.eval_on_selector_all("slotrit-standings .line", LINES)
    return found


async def alphas_at(page: Page, still: Page, points: Sequence[tuple[int, int]]) -> list[int]:
    """Give how opaque a page is at some points, 0 to 255, over no background.

    Args:
        page: the page.
        still: any other page, in which the picture is looked at.
        points: from the left and from the top, in pixels.
    """
    picture = base64.b64encode(await page.screenshot(omit_background=True)).decode()
    found: list[int] = await still.evaluate(ALPHA, [picture, points])
    return found
