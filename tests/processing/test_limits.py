"""Sizes: what is too large is set aside before it is larger than a topic takes, and the race goes on."""

from collections.abc import Iterator

from streams.processing.messages import LARGEST_EVENT_BYTES, LARGEST_PUBLISHED_BYTES
from tests.skating.a_race import RACE, Event, competitor, event, passing, raw, scheduled, told, told_raw

LONG = "x" * 200
CROWD = 250


def crowd(of: int) -> list[Event]:
    """List as many as may start, with names as long as may be, and nobody of another crowd."""
    return [
        {"pair": pair, "competitor": competitor(f"{of}-{pair}-{LONG}"[:200])} for pair in range(1, CROWD + 1)
    ]


def test_an_event_larger_than_a_broker_takes_is_set_aside_unread() -> None:
    """One byte more than may be, however much of it is white space."""
    sound = raw(passing("ann", 1, 35_000, 1))
    story = [
        raw(scheduled("ann bea")),
        sound.ljust(LARGEST_EVENT_BYTES + 1),
        sound.ljust(LARGEST_EVENT_BYTES),
    ]
    out = told_raw((RACE.encode(), value) for value in story)
    assert out.reasons == [f"value: must have at most {LARGEST_EVENT_BYTES} bytes, got 1048577"]
    assert [message.version for message in out.standings] == [1, 2]


def test_an_event_full_of_faults_tells_the_first_of_them() -> None:
    """The reason stays short, and says how much is left out."""
    points = dict.fromkeys(map(str, range(50_000)), "x")
    out = told(scheduled("ann bea"), event("sprint.scored", 1, lap=1, points=points))
    (reason,) = out.reasons
    assert reason.startswith("points.0: Input should be a valid integer, got 'x'; ")
    assert reason.endswith("; and 49980 more faults") or len(reason) == 1_000


def revisions(count: int) -> Iterator[Event]:
    """Revise a start list again and again, each time with others, of whom one is ruled on."""
    for number in range(count):
        yield event("start_list.revised", number + 1, start_list=crowd(number))
        yield event("result.ruled", number + 1, competitor_id=f"{number}-1-{LONG}"[:200], irm="DQ", rule=LONG)


def test_a_race_that_grows_without_end_is_stopped_before_it_stops_a_worker() -> None:
    """Start lists of others each time: what would be too large is refused, and what was there stays."""
    out = told(scheduled("ann bea"), *revisions(30), passing("ann", 1, 35_000, 1))
    sizes = [message.size for said in out.by_event for message in said]
    assert max(sizes) <= LARGEST_PUBLISHED_BYTES
    assert "row to remember" in out.reasons[0]
    assert out.reasons[0].startswith("value: makes a row to remember of ")
    assert [entry.time_ms for entry in out.standings[-1].entries if entry.competitor.id == "ann"] == [35_000]
