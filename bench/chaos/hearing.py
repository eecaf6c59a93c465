"""Everything that was published, held against what it follows from, to the byte.

A step is a plain function of the log that it reads. So each log is read as it is on the brokers and told to
the step once more, and what the step makes of it is the script for the logs after it. Events and books are
held against the season; standings, field, podium, performances and results against the events; records, pace
and needs against the performances; rankings, and needs in them, against the results; dead letters against all
of these. How races interleave is decided in one place, the order in which performances and results came to
lie, and everything after that must follow from it. So no message of any stream can be lost, altered, invented
or change its turn without being named, with three limits that are nature's:

- An event has no identity of its own; one that was altered on the way is one lost and one invented.
- Events without a key lie in any partition, so their order is not promised, only that each is there once.
- Between keys and partitions there is no order, so none is looked for.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bench.chaos.arrival import Arrival
from bench.chaos.ends import Ends
from bench.chaos.log import Log, Said, version_of
from bench.chaos.numbering import Numbering
from bench.chaos.script import Place, Script, digest
from streams.agents.placing import belongs_in
from streams.processing.ledger import Ledger
from streams.processing.messages import Header, Published, Received, Stream
from streams.processing.packed_rows import PackedRows
from streams.processing.pipeline import steps

INPUTS: tuple[Stream, ...] = ("timing", "reference")
BETWEEN: tuple[Stream, ...] = ("performances", "results")
OUTPUTS: tuple[Stream, ...] = (
    "standings",
    "field",
    "podium",
    "pace",
    "records",
    "rankings",
    "needs",
    "dead-letters",
)
IN_TURN: tuple[Stream, ...] = (*INPUTS, *BETWEEN, *OUTPUTS)
"""All streams, each after those that it follows from."""
COMPACTED: frozenset[Stream] = frozenset({"standings", "field", "rankings", "needs"})


class Read(NamedTuple):
    """A message as it was read, and when the broker took it, in milliseconds since 1970."""

    received: Received
    at_ms: int


@dataclass(slots=True)
class Hearing:
    """What is heard, stream by stream as in `IN_TURN`, of each partition in its order.

    Attributes:
        partitions: how many each topic has.
        script: what is to be said, and what was not heard so.
        logs: of each partition, by stream and number, what it tells of repetitions; not of events.
        numbering: the numbers that were given.
        ends: what it all comes to.
    """

    partitions: int
    script: Script = field(default_factory=Script)
    logs: dict[tuple[Stream, int], Log] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)
    ends: Ends = field(default_factory=Ends)
    _ledgers: dict[Stream, Ledger[Any]] = field(default_factory=dict)
    _offered: Counter[tuple[Stream, bytes]] = field(default_factory=Counter)
    _found: Counter[tuple[Stream, bytes]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._ledgers = {step.reads: Ledger(step, rows=PackedRows()) for step in steps(openings=False)}

    def offer(self, arrivals: Iterable[Arrival]) -> None:
        """Write down what was given to the brokers; to be done before anything is heard."""
        for each in arrivals:
            said = digest(each.key, each.value, ())
            place = self._offered_at(each.stream, each.key)
            self.script.expect(place, _nth(self._offered, each.stream, said), said)

    def hear(self, read: Read) -> None:
        """Hear the next message of a partition, and let the step that reads it say what follows."""
        received = read.received
        said = digest(received.key, received.value, received.headers)
        if received.stream in INPUTS:
            place = self._offered_at(received.stream, received.key, received.partition)
            self.script.hear(place, _nth(self._found, received.stream, said), said)
        else:
            self._hear_ours(read, said)
        self._tell(received)

    def end(self) -> None:
        """Hear that nothing more comes."""
        self.script.end()
        for log in self.logs.values():
            log.end()
        self.ends.settle()

    def _hear_ours(self, read: Read, said: bytes) -> None:
        received = read.received
        stream, partition, key = received.stream, received.partition, received.key
        value, identity = received.value or b"", _identity(stream, received.headers)
        version = _version(value) if stream in COMPACTED else None
        log = self.logs.setdefault((stream, partition), Log(stream))
        if not log.is_new(Said(stream, key, identity, said, version, read.at_ms)):
            return
        self.script.hear(Place(stream, partition, key, _origin(received.headers)), identity, said)
        self.numbering.add(stream, identity)
        self.ends.add(stream, key, value, received.headers)

    def _tell(self, received: Received) -> None:
        """Let the step that reads a message write down what it says of it."""
        ledger = self._ledgers.get(received.stream)
        outcome = None if ledger is None else ledger.handle(received)
        if ledger is None or outcome is None:
            return
        if outcome.bug is not None:
            self.ends.bugs.append(outcome.bug)
        for each in outcome.published:
            place = Place(each.stream, self._lies_in(each, received), each.key, _origin(each.headers))
            said = digest(each.key, each.value, each.headers)
            self.script.expect(place, _identity(each.stream, each.headers), said)
        ledger.settle(outcome, received)

    def _lies_in(self, each: Published, received: Received) -> int:
        key = each.placed_by or each.key
        return received.partition if key is None else belongs_in(key, self.partitions)

    def _offered_at(self, stream: Stream, key: bytes | None, found_in: int | None = None) -> Place:
        if key is None:
            return Place(stream, None, None, b"")
        return Place(stream, belongs_in(key, self.partitions) if found_in is None else found_in, key, b"")


def _nth(known: Counter[tuple[Stream, bytes]], stream: Stream, said: bytes) -> bytes:
    """Name an event by its bytes, and by how often they came before: the same may be sent twice."""
    known[stream, said] += 1
    return b"%s, time %d" % (said.hex().encode(), known[stream, said])


def _identity(stream: Stream, headers: tuple[Header, ...]) -> bytes:
    """Give the `ce_id`; of a book that goes on to a step also which: the same may be listed twice."""
    told = dict(headers)
    identity, cause = told.get("ce_id", b""), told.get("slotrit_cause", b"")
    if stream in BETWEEN and cause.startswith(b"skating.reference/"):
        return b"%s from %s" % (identity, cause)
    return identity


def _origin(headers: tuple[Header, ...]) -> bytes:
    return dict(headers).get("slotrit_cause", b"").rpartition(b"/")[0]


def _version(value: bytes) -> int | None:
    """Read the version out of a message; None where there is none, as in what is not ours."""
    try:
        return version_of(value)
    except ValueError:
        return None
