"""From publishing an event to reading its standings, at live pace on Apache Kafka.

    python -m bench.latency [EVENTS_PER_S] [SECONDS]

Publishes 100 events a second (or EVENTS_PER_S) for 20 seconds, waits for each to be acknowledged, and reads
`skating.standings` in the same process; a message names the event it comes from in `slotrit_cause`. Prints
the median and the 99th percentile over all, and over the finishes among them. Everything shares this
machine.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped]

from bench.load import copies
from streams.brokers import running
from streams.event_files import Line
from streams.settings import kafka_client
from tests.kafka.meeting import Meeting, meeting


async def _publish(held: Meeting, lines: Sequence[Line], per_s: float) -> dict[str, tuple[float, bool]]:
    """Publish at a steady pace; give by place when each event was sent, and whether it is a finish."""
    producer = AIOKafkaProducer(**kafka_client(held.settings))
    await producer.start()
    sent: dict[str, tuple[float, bool]] = {}
    began = time.perf_counter()
    try:
        for number, line in enumerate(lines):
            await asyncio.sleep(max(0.0, began + number / per_s - time.perf_counter()))
            at = time.perf_counter()
            stood = await producer.send_and_wait(held.topic("timing"), line.value, key=line.key)
            event = json.loads(line.value)
            sent[f"skating.timing/{stood.partition}/{stood.offset}"] = (
                at,
                event.get("distance_m") in {500, 1000, 1500},
            )
    finally:
        await producer.stop()
    return sent


async def _read(held: Meeting, arrived: dict[str, float]) -> None:
    consumer = AIOKafkaConsumer(
        held.topic("standings"), **kafka_client(held.settings), auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        async for message in consumer:
            arrived.setdefault(dict(message.headers)["slotrit_cause"].decode(), time.perf_counter())
    finally:
        await consumer.stop()


async def measure(per_s: float, seconds: float) -> None:
    """Run a broker and a worker, and print what it took."""
    lines = list(copies(1 + int(per_s * seconds / 700)))
    reference = [line for line in lines if line.stream == "reference"]
    timing = [line for line in lines if line.stream == "timing"][: int(per_s * seconds)]
    with TemporaryDirectory() as folder:
        async with running("apache") as broker, meeting(broker.address, Path(folder) / "worker.log") as held:
            held.start_worker()
            await held.publish(reference)
            await held.done("reference", "performances")
            arrived: dict[str, float] = {}
            reading = asyncio.create_task(_read(held, arrived))
            sent = await _publish(held, timing, per_s)
            await held.all_done()
            await asyncio.sleep(1)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
    took = [(arrived[place] - at, finish) for place, (at, finish) in sent.items() if place in arrived]
    print(f"{len(sent)} events at {per_s:g} a second, {len(took)} of them changed standings")
    for name, some in (
        ("all", [each for each, _ in took]),
        ("finishes", [each for each, finish in took if finish]),
    ):
        print(f"{name:<9} p50 {median(some) * 1000:.1f} ms   p99 {quantiles(some, n=100)[98] * 1000:.1f} ms")


if __name__ == "__main__":
    told = [float(argument) for argument in sys.argv[1:3]]
    asyncio.run(measure(*(told + [100.0, 20.0][len(told) :])))
