"""One agent per step: publish, then remember, then commit.

For every message: fold it; publish what comes of it and wait until the broker has it all; write the changed
row with the message's offset in it and wait again; only then does the event end, and only then may Faust
commit its offset. After a crash between any two of these the message comes again: not remembered, it is
folded on the old state and says the very same bytes; remembered, it does nothing (docs/exactly-once.md).

Three kinds of failure, three ends: a message that cannot be used is a dead letter; a message on which our own
code fails is a dead letter with the traceback, counted and logged; a broken promise (a gap in the offsets, a
send or a changelog write that failed) crashes the worker, which is restarted and reads again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]
from faust import App, EventT, StreamT, TopicT
from faust.types import TP

from streams.agents.commits import HandledConsumer
from streams.agents.positions import MessagesLostError, Positions
from streams.agents.rows import RowTable
from streams.processing.ledger import Ledger
from streams.processing.messages import Published, Received, Stream, dead_letter
from streams.processing.step import Outcome, Step

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Shell:
    """What the agent of one step has at hand. `bugs` counts messages on which our own code failed."""

    app: App
    step: Step[Any]
    source: TopicT
    outputs: dict[Stream, TopicT]
    table: RowTable | None
    partitions: int
    ledger: Ledger[Any] = field(init=False)
    positions: Positions = field(init=False)
    bugs: int = 0
    at_gap: Callable[[str, Received], None] | None = None

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.step)
        self.positions = Positions(self.source.get_topic_name())


def misplaced(received: Received, partitions: int) -> str | None:
    """Say what is wrong with a message in a partition that its key does not belong to.

    All events of a race must reach one partition, or two workers would tell two truths about it.
    """
    if received.key is None:
        return None
    belongs = (murmur2(received.key) & 0x7FFFFFFF) % partitions
    if belongs == received.partition:
        return None
    return (
        f"partition: the key {received.key.decode(errors='replace')} belongs to partition {belongs}, came in "
        f"{received.partition}; produce with murmur2 (librdkafka: partitioner=murmur2_random)"
    )


async def restore(shell: Shell) -> None:
    """Take over what the table remembers of the partitions that this worker has now.

    Raises:
        MessagesLostError: where more is remembered than the topic ever had: it was made anew, and every
            message of it would pass for one that is done already.
    """
    if shell.table is None:
        return
    topic = shell.source.get_topic_name()
    consumer = _consumer(shell.app)
    mine = {tp for tp in consumer.assignment() if tp.topic == topic}
    shell.positions.forget()
    shell.ledger.restore(shell.table.rows(), {tp.partition for tp in mine})
    ends = await consumer.highwaters(*mine) if mine else {}
    for tp in mine:
        done, end = shell.ledger.done(tp.partition), ends.get(tp) or 0
        if done >= end:
            msg = (
                f"{topic} partition {tp.partition} ends at offset {end}, but offset {done} is remembered as "
                "done: the topic was made anew; delete the slotrit changelog topics as well, or change app_id"
            )
            raise MessagesLostError(msg)


async def handle(shell: Shell, event: EventT[Any]) -> None:
    """Take one event through the step: publish, then remember."""
    message = event.message
    received = Received(
        stream=shell.step.reads,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        value=message.value,
        headers=tuple((name, value) for name, value in _pairs(message.headers)),
    )
    if shell.step.gapless:
        await _check_position(shell, message.tp, received.offset)
    wrong = misplaced(received, shell.partitions) if shell.step.reads == "timing" else None
    outcome: Outcome[Any] | None
    if wrong is not None:
        outcome = Outcome(None, None, (dead_letter(received, wrong),))
    else:
        outcome = shell.ledger.handle(received)
    if outcome is None:
        return
    _log(shell, outcome, received)
    await publish(shell, outcome.published)
    row = shell.ledger.row(outcome, received)
    if row is not None and shell.table is not None:
        await shell.table.remember(*row, received.partition)
    shell.ledger.settle(outcome, received)


async def publish(shell: Shell, messages: tuple[Published, ...]) -> None:
    """Send messages in order, and wait until the broker has them all."""
    sent = [
        await shell.outputs[message.stream].send(
            key=message.key,
            value=message.value,
            headers=list(message.headers),
            key_serializer="raw",
            value_serializer="raw",
        )
        for message in messages
    ]
    if sent:
        await asyncio.gather(*sent)


async def run(shell: Shell, stream: StreamT[Any]) -> None:
    """Handle a step's events one after the other, for ever; crash the app on a broken promise."""
    async for event in stream.events():
        try:
            await handle(shell, event)
            _consumer(shell.app).handled[event.message.tp] = event.message.offset + 1
        except Exception as failure:
            log.exception(
                "worker.crash",
                step=shell.step.name,
                partition=event.message.partition,
                offset=event.message.offset,
            )
            await shell.app.crash(failure)
            raise


async def _check_position(shell: Shell, tp: TP, offset: int) -> None:
    if not shell.positions.knows(tp.partition):
        consumer = _consumer(shell.app)
        committed = consumer._committed_offset.get(tp)  # noqa: SLF001 - known nowhere else without asking
        if committed is None:
            committed = (await consumer.earliest_offsets(tp))[tp]
        shell.positions.begin(tp.partition, committed)
    shell.positions.arrived(tp.partition, offset)


def _consumer(app: App) -> HandledConsumer:
    consumer = app.consumer
    if not isinstance(consumer, HandledConsumer):
        raise TypeError(f"a worker commits through HandledConsumer, not {type(consumer).__name__}")
    return consumer


def _log(shell: Shell, outcome: Outcome[Any], received: Received) -> None:
    for letter in outcome.published:
        if letter.stream != "dead-letters":
            continue
        reason = dict(letter.headers)["slotrit_reason"].decode()
        if outcome.bug is None:
            log.warning("message.unusable", place=received.place, reason=reason)
        else:
            shell.bugs += 1
            log.error(
                "message.bug", place=received.place, reason=reason, bugs=shell.bugs, traceback=outcome.bug
            )


def _pairs(headers: Any) -> list[tuple[str, bytes]]:
    return list(headers.items() if isinstance(headers, dict) else headers or ())
