"""Writing to Kafka, records of one step at a time, each in the name of its voice (`voices.py`).

The client's producer has one identity for all that it sends, and a task and some futures for each message. We
have many messages at a time, all to be waited for together, and an identity for each partition that they come
from. So batches are made here, one for each partition that is written to, and sent to the leaders of these
partitions, a request each; the next batch to a partition leaves when the one before it is there.

A batch that may or may not have arrived is sent again as it is, and the leader, who knows its sequence
number, takes it once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import TopicPartition  # type: ignore[import-untyped]
from aiokafka.client import AIOKafkaClient  # type: ignore[import-untyped]
from aiokafka.errors import (  # type: ignore[import-untyped]
    DuplicateSequenceNumber,
    InvalidProducerEpoch,
    KafkaConnectionError,
    KafkaError,
    NoError,
    ProducerFenced,
    for_code,
)
from aiokafka.protocol.produce import ProduceRequest  # type: ignore[import-untyped]
from aiokafka.record.default_records import DefaultRecordBatchBuilder  # type: ignore[import-untyped]

from streams.agents.voices import AGAIN_AFTER_S, Confirm, OvertakenError, Voice, Voices
from streams.processing.messages import Header

log = structlog.get_logger(__name__)

BATCH_BYTES = 500_000
"""How much goes to a partition at once. A standings message has some kilobytes, and a topic takes two million
bytes in a batch."""

PATIENCE_S = 120.0
"""How long the same records are sent again before the worker gives up and is started anew."""

_MAGIC, _UNCOMPRESSED, _NOT_TRANSACTIONAL = 2, 0, 0
_ALL_IN_SYNC = -1
_ANSWER_WITHIN_MS, _ON_THE_WAY_MS = 15_000, 2_000
_LEADER_NOT_AVAILABLE = 5


@dataclass(frozen=True, slots=True)
class Record:
    """A record to be written: on behalf of which partition of the input, and where to.

    `key` None goes to the partition that is named, like all others.
    """

    source: int
    place: TopicPartition
    key: bytes | None
    value: bytes
    headers: Sequence[Header] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What is sent to a partition at once, complete to the byte."""

    place: TopicPartition
    content: bytes


def batches(records: Iterable[Record], voices: dict[int, Voice], at_ms: int) -> Iterator[Batch]:
    """Put records together that have a voice and a partition in common, in the order in which they are.

    Args:
        records: all of them.
        voices: by the partition of the input.
        at_ms: the time that each record gets, in milliseconds since 1970.
    """
    together: dict[tuple[int, TopicPartition], list[Record]] = {}
    for record in records:
        together.setdefault((record.source, record.place), []).append(record)
    for (source, place), alike in together.items():
        begin = 0
        while begin < len(alike):
            end = _end_of_batch(alike, begin)
            yield Batch(place, _sealed(voices[source], place, alike[begin:end], at_ms))
            begin = end


def _end_of_batch(records: Sequence[Record], begin: int) -> int:
    """Say where a batch ends that begins there: it has one record, or as many as do not make it too large."""
    size, end = 0, begin
    while end < len(records):
        record = records[end]
        size += len(record.value) + len(record.key or b"") + sum(map(_header_bytes, record.headers))
        if size > BATCH_BYTES and end > begin:
            break
        end += 1
    return end


def _header_bytes(header: Header) -> int:
    return len(header[0]) + len(header[1])


def _sealed(voice: Voice, place: TopicPartition, records: Sequence[Record], at_ms: int) -> bytes:
    builder = DefaultRecordBatchBuilder(
        _MAGIC,
        _UNCOMPRESSED,
        _NOT_TRANSACTIONAL,
        voice.producer_id,
        voice.epoch,
        voice.number(place, len(records)),
        batch_size=1 << 30,
    )
    for offset, record in enumerate(records):
        builder.append(offset, at_ms, record.key, record.value, list(record.headers))
    return bytes(builder.build())


