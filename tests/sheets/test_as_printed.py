"""All result sheets of two World Cups, where they lie beside the checkout; they are not ours to copy."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from schemas.rankings import RankingDefined, Selection
from schemas.timing import RaceScheduled, StartListRevised
from tests.sheets.compared import Event, Outcome, differences, replayed
from tests.sheets.known import KNOWN, TAKEN
from tests.sheets.printed import ResultSheet, read_sheets
from tests.sheets.season import added_up, told
from tests.sheets.skated import SEASON, begun_at, events, points_taken, race_id
from tests.sheets.tables import TABLES

SHEETS = Path(__file__).parents[3] / "shared" / "data" / "isu-sheets-wc1-wc2.csv"

pytestmark = pytest.mark.skipif(
    not SHEETS.exists(), reason=f"no result sheets in ../shared/data/{SHEETS.name} beside the checkout"
)

LONG_DISTANCES = {
    f"{SEASON}/worldcup/{gender}-long": RankingDefined(
        ranking_id=f"{SEASON}/worldcup/{gender}-long",
        basis="points",
        season=SEASON,
        selection=Selection(series="world_cup", disciplines=disciplines),
        occurred_at=datetime(2025, 11, 1, tzinfo=UTC),
    )
    for gender, disciplines in (("W", ("W3000", "W5000")), ("M", ("M5000", "M10000")))
}
"""The cup of two distances; both weekends had the shorter one only."""

REFERENCE: tuple[Event, ...] = (*TABLES.values(), *LONG_DISTANCES.values())

Arrival = Callable[[list[Event]], list[Event]]


class Stage(NamedTuple):
    """What stands after some sheets, those of one World Cup or of both."""

    sheets: tuple[ResultSheet, ...]
    outcome: Outcome


def _tables_last(given: list[Event]) -> list[Event]:
    return [*reversed(given), *REFERENCE]


def _jumbled(given: list[Event]) -> list[Event]:
    every = [*given, *REFERENCE]
    return Random(2025).sample(every, len(every))  # noqa: S311 - the same disorder each time


JUMBLES: dict[str, tuple[int, Arrival]] = {"backwards": (9, _tables_last), "jumbled": (5, _jumbled)}
"""In which order all events arrive, and the thousandth of times that are printed without one."""


@pytest.fixture(scope="module")
def sheets() -> tuple[ResultSheet, ...]:
    """All sheets, in the order of the programmes."""
    return tuple(sorted(read_sheets(SHEETS), key=begun_at))


def _in_order(sheets: Sequence[ResultSheet]) -> tuple[Stage, ...]:
    """Skate one World Cup after the other."""
    first = tuple(sheet for sheet in sheets if sheet.number.startswith("1/"))
    one, both = replayed(
        [*REFERENCE, *(event for sheet in first for event in events(sheet, 0))],
        [event for sheet in sheets if sheet not in first for event in events(sheet, 0)],
    )
    return Stage(first, one), Stage(tuple(sheets), both)


def _out_of_order(sheets: Sequence[ResultSheet], how: str) -> tuple[Stage, ...]:
    """Skate everything at once; start lists come first, or nobody would be known."""
    digit, arrange = JUMBLES[how]
    every = [event for sheet in sheets for event in events(sheet, digit)]
    lists = [event for event in every if isinstance(event, RaceScheduled | StartListRevised)]
    others = [event for event in every if not isinstance(event, RaceScheduled | StartListRevised)]
    (both,) = replayed([*lists, *arrange([*others])], records=how != "jumbled")
    return (Stage(tuple(sheets), both),)


@pytest.fixture(scope="module", params=["in order", *JUMBLES])
def stages(request: pytest.FixtureRequest, sheets: tuple[ResultSheet, ...]) -> tuple[Stage, ...]:
    """What stands, for one order of arrival: after each World Cup, or after both."""
    return _in_order(sheets) if request.param == "in order" else _out_of_order(sheets, request.param)


@pytest.fixture(scope="module")
def final(stages: tuple[Stage, ...]) -> Outcome:
    """What stands after both World Cups."""
    return stages[-1].outcome


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


def test_bib_is_one_skater_at_a_world_cup(sheets: tuple[ResultSheet, ...]) -> None:
    """However a name is printed, it is one skater's, as the bibs tell; teams have other bibs than skaters."""
    skaters = {
        (sheet.number[0], sheet.discipline[0], line.bib, line.who)
        for sheet in sheets
        for line in sheet.lines
        if sheet.format != "team_pursuit"
    }

    assert len({bib[:3] for bib in skaters}) == len(skaters)
    assert len({(cup, gender, who) for cup, gender, _, who in skaters}) == len(skaters)


def test_core_gives_the_sheets_as_printed(stages: tuple[Stage, ...]) -> None:
    """Every line comes out as printed, in whatever order the events arrive, but for what is known.

    World Cup points are those that the standing of the discipline names for the race.
    """
    for so_far, outcome in stages:
        numbers = {sheet.number for sheet in so_far}
        found = [each for sheet in so_far for each in differences(sheet, outcome)]

        assert sorted(found) == sorted(
            each for known in KNOWN.values() for each in known if each.sheet in numbers
        )


def test_timed_races_have_no_differences(sheets: tuple[ResultSheet, ...]) -> None:
    """What is known to differ is in mass starts only: timed races and team pursuits are as printed."""
    formats = {sheet.number: sheet.format for sheet in sheets}

    assert {formats[each.sheet] for known in KNOWN.values() for each in known} == {"mass_start"}


def test_world_cup_standings_add_the_sheets_up(stages: tuple[Stage, ...]) -> None:
    """After each World Cup the standing of a discipline is the sum of what is printed, race by race.

    That is so for all lines, their ranks and their order, but for the points that are known to be misprinted.
    """
    for so_far, outcome in stages:
        disciplines = {sheet.discipline for sheet in so_far}
        for discipline in disciplines:
            standing = outcome.rankings[f"{SEASON}/worldcup/{discipline}"]
            expected = added_up(sheet for sheet in so_far if sheet.discipline == discipline)
            assert [told(entry) for entry in standing.entries] == expected, discipline
            assert not standing.provisional, discipline

        assert len(disciplines) == 12
        assert len(outcome.rankings) == 12 + len(LONG_DISTANCES)


def test_long_distance_cup_is_that_of_the_distance_skated(final: Outcome) -> None:
    """A cup of two distances of which one was skated stands as that distance does."""
    women, men = (final.rankings[name].entries for name in LONG_DISTANCES)

    assert women == final.rankings[f"{SEASON}/worldcup/W3000"].entries
    assert men == final.rankings[f"{SEASON}/worldcup/M5000"].entries


def test_closed_races_are_over(sheets: tuple[ResultSheet, ...], final: Outcome) -> None:
    """A closed race is official, and nobody is on the ice, to be called, or missing."""
    for sheet in sheets:
        standings = final.standings[race_id(sheet)]
        assert (standings.status, standings.on_ice, standings.next) == ("OFFICIAL", (), ()), sheet.number
        assert standings.remaining == 0, sheet.number


def test_podium_is_the_one_of_the_sheet(sheets: tuple[ResultSheet, ...], final: Outcome) -> None:
    """The last podium that was told is the first three ranks of the sheet, with everybody who shares one."""
    for sheet in sheets:
        steps = [(line.rank, line.name) for line in sheet.lines if line.rank is not None and line.rank <= 3]
        assert final.podiums[race_id(sheet)] == steps, sheet.number
