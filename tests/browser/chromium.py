"""Starting Chromium, for tests, screenshots and measurements alike."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from tests.browser_presence import chromium, lacking

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Letters of the same shape everywhere, whatever the screen.
    "--font-render-hinting=none",
)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Run a browser without a window for a block.

    Raises:
        RuntimeError: where this machine has none.
    """
    path = chromium()
    if path is None:
        raise RuntimeError(lacking())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()
