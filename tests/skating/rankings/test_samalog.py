"""Samalog: cut off per distance, summed in thousandths, more distances first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.skating.rankings.samalog import points_of, samalog_entries, written
from streams.skating.times import parse
from tests.skating.rankings import a_season
from tests.skating.rankings.a_season import parts, race


def test_the_example_of_the_rules() -> None:
    """34.14 and 1:08.20 over 1000 m make 68.240."""
    entries = samalog_entries([race("ws/M500/-", "1 ann 34.14"), race("ws/M1000/-", "1 ann 1:08.20")])
    assert a_season.written(entries) == ["1 ann 68.240"]
    assert parts(entries, "ann") == ["ws/M500/- 1 34.140", "ws/M1000/- 1 34.100"]


@pytest.mark.parametrize(
    ("time", "distance_m", "points"),
    [
        ("36.099", 500, "36.090"),
        ("1:44.99", 1500, "34.996"),
        ("1:45.00", 1500, "35.000"),
        ("3:59.99", 3000, "39.998"),
        ("6:08.64", 5000, "36.864"),
        ("12:45.67", 10000, "38.283"),
    ],
)
def test_points_are_cut_off_after_three_decimals(time: str, distance_m: int, points: str) -> None:
    """The shown hundredths count, and what is finer than a thousandth of a point is dropped."""
    assert written(points_of(parse(time), distance_m)) == points


def test_who_has_more_distances_goes_before_who_has_fewer() -> None:
    """While a distance is on, those who have finished it lead, whatever their sums."""
    races = [
        race("ec/M500/-", "1 ann 35.00", "2 bea 36.00", "3 cor 37.00"),
        race("ec/M5000/-", "1 cor 6:30.00", "- ann", "DQ bea", status="LIVE", day=1),
    ]
    assert a_season.written(samalog_entries(races)) == ["1 cor 76.000", "2 ann 35.000", "3 bea 36.000"]


def test_equal_sums_share_the_rank() -> None:
    """Different times that are worth the same."""
    races = [
        race("ec/M500/-", "1 ann 35.00", "2 bea 35.01"),
        race("ec/M1000/-", "1 bea 1:10.00", "2 ann 1:10.02"),
    ]
    assert a_season.written(samalog_entries(races)) == ["1= ann 70.010", "1= bea 70.010"]


@given(
    st.lists(
        st.tuples(st.sampled_from([500, 1000, 1500, 3000, 5000, 10000]), st.integers(30_000, 900_000)),
        min_size=1,
        max_size=6,
    )
)
def test_points_are_exact(skated: list[tuple[int, int]]) -> None:
    """Never above the true value, never a thousandth below it, and a slower time never has fewer points."""
    for distance_m, time_ms in skated:
        points = points_of(time_ms, distance_m)
        true = (time_ms // 10 * 10) * 500
        assert points * distance_m <= true < (points + 1) * distance_m
        assert points_of(time_ms + 1, distance_m) >= points
