"""What is needed to get in front of a rival in a samalog: exact in the shown hundredth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.skating.course import too_fast
from streams.skating.needs import samalog_need
from streams.skating.times import parse, shown

DISTANCES_M = (500, 1000, 1500, 3000, 5000, 10000)


def points(time_ms: int, distance_m: int) -> int:
    """Give the thousandths of a point of a time, digit by digit: the seconds shown, per 500 m, cut off."""
    hundredths = shown(time_ms) // 10
    whole, rest = divmod(hundredths * 500, distance_m * 100)
    return whole * 1000 + rest * 1000 // (distance_m * 100)


def test_points_are_those_of_the_rules() -> None:
    """34.14 over 500 m and 1:08.20 over 1000 m are 68.240 together."""
    assert points(34_149, 500) + points(68_209, 1000) == 68_240


@pytest.mark.parametrize(
    ("own", "rival", "distance_m", "time"),
    [
        (34_140, 68_240, 1000, "1:08.19"),
        (34_140, 68_241, 1000, "1:08.20"),
        (0, 34_140, 500, "34.13"),
        (0, 34_141, 500, "34.14"),
        (70_000, 107_000, 5000, "6:09.99"),
        (70_000, 107_001, 5000, "6:10.00"),
        (70_000, 106_667, 1500, "1:50.00"),
        (70_000, 106_666, 1500, "1:49.99"),
    ],
)
def test_what_is_needed_by_hand(own: int, rival: int, distance_m: int, time: str) -> None:
    """Equal points do not do it: it takes a thousandth of a point less, and truncation is on one's side."""
    need = samalog_need(own, rival, distance_m)
    assert need is not None
    assert (need.time, need.thousandths_at, need.time_ms) == (time, None, parse(time) + 9)


@pytest.mark.parametrize("lead", [-1, 0, 24_999])
def test_what_nobody_can_skate_is_not_told(lead: int) -> None:
    """Behind already, level, or further away than 20 m/s would reach."""
    assert samalog_need(34_000, 34_000 + lead, 500) is None


@given(st.integers(0, 200_000), st.integers(0, 300_000), st.sampled_from(DISTANCES_M), st.integers(0, 9))
def test_exactly_that_time_does_it(own: int, lead: int, distance_m: int, thousandth: int) -> None:
    """With it, whatever its thousandths, the skater has fewer points; a hundredth slower not, nor ever."""
    need = samalog_need(own, own + lead, distance_m)
    if need is None:
        fastest_ms = distance_m * 50
        assert own + points(fastest_ms, distance_m) >= own + lead
        return
    sure_ms = parse(need.time)
    assert not too_fast(distance_m, sure_ms)
    assert own + points(sure_ms + thousandth, distance_m) < own + lead
    assert own + points(need.time_ms, distance_m) < own + lead
    assert own + points(need.time_ms + 1, distance_m) >= own + lead
    assert own + points(need.time_ms + 10, distance_m) >= own + lead
