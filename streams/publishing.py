"""Replaying files to Kafka: the input topics, in order, with the pauses of what happened."""

import asyncio
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError, UnknownError  # type: ignore[import-untyped]

from streams.broker_connection import failure, quiet_client, reason
from streams.caught_up import caught_up
from streams.errors import SlotritError
from streams.event_files import EventFiles, Line, checked, parsed
from streams.pacing import instant, pauses
from streams.processing.messages import Header, Stream
from streams.progress import progress_bar
from streams.refusals import refusal
from streams.replay import in_replay_order
from streams.settings import Settings, kafka_client
from streams.topic_setup import require_topics
from streams.topics import STREAMS, on_broker

T = TypeVar("T")
REPLAY_SOURCE = "slotrit/replay"
"""The `ce_source` of an event that names no source of its own."""
WAIT_FOR_WORKERS_S = 30.0
IN_FLIGHT = 500
"""How many events may be on their way; the client holds and orders them, the broker acknowledges each."""
LARGEST_BYTES = 1_000_000
"""What a topic takes with the broker's defaults, less room for key and headers."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a replay goes, and how long it lets the workers read where the order of topics matters."""

    speed: float = 1.0
    longest_pause_s: float | None = None
    wait_for_workers_s: float | None = WAIT_FOR_WORKERS_S


@dataclass(slots=True)
class Sent:
    """What has been acknowledged so far."""

    reference: int = 0
    timing: int = 0


def replay_to_kafka(
    paths: Sequence[Path], settings: Settings, *, speed: float, longest_pause_s: float | None, wait: bool
) -> str:
    """Publish files of events and say in one line what was published.

    Args:
        paths: the files, `-` for standard input.
        settings: where the broker is.
        speed: how many times faster than it happened; infinite for no pauses.
        longest_pause_s: no pause is longer than this many seconds; None for no limit.
        wait: let the workers read the reference events before the first timing event, and all of a race
            before the next one of its discipline.

    Raises:
        SlotritError: before anything is published for a file or line that cannot be used, a broker that does
            not answer and topics that do not exist; later when an event could not be delivered.
        KeyboardInterrupt: on Ctrl-C, after what was sent has been delivered and counted on standard error.
    """
    pace = Pace(speed, longest_pause_s, WAIT_FOR_WORKERS_S if wait else None)
    sent = Sent()
    with checked(paths) as files, progress_bar("publishing") as progress:
        try:
            asyncio.run(publish(files, settings, pace, sent, progress=progress))
        except KeyboardInterrupt:
            sys.stderr.write(f"\nslotrit: interrupted with {_told(sent)}, of {files.count}\n")
            raise
    return _told(sent)


def _told(sent: Sent) -> str:
    events = sent.reference + sent.timing
    return f"{events} events published: {sent.reference} reference, {sent.timing} timing"


