"""Live input from the timing software: websocket in, events out, and nothing lost or said twice.

Every event is published before the next message is taken, and the first one of each message carries, in a
header, the messages that led to it. So whatever became known to anybody is on the topic together with what it
came from, and nothing has to be kept on this machine: a process that was killed reads its own past back,
folds it again to the very same state, and completes what it was in the middle of saying.
"""

import asyncio
import gzip
import signal
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import structlog
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from schemas.reference import ReferenceEvent, reference_key
from schemas.timing import TimingEvent
from streams.broker_connection import failure, quiet_client, reason
from streams.errors import SlotritError
from streams.event_files import Line
from streams.publishing import input_headers, started_producer, stop_producer
from streams.reconnecting import Listener, Patience, checked_url, listen
from streams.refusals import refusal
from streams.settings import Settings
from streams.sources.vantage import wire
from streams.sources.vantage.live import Live, Restored, connected, hear, restored
from streams.sources.vantage.state import ContractEvent
from streams.topic_reading import reading
from streams.topic_setup import require_topics
from streams.topics import STREAMS, on_broker

JOURNAL_HEADER = "slotrit_received"
"""The header with the messages that led to an event and to nothing before it: lines of a recording, zlib."""

LONGEST_SHOWN = 2_000


@dataclass(slots=True)
class Told:
    """What has been done so far, for the last line and for tests."""

    connections: int = 0
    messages: int = 0
    copies: int = 0
    unreadable: int = 0
    published: int = 0
    completed: int = 0
    problems: int = 0

    def __str__(self) -> str:
        return (
            f"{self.messages} messages over {self.connections} connections ({self.copies} sent again, "
            f"{self.unreadable} unreadable): {self.published} events published, {self.problems} problems"
        )


@dataclass(slots=True)
class Ingest:
    """One process's work: what is known, and where it goes."""

    settings: Settings
    producer: AIOKafkaProducer
    recording: BinaryIO | None
    live: Live
    told: Told
    unknown: set[str] = field(default_factory=set)

    def connected(self) -> None:
        """Take notice of a new connection."""
        self.live = connected(self.live)
        self.told.connections += 1

    async def heard(self, text: str) -> str | None:
        """Take in one message and publish what it leads to; say why, where it cannot be read."""
        log = structlog.stdlib.get_logger("ingest")
        self.told.messages += 1
        try:
            heard = hear(self.live, text, datetime.now(UTC))
        except wire.UnknownTypeError as error:
            if str(error) not in self.unknown:
                log.warning("a type of message is passed over", reason=str(error))
            self.unknown.add(str(error))
            return None
        except wire.UnreadableError as error:
            self.told.unreadable += 1
            return str(error)
        except Exception:
            # It would come again with every new connection, and nothing after it would ever be published.
            log.exception("a message makes our own code fail, please report it", message=text[:LONGEST_SHOWN])
            self.told.problems += 1
            return None
        if heard.line is None:
            self.told.copies += 1
        elif self.recording is not None:
            _write(self.recording, heard.line)
        await self.publish(heard.events, heard.journal)
        self.live = heard.live
        self.told.problems += len(heard.problems)
        for problem in heard.problems:
            log.warning("something cannot be converted", problem=problem)
        return None

    async def publish(self, events: Sequence[ContractEvent], journal: tuple[str, ...] = ()) -> None:
        """Publish events one after another; the first timing event carries the journal.

        Raises:
            SlotritError: where the broker does not take one in time.
        """
        for event in events:
            line = as_line(event)
            headers = list(input_headers(line))
            if journal and isinstance(event, TimingEvent):
                headers.append((JOURNAL_HEADER, packed(journal)))
                journal = ()
            topic = on_broker(STREAMS[line.stream].name, self.settings.topic_prefix)
            try:
                async with asyncio.timeout(self.settings.broker_timeout_s):
                    await self.producer.send_and_wait(topic, line.value, key=line.key, headers=headers)
            except (KafkaError, TimeoutError) as error:
                raise SlotritError(
                    f"{event.type} could not be delivered to {topic}: "
                    f"{refusal(error, self.settings, 'producer') or reason(error)}; start again when the "
                    "broker takes it, nothing is lost as long as the timing software keeps the heat"
                ) from None
            self.told.published += 1


