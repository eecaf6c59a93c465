"""The ids of a stream's events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.gateway.positions import Place, covers, latest, read, written

PLACES = st.tuples(st.sampled_from("sptrkn"), st.integers(0, 999))
POSITIONS = st.dictionaries(PLACES, st.integers(0, 10**12), min_size=1)


@given(POSITIONS)
def test_an_id_is_read_as_it_was_written(positions: dict[Place, int]) -> None:
    """Nothing of it is lost, and the same positions give the same id."""
    assert read(written(positions)) == positions
    assert written(dict(reversed(positions.items()))) == written(positions)


@pytest.mark.parametrize(
    "text", ["", "17", "s0", "x0.1", "s0.1,", "s0.-1", "s0.1;p0.2", "s0." + "9" * 30, "s" * 200_000]
)
def test_what_is_no_id_of_ours_is_none(text: str) -> None:
    """A viewer may send anything; it is then told everything."""
    assert read(text) is None


@given(POSITIONS, POSITIONS)
def test_the_latest_of_two_covers_both(one: dict[Place, int], other: dict[Place, int]) -> None:
    """It is no further than it has to be either."""
    both = latest(one, other)

    assert covers(both, one)
    assert covers(both, other)
    assert all(offset in {one.get(place), other.get(place)} for place, offset in both.items())
