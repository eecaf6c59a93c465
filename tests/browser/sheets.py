"""The sheet as a page shows it, and as it must be."""

from typing import Literal, NamedTuple

from playwright.async_api import Page

from schemas.standings import Entry, Standings

Language = Literal["en", "nl"]

READ = """
rows => rows.map(row => {
  const shown = (selector) => {
    const found = row.querySelector(selector);
    return found === null || found.hidden || found.dataset.running !== undefined ? "" : found.textContent;
  };
  const cells = [".rank .number", ".nameplate > .name", ".nameplate > .country", ".time .result", ".behind"];
  return cells.map(shown);
})
"""


class SheetLine(NamedTuple):
    """A line of the sheet, as text."""

    rank: str
    name: str
    country: str
    time: str
    behind: str


async def until(page: Page, race_id: str, version: int) -> None:
    """Wait until the scoreboard shows a version of a race."""
    await page.wait_for_selector(f'#standings[data-race="{race_id}"][data-version="{version}"]')


async def sheet_on(page: Page) -> list[SheetLine]:
    """Read the table of the scoreboard from top to bottom."""
    found = await page.eval_on_selector_all("#standings-rows > tr", READ)
    return [SheetLine(*texts) for texts in found]


def sheet_of(standings: Standings, language: Language = "en") -> list[SheetLine]:
    """Write the sheet that a page has to show."""
    lines = [_line_of(entry, language) for entry in standings.entries]
    if standings.race.format == "mass_start":
        # Points and laps tell who is behind; there is no column for it.
        return [line._replace(behind="") for line in lines]
    return lines


def _line_of(entry: Entry, language: Language) -> SheetLine:
    rank = "" if entry.rank is None else f"{'=' if entry.rank_equal else ''}{entry.rank}"
    thousandth = "" if entry.thousandth is None else f"({entry.thousandth})"
    time = entry.irm or in_language(entry.time or "", language) + thousandth
    who = entry.competitor
    return SheetLine(rank, who.name, who.country, time, in_language(entry.behind or "", language))


def in_language(written: str, language: Language) -> str:
    """Write a time as it is written in a language: 1:07.92 is 1.07,92 in Dutch."""
    return written.translate(str.maketrans(".:", ",.")) if language == "nl" else written
