"""Evenings made up by hypothesis: a race under way and books of close records, to ask what is needed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from schemas.race import Competitor
from schemas.reference import RecordKind, RecordListed, reference_key
from streams.processing.messages import Published, Stream
from streams.processing.pipeline import Pipeline
from tests.skating.a_race import TEN, Event, event, raw
from tests.skating.meetings import COURSES, NAMES, Shape, races

TIMED: tuple[Shape, ...] = ("pairs", "quartets", "team_pursuit")
BOOKS: tuple[tuple[RecordKind, str | None], ...] = (
    ("WR", None),
    ("NR", "NED"),
    ("TR", "v"),
    *((kind, name) for kind in ("PB", "SB") for name in NAMES[:4]),
)
HOLDER = Competitor(id="zoe", name="Zoe", country="NED")

unhurried = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


Input = tuple[Stream, bytes, bytes]


class Evening(NamedTuple):
    """A race that is under way, with what the books say: its story, and where it is timed."""

    race_id: str
    course: tuple[int, ...]
    story: tuple[tuple[Stream, bytes, bytes], ...]

    @property
    def distance_m(self) -> int:
        """The length of the race."""
        return self.course[-1]


def finish(race_id: str, name: str, pair: int, distance_m: int, time_ms: int, second: float) -> Event:
    """Write somebody's finish, by the photo finish."""
    what: Event = {"pair": pair, "competitor_id": name, "distance_m": distance_m, "time_ms": time_ms}
    return event("passing.recorded", second, race_id, method="photo_finish", **what)


def timing(each: Event) -> tuple[Stream, bytes, bytes]:
    """Write down a timing event with its key."""
    return "timing", str(each["race_id"]).encode(), raw(each)


@st.composite
def evenings(draw: st.DrawFn) -> Evening:
    """Make up a race that was never closed, in which more finish, and books full of close records."""
    made = draw(races(extremes=False, shapes=TIMED))
    discipline, distance_m, course = COURSES[made.shape]
    close = st.integers(-25, 45).map(lambda more: distance_m * 70 + more)
    listings = [
        RecordListed(
            kind=kind,
            discipline=discipline,
            scope=scope,
            time_ms=draw(close),
            holder=HOLDER,
            set_on=(TEN - timedelta(days=8)).date(),
        )
        for kind, scope in draw(st.lists(st.sampled_from(BOOKS), unique=True))
    ]
    attempts = draw(st.lists(st.sampled_from(made.attempts), unique=True)) if made.attempts else []
    finishes = [
        finish(made.race_id, name, pair, distance_m, draw(close), second=50 + number)
        for number, (name, pair) in enumerate(attempts)
    ]
    tail = [each for each in made.tail if each["type"] != "race.closed"]
    calls = [event("pair.called", 60, made.race_id, pair=pair) for _, pair in made.attempts[:1]]
    books: list[Input] = [
        ("reference", reference_key(each).encode(), each.model_dump_json().encode()) for each in listings
    ]
    told = [timing(each) for each in (*made.head, *tail, *finishes, *calls)]
    return Evening(made.race_id, course, (*books, *told))


def heard(story: Sequence[Input]) -> list[tuple[Published, ...]]:
    """Put a story through all steps; none may make our own code fail."""
    bugs: list[str] = []
    pipeline = Pipeline(openings=False, on_bug=bugs.append)
    out = [tuple(pipeline.feed(stream, key, value)) for stream, key, value in story]
    assert bugs == []
    return out
