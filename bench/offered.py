"""What all peers are given: a season with twenty races at once, and what must come of it.

Besides made-up races, of which events are late, twice or unreadable (`bench/chaos/season.py`), a World Cup
weekend as it was skated is among them where there is room for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from bench.chaos.arrival import Arrival
from bench.chaos.books import books
from bench.chaos.log import version_of
from bench.chaos.season import season
from bench.load import FIXTURE
from bench.peers.job import ONLY, Job, steps_of
from streams.event_files import read_events
from streams.processing.messages import Published, Stream
from streams.processing.pipeline import Pipeline

AT_ONCE = 20
_SEED = 1


@dataclass(frozen=True, slots=True)
class Offered:
    """Input in the order in which it is published: all of the books first, then timing."""

    reference: tuple[Arrival, ...]
    timing: tuple[Arrival, ...]


def offered(events: int) -> Offered:
    """Make the input with so many timing events; the same every time."""
    lines = list(read_events([FIXTURE]))
    skated = sum(line.stream == "timing" for line in lines)
    fixtures = lines if events > 2 * skated else []
    reference = [
        Arrival("reference", line.key, line.value) for line in fixtures if line.stream == "reference"
    ]
    told = season(_SEED, events, AT_ONCE, fixtures)
    return Offered((*reference, *books(_SEED)), tuple(islice(told, events)))


def warm_up(events: int) -> Iterator[Arrival]:
    """Give so many timing events of other races, for a peer that has to warm up."""
    for arrival in islice(season(_SEED + 1, events, AT_ONCE), events):
        key = (arrival.key or b"").replace(b"chaos-", b"warm-")
        yield Arrival("timing", key, arrival.value.replace(b"chaos-", b"warm-"))


def of_job(job: Job, given: Offered) -> tuple[Arrival, ...]:
    """Give what is published before timing: the books, where a step of the job reads them."""
    return given.reference if any(step.reads == "reference" for step in steps_of(job)) else ()


def expected(job: Job, given: Offered) -> Mapping[Stream, list[Published]]:
    """Run a job in memory, with one partition for each topic; give what it publishes, by stream, in order."""
    said: dict[Stream, list[Published]] = {}
    pipeline = Pipeline(openings=False, only=ONLY[job])
    for arrival in (*of_job(job, given), *given.timing):
        for message in pipeline.feed(arrival.stream, arrival.key, arrival.value):
            said.setdefault(message.stream, []).append(message)
    return said


def versions(arrivals: Iterable[Arrival]) -> list[tuple[bytes, int] | None]:
    """Say which version of which race's standings each event leads to; None where it changes nothing."""
    found: list[tuple[bytes, int] | None] = []
    pipeline = Pipeline(openings=False, only=ONLY["standings"])
    for arrival in arrivals:
        shown = [
            (message.key or b"", version_of(message.value))
            for message in pipeline.feed("timing", arrival.key, arrival.value)
            if message.stream == "standings"
        ]
        found.append(shown[-1] if shown else None)
    return found
