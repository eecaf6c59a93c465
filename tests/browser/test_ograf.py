"""OGraf graphics in a renderer that is another web site."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import expect

from streams.gateway.gate import Door
from tests.browser.evening import evening
from tests.browser.on_air import FULL_HD, board_on, comes_in, goes_out
from tests.browser.serving import free_port
from tests.browser.visits import Visit
from tests.gateway.telling import gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")

M500 = "torture/M500/-"
RENDERER = """
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A renderer</title><link rel="icon" href="data:,"></head>
<body></body>
</html>
"""
LOAD = """
async ([folder, race]) => {
  const manifest = await (await fetch(`${folder}/standings.ograf.json`)).json();
  const { default: Graphic } = await import(`${folder}/${manifest.main}`);
  customElements.define("a-graphic", Graphic);
  window.graphic = document.createElement("a-graphic");
  document.body.append(window.graphic);
  const { statusCode } = await window.graphic.load({ renderType: "realtime", data: { race } });
  return [manifest.id, statusCode];
}
"""


@asynccontextmanager
async def renderer(port: int) -> AsyncIterator[str]:
    """Serve an empty page at an origin of its own for a block."""

    async def page(request: web.Request) -> web.Response:
        del request
        return web.Response(text=RENDERER, content_type="text/html")

    application = web.Application()
    application.router.add_get("/", page)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


async def test_a_graphic_plays_on_a_page_of_another_web_site(visit: Visit) -> None:
    """Manifest, modules, styles and feed all come from the gateway; play, update and stop answer 200."""
    told = evening("torture")
    port = free_port()
    door = Door(origins=(f"http://127.0.0.1:{port}",))
    async with renderer(port) as site, gateway(told.heard, door) as held:
        page = await visit(site, viewport=FULL_HD)

        assert await page.evaluate(LOAD, [f"{held.url}/ograf", M500]) == ["io.slotrit.standings", 200]
        await goes_out(page, "standings")

        assert await page.evaluate("graphic.playAction({})") == {"statusCode": 200, "currentStep": 0}
        await comes_in(page, "standings")
        assert (await board_on(page))[0] == ["1", "Evan Marchand", "CAN", "33.86", "1", ""]

        assert (await page.evaluate("graphic.updateAction({ data: { lines: 3 } })"))["statusCode"] == 200
        await expect(page.locator("slotrit-standings .line")).to_have_count(3)

        assert (await page.evaluate("graphic.stopAction({})"))["statusCode"] == 200
        await goes_out(page, "standings")
        assert (await page.evaluate("graphic.dispose()"))["statusCode"] == 200
        await expect(page.locator("slotrit-standings")).to_have_count(0)
