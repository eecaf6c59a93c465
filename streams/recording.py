"""Recording topics to a file that can be replayed: what was on air can be shown again.

A message stands in a line of its own, as it was; a line before it that begins with `#`, which a replay skips,
says where it was: topic, partition, offset, Kafka's timestamp and key. What is no JSON object could not be
replayed and stands in such a line too.
"""

import asyncio
import gzip
import json
import signal
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from streams.errors import SlotritError
from streams.event_files import parsed
from streams.settings import Settings
from streams.topic_reading import reading
from streams.topics import STREAMS, on_broker

INPUTS = (STREAMS["reference"].name, STREAMS["timing"].name)
"""What is recorded unless told otherwise: from it everything else can be made again."""


def record_topics(
    settings: Settings, out: Path, *, topics: Sequence[str] = INPUTS, until_end: bool, from_now: bool
) -> str:
    """Record until SIGTERM or Ctrl-C, or the end, and say in one line what was recorded.

    Args:
        settings: where the broker is.
        out: the file, compressed if it ends in `.gz`; it must not exist.
        topics: their names without the prefix.
        until_end: end with what is there when recording begins.
        from_now: leave out what is there when recording begins.

    Raises:
        SlotritError: for a file that exists or cannot be written, a topic that does not exist, a broker that
            does not answer.
    """
    counts: Counter[str] = Counter()

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await record(settings, out, counts, stop=stop, topics=topics, until_end=until_end, from_now=from_now)

    asyncio.run(main())
    told = ", ".join(f"{topic} {count}" for topic, count in sorted(counts.items())) or "nothing"
    return f"{sum(counts.values())} messages to {out}: {told}"


async def record(
    settings: Settings,
    out: Path,
    counts: Counter[str],
    *,
    stop: asyncio.Event,
    topics: Sequence[str] = INPUTS,
    until_end: bool = False,
    from_now: bool = False,
) -> None:
    """Record until told to stop or, with `until_end`, until everything was read that is there now.

    What is there comes in the order of Kafka's timestamps, what comes later as it comes; messages of one
    partition keep their order in any case.

    Args:
        settings: where the broker is.
        out: the file.
        counts: counts along, by topic.
        stop: set from outside.
        topics: their names without the prefix.
        until_end: see above.
        from_now: leave out what is there.

    Raises:
        SlotritError: see `record_topics`.
    """
    names = list(dict.fromkeys(on_broker(topic, settings.topic_prefix) for topic in topics))
    async with reading(settings, names, role="operator", from_now=from_now) as there:
        with _new(out) as file:
            async for message in there.what_is_there():
                _write(file, out, message, counts)
                if stop.is_set():
                    return
            file.flush()
            while not (until_end or stop.is_set()):
                for message in await there.what_comes():
                    _write(file, out, message, counts)
                file.flush()


def lines_of(message: Any) -> Iterator[bytes]:
    """Write a record of Kafka as lines: where it was, and what it says if that can be replayed."""
    at = datetime.fromtimestamp(message.timestamp / 1000, UTC).isoformat(timespec="milliseconds")
    key = json.dumps(None if message.key is None else message.key.decode(errors="replace"))
    place = f"# {message.topic} {message.partition} {message.offset} {at} {key}"
    value = message.value
    if value is None:
        yield f"{place} deleted".encode()
    elif _is_object(value):
        yield place.encode()
        # A newline between the values of a JSON object is only layout; within a text it is escaped.
        yield b" ".join(value.split(b"\n")).replace(b"\r", b" ").strip()
    else:
        yield f"{place} no JSON object, base64: ".encode() + b64encode(value)


def _is_object(value: bytes) -> bool:
    try:
        parsed(value, "")
    except SlotritError:
        return False
    return True


def _write(file: BinaryIO, out: Path, message: Any, counts: Counter[str]) -> None:
    try:
        file.writelines(line + b"\n" for line in lines_of(message))
    except OSError as error:
        raise SlotritError(f"{out}: cannot be written to: {error.strerror or error}") from None
    counts[message.topic] += 1


@contextmanager
def _new(out: Path) -> Iterator[BinaryIO]:
    try:
        file = cast("BinaryIO", gzip.open(out, "xb") if out.suffix == ".gz" else out.open("xb"))  # noqa: SIM115 - closed below
    except FileExistsError:
        raise SlotritError(
            f"{out}: exists already; name another file, a recording is never overwritten"
        ) from None
    except OSError as error:
        raise SlotritError(f"{out}: cannot be written to: {error.strerror or error}") from None
    with file:
        yield file
