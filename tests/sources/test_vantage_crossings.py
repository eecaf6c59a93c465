"""Which split a measurement belongs to."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.model import Method
from schemas.race import RaceFormat
from streams.skating import course
from streams.sources.vantage import wire
from streams.sources.vantage.crossings import Crossed, Lap, LapKey, crossed, expectations

GUN = datetime(2031, 2, 8, 13, tzinfo=UTC)
SHOWN, HIDDEN = 33, 1
SOURCES: tuple[Method, Method] = ("optical", "transponder")
PURSUIT = course.splits("team_pursuit", 3200)
TEN_KILOMETRES = course.splits("pairs", 10_000)


def _lap(ms: int, method: Method = "optical", flags: int = SHOWN, fixed: int | None = None) -> Lap:
    when = GUN + timedelta(milliseconds=ms)
    return Lap(method, ms * 10_000, flags, fixed, when, when, frozenset())


def _found(laps: list[Lap], of: tuple[int, ...], *, estimates: list[wire.Estimate] | None = None) -> Crossed:
    keyed: dict[LapKey, Lap] = {(lap.method, f"{lap.ticks} {number}"): lap for number, lap in enumerate(laps)}
    return crossed(keyed, of, expectations(of, estimates or []))


def _splits(found: Crossed) -> dict[int, int]:
    return {metres: lap.time_ms for (metres, _), lap in found.kept.items()}


def _even(of: tuple[int, ...], opening: int, each: int) -> list[int]:
    return [opening + number * each for number in range(len(of))]


@pytest.mark.parametrize(
    ("race_format", "metres", "opening", "each"),
    [
        ("pairs", 500, 9_400, 24_600),
        ("pairs", 500, 13_500, 42_000),
        ("pairs", 1000, 16_200, 25_000),
        ("pairs", 1500, 31_000, 40_000),
        ("pairs", 5000, 18_000, 28_500),
        ("pairs", 10_000, 33_000, 29_800),
        ("pairs", 10_000, 41_000, 41_500),
        ("team_pursuit", 3200, 17_300, 13_300),
        ("mass_start", 6400, 52_000, 38_000),
        ("mass_start", 6400, 55_000, 28_000),
    ],
)
def test_every_speed_finds_its_splits(race_format: RaceFormat, metres: int, opening: int, each: int) -> None:
    """The best of the world and children of a club are placed at every split without any estimate."""
    of = course.splits(race_format, metres)
    times = _even(of, opening, each)

    assert _splits(_found([_lap(ms) for ms in times], of)) == dict(zip(of, times, strict=True))


@pytest.mark.parametrize("missed", range(16))
def test_loop_that_misses_a_team(missed: int) -> None:
    """Where one half lap was not measured, the others stay where they are."""
    times = _even(PURSUIT, 17_800, 13_800)
    there = dict(zip(PURSUIT, times, strict=True))
    del there[PURSUIT[missed]]

    assert _splits(_found([_lap(ms) for ms in there.values()], PURSUIT)) == there


@pytest.mark.parametrize("fallen", range(1, 26))
def test_fall_is_no_missed_split(fallen: int) -> None:
    """Who loses twenty seconds in a lap has still skated one."""
    times = [
        ms + (20_000 if number >= fallen else 0)
        for number, ms in enumerate(_even(TEN_KILOMETRES, 34_000, 31_000))
    ]
    times = times[: len(TEN_KILOMETRES)]

    assert list(_splits(_found([_lap(ms) for ms in times], TEN_KILOMETRES))) == list(TEN_KILOMETRES)


def test_estimate_of_the_system_is_used() -> None:
    """For somebody very slow the system's own estimate tells which split was the first to be measured."""
    of = course.splits("pairs", 1000)
    told = [
        wire.Estimate(passed_length=metres, time=ms * 10_000)
        for metres, ms in zip(of, (45_000, 120_000, 200_000), strict=True)
    ]

    assert _splits(_found([_lap(46_000)], of, estimates=told)) == {200: 46_000}
    assert _splits(_found([_lap(46_000)], of)) == {600: 46_000}


