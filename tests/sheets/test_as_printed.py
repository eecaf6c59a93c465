"""All result sheets of two World Cups, where they lie beside the checkout; they are not ours to copy."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import pytest

from schemas.timing import RaceScheduled, StartListRevised, TimingEvent
from tests.sheets.compared import Outcome, differences, replayed
from tests.sheets.known import KNOWN, TAKEN
from tests.sheets.printed import ResultSheet, read_sheets
from tests.sheets.skated import events, points_taken

SHEETS = Path(__file__).parents[3] / "shared" / "data" / "isu-sheets-wc1-wc2.csv"

pytestmark = pytest.mark.skipif(
    not SHEETS.exists(), reason=f"no result sheets in ../shared/data/{SHEETS.name} beside the checkout"
)

Arrival = Callable[[list[TimingEvent]], Iterable[TimingEvent]]


def _shuffled(given: list[TimingEvent]) -> list[TimingEvent]:
    return Random(2025).sample(given, len(given))  # noqa: S311 - the same disorder each time


ARRIVALS: dict[str, tuple[int, Arrival]] = {
    "in order": (0, iter),
    "backwards": (9, reversed),
    "shuffled": (5, _shuffled),
}
"""In which order the events of a race arrive, and the thousandth of times that are printed without one."""


@pytest.fixture(scope="module")
def sheets() -> tuple[ResultSheet, ...]:
    """All sheets."""
    return read_sheets(SHEETS)


def _final(sheet: ResultSheet, arrival: str) -> Outcome:
    """Skate a sheet again and give what it ends with; start lists come first, or nobody would be known."""
    digit, arrange = ARRIVALS[arrival]
    every = events(sheet, digit)
    lists = [event for event in every if isinstance(event, RaceScheduled | StartListRevised)]
    return replayed([*lists, *arrange([event for event in every if event not in lists])])


@pytest.fixture(scope="module", params=list(ARRIVALS))
def finals(request: pytest.FixtureRequest, sheets: tuple[ResultSheet, ...]) -> dict[str, Outcome]:
    """What every sheet ends with, for one order of arrival."""
    return {sheet.number: _final(sheet, request.param) for sheet in sheets}


def test_every_line_is_read(sheets: tuple[ResultSheet, ...]) -> None:
    """All sheets, lines, ties and missing ranks are there, so that the other tests are about all of them."""
    formats = Counter(sheet.format for sheet in sheets)
    lines = [line for sheet in sheets for line in sheet.lines]

    assert formats == {"pairs": 36, "quartets": 4, "team_pursuit": 8, "mass_start": 8}
    assert len(lines) == 1388
    assert Counter(line.result.irm for line in lines if line.result.irm) == {"DNF": 6, "DQ": 10, "WDR": 1}
    assert sum(line.result.thousandth is not None for line in lines) == 95


def test_sprints_of_mass_starts_add_up(sheets: tuple[ResultSheet, ...]) -> None:
    """Every mass start has three sprints of 3, 2, 1 and a final of 60, 40, 20, 10, 6, 3 on its sheet."""
    for sheet in sheets:
        if sheet.format == "mass_start":
            won = Counter(points for line in sheet.lines for points in line.result.sprints)
            assert won == {60: 1, 40: 1, 20: 1, 10: 1, 6: 1, 3: 4, 2: 3, 1: 3}, sheet.number


def test_sprint_points_taken_back_are_the_known_ones(sheets: tuple[ResultSheet, ...]) -> None:
    """Totals are the sums of the sprints, but for those that are known to have lost theirs."""
    taken = {
        (sheet.number, line.rank): sum(line.result.sprints)
        for sheet in sheets
        for line in points_taken(sheet)
    }

    assert taken == TAKEN


def test_core_gives_the_sheets_as_printed(
    sheets: tuple[ResultSheet, ...], finals: dict[str, Outcome]
) -> None:
    """Every line comes out as printed, in whatever order the events arrive, but for what is known."""
    found = [each for sheet in sheets for each in differences(sheet, finals[sheet.number].standings)]

    assert sorted(found) == sorted(each for known in KNOWN.values() for each in known)


def test_timed_races_have_no_differences(sheets: tuple[ResultSheet, ...]) -> None:
    """What is known to differ is in mass starts only: timed races and team pursuits are as printed."""
    formats = {sheet.number: sheet.format for sheet in sheets}

    assert {formats[each.sheet] for known in KNOWN.values() for each in known} == {"mass_start"}


def test_closed_races_are_over(sheets: tuple[ResultSheet, ...], finals: dict[str, Outcome]) -> None:
    """A closed race is official, and nobody is on the ice, to be called, or missing."""
    for sheet in sheets:
        final = finals[sheet.number].standings
        assert (final.status, final.on_ice, final.next) == ("OFFICIAL", (), ()), sheet.number
        assert final.remaining == 0, sheet.number


def test_podium_is_the_one_of_the_sheet(sheets: tuple[ResultSheet, ...], finals: dict[str, Outcome]) -> None:
    """The last podium that was told is the first three ranks of the sheet, with everybody who shares one."""
    for sheet in sheets:
        steps = [(line.rank, line.name) for line in sheet.lines if line.rank is not None and line.rank <= 3]
        assert finals[sheet.number].podium == steps, sheet.number