class Speaker:
    """Writes what a step has to say.

    Whoever calls `say` again while it has not returned gets its records mixed up.
    """

    def __init__(
        self, arguments: Mapping[str, Any], name: str, topics: Iterable[str], *, fenced: bool = True
    ) -> None:
        """Connect to nothing yet.

        Args:
            arguments: what a client is made with.
            name: begins the names of the voices; of this step and no other, in all workers of the group.
            topics: all that are written to, as they are named on the broker.
            fenced: whether the broker can tell voices apart.
        """
        self._arguments, self._name, self._topics, self._fenced = arguments, name, tuple(topics), fenced
        self._voices: Voices | None = None

    def assigned(self, partitions: Iterable[int], confirm: Confirm) -> None:
        """Claim the voices of these partitions of the input, and of no others; waits for nothing."""
        if self._voices is None:
            client = asyncio.create_task(_connected(self._arguments, self._topics))
            self._voices = Voices(client, self._name, self._fenced)
        self._voices.assigned(partitions, confirm)

    @property
    def failure(self) -> BaseException | None:
        """Why there is a partition that this worker cannot speak for; None where it can or soon will."""
        return None if self._voices is None else self._voices.failure

    async def close(self) -> None:
        """Hang up."""
        if self._voices is None:
            return
        voices, self._voices = self._voices, None
        voices.drop()
        if voices.client.done() and not voices.client.cancelled() and voices.client.exception() is None:
            await voices.client.result().close()
        voices.client.cancel()

    async def say(self, records: Sequence[Record]) -> None:
        """Write records, and return when all replicas in sync have all of them.

        Raises:
            OvertakenError: another worker has taken over; nothing of that batch was taken.
            KafkaError: the broker refuses them, or none has answered for `PATIENCE_S`.
        """
        if not records:
            return
        if self._voices is None:
            raise OvertakenError(f"{self._name}: no partition was ever assigned to this worker")
        sources = {record.source for record in records}
        voices = {source: await self._voices.of(source) for source in sources}
        client = await asyncio.shield(self._voices.client)
        waiting: dict[TopicPartition, deque[Batch]] = {}
        for batch in batches(records, voices, int(time.time() * 1000)):
            waiting.setdefault(batch.place, deque()).append(batch)
        deadline = time.monotonic() + PATIENCE_S
        while waiting:
            failure = await _send_heads(client, waiting)
            if failure is None:
                continue
            if time.monotonic() > deadline:
                raise failure
            await asyncio.sleep(AGAIN_AFTER_S)
            await client.force_metadata_update()


async def _send_heads(
    client: AIOKafkaClient, waiting: dict[TopicPartition, deque[Batch]]
) -> KafkaError | None:
    """Send the first batch to each partition, take away what has arrived, and give what went wrong."""
    by_leader: dict[int, list[Batch]] = {}
    homeless: list[TopicPartition] = []
    for place, queue in waiting.items():
        node = client.cluster.leader_for_partition(place)
        if node is None or node < 0:
            homeless.append(place)
        else:
            by_leader.setdefault(node, []).append(queue[0])
    answers = await asyncio.gather(*(_send(client, node, heads) for node, heads in by_leader.items()))
    for place in [place for arrived, _ in answers for place in arrived]:
        waiting[place].popleft()
        if not waiting[place]:
            del waiting[place]
    failures = [failure for _, failure in answers if failure is not None]
    if homeless:
        failures.append(for_code(_LEADER_NOT_AVAILABLE)(f"no leader for {homeless[0]}"))
    return next(iter(failures), None)


async def _send(
    client: AIOKafkaClient, node: int, heads: Sequence[Batch]
) -> tuple[list[TopicPartition], KafkaError | None]:
    """Send a batch to each of some partitions; give those that have it, and what may go better next time."""
    topics: dict[str, list[tuple[int, bytes]]] = {}
    for batch in heads:
        topics.setdefault(batch.place.topic, []).append((batch.place.partition, batch.content))
    request = ProduceRequest(None, _ALL_IN_SYNC, _ANSWER_WITHIN_MS, list(topics.items()))
    try:
        told = await client.send(node, request)
    except KafkaError as error:
        if not error.retriable:
            raise
        log.warning("broker.silent", node=node, error=repr(error))
        return [], error
    arrived, failure = [], None
    for topic, partitions in told.topics:
        for partition, code, *_ in partitions:
            place, answer = TopicPartition(topic, partition), for_code(code)
            if answer in {NoError, DuplicateSequenceNumber}:
                arrived.append(place)
            else:
                failure = _looked_into(place, answer)
    return arrived, failure


def _looked_into(place: TopicPartition, error: type[KafkaError]) -> KafkaError:
    """Give what may go better next time.

    Raises:
        OvertakenError: another worker has taken over.
        KafkaError: what will not.
    """
    if error in {InvalidProducerEpoch, ProducerFenced}:
        raise OvertakenError(
            f"{place.topic} partition {place.partition}: another worker has taken over while this one stood "
            "still; started again, it takes its share"
        )
    if not error.retriable:
        raise error(place)
    log.warning("broker.not_taken", topic=place.topic, partition=place.partition, error=error.__name__)
    return error(place)


async def _connected(arguments: Mapping[str, Any], topics: Sequence[str]) -> AIOKafkaClient:
    """Connect, however long it takes until a broker answers."""
    client = AIOKafkaClient(**arguments, request_timeout_ms=_ANSWER_WITHIN_MS + _ON_THE_WAY_MS)
    while True:
        try:
            await client.bootstrap()
        except KafkaConnectionError:
            await asyncio.sleep(AGAIN_AFTER_S)
        else:
            await client.set_topics(topics)
            return client
