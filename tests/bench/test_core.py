"""The tables of what the core costs, for the page of figures."""

from bench.core import RaceCost, StepCost, markdown
from bench.long_race import RACE, announced, definition, skated_by
from schemas.timing import TIMING
from streams.skating.fold import fold
from streams.skating.race import Race
from tests.skating.a_race import raw


def test_tables_say_what_was_measured() -> None:
    """Microseconds and events a second, by step and by size; where no sheet is whole, none."""
    costs = {"races": StepCost(100, 0.03), "boards": StepCost(50, 0.01)}
    sizes = [
        RaceCost(20, 0.000_05, 0.000_1, 0.000_4, 0.000_5),
        RaceCost(20_000, 0.000_06, 0.2, None, 0.000_5),
    ]

    assert markdown(80, costs, sizes) == [
        "| step | messages | µs a message | share |",
        "|---|--:|--:|--:|",
        "| races | 100 | 300 | 75% |",
        "| boards | 50 | 200 | 25% |",
        "| all, of 80 events | 150 | 500 an event | 2,000 events/s |",
        "",
        "| competitors | order, µs | events/s | sheet | events/s | whole | events/s | parts | events/s |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        "| 20 | 50 | 20,000 | 100 | 10,000 | 400 | 2,500 | 500 | 2,000 |",
        "| 20,000 | 60 | 16,667 | 200,000 | 5 | none | none | 500 | 2,000 |",
    ]


def test_a_long_race_is_one_that_could_be_announced_and_skated() -> None:
    """What is made in place of reading it is what would be read, and its events are all of use."""
    assert definition(20) == TIMING.validate_json(raw(announced(20)))
    race = fold(None, definition(20))
    assert isinstance(race, Race)
    for number in range(1, 11):
        for each in skated_by(number):
            assert each["race_id"] == RACE
            race = fold(race, TIMING.validate_json(raw(each)))
            assert isinstance(race, Race)
