"""Lines that come again: overlapping recordings, and the state that is sent anew on a new connection."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.live_server import again
from tests.sources.outcome import outcome, said
from tests.sources.synthetic import evening

EVENING = evening()
WHOLE = outcome(EVENING)
SAID = set(WHOLE.json)
ADDED = [number for number, line in enumerate(EVENING) if line["typeName"] == "RaceLapAddedEvent"]
STATE = [
    number
    for number, line in enumerate(EVENING)
    if line["typeName"]
    in {"CompetitionActivatedEvent", "DistanceActivatedEvent", "HeatStartedEvent", "RaceLapAddedEvent"}
]


@settings(max_examples=60, deadline=None)
@given(
    copies=st.lists(
        st.tuples(st.integers(0, len(EVENING) - 1), st.integers(0, len(EVENING))), min_size=1, max_size=12
    )
)
def test_any_line_may_come_again_later(copies: list[tuple[int, int]]) -> None:
    """Copies of lines, anywhere after the lines themselves, change nothing that is said."""
    lines = list(EVENING)
    for behind, original in sorted(
        ((max(behind, original + 1), original) for original, behind in copies), reverse=True
    ):
        lines.insert(behind, EVENING[original])

    assert set(said(lines)) == SAID


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STATE), st.integers(1, len(EVENING) - 1)), min_size=1, max_size=12))
def test_state_may_be_sent_anew(copies: list[tuple[int, int]]) -> None:
    """What a new connection sends again, received at a later moment, changes nothing that is said."""
    lines = list(EVENING)
    for original, behind in sorted(copies, key=lambda copy: -copy[1]):
        if behind > original:
            lines.insert(behind, {**EVENING[original], "_time": EVENING[behind - 1]["_time"]})

    assert set(said(lines)) == SAID


@settings(max_examples=40, deadline=None)
@given(st.integers(1, len(EVENING) - 1))
def test_recordings_that_overlap(seam: int) -> None:
    """A recording that is followed by another that begins earlier is one recording."""
    assert set(said([*EVENING[:seam], *EVENING[seam // 2 :]])) == SAID


@settings(max_examples=60, deadline=None)
@given(lost=st.sets(st.sampled_from(ADDED), max_size=8))
def test_laps_that_are_lost_come_with_the_commit(lost: set[int]) -> None:
    """Whatever laps did not arrive, the result of the evening is the same once the heats are committed."""
    found = outcome([line for number, line in enumerate(EVENING) if number not in lost])

    for discipline in ("W1000", "MTP"):
        assert [
            (entry.rank, entry.competitor.name, entry.time_ms, entry.splits)
            for entry in found.entries(discipline)
        ] == [
            (entry.rank, entry.competitor.name, entry.time_ms, entry.splits)
            for entry in WHOLE.entries(discipline)
        ]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, len(EVENING) - 1))
def test_a_recorder_that_connects_again(place: int) -> None:
    """The history of the present heat, its clearings too, comes again in mid-recording: nothing changes."""
    known = EVENING[:place]
    copies = [{**line, "_time": known[-1]["_time"]} for line in again(known)]

    assert said([*known, *copies, *EVENING[place:]]) == WHOLE.json


def test_step_by_step_is_the_same_as_at_once() -> None:
    """What is said of the beginning of a recording does not depend on what follows."""
    for until in range(0, len(EVENING), 10):
        begun = said(EVENING[:until])

        assert WHOLE.json[: len(begun)] == begun