async def publish(
    files: EventFiles,
    settings: Settings,
    pace: Pace,
    sent: Sent,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Publish checked files: reference events at once, then timing events with their pauses.

    Events of one key stay in order. Every event carries CloudEvents headers, see `input_headers`.

    Args:
        files: what to publish.
        settings: where the broker is.
        pace: how fast, and whether to wait for the workers.
        sent: counts what the broker has acknowledged, so that it is known also after an interruption.
        progress: called with events done and events in all.

    Raises:
        SlotritError: see `replay_to_kafka`.
    """
    waits = _waits(files, pace)
    await require_topics(settings, ("timing", "reference"))
    with quiet_client() as words:
        try:
            producer = await started_producer(settings, linger_ms=5 if pace.speed == float("inf") else 0)
            try:
                await _publish(producer, files, waits, settings, pace, sent, progress)
            finally:
                await stop_producer(producer, settings.broker_timeout_s)
        except KafkaError as error:
            raise failure("publishing", error, words, settings) from None


async def started_producer(settings: Settings, linger_ms: int) -> AIOKafkaProducer:
    """Start a producer whose retries the broker recognises, where it can.

    The broker tansu answers that wish with an unknown error. Going without costs nothing but a rare
    duplicate, which changes no standings.
    """
    arguments = kafka_client(settings) | {
        "acks": "all",
        "linger_ms": linger_ms,
        "request_timeout_ms": int(settings.broker_timeout_s * 1000),
    }
    try:
        return await _started(AIOKafkaProducer(**arguments, enable_idempotence=True))
    except UnknownError:
        return await _started(AIOKafkaProducer(**arguments))


async def _started(producer: AIOKafkaProducer) -> AIOKafkaProducer:
    try:
        await producer.start()
    except BaseException:
        await producer.stop()
        raise
    return producer


async def stop_producer(producer: AIOKafkaProducer, within_s: float) -> None:
    """Deliver what is on its way and stop; where a broker is gone the client would try for ever."""
    try:
        async with asyncio.timeout(within_s):
            await producer.stop()
    except (KafkaError, TimeoutError):
        await producer.client.close()


async def _publish(
    producer: AIOKafkaProducer,
    files: EventFiles,
    waits: Sequence[float],
    settings: Settings,
    pace: Pace,
    sent: Sent,
    progress: Callable[[int, int], None] | None,
) -> None:
    flying: deque[tuple[Line, asyncio.Future[Any]]] = deque()

    async def land(left: int) -> None:
        while len(flying) > left:
            line, delivery = flying.popleft()
            await _bounded(line, delivery, settings)
            if line.stream == "reference":
                sent.reference += 1
            else:
                sent.timing += 1
            if progress is not None:
                progress(sent.reference + sent.timing, files.count)

    clock = asyncio.get_running_loop().time
    due = clock()
    pending_waits = iter(waits)
    begun = RacesBegun()
    for line in in_replay_order(files):
        if line.stream == "timing":
            if pace.wait_for_workers_s is not None and begun.meets_others(line):
                await land(0)
                if not await _let_workers_read(settings, sent, pace.wait_for_workers_s):
                    pace = replace(pace, wait_for_workers_s=None)
                due = clock()
            due += next(pending_waits)
            if due > clock():
                await land(0)
                await asyncio.sleep(due - clock())
        topic = on_broker(STREAMS[line.stream].name, settings.topic_prefix)
        headers = list(input_headers(line))
        sending = producer.send(topic, line.value, key=line.key, headers=headers)
        delivery = await _bounded(line, sending, settings)
        # Where one fails, others may fail with it, and nobody asks them any more.
        delivery.add_done_callback(_looked_at)
        flying.append((line, delivery))
        await land(IN_FLIGHT)
    await land(0)


def _looked_at(delivery: asyncio.Future[Any]) -> None:
    if not delivery.cancelled():
        delivery.exception()


async def _bounded(line: Line, step: Awaitable[T], settings: Settings) -> T:
    """Wait for the client to take a line, or for the broker to have it, and name the line where it fails."""
    try:
        async with asyncio.timeout(settings.broker_timeout_s):
            return await step
    except (KafkaError, TimeoutError) as error:
        why = (
            refusal(error, settings, "producer") or reason(error)
            if isinstance(error, KafkaError)
            else f"no answer in {settings.broker_timeout_s:g} s"
        )
        raise SlotritError(f"{line.place}: could not be delivered: {why}") from None


@dataclass(slots=True)
class RacesBegun:
    """The races of a replay that have begun, by discipline."""

    of: dict[bytes, set[bytes]] = field(default_factory=dict)
    first: bool = True

    def meets_others(self, line: Line) -> bool:
        """Tell whether an event begins a race whose boards what was published before has a say in.

        That is the first event, after the books, and the first one of a race where another of its discipline
        has begun: both write on the same boards, and two topics have no common order. Unpaced, the second
        500 m of a weekend would otherwise be told against records that the first has not set yet.
        """
        first, self.first = self.first, False
        discipline = (line.key or b"").split(b"/")[1:2]
        if line.key is None or not discipline:
            return first
        races = self.of.setdefault(discipline[0], set())
        another = bool(races) and line.key not in races
        races.add(line.key)
        return first or another


async def _let_workers_read(settings: Settings, sent: Sent, within_s: float) -> bool:
    """Keep a race back until the boards know what was published before it; False where nobody reads."""
    if sent.reference + sent.timing == 0:
        return True
    streams: tuple[Stream, ...] = ("reference", "timing", "performances", "results")
    for stream in streams:
        if not await caught_up(settings, (stream,), within_s):
            sys.stderr.write(
                f"slotrit: no worker has read the {sent.reference + sent.timing} events so far within "
                f"{within_s:g} s; the others follow all the same (start one with `slotrit worker`; --no-wait "
                "does not wait)\n"
            )
            return False
    return True


def _waits(files: EventFiles, pace: Pace) -> list[float]:
    """Read the instants of the timing events, and refuse what the broker would not take."""
    instants = []
    for line in files:
        if len(line.value) > LARGEST_BYTES:
            raise SlotritError(
                f"{line.place}: must be at most {LARGEST_BYTES} bytes long, got {len(line.value)}"
            )
        if line.stream == "timing":
            instants.append(instant(parsed(line.value, line.place).get("occurred_at")))
    return pauses(instants, pace.speed, pace.longest_pause_s)


def input_headers(line: Line) -> tuple[Header, ...]:
    """Make the CloudEvents 1.0 headers of an input event (CONTRACT: rules for every message).

    `ce_id` is source and `event_id` where the event has one, else a hash of the line and its number, so that
    a file replayed again gives the same ids and a line that stands there twice two. What has no `type` gets
    only its content type: it is no CloudEvent.
    """
    content = ("content-type", b"application/json")
    event = parsed(line.value, line.place)
    kind = event.get("type")
    if not isinstance(kind, str) or not kind:
        return (content,)
    source, event_id, occurred_at = (event.get(name) for name in ("source", "event_id", "occurred_at"))
    origin = source if isinstance(source, str) and source else REPLAY_SOURCE
    if isinstance(event_id, str) and event_id:
        identity = f"{origin}/{event_id}"
    else:
        identity = f"{sha256(line.value).hexdigest()[:32]}/{line.number}"
    time = () if instant(occurred_at) is None else (("ce_time", str(occurred_at).encode()),)
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", identity.encode()),
        ("ce_source", quote(origin, safe="/:@").encode()),
        ("ce_type", kind.encode()),
        *time,
        content,
    )
