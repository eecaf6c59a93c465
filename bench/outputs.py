"""Reading back what a peer published, and holding it against what it should be."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from streams.errors import SlotritError
from streams.processing.messages import Published, Stream
from streams.settings import Settings, kafka_client
from streams.topics import STREAMS, on_broker

Said = tuple[bytes | None, bytes, tuple[tuple[str, bytes], ...]]
"""Key, value and headers of a message."""


async def ends(
    consumer: AIOKafkaConsumer, settings: Settings, streams: Iterable[Stream]
) -> dict[Stream, int]:
    """Count the messages that each stream has, repetitions included, in all its partitions."""
    places = {stream: places_of(settings, stream) for stream in streams}
    found = await consumer.end_offsets([place for some in places.values() for place in some])
    return {stream: sum(found[place] for place in some) for stream, some in places.items()}


def places_of(settings: Settings, stream: Stream) -> list[TopicPartition]:
    """Give the partitions of a stream."""
    name = on_broker(STREAMS[stream].name, settings.topic_prefix)
    return [TopicPartition(name, partition) for partition in range(settings.partitions)]


async def read(settings: Settings, stream: Stream, since: int = 0) -> list[Said]:
    """Read a stream from an offset to its present end, each partition in order, one after the other."""
    # Without "earliest" a consumer that is new to a partition may go to its end after it was sent elsewhere.
    consumer = AIOKafkaConsumer(
        **kafka_client(settings), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    found: list[Said] = []
    await consumer.start()
    try:
        for place in places_of(settings, stream):
            consumer.assign([place])
            end = (await consumer.end_offsets([place]))[place]
            consumer.seek(place, since)
            while await consumer.position(place) < end:
                for messages in (await consumer.getmany(timeout_ms=1000)).values():
                    found += [(each.key, each.value, tuple(each.headers)) for each in messages]
    finally:
        await consumer.stop()
    return found


def once(messages: Iterable[Said]) -> list[Said]:
    """Drop what comes again under the same `ce_id`.

    Raises:
        SlotritError: it comes with another content than before.
    """
    first: dict[bytes, Said] = {}
    for message in messages:
        identity = dict(message[2])["ce_id"]
        if first.setdefault(identity, message) != message:
            raise SlotritError(f"{identity.decode()} was published with two contents")
    return list(first.values())


async def hold_against(
    settings: Settings,
    wanted: Mapping[Stream, Sequence[Published]],
    *,
    bytes_of: frozenset[Stream],
    since: Mapping[Stream, int],
) -> None:
    """Compare all that was published with what should be, by key and in order.

    Args:
        settings: where it is.
        wanted: what should be, by stream.
        bytes_of: the streams of which key, value and headers are compared to the byte; of the others values
            as JSON, and no repetitions are told apart.
        since: the offset from which a stream is read; its beginning where none is said.

    Raises:
        SlotritError: the first difference.
    """
    for stream, messages in wanted.items():
        found = await read(settings, stream, since.get(stream, 0))
        should = [(each.key, each.value, each.headers) for each in messages]
        if stream in bytes_of:
            _compare(stream, _by_key(once(found), _as_it_is), _by_key(once(should), _as_it_is))
        else:
            _compare(stream, _by_key(found, _as_json), _by_key(should, _as_json))


def _by_key(messages: Iterable[Said], form: Callable[[Said], Any]) -> dict[bytes | None, list[Any]]:
    found: dict[bytes | None, list[Any]] = {}
    for message in messages:
        found.setdefault(message[0], []).append(form(message))
    return found


def _as_it_is(message: Said) -> Said:
    return message


def _as_json(message: Said) -> Any:
    return json.loads(message[1])


def _compare(
    stream: Stream, found: Mapping[bytes | None, list[Any]], should: Mapping[bytes | None, list[Any]]
) -> None:
    if found == should:
        return
    for key in [*should, *found]:
        is_, wanted = found.get(key, []), should.get(key, [])
        if is_ == wanted:
            continue
        place = next(
            (number for number, pair in enumerate(zip(is_, wanted, strict=False)) if pair[0] != pair[1]),
            min(len(is_), len(wanted)),
        )
        told = [repr(each[place])[:2000] if place < len(each) else "nothing" for each in (is_, wanted)]
        raise SlotritError(
            f"{stream} of {key!r}: {len(is_)} messages, should be {len(wanted)}; number {place + 1} is\n"
            f"  {told[0]}\nshould be\n  {told[1]}"
        )
