"""How long the races of a worker stand still after SIGKILL, and what the other takes of the machine.

Two workers share four partitions and remember many events; in each partition a race goes on, of which an
event comes twenty times a second. One worker is killed. It stands still until the group gives it up (the
session timeout), the other has read back what is remembered of its races, and has published standings for an
event that came after the kill; the partition that waits longest counts.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]

from bench.outputs import places_of
from bench.peers.at_work import AtWork, at_work
from bench.peers.starting import PEERS
from bench.remembered import Row, remember
from bench.taken import memory_mb, peak_mb
from streams.errors import SlotritError
from streams.settings import Settings, kafka_client
from streams.topics import STREAMS, on_broker
from tests.skating.a_race import event, instant, lines, raw, scheduled

SESSION_S = 10.0
"""As a worker has it where nobody sets anything else."""
PARTITIONS = 4
_EVERY_S = 0.05
_WITHIN_S = 300.0

Seen = dict[bytes, list[tuple[float, float]]]
"""By race, when an event was sent and when its standings could be read."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a kill came to.

    Attributes:
        events: how many events are remembered.
        rows: how many rows that takes, and `rows_mb` how large they are together.
        started_s: from the start of both workers to the first standings of the race that waited longest.
        stood_still_s: from the kill to the first standings of an event after it, of the race that waited
            longest.
        memory_mb: what the worker that is left takes afterwards, with everything; `peak_mb` at most.
    """

    events: int
    rows: int
    rows_mb: float
    started_s: float
    stood_still_s: float
    memory_mb: float
    peak_mb: float


async def recovery(known: list[Row], events: int, broker: str, folder: Path) -> Recovery:
    """Let workers remember so many events, kill one, and wait for the other.

    Raises:
        SlotritError: races stood still for five minutes.
    """
    async with at_work(
        PEERS["ours"], "everything", broker, folder, partitions=PARTITIONS, session_s=SESSION_S
    ) as working:
        rows, size = await remember(working.settings, known, events) if events else (0, 0)
        began = time.perf_counter()
        killed, left = working.start(), working.start()
        sent: dict[tuple[bytes, str], float] = {}
        seen: Seen = {}
        going = asyncio.create_task(_skate(working.settings, sent))
        watching = asyncio.create_task(_watch(working.settings, sent, seen))
        try:
            started_s = await _all_after(seen, began, working, watching) - began
            await working.joined(2)
            await _all_after(seen, time.perf_counter(), working, watching)
            working.processes.remove(killed)
            at = time.perf_counter()
            killed.kill()
            killed.wait()
            stood_still_s = await _all_after(seen, at, working, watching) - at
        finally:
            for task in (going, watching):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        return Recovery(
            events, rows, size / 1e6, started_s, stood_still_s, memory_mb(left.pid), peak_mb(left.pid)
        )


def _races() -> list[str]:
    """Name a race for each partition, by its number."""
    found: dict[int, str] = {}
    number = 0
    while len(found) < PARTITIONS:
        race_id = f"live-{number}/M1000/-"
        found.setdefault((murmur2(race_id.encode()) & 0x7FFFFFFF) % PARTITIONS, race_id)
        number += 1
    return list(found.values())


def _happening(race_id: str) -> Iterator[bytes]:
    """Give events of a race for ever, each of which changes its standings and is a second after the last."""
    yield raw(scheduled("a b", "c d", race_id=race_id))
    for number in count(1):
        drawn = lines("c d", "a b") if number % 2 else lines("a b", "c d")
        yield raw(event("start_list.revised", number, race_id, start_list=drawn))


async def _skate(settings: Settings, sent: dict[tuple[bytes, str], float]) -> None:
    """Produce an event of every race, for ever; note when, by race and `as_of` of its standings."""
    producer = AIOKafkaProducer(**kafka_client(settings), enable_idempotence=True)
    topic = on_broker(STREAMS["timing"].name, settings.topic_prefix)
    races = {race_id: _happening(race_id) for race_id in _races()}
    await producer.start()
    try:
        for number in count():
            for race_id, events in races.items():
                sent[race_id.encode(), _as_of(instant(number))] = time.perf_counter()
                await producer.send(topic, next(events), key=race_id.encode())
            await asyncio.sleep(_EVERY_S)
    finally:
        await producer.stop()


def _as_of(moment: str) -> str:
    return datetime.fromisoformat(moment).isoformat()


async def _watch(settings: Settings, sent: dict[tuple[bytes, str], float], seen: Seen) -> None:
    """Read standings for ever; note when those of which event could be read."""
    consumer = AIOKafkaConsumer(**kafka_client(settings), auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign(places_of(settings, "standings"))
        async for message in consumer:
            as_of = _as_of(json.loads(message.value)["as_of"])
            seen.setdefault(message.key, []).append((sent[message.key, as_of], time.perf_counter()))
    finally:
        await consumer.stop()


async def _all_after(seen: Seen, at: float, working: AtWork, watching: asyncio.Task[None]) -> float:
    """Wait until of every race there are standings of an event after some moment; give when the last had.

    Raises:
        SlotritError: a worker ended, or that takes longer than five minutes.
    """
    while True:
        first = [next((read for sent, read in some if sent > at), None) for some in list(seen.values())]
        done = [read for read in first if read is not None]
        if len(done) == PARTITIONS:
            return max(done)
        working.alive()
        if watching.done():
            watching.result()
        if time.perf_counter() - at > _WITHIN_S:
            raise SlotritError(f"only {len(done)} of {PARTITIONS} races went on within {_WITHIN_S:g} s")
        await asyncio.sleep(_EVERY_S)
