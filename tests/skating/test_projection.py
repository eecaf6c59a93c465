"""The finish to expect: what every projection must obey, and examples a reader can check by hand."""

from hypothesis import given
from hypothesis import strategies as st

from streams.skating import projection
from streams.skating.course import too_fast

KROL = {200: 16210, 600: 41010, 1000: 67920}


def test_who_skates_like_the_reference_is_expected_at_its_finish() -> None:
    """Equal splits give the very finish of the reference, to the millisecond."""
    assert projection.as_others(16210, 200, 1000, [KROL]) == 67920


@given(st.integers(1, 200_000), st.integers(0, 20_000), st.sampled_from((200, 600)))
def test_slower_here_is_never_projected_faster(time_ms: int, more_ms: int, at_m: int) -> None:
    """A later time at a split gives a later finish, or the same one."""
    now = projection.as_others(time_ms, at_m, 1000, [KROL])
    assert now <= projection.as_others(time_ms + more_ms, at_m, 1000, [KROL])


@given(st.integers(0, 2_000_000), st.integers(1, 10_000), st.integers(1, 10_000))
def test_the_earliest_finish_is_just_not_too_fast(split_ms: int, at_m: int, more_m: int) -> None:
    """The bound is the first millisecond at which the rest needs no more than 20 m/s."""
    earliest_ms = projection.earliest(split_ms, at_m, at_m + more_m)
    assert not too_fast(more_m, earliest_ms - split_ms)
    assert too_fast(more_m, earliest_ms - split_ms - 1)
