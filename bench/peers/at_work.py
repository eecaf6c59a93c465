"""A peer at work on topics of its own, from its first event to its end."""

import asyncio
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped]

from bench.chaos.arrival import Arrival
from bench.outputs import ends
from bench.peers.job import Job, Place
from bench.peers.starting import Peer, start
from streams.agents.speaking import BATCH_BYTES
from streams.app import COMMIT_EVERY_S
from streams.broker_connection import connected_admin
from streams.brokers.process import last_lines, stop
from streams.caught_up import caught_up
from streams.errors import SlotritError
from streams.processing.messages import Stream
from streams.settings import Settings, kafka_client
from streams.topic_setup import LARGEST_MESSAGE_BYTES, create_topics
from streams.topics import STREAMS, on_broker

SESSION_S = 45.0
"""Longer than a peer is suspended while its input is published."""
_LOOK_S = 0.02
_GIVE_UP_S = 600.0


class PeerFailedError(SlotritError):
    """A process of a peer ended or came to no end; what it published is not known to be wrong."""


@dataclass(slots=True)
class AtWork:
    """The processes of a peer, and where they work."""

    peer: Peer
    job: Job
    settings: Settings
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        """Start one more process of the peer."""
        number = len(self.processes)
        place = Place(
            broker=",".join(self.settings.brokers or ()),
            prefix=self.settings.topic_prefix,
            group=self.settings.app_id,
            partitions=self.settings.partitions,
            session_s=self.settings.session_timeout_s,
            job=self.job,
            batch_bytes=BATCH_BYTES,
            largest_bytes=LARGEST_MESSAGE_BYTES,
            commit_every_s=COMMIT_EVERY_S,
            state=str(self.folder / f"state-{number}"),
        )
        process = start(self.peer, place, self.folder / f"log-{number}")
        self.processes.append(process)
        return process

    async def publish(self, arrivals: Iterable[Arrival]) -> None:
        """Publish events in order as fast as it goes, and wait until the broker has them."""
        producer = AIOKafkaProducer(
            **kafka_client(self.settings), linger_ms=5, enable_idempotence=True, max_batch_size=100_000
        )
        await producer.start()
        try:
            sent = [
                await producer.send(
                    on_broker(STREAMS[each.stream].name, self.settings.topic_prefix), each.value, key=each.key
                )
                for each in arrivals
            ]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    async def committed(self, streams: Iterable[Stream]) -> None:
        """Wait until the group has committed all that is in some streams, one after the other as they flow.

        Raises:
            SlotritError: it did not within ten minutes, or a process ended.
        """
        for stream in streams:
            waiting = asyncio.create_task(caught_up(self.settings, [stream], _GIVE_UP_S))
            while not waiting.done():
                self.alive()
                await asyncio.wait({waiting}, timeout=_LOOK_S * 5)
            if not waiting.result():
                raise self._failure(f"did not commit {stream} within {_GIVE_UP_S:g} s")

    async def joined(self, count: int) -> None:
        """Wait until so many processes share the partitions between them.

        Raises:
            SlotritError: a process ended, or they do not within ten minutes.
        """
        began = time.monotonic()
        async with connected_admin(self.settings) as admin:
            while True:
                self.alive()
                (answer,) = await admin.describe_consumer_groups([self.settings.app_id])
                ((_, _, state, _, _, members, *_),) = answer.groups
                if state == "Stable" and len(members) == count and all(each[4] for each in members):
                    return
                if time.monotonic() - began > _GIVE_UP_S:
                    raise self._failure(f"is a group of {len(members)} ({state}), not {count}")
                await asyncio.sleep(_LOOK_S * 5)

    async def published(self, streams: Iterable[Stream]) -> dict[Stream, int]:
        """Count the messages that each stream has now."""
        consumer = AIOKafkaConsumer(**kafka_client(self.settings))
        await consumer.start()
        try:
            return await ends(consumer, self.settings, streams)
        finally:
            await consumer.stop()

    async def until_published(self, counts: dict[Stream, int]) -> float:
        """Wait until so many messages can be read from each stream; give when, by `time.perf_counter`.

        Raises:
            SlotritError: they cannot within ten minutes, or a process ended.
        """
        consumer = AIOKafkaConsumer(**kafka_client(self.settings))
        await consumer.start()
        began = time.perf_counter()
        try:
            while True:
                found = await ends(consumer, self.settings, counts)
                now = time.perf_counter()
                if all(found[stream] >= count for stream, count in counts.items()):
                    return now
                self.alive()
                if now - began > _GIVE_UP_S:
                    raise self._failure(f"published {found} within {_GIVE_UP_S:g} s, not {counts}")
                await asyncio.sleep(_LOOK_S)
        finally:
            await consumer.stop()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to every process."""
        for process in self.processes:
            process.send_signal(number)

    def alive(self) -> None:
        """Make sure that no process has ended.

        Raises:
            SlotritError: one has.
        """
        for process in self.processes:
            if process.poll() is not None:
                raise self._failure(f"ended with code {process.returncode}")

    def _failure(self, what: str) -> PeerFailedError:
        logs = sorted(self.folder.glob("log-*"))
        said = "\n  ".join(line for log in logs for line in last_lines(log, 15))
        return PeerFailedError(f"{self.peer.title} {what}; it says:\n  {said}")


@asynccontextmanager
async def at_work(
    peer: Peer, job: Job, broker: str, folder: Path, *, partitions: int = 1, session_s: float = SESSION_S
) -> AsyncIterator[AtWork]:
    """Make topics for a peer on a broker, and end its processes after the block.

    Args:
        peer: which.
        job: what it does.
        broker: HOST:PORT.
        folder: for its logs and what it keeps on disk.
        partitions: of each topic.
        session_s: after how many seconds the group goes on without one that gives no sign of life.
    """
    name = uuid4().hex[:12]
    place = folder / name
    place.mkdir(parents=True)
    settings = Settings(
        brokers=(broker,),
        topic_prefix=f"{name}.",
        app_id=f"peer-{name}",
        partitions=partitions,
        session_timeout_s=session_s,
    )
    await create_topics(settings)
    working = AtWork(peer, job, settings, place)
    try:
        yield working
    finally:
        for process in working.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
            await stop(process)
