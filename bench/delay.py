"""From producing an event to being able to read its standings, at a steady pace.

Events are produced without waiting for one another, and standings are read in the same process. Which
standings an event leads to is known from memory: its race and their version. Who still has some to publish
half a second after the last event falls behind, and has no figures.

At every pace some seconds go before that are not counted, for all peers alike. A broker is a virtual machine:
at a pace that is new to it, it compiles for seconds, on the cores that it shares with what is measured, and
whoever comes first would be measured by that.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped]

from bench.chaos.arrival import Arrival
from bench.chaos.log import version_of
from bench.offered import Offered, of_job, versions, warm_up
from bench.outputs import places_of
from bench.peers.at_work import AtWork, at_work
from bench.peers.job import Job, steps_of
from bench.peers.starting import Peer
from streams.settings import kafka_client
from streams.topics import STREAMS, on_broker

PACES: tuple[tuple[int, int], ...] = ((100, 8), (1000, 10))
"""Events a second, and for how many seconds they are counted."""
LEAD_S = 3
"""How many seconds go before at the same pace."""
WARM = 500
"""How many events are handled first, as fast as it goes."""
_BEHIND_S = 0.5

Version = tuple[bytes, int]
"""A race and a version of its standings."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Milliseconds at one pace: the median and the 99th percentile."""

    p50_ms: float
    p99_ms: float


def needed() -> int:
    """Say how many events all paces take together."""
    return WARM + sum(per_s * (LEAD_S + seconds) for per_s, seconds in PACES)


async def delays(peer: Peer, job: Job, given: Offered, broker: str, folder: Path) -> dict[int, Delay | None]:
    """Measure a peer at every pace, the slowest first; None where it falls behind, and at what follows.

    Raises:
        SlotritError: it ended.
    """
    leads_to = versions(given.timing)
    found: dict[int, Delay | None] = {per_s: None for per_s, _ in PACES}
    async with at_work(peer, job, broker, folder) as working:
        working.start()
        reference = of_job(job, given)
        if reference:
            await working.publish(reference)
            await working.committed(["reference", "performances", "results"])
        await working.publish(warm_up(peer.warms_with))
        await working.publish(given.timing[:WARM])
        await working.committed([step.reads for step in steps_of(job)])
        first = WARM
        for per_s, seconds in PACES:
            part = slice(first, first + per_s * (LEAD_S + seconds))
            first = part.stop
            found[per_s] = await _at_pace(working, given.timing[part], leads_to[part], per_s)
            if found[per_s] is None:
                break
    return found


async def _at_pace(
    working: AtWork, arrivals: Sequence[Arrival], leads_to: Sequence[Version | None], per_s: int
) -> Delay | None:
    wanted = {version for version in leads_to if version is not None}
    arrived: dict[Version, float] = {}
    consumer = AIOKafkaConsumer(**kafka_client(working.settings), auto_offset_reset="latest")
    await consumer.start()
    places = places_of(working.settings, "standings")
    consumer.assign(places)
    await consumer.seek_to_end(*places)
    for place in places:
        await consumer.position(place)
    reading = asyncio.create_task(_read(consumer, wanted, arrived))
    try:
        sent = await _produce(working, arrivals, per_s)
        await asyncio.wait({reading}, timeout=_BEHIND_S)
        working.alive()
        if not reading.done():
            return None
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await consumer.stop()
    took = [
        (arrived[version] - at) * 1000
        for version, at in islice(zip(leads_to, sent, strict=True), per_s * LEAD_S, None)
        if version is not None
    ]
    return Delay(median(took), quantiles(took, n=100)[98])


async def _produce(working: AtWork, arrivals: Sequence[Arrival], per_s: int) -> list[float]:
    """Produce at a steady pace; give when each event was handed to the client."""
    producer = AIOKafkaProducer(**kafka_client(working.settings), acks="all")
    topic = on_broker(STREAMS["timing"].name, working.settings.topic_prefix)
    sent = []
    await producer.start()
    began = time.perf_counter()
    try:
        for number, arrival in enumerate(arrivals):
            early_s = began + number / per_s - time.perf_counter()
            if early_s > 0:
                await asyncio.sleep(early_s)
            sent.append(time.perf_counter())
            await producer.send(topic, arrival.value, key=arrival.key)
    finally:
        await producer.stop()
    return sent


async def _read(consumer: AIOKafkaConsumer, wanted: set[Version], arrived: dict[Version, float]) -> None:
    """Note when each version can be read, until all can."""
    left = set(wanted)
    while left:
        for messages in (await consumer.getmany(timeout_ms=500)).values():
            now = time.perf_counter()
            for message in messages:
                version = message.key, version_of(message.value)
                arrived.setdefault(version, now)
                left.discard(version)
