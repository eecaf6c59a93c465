"""Where on the course times are taken, on tracks of any length."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.race import RaceFormat
from streams.skating import course


@pytest.mark.parametrize(
    ("distance_m", "splits"),
    [
        (500, (100, 500)),
        (1000, (200, 600, 1000)),
        (1500, (300, 700, 1100, 1500)),
        (3000, (200, 600, 1000, 1400, 1800, 2200, 2600, 3000)),
        (5000, (*range(200, 5001, 400),)),
        (10_000, (*range(400, 10_001, 400),)),
    ],
)
def test_splits_on_an_oval_of_400_metres(distance_m: int, splits: tuple[int, ...]) -> None:
    """The first split is the distance modulo the lap, then one every lap, the finish last."""
    assert course.splits("pairs", distance_m) == splits
    assert course.splits("quartets", distance_m, 400.0) == splits


def test_a_team_pursuit_is_timed_every_half_lap() -> None:
    """Eight laps of the men give 16 times, six of the women 12."""
    assert course.splits("team_pursuit", 3200) == tuple(range(200, 3201, 200))
    assert course.splits("team_pursuit", 2400) == tuple(range(200, 2401, 200))


def test_a_mass_start_is_timed_every_lap() -> None:
    """Sixteen laps give sixteen times, the first after a whole lap."""
    assert course.splits("mass_start", 6400) == tuple(range(400, 6401, 400))


@pytest.mark.parametrize("track", [333.33, 333.3, 333.3333333333333])
def test_a_track_of_a_third_of_a_kilometre_has_three_laps_a_kilometre(track: float) -> None:
    """However finely 333⅓ m is written, lines are named by the nearest whole metre."""
    assert course.splits("pairs", 1000, track) == (333, 667, 1000)
    assert course.splits("pairs", 500, track) == (167, 500)
    assert course.splits("team_pursuit", 2000, track)[:4] == (167, 333, 500, 667)


def test_whole_laps_between_two_whole_metres_have_no_line_at_the_start() -> None:
    """Eight laps of 333⅓ m are told as 2667 m, sixteen as 5333 m: both are timed lap by lap."""
    assert course.splits("mass_start", 2667, 333.33) == (333, 667, 1000, 1333, 1667, 2000, 2333, 2667)
    assert course.splits("mass_start", 5333, 333.33)[:3] == (333, 667, 1000)
    assert course.splits("team_pursuit", 2667, 333.33)[:3] == (167, 333, 500)
    assert len(course.splits("team_pursuit", 2667, 333.33)) == 16


def test_other_tracks_follow_from_the_rule() -> None:
    """On 250 m, 500 m are two whole laps, and 333 m is a track of its own."""
    assert course.splits("pairs", 500, 250) == (250, 500)
    assert course.splits("pairs", 999, 333) == (333, 666, 999)


def test_a_race_shorter_than_a_lap_is_timed_at_its_finish() -> None:
    """100 m on 400 m has one line, so has one whole lap."""
    assert course.splits("pairs", 100) == (100,)
    assert course.splits("mass_start", 400) == (400,)


@given(
    st.sampled_from(("pairs", "team_pursuit", "mass_start")),
    st.integers(min_value=1, max_value=20_000),
    st.one_of(st.integers(min_value=100, max_value=1000), st.floats(min_value=100, max_value=1000)),
)
def test_any_course_grows_to_its_finish(race_format: RaceFormat, distance_m: int, track: float) -> None:
    """On every course lines come one after the other, the last is the finish, none is a metre off the lap."""
    lines = course.splits(race_format, distance_m, track)
    every = float(course.lap(track)) / (2 if race_format == "team_pursuit" else 1)
    assert lines[-1] == distance_m
    assert all(0 < first < second for first, second in pairwise(lines))
    assert lines[0] <= every + 1
    assert all(abs(second - first - every) <= 1 for first, second in pairwise(lines))


@pytest.mark.parametrize(
    ("distance_m", "time_ms", "fast"), [(100, 5_000, False), (100, 4_999, True), (1, 50, False)]
)
def test_above_20_metres_a_second_is_too_fast(distance_m: int, time_ms: int, fast: bool) -> None:
    """20 m/s on average is the limit, and still allowed."""
    assert course.too_fast(distance_m, time_ms) is fast
