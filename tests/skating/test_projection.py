"""The finish to expect: what every projection must obey, and examples a reader can check by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.skating import projection
from streams.skating.course import too_fast

REFERENCE = {200: 16_400, 600: 41_400, 1000: 68_400}

times = st.integers(1, 200_000)
references = st.lists(
    st.tuples(times, times, times).map(lambda three: dict(zip((200, 600, 1000), three, strict=True))),
    min_size=1,
    max_size=5,
)


def test_who_skates_like_the_reference_is_expected_at_its_finish() -> None:
    """Equal splits give the very finish of the reference, to the millisecond, at every split."""
    assert projection.as_others(REFERENCE, 200, None, 1000, [REFERENCE]) == 68_400
    assert projection.as_others(REFERENCE, 600, 200, 1000, [REFERENCE]) == 68_400


def test_an_early_gap_to_a_peer_hardly_grows() -> None:
    """A third of the gap of 0.6 % after 200 m goes on: 0.10 s there becomes 0.21 s at the finish."""
    assert projection.as_others({200: 16_500}, 200, None, 1000, [REFERENCE]) == 68_400 + 100 + 106


def test_a_gap_to_a_record_is_one_of_level() -> None:
    """Against a record the whole relative gap goes on, so who is 1 % behind finishes 1 % behind."""
    slower = {200: 16_564}
    finish = projection.as_others(slower, 200, None, 1000, [REFERENCE], projection.TO_A_RECORD)
    assert finish == 68_400 * 101 // 100


def test_the_last_lap_weighs_as_much_as_everything_before() -> None:
    """Of two skaters with one time at 600 m, the one with the faster last lap is expected first."""
    slow_start = projection.as_others({200: 16_800, 600: 41_400}, 600, 200, 1000, [REFERENCE])
    slow_lap = projection.as_others({200: 16_000, 600: 41_400}, 600, 200, 1000, [REFERENCE])
    assert slow_start < 68_400 < slow_lap


def test_an_accident_is_kept_but_does_not_go_on() -> None:
    """Who stood still at the gun for eight seconds is expected eight seconds later, and a little."""
    leader = {100: 10_300, 500: 37_000}
    finish = projection.as_others({100: 18_300}, 100, None, 500, [leader])
    assert 45_000 <= finish <= 45_300


def test_one_reference_that_fell_does_not_decide() -> None:
    """The median of three references leaves out the one whose rest took half a minute longer."""
    fell = {200: 16_400, 600: 41_400, 1000: 98_400}
    assert projection.as_others(REFERENCE, 600, 200, 1000, [fell, REFERENCE, REFERENCE]) == 68_400


def test_a_reference_without_the_previous_split_counts_with_its_time() -> None:
    """Where no lap can be compared, the whole time so far is."""
    assert projection.as_others(REFERENCE, 600, 200, 1000, [{600: 41_400, 1000: 68_400}]) == 68_400
    assert projection.as_others({600: 41_400}, 600, 200, 1000, [REFERENCE]) == 68_400


def test_a_reference_with_a_wrong_finish_does_not_turn_the_order_round() -> None:
    """Where a finish was measured before the split, a millisecond lost there still gains nothing."""
    wrong = {200: 50_000, 600: 50_010, 1000: 40_000}
    finishes = [
        projection.as_others({200: 50_000, 600: own}, 600, 200, 1000, [wrong]) for own in (50_010, 50_011)
    ]
    assert finishes == sorted(finishes)


@pytest.mark.parametrize(
    ("distance_m", "laps_s"),
    [
        (500, (9.6, 24.8)),
        (1000, (16.3, 24.7, 27.0)),
        (1500, (23.5, 25.4, 26.8, 28.3)),
        (3000, (20.2, 30.6, 31.0, 31.5, 32.0, 32.6, 33.1, 33.6)),
        (10_000, (34.5, *[30.7] * 24)),
    ],
)
def test_own_laps_tell_an_ordinary_race_from_its_opening(distance_m: int, laps_s: tuple[float, ...]) -> None:
    """Ordinary laps give the finish within 2 % after the opening and within 1 % before the last lap."""
    first_m = distance_m - 400 * (len(laps_s) - 1)
    own = {first_m + 400 * lap: round(sum(laps_s[: lap + 1]) * 1000) for lap in range(len(laps_s))}
    finish_ms = own[distance_m]
    opening = projection.as_own_laps(own, first_m, None, distance_m)
    assert opening == pytest.approx(finish_ms, rel=0.02)
    if len(laps_s) > 2:
        bell = projection.as_own_laps(own, distance_m - 400, distance_m - 800, distance_m)
        assert bell == pytest.approx(finish_ms, rel=0.01)


def test_own_laps_of_an_unusual_distance_are_taken_as_even() -> None:
    """A distance that is no discipline of its own gets a usual start and a small fade."""
    finish = projection.as_own_laps({400: 30_000, 800: 56_000}, 800, 400, 1200)
    assert 82_000 <= finish <= 83_000


@given(times, st.integers(0, 20_000), references, st.sampled_from((200, 600)))
def test_slower_here_is_never_projected_faster(
    time_ms: int, more_ms: int, others: list[dict[int, int]], at_m: int
) -> None:
    """With all earlier splits equal, a later time at this one gives a later finish, or the same one."""
    before_m = 200 if at_m == 600 else None
    for belief in (projection.AMONG_PEERS, projection.TO_A_RECORD):
        finishes = [
            projection.as_others({200: 16_400, at_m: own}, at_m, before_m, 1000, others, belief)
            for own in (time_ms, time_ms + more_ms)
        ]
        assert finishes == sorted(finishes)


@given(times, st.integers(0, 20_000), st.sampled_from((500, 1000, 1500, 3200, 1200)))
def test_a_slower_own_lap_is_never_projected_faster(time_ms: int, more_ms: int, distance_m: int) -> None:
    """Own laps too give a later finish, or the same one, for a later time at this split."""
    for before_m in (None, 100):
        finishes = [
            projection.as_own_laps({100: 10_000, 400: own}, 400, before_m, distance_m)
            for own in (time_ms, time_ms + more_ms)
        ]
        assert finishes == sorted(finishes)


@given(st.integers(0, 2_000_000), st.integers(1, 10_000), st.integers(1, 10_000))
def test_the_earliest_finish_is_just_not_too_fast(split_ms: int, at_m: int, more_m: int) -> None:
    """The bound is the first millisecond at which the rest needs no more than 20 m/s."""
    earliest_ms = projection.earliest(split_ms, at_m, at_m + more_m)
    assert not too_fast(more_m, earliest_ms - split_ms)
    assert too_fast(more_m, earliest_ms - split_ms - 1)
