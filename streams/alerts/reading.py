"""Reading what the steps say: from where the state file says we are, and without a group."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.alerts.intake import READ, Arrived, Position, ReadStream, digest
from streams.broker_connection import LastWords, failure, quiet_client
from streams.settings import Settings, kafka_client
from streams.topic_setup import require_topics
from streams.topics import STREAMS, on_broker

POLL_MS = 250
CHECK_S = 10.0
"""How often the topics are checked for having been made anew."""
CUT_OFF_S = 2.0
"""For how long after its last complaint a client is taken to be without its broker."""

Positions = Mapping[TopicPartition, Position]


@dataclass(slots=True)
class Reader:
    """A consumer, what is next in each partition, and where each ended when reading began.

    `last` has the digest of the last message that was read of each, and `checks` those that are to be held
    against what is there now: a topic that was deleted and made anew may have grown past where we are. `anew`
    is called with a place of such a topic.
    """

    consumer: AIOKafkaConsumer
    words: LastWords
    streams: dict[str, ReadStream]
    next: dict[TopicPartition, int]
    ends: dict[TopicPartition, int]
    last: dict[TopicPartition, bytes]
    anew: Callable[[TopicPartition], None]
    checks: dict[TopicPartition, bytes] = field(default_factory=dict)
    checked_at: float = field(default_factory=time.monotonic)
    cut_off: bool = False

    async def poll(self, *streams: ReadStream) -> list[Arrived]:
        """Wait a moment for messages of some streams, or all; those of a partition come in their order.

        Standings come first, because they say where the races are skated that others are about.
        """
        if time.monotonic() - self.checked_at > CHECK_S:
            self.check()
        places = [place for place in self.next if not streams or self.streams[place.topic] in streams]
        fetched = await self.consumer.getmany(*places, timeout_ms=POLL_MS)
        self._listen_to_the_client()
        arrived = []
        for place in sorted(fetched, key=lambda one: (READ.index(self.streams[one.topic]), one)):
            new = await self._new(place, fetched[place])
            arrived += [_arrived(self.streams[place.topic], record) for record in new]
        return arrived

    def check(self) -> None:
        """Read the last message of each partition once more, to see that the topics are what they were."""
        self.checked_at = time.monotonic()
        for place, last in self.last.items():
            self.checks[place] = last
            self.consumer.seek(place, self.next[place] - 1)

    async def has_read(self, stream: ReadStream) -> bool:
        """Say whether everything of a stream has been read that was there when reading began."""
        for place, end in self.ends.items():
            if self.streams[place.topic] == stream and await self.consumer.position(place) < end:
                return False
        return True

    async def _new(self, place: TopicPartition, records: list[Any]) -> list[Any]:
        """Leave out the message that was read before; begin again where the topic is not what it was."""
        check = self.checks.pop(place, None)
        if check is not None and records[0].offset == self.next[place] - 1:
            if _digest(records[0]) != check:
                self.anew(place)
                self.next[place] = 0
                self.last.pop(place, None)
                await self.consumer.seek_to_beginning(place)
                return []
            records = records[1:]
        for record in records:
            if record.offset < self.next[place]:
                self.anew(place)
            self.next[place] = record.offset + 1
        if records:
            self.last[place] = _digest(records[-1])
        return records

    def _listen_to_the_client(self) -> None:
        """Say once that nobody answers, and once that somebody does again."""
        cut_off = time.monotonic() - self.words.at < CUT_OFF_S
        if cut_off != self.cut_off:
            log = structlog.stdlib.get_logger("alert")
            if cut_off:
                log.warning("the broker does not answer, waiting for it", reason=self.words.message)
            else:
                log.info("the broker answers again")
                self.check()
        self.cut_off = cut_off


@asynccontextmanager
async def reader(
    settings: Settings,
    begin: Callable[[Mapping[TopicPartition, tuple[int, int]]], Positions],
    anew: Callable[[TopicPartition], None],
) -> AsyncIterator[Reader]:
    """Read standings, podiums and records for the length of a block.

    Args:
        settings: where the broker is.
        begin: called with where each partition begins and ends; gives where to read from.
        anew: called with a place whose topic was made anew; reading goes on from its beginning.

    Raises:
        SlotritError: where the broker does not answer, or has not the topics.
    """
    counts = await require_topics(settings, READ)
    streams: dict[str, ReadStream] = {
        on_broker(STREAMS[stream].name, settings.topic_prefix): stream for stream in READ
    }
    places = [
        TopicPartition(topic, number) for topic, stream in streams.items() for number in range(counts[stream])
    ]
    with quiet_client() as words:
        consumer = AIOKafkaConsumer(
            **kafka_client(settings), enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            await consumer.start()
            consumer.assign(places)
            first = await consumer.beginning_offsets(places)
            ends = await consumer.end_offsets(places)
            positions = begin({place: (first[place], ends[place]) for place in places})
            for place in places:
                consumer.seek(place, positions[place].next)
            last = {
                place: at.digest for place, at in positions.items() if at.digest and at.next > first[place]
            }
            starts = {place: at.next for place, at in positions.items()}
            source = Reader(consumer, words, streams, starts, ends, last, anew)
            source.check()
            # New topics have no leaders for a moment; complaints of that are over by now.
            words.at = float("-inf")
            yield source
        except KafkaError as error:
            raise failure("reading", error, words, settings) from None
        finally:
            await consumer.stop()


def start_of(
    stored: Mapping[int, Position], partition: int, first: int, end: int, *, tells_history: bool
) -> tuple[Position, str]:
    """Say where to read a partition from, and what there is to say about it.

    Args:
        stored: how far the topic's partitions have been read.
        partition: which one.
        first: its first offset that is still there.
        end: its end.
        tells_history: whether what is there at the very first start is told; else it is only learnt.

    Returns:
        The position, and a warning or nothing.
    """
    if not stored:
        return Position(first, 0 if tells_history else end, None), ""
    if partition not in stored:
        # The topic has been given more partitions; nothing in them is history.
        return Position(first, 0, None), ""
    at = stored[partition]
    if at.next > end:
        return Position(first, 0, None), "made anew"
    if at.next < first:
        return at._replace(next=first, digest=None), "cut off"
    return at, ""


def _arrived(stream: ReadStream, record: Any) -> Arrived:
    return Arrived(stream, record.topic, record.partition, record.offset, record.value, tuple(record.headers))


def _digest(record: Any) -> bytes:
    return digest(dict(record.headers).get("ce_id", b""), record.value)
