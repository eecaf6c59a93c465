"""What a season comes to without a broker, kept small enough for 200,000 events.

Of what is compared to the byte only digests are kept. Several races of one discipline have no common order in
Kafka: what was said on the way about records may depend on how they interleaved, what holds in the end does
not. So of pace, rankings and needs that part is compared which is the same in any order.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from bench.chaos.season import Arrival
from streams.processing.messages import REASON_HEADER, Header, Stream
from streams.processing.pipeline import Pipeline
from streams.skating.boards import FinalBoard, final_boards

IN_ORDER: tuple[Stream, ...] = ("timing", "standings", "field", "podium")
"""What is the same to the byte, key by key and in order; of the input too, which brokers must not lose. Of a
race in parts each key has only some of its versions: which they are is the same, too."""
LAST: tuple[Stream, ...] = ("rankings", "needs")
"""What is the same in the end."""
_TELLS_THE_WAY = frozenset({"version", "as_of"})
_FROM_RECORDS = frozenset({"record", "laps"})


@dataclass(slots=True)
class Truth:
    """What there is to be said.

    Attributes:
        in_order: by stream and key, the digests of its messages in order.
        pace: digests of what does not depend on other races, by identity.
        last: by stream and key, what is said last, but for what tells how it came about.
        letters: dead letters, by reason and digest.
        boards: the final boards by discipline.
        bugs: tracebacks of our own code.
    """

    in_order: dict[tuple[Stream, bytes | None], list[bytes]] = field(default_factory=dict)
    pace: dict[bytes, bytes] = field(default_factory=dict)
    last: dict[tuple[Stream, bytes | None], bytes] = field(default_factory=dict)
    letters: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    boards: dict[str, tuple[FinalBoard, ...]] = field(default_factory=dict)
    bugs: list[str] = field(default_factory=list)

    def add(self, stream: Stream, key: bytes | None, value: bytes, headers: Iterable[Header]) -> None:
        """Take one message in, in order; one that was said before must be left out."""
        if stream in IN_ORDER:
            self.in_order.setdefault((stream, key), []).append(digest(value))
        elif stream == "pace":
            self.pace[dict(headers)["ce_id"]] = digest(any_order(stream, value))
        elif stream in LAST:
            self.last[stream, key] = value
        elif stream == "dead-letters":
            self.letters[dict(headers)[REASON_HEADER], digest(value)] += 1

    def settle(self) -> None:
        """Reduce what is said last to what does not depend on the way there, once everything is in."""
        self.last = {place: any_order(place[0], value) for place, value in self.last.items()}
        # What has no key lies in any partition.
        self.in_order.get(("timing", None), []).sort()


def truth(arrivals: Iterable[Arrival]) -> Truth:
    """Run a season through the steps in memory."""
    found = Truth()
    pipeline = Pipeline(openings=False, on_bug=found.bugs.append)
    for arrival in arrivals:
        found.add(arrival.stream, arrival.key, arrival.value, ())
        for message in pipeline.feed(arrival.stream, arrival.key, arrival.value):
            found.add(message.stream, message.key, message.value, message.headers)
    found.settle()
    known = pipeline.ledgers["performances"].states()
    found.boards = {group: final_boards(state.boards) for group, state in known.items()}
    return found


def any_order(stream: Stream, value: bytes) -> bytes:
    """Leave out of a message what depends on how races of one discipline interleaved."""
    told: dict[str, Any] = json.loads(value)
    if stream == "pace":
        told.pop("ahead_of_ms")
        if told["basis"] in _FROM_RECORDS:
            told["basis"] = told["projected_ms"] = None
    else:
        told = {name: each for name, each in told.items() if name not in _TELLS_THE_WAY}
    return json.dumps(told, sort_keys=True).encode()


def digest(value: bytes) -> bytes:
    """Give 16 bytes that stand for any number of bytes."""
    return blake2b(value, digest_size=16).digest()
