"""What a season ends as, whatever came first: in memory, and as it was published.

Races of one discipline have no common order in Kafka. What was said on the way about records may depend on
how they interleaved; what holds in the end does not. So of pace, rankings and needs that part is kept which
is the same in any order, and of records what they come to.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.chaos.announced import Announced, announced
from bench.chaos.arrival import Arrival
from bench.chaos.script import digest
from streams.processing.ledger import Ledger
from streams.processing.messages import Header, Stream
from streams.processing.pipeline import Pipeline
from streams.skating.boards import Boards, FinalBoard, final_boards

LAST: frozenset[Stream] = frozenset({"rankings", "needs"})
"""What is the same in the end."""
_TELLS_THE_WAY = frozenset({"version", "as_of"})
_FROM_RECORDS = frozenset({"record", "laps"})


@dataclass(slots=True)
class Ends:
    """What a season ends as.

    Attributes:
        pace: digests of what does not depend on other races, by identity.
        last: by stream and key, what is said last, but for what tells how it came about.
        records: what was announced, or is there to be announced.
        boards: the final boards by discipline, as workers remember them.
        bugs: tracebacks of our own code.
        unreadable: messages that are not what their stream has, in words.
    """

    pace: dict[bytes, bytes] = field(default_factory=dict)
    last: dict[tuple[Stream, bytes | None], bytes] = field(default_factory=dict)
    records: Announced = field(default_factory=Announced)
    boards: dict[str, tuple[FinalBoard, ...]] = field(default_factory=dict)
    bugs: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    def add(self, stream: Stream, key: bytes | None, value: bytes, headers: Iterable[Header]) -> None:
        """Take one message in, in order; one that was said before must be left out."""
        try:
            if stream == "pace":
                self.pace[dict(headers).get("ce_id", b"")] = any_order(stream, value)
            elif stream == "records":
                self.records.add(value)
            elif stream in LAST:
                self.last[stream, key] = value
        except (ValueError, LookupError) as error:
            self.unreadable.append(f"{stream} {(key or b'').decode(errors='replace')}: {error}")

    def settle(self) -> None:
        """Reduce what is said last to what does not depend on the way there, once everything is in."""
        for (stream, key), value in self.last.items():
            try:
                self.last[stream, key] = any_order(stream, value)
            except (ValueError, LookupError) as error:
                self.unreadable.append(f"{stream} {(key or b'').decode(errors='replace')}: {error}")


def ends(arrivals: Iterable[Arrival]) -> Ends:
    """Run a season through the steps in memory."""
    found = Ends()
    pipeline = Pipeline(openings=False, on_bug=found.bugs.append)
    for arrival in arrivals:
        for message in pipeline.feed(arrival.stream, arrival.key, arrival.value):
            if message.stream != "records":
                found.add(message.stream, message.key, message.value, message.headers)
    found.settle()
    boards = boards_of(pipeline.ledgers["performances"])
    found.records = announced(boards)
    found.boards = {discipline: final_boards(known) for discipline, known in boards.items()}
    return found


def boards_of(ledger: Ledger[Any]) -> Mapping[str, Boards]:
    """Give the boards of all disciplines from what the records step remembers."""
    return {discipline: state.boards for discipline, state in ledger.states().items()}


def any_order(stream: Stream, value: bytes) -> bytes:
    """Leave out of a message what depends on how races of one discipline interleaved, and digest the rest.

    Raises:
        ValueError, LookupError: it is not what this stream has.
    """
    told: dict[str, Any] = json.loads(value)
    if stream == "pace":
        told.pop("ahead_of_ms")
        if told["basis"] in _FROM_RECORDS:
            told["basis"] = told["projected_ms"] = None
    else:
        told = {name: each for name, each in told.items() if name not in _TELLS_THE_WAY}
    return digest(None, json.dumps(told, sort_keys=True).encode(), ())