def ingest_vantage(url: str, settings: Settings, *, recording: Path | None = None) -> str:
    """Publish what the timing software says until SIGTERM or Ctrl-C, and say in one line what was done.

    Args:
        url: the websocket of one competition.
        settings: where the broker is.
        recording: a file that the messages are appended to, as `slotrit convert vantage` reads them.

    Raises:
        SlotritError: for a URL that is none, a file that cannot be written, a broker that does not answer.
    """
    told = Told()

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await ingest(url, settings, recording=recording, stop=stop, told=told)

    asyncio.run(main())
    return str(told)


async def ingest(
    url: str,
    settings: Settings,
    *,
    stop: asyncio.Event,
    told: Told,
    recording: Path | None = None,
    patience: Patience | None = None,
) -> None:
    """Publish what a websocket says until told to stop; what has been said so far is delivered then.

    Args:
        url: the websocket.
        settings: where the broker is.
        stop: set from outside.
        told: counts along.
        recording: a file to append the messages to.
        patience: how long to wait for the websocket.

    Raises:
        SlotritError: see `ingest_vantage`.
    """
    checked_url(url)
    await require_topics(settings, ("timing", "reference"))
    with _appended(recording) as file:
        known, said = await _own_past(settings)
        async with _producer(settings) as producer:
            work = Ingest(settings, producer, file, known.live, told)
            missing = [event for event in known.last_events if _ce_id(event) not in said]
            if any(isinstance(event, TimingEvent) for event in missing):
                await work.publish(missing)
                told.completed = len(missing)
            await listen(url, Listener(work.connected, work.heard), stop, patience or Patience())


def as_line(event: ContractEvent) -> Line:
    """Write an event as a line of a file, with the topic and the key it goes to."""
    value = event.model_dump_json().encode()
    if isinstance(event, ReferenceEvent):
        return Line("vantage", 0, value, "reference", reference_key(event).encode())
    return Line("vantage", 0, value, "timing", event.race_id.encode())


def packed(journal: Sequence[str]) -> bytes:
    """Write messages as the value of a header."""
    return zlib.compress("\n".join(journal).encode(), 9)


def unpacked(value: bytes) -> tuple[str, ...]:
    """Read what `packed` wrote.

    Raises:
        ValueError: where it is none of that.
    """
    try:
        return tuple(zlib.decompress(value).decode().split("\n"))
    except zlib.error as error:
        raise ValueError(str(error)) from None


async def _own_past(settings: Settings) -> tuple[Restored, set[bytes]]:
    """Read back what was kept on the topic, and the ids of all that was said."""
    journals: dict[bytes, tuple[str, ...]] = {}
    said: set[bytes] = set()
    topic = on_broker(STREAMS["timing"].name, settings.topic_prefix)
    async with reading(settings, [topic], role="producer") as past:
        async for record in past.what_is_there():
            headers = dict(record.headers)
            said.add(headers.get("ce_id", b""))
            packed_ = headers.get(JOURNAL_HEADER)
            if packed_ is None:
                continue
            try:
                journals[packed_] = unpacked(packed_)
            except ValueError as error:
                place = f"{topic}/{record.partition}/{record.offset}"
                raise SlotritError(f"{place}: header {JOURNAL_HEADER} cannot be read: {error}") from None
    try:
        return restored(journals.values()), said
    except wire.UnreadableError as error:
        raise SlotritError(
            f"{topic}: header {JOURNAL_HEADER}: a message of an earlier version cannot be read: {error}"
        ) from None


def _ce_id(event: ContractEvent) -> bytes:
    return dict(input_headers(as_line(event)))["ce_id"]


@asynccontextmanager
async def _producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    with quiet_client() as words:
        try:
            producer = await started_producer(settings, linger_ms=0)
        except KafkaError as error:
            raise failure("publishing", error, words, settings) from None
        try:
            yield producer
        finally:
            await stop_producer(producer, settings.broker_timeout_s)


@contextmanager
def _appended(path: Path | None) -> Iterator[BinaryIO | None]:
    """Open a recording to append to; compressed if it ends in `.gz`."""
    if path is None:
        yield None
        return
    try:
        file = cast("BinaryIO", gzip.open(path, "ab") if path.suffix == ".gz" else path.open("ab"))  # noqa: SIM115 - closed below
    except OSError as error:
        raise SlotritError(f"{path}: cannot be written to: {error.strerror or error}") from None
    with file:
        yield file


def _write(recording: BinaryIO, line: str) -> None:
    """Append a line before anything is published of it, so that a recording lacks nothing that was said."""
    try:
        recording.write(line.encode() + b"\n")
        recording.flush()
    except OSError as error:
        raise SlotritError(
            f"{recording.name}: cannot be written to: {error.strerror or error}; make room, then start again"
        ) from None
