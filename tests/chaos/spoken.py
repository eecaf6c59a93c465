"""A season as it lies in the logs of a cluster, made without one: several partitions, and crashes."""

import random
from collections.abc import Iterable, Iterator, Sequence

from bench.chaos.arrival import Arrival
from bench.chaos.hearing import IN_TURN, Hearing, Read
from streams.agents.placing import belongs_in
from streams.processing.ledger import Ledger
from streams.processing.messages import Published, Received, Stream
from streams.processing.pipeline import steps

PARTITIONS = 3
_AGAIN = 0.02
"""How often a worker dies that has published and not remembered."""

Logs = dict[Stream, list[list[Read]]]
"""By stream and partition, what lies there in order."""


def spoken(arrivals: Iterable[Arrival], seed: int) -> Logs:
    """Let each step read the partitions of what it reads, in an order that the seed decides."""
    rng = random.Random(seed)  # noqa: S311 - a seed must repeat it
    logs: Logs = {stream: [[] for _ in range(PARTITIONS)] for stream in IN_TURN}
    for each in arrivals:
        put(logs, each.stream, each.key, _partition(each.key, 0), each.value, ())
    for step in steps(openings=False):
        ledger = Ledger(step)
        lately: dict[int, list[Published]] = {}
        for received in _mixed(logs[step.reads], rng):
            outcome = ledger.handle(received)
            if outcome is None:
                continue
            again = rng.random() < _AGAIN
            said = [*lately.get(received.partition, ()), *outcome.published]
            for message in [*outcome.published, *(said if again else ())]:
                partition = _partition(message.placed_by or message.key, received.partition)
                put(logs, message.stream, message.key, partition, message.value, message.headers)
            lately[received.partition] = said[-5:]
            ledger.settle(outcome, received)
    return logs


def put(
    logs: Logs,
    stream: Stream,
    key: bytes | None,
    partition: int,
    value: bytes | None,
    headers: tuple[tuple[str, bytes], ...],
) -> None:
    """Put a message behind the others of its partition."""
    log = logs[stream][partition]
    log.append(Read(Received(stream, partition, len(log), key, value, headers), at_ms=len(log)))


def heard(arrivals: Sequence[Arrival], logs: Logs) -> Hearing:
    """Have everything heard that lies in logs, which is to follow from these arrivals."""
    hearing = Hearing(PARTITIONS)
    hearing.offer(arrivals)
    for stream in IN_TURN:
        for log in logs[stream]:
            for read in log:
                hearing.hear(read)
    hearing.end()
    return hearing


def _partition(key: bytes | None, otherwise: int) -> int:
    return otherwise if key is None else belongs_in(key, PARTITIONS)


def _mixed(partitions: Sequence[Sequence[Read]], rng: random.Random) -> Iterator[Received]:
    """Give all of several partitions, each in its order."""
    going = [iter(log) for log in partitions]
    while going:
        log = rng.choice(going)
        for read in log:
            yield read.received
            if rng.random() < 0.2:
                break
        else:
            going.remove(log)
