"""The alerts of a demo: of everything that a newsroom might want, said where the demo can read it."""

import asyncio
import json
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from streams.alerts.outbox import pending
from streams.alerts.state_file import connected
from streams.settings import Settings, kafka_client
from streams.topic_setup import require_topics
from streams.topics import STREAMS, on_broker

LOOK_S = 0.2
SENT = "alerts.jsonl"
STATE = "alerts.sqlite3"
RULES = f"""
[[sinks]]
name = "demo"
type = "file"
path = "{SENT}"

[[rules]]
name = "records"
kind = ["WR", "OR", "WRJ", "NR", "NRJ", "TR", "TRJ"]

[[rules]]
name = "podiums"
podium = "decided"
"""


def write_rules(folder: Path) -> Path:
    """Write the rules of the demo into a folder; what they lead to is told in a file beside them."""
    rules = folder / "alerts.toml"
    rules.write_text(RULES, encoding="utf-8")
    return rules


def alerts_of(folder: Path) -> list[str]:
    """Say what went out, an alert a line."""
    sent = folder / SENT
    told = sent.read_text(encoding="utf-8").splitlines() if sent.exists() else []
    return [f"alert: {json.loads(line)['title']}" for line in told]


async def all_told(settings: Settings, folder: Path, within_s: float) -> bool:
    """Wait until the alerts have taken in all that is on Kafka now, and have nothing left to deliver.

    Args:
        settings: where the topics are.
        folder: where the alerts keep their state.
        within_s: how many seconds to wait at most.

    Returns:
        Whether they have.
    """
    counts = await require_topics(settings, ("records", "podium"))
    places = [
        TopicPartition(on_broker(STREAMS[stream].name, settings.topic_prefix), partition)
        for stream, count in counts.items()
        for partition in range(count)
    ]
    async with AIOKafkaConsumer(**kafka_client(settings)) as consumer:
        ends = await consumer.end_offsets(places)
    try:
        async with asyncio.timeout(within_s):
            while not _all_told(folder, ends):  # noqa: ASYNC110 - another process does not call
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        return False
    return True


def _all_told(folder: Path, ends: dict[TopicPartition, int]) -> bool:
    with connected(folder / STATE) as db:
        read = {
            TopicPartition(topic, partition): offset
            for topic, partition, offset in db.execute("SELECT topic, partition, next FROM positions")
        }
        waiting = pending(db)
    return not waiting and all(read.get(place, 0) >= end for place, end in ends.items())
