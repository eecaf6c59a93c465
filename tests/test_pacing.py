"""The pauses of a replay."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.pacing import instant, pauses


def test_pauses_are_those_of_what_happened_divided_by_the_speed() -> None:
    """Ten seconds apart at speed 10 is one second; the first event does not wait."""
    assert pauses([100.0, 110.0, 115.0], 10, None) == [0.0, 1.0, 0.5]


def test_at_infinite_speed_nothing_waits() -> None:
    """`max` publishes without a pause."""
    assert pauses([0.0, 60.0, 120.0], math.inf, None) == [0.0, 0.0, 0.0]


def test_an_event_out_of_order_waits_for_nothing_and_costs_nothing() -> None:
    """A late event follows at once, and the one after it waits only for what is new."""
    assert pauses([100.0, 110.0, 105.0, 112.0], 1, None) == [0.0, 10.0, 0.0, 2.0]


def test_an_event_without_an_instant_does_not_move_the_clock() -> None:
    """A broken occurred_at is published at once, and the next pause is as if it were not there."""
    assert pauses([None, 100.0, None, 103.0], 1, None) == [0.0, 0.0, 0.0, 3.0]


def test_a_lone_instant_far_in_the_future_is_not_waited_for() -> None:
    """One clock that is years ahead does not hold up a replay."""
    assert pauses([100.0, 4e9, 101.0, 102.0], 1, None) == [0.0, 0.0, 1.0, 1.0]


def test_no_pause_is_longer_than_allowed() -> None:
    """A resurfacing of a quarter of an hour can be shortened."""
    assert pauses([0.0, 900.0, 901.0], 1, 2.0) == [0.0, 2.0, 1.0]


@pytest.mark.parametrize("value", [None, 5, "yesterday", "2021-11-12T17:00:00", ""])
def test_what_is_no_instant_with_an_offset_is_none(value: object) -> None:
    """Neither other types nor local times count as instants."""
    assert instant(value) is None


def test_an_instant_is_read_with_its_offset() -> None:
    """Noon in Heerenveen is 11 in Greenwich."""
    assert instant("2021-12-26T12:00:00.5+01:00") == instant("2021-12-26T11:00:00.5Z")


@given(
    st.lists(st.none() | st.floats(min_value=0, max_value=1e9)),
    st.floats(min_value=0.01, max_value=1e6),
)
def test_pauses_are_never_negative_and_never_more_than_the_whole(
    instants: list[float | None], speed: float
) -> None:
    """Whatever the order, a replay takes no longer than from the first to the last instant."""
    waits = pauses(instants, speed, None)

    known = [at for at in instants if at is not None]
    assert len(waits) == len(instants)
    assert all(wait >= 0 for wait in waits)
    assert sum(waits) <= (max(known, default=0) - min(known, default=0)) / speed + 1e-6