def test_rolling_over_the_line_after_the_finish() -> None:
    """A crossing half a lap or more after the finish is at no split."""
    times = _even(PURSUIT, 17_800, 13_800)
    found = _found([_lap(ms) for ms in (*times, times[-1] + 19_000)], PURSUIT)

    assert _splits(found) == dict(zip(PURSUIT, times, strict=True))
    assert list(found.left_out.values()) == ["lap at no split of the course"]


def test_rolling_over_the_line_where_the_finish_was_missed() -> None:
    """Without a measured finish, the crossing after it is not taken for one."""
    times = _even(PURSUIT, 17_800, 13_800)
    found = _found([_lap(ms) for ms in (*times[:-1], times[-1] + 19_000)], PURSUIT)

    assert 3200 not in _splits(found)


def test_fixed_index_is_believed() -> None:
    """A photo finish knows its line, also where nothing else was measured."""
    of = course.splits("pairs", 1000)

    assert _splits(_found([_lap(150_000, "photo_finish", fixed=2)], of)) == {1000: 150_000}


@pytest.mark.parametrize(
    ("laps", "kept"),
    [
        ([_lap(18_900), _lap(18_910, "transponder", HIDDEN)], {"optical", "transponder"}),
        ([_lap(18_900, flags=HIDDEN), _lap(18_910, "transponder")], {"transponder"}),
        ([_lap(18_900, flags=HIDDEN), _lap(18_910, "transponder", HIDDEN)], {"optical", "transponder"}),
        ([_lap(18_900), _lap(18_910, "transponder")], {"optical", "transponder"}),
        ([_lap(18_900), _lap(18_910, "manual")], {"optical", "manual"}),
        ([_lap(18_900, flags=HIDDEN), _lap(18_910, "manual")], {"manual"}),
    ],
)
def test_operators_choice_counts(laps: list[Lap], kept: set[str]) -> None:
    """What would outrank the shown measurement is left out, and only that."""
    found = _found(laps, course.splits("pairs", 1000))

    assert {method for _, method in found.kept} == kept


def test_first_crossing_and_last_entry() -> None:
    """Of two pulses of a loop the first counts, of two photo finishes the last that was entered."""
    of = course.splits("pairs", 1000)
    late = _lap(79_300, "photo_finish", fixed=2)
    found = _found(
        [_lap(18_900, flags=HIDDEN), _lap(19_200, flags=HIDDEN), late, _lap(79_100, "photo_finish", fixed=2)],
        of,
    )

    assert _splits(found) == {200: 18_900, 1000: 79_300}


def test_shown_pulse_goes_before_the_first() -> None:
    """Of two pulses of a loop the one that the operator shows counts, also where it is the second."""
    found = _found([_lap(18_900, flags=HIDDEN), _lap(19_200)], course.splits("pairs", 1000))

    assert _splits(found) == {200: 19_200}


@settings(max_examples=50, deadline=None)
@given(
    pace=st.integers(28_000, 40_000),
    uneven=st.lists(st.integers(-6, 6), min_size=13, max_size=13),
    jitter=st.lists(st.integers(0, 300), min_size=26, max_size=26),
    order=st.randoms(use_true_random=False),
    missed=st.sets(st.integers(0, 12), max_size=1),
)
def test_any_order_gives_the_same_splits(
    pace: int, uneven: list[int], jitter: list[int], order: Random, missed: set[int]
) -> None:
    """However two sources' measurements of a 5000 m are shuffled, each is found at its line."""
    of = course.splits("pairs", 5000)
    stretches = [pace * 19 // 30, *[pace] * 12]
    times = list(accumulate(ms + ms * more // 100 for ms, more in zip(stretches, uneven, strict=True)))
    there = {
        metres: ms for number, (metres, ms) in enumerate(zip(of, times, strict=True)) if number not in missed
    }
    measured = [
        (metres, _lap(ms + jitter[2 * number + second], method, HIDDEN))
        for number, (metres, ms) in enumerate(there.items())
        for second, method in enumerate(SOURCES)
    ]
    shuffled = list(measured)
    order.shuffle(shuffled)

    found = _found([lap for _, lap in shuffled], of)

    assert {(metres, lap.method): lap for metres, lap in measured} == dict(found.kept)
