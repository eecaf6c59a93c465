"""A pytest plugin: where Chromium is, and a loud word where there is none.

A test that is marked `browser`, or that asks for the fixture `browser` or `visit`, runs in a real browser:
the one that `CHROMIUM` names, else Debian's. On a machine without one these tests are skipped, and the last
lines of the run say so; with `REQUIRE_BROWSER=1` in the environment each of them fails instead.
"""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.lacking import Need

FIXTURES = {"browser", "visit"}
COMMANDS = ("chromium", "chromium-browser", "google-chrome")
NEED = Need("Chromium", "BROWSER", "the pages", "REQUIRE_BROWSER")


def chromium() -> Path | None:
    """Give the browser of this machine, the one that `CHROMIUM` names first; None where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if os.access(named, os.X_OK) else None
    found = next(filter(None, map(shutil.which, COMMANDS)), None)
    return None if found is None else Path(found)


def lacking() -> str | None:
    """Say what this machine lacks to run a browser; None where it lacks nothing."""
    if chromium() is not None:
        return None
    named = os.environ.get("CHROMIUM")
    if named:
        return f"CHROMIUM names {named}, which cannot be run"
    return "there is none: apt-get install chromium, or name one with CHROMIUM"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses a browser, before `-m` selects by the marks."""
    for item in items:
        if FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs a browser where there is none, or fail it where it is required."""
    if item.get_closest_marker("browser") is None:
        return
    lacks = lacking()
    if lacks is None:
        return
    NEED.refuse(item, lacks)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say after everything else that nobody has looked at the pages."""
    yield
    NEED.say(terminalreporter)
