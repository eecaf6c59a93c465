"""Visiting pages as somebody does who reads the console: whatever is wrong there fails the test."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Protocol

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

WRONG = {"error", "warning"}
PATIENCE_MS = 15_000
"""How long a page may take to come to what a test waits for, on a machine that has other things to do."""


class Visit(Protocol):
    """Opens a page in a browser context of its own."""

    async def __call__(self, url: str, *, provokes: Sequence[str] = (), **context: Any) -> Page:
        """Open a page.

        Args:
            url: where.
            provokes: what this visit may see in the console, by any part of its text.
            context: what Playwright's `new_context` takes: `viewport`, `color_scheme`, `locale`, …
        """
        ...


@asynccontextmanager
async def visiting(browser: Browser) -> AsyncIterator[Visit]:
    """Give visits for a block; at its end nothing may have been wrong on any of the pages."""
    wrong: list[str] = []

    async def visit(url: str, *, provokes: Sequence[str] = (), **context: Any) -> Page:
        held = await contexts.enter_async_context(await _context(browser, context))
        page = await held.new_page()

        def note(words: str) -> None:
            if not any(provoked in words for provoked in provokes):
                wrong.append(f"{page.url}: {words}")

        def note_said(message: ConsoleMessage) -> None:
            if message.type in WRONG:
                note(f"{message.type}: {message.text} ({message.location.get('url')})")

        page.on("console", note_said)
        page.on("pageerror", lambda error: note(f"not caught: {error}"))
        await page.goto(url)
        return page

    async with AsyncExitStack() as contexts:
        yield visit
    assert not wrong, "\n".join(wrong)


async def _context(browser: Browser, known: dict[str, Any]) -> BrowserContext:
    known.setdefault("viewport", {"width": 1280, "height": 800})
    known.setdefault("locale", "en-GB")
    context = await browser.new_context(**known)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    return context
