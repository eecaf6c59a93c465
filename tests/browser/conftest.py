"""One browser for all tests of the pages, and a context for each visit."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import launched
from tests.browser.visits import Visit, visiting


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, for the whole session; tests that use it run in the session's event loop."""
    async with launched() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    """Open pages whose console must stay silent."""
    async with visiting(browser) as opened:
        yield opened
