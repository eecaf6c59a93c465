"""One agent per step: publish, then remember, then commit.

For every message: fold it; publish what comes of it and wait until the broker has it all; write the changed
row with the message's offset in it and wait again; only then may its offset be committed (`delivery.py` does
the waiting, `commits.py` the committing). After a crash between any two of these the message comes again: not
remembered, it is folded on the old state and says the very same bytes; remembered, it does nothing
(docs/exactly-once.md).

Three kinds of failure, three ends: a message that cannot be used is a dead letter; a message on which our own
code fails is a dead letter with the traceback, counted and logged; a broken promise (a gap in the offsets, a
send or a changelog write that failed) crashes the worker, which is restarted and reads again.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import TopicPartition  # type: ignore[import-untyped]
from faust import App, EventT, StreamT, TopicT
from faust.types import TP

from streams.agents.commits import HandledConsumer
from streams.agents.crashing import Crashes
from streams.agents.delivery import ENOUGH, Delivery, Work
from streams.agents.placing import belongs_in
from streams.agents.positions import MessagesLostError, Positions
from streams.agents.rows import RowTable
from streams.agents.speaking import BATCH_BYTES, Record, Speaker
from streams.operating.metrics import Fate, Read
from streams.operating.watch import Watch
from streams.processing.latest_rows import Row, latest_rows
from streams.processing.ledger import Ledger
from streams.processing.messages import Published, Received, Stream, dead_letter
from streams.processing.step import Outcome, Step, failed
from streams.refusals import not_granted

log = structlog.get_logger(__name__)

BEHIND = ENOUGH
"""With more messages than that waiting an agent is behind, and what comes of them is written together.

They are all there, so what is held waits for none that is still to come: at a steady pace just below what a
worker can do, it would else be held for as long as it may be, and the worker never done with what it has."""

TOGETHER = 5
"""How many messages an agent takes in one go where there are more, before others get their turn: what came of
them is published together, and the first of them is not to wait for long. More brings no measurable speed."""


@dataclass(slots=True)
class Shell:
    """What the agent of one step has at hand.

    `outputs` are topics as they are named on the broker. `finished` counts the messages that are published
    and remembered, `bugs` those on which our own code failed. `crashes` is one for all steps of a worker.
    """

    app: App
    step: Step[Any]
    source: TopicT
    outputs: Mapping[Stream, str]
    table: RowTable | None
    partitions: int
    watch: Watch
    speaker: Speaker
    crashes: Crashes
    ledger: Ledger[Any] = field(init=False)
    positions: Positions = field(init=False)
    delivery: Delivery = field(init=False)
    finished: int = 0
    bugs: int = 0

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.step)
        self.positions = Positions(self.source.get_topic_name())
        self.delivery = Delivery(self._write, self._handled, self.crash)

    async def _write(self, remember: Sequence[Work], publish: Sequence[Work]) -> None:
        changed = [(work.tp.partition, *work.row) for work in remember if work.row is not None]
        rows = latest_rows(changed, BATCH_BYTES)
        said = [self._record(work, message) for work in publish for message in work.published]
        await self.speaker.say([*self._row_records(rows), *said])
        self.watch.remembered(self.step.name, len(rows))
        if self.table is not None:
            for _, name, sealed in rows:
                self.table.keep(name, sealed)

    def _row_records(self, rows: Sequence[Row]) -> Iterator[Record]:
        for partition, name, sealed in rows:
            if self.table is None:
                raise TypeError(f"the step {self.step.name} has a row to remember and no table")
            place = TopicPartition(self.table.changelog_topic.get_topic_name(), partition)
            yield Record(partition, place, name.encode(), sealed)

    def _record(self, work: Work, message: Published) -> Record:
        source, places = work.tp.partition, message.placed_by or message.key
        partition = source if places is None else belongs_in(places, self.partitions)
        place = TopicPartition(self.outputs[message.stream], partition)
        return Record(source, place, message.key, message.value, message.headers)

    def _handled(self, work: Work) -> None:
        worker_consumer(self.app).handled[work.tp] = work.next_offset
        self.finished += 1
        self.watch.handled(work.read, work.published, span=work.span)

    async def crash(self, failure: Exception) -> None:
        """End the worker, because a promise is broken: it is started again and reads what it missed."""
        refused = not_granted(failure)
        if refused is not None:
            worker_consumer(self.app).refused = refused
            return
        self.crashes.tell(self.step.name, failure)
        await self.app.crash(failure)


def misplaced(received: Received, partitions: int) -> str | None:
    """Say what is wrong with a message in a partition that its key does not belong to.

    All events of a race must reach one partition, or two workers would tell two truths about it.
    """
    if received.key is None:
        return None
    belongs = belongs_in(received.key, partitions)
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
    await shell.delivery.empty()
    topic = shell.source.get_topic_name()
    consumer = worker_consumer(shell.app)
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


def take(shell: Shell, event: EventT[Any], *, more: bool = False) -> None:
    """Take one message through the step and put what comes of it in hand; awaits nothing, see `delivery.py`.

    Args:
        shell: what the agent has at hand.
        event: the message.
        more: many more are to follow at once.

    Raises:
        MessagesLostError: where messages before it never came.
    """
    message = event.message
    received = Received(
        stream=shell.step.reads,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        value=message.value,
        headers=tuple(_pairs(message.headers)),
    )
    if shell.step.gapless:
        shell.positions.arrived(message.partition, message.offset)
    span = shell.watch.taken(shell.step.name, received, shell.source.get_topic_name())
    wrong = misplaced(received, shell.partitions) if shell.step.reads == "timing" else None
    if wrong is not None:
        outcome: Outcome[Any] | None = Outcome(None, None, (dead_letter(received, wrong),))
    else:
        outcome = shell.ledger.handle(received)
    row = None
    if outcome is not None:
        try:
            row = shell.ledger.row(outcome, received)
        except Exception as bug:  # noqa: BLE001 - as everywhere, a bug on one message must not stop all others
            outcome = failed(received, bug)
        _log(shell, outcome, received)
        shell.ledger.settle(outcome, received)
    published = () if outcome is None else outcome.published
    read = Read(shell.step.name, fate(outcome), message.timestamp)
    shell.delivery.put(Work(message.tp, message.offset + 1, published, row, read, span), more=more)


def fate(outcome: Outcome[Any] | None) -> Fate:
    """Say what became of a message; None of it stands for one that was known already."""
    if outcome is None:
        return "repeated"
    if outcome.bug is not None:
        return "bug"
    return "unusable" if outcome.group is None else "handled"


async def run(shell: Shell, stream: StreamT[Any]) -> None:
    """Take a step's events one after the other, for ever; crash the app on a broken promise."""
    taken = 0
    channel: Any = stream.channel
    async for event in stream.events():
        try:
            await _begin(shell, event.message.tp)
            take(shell, event, more=channel.queue.qsize() > BEHIND)
        except Exception as failure:
            await shell.crash(failure)
            raise
        taken += 1
        if taken % TOGETHER == 0:
            await asyncio.sleep(0)
        await shell.delivery.room()


async def _begin(shell: Shell, tp: TP) -> None:
    """Find out where the reading of a partition begins, before its first message since a rebalance."""
    if not shell.step.gapless or shell.positions.knows(tp.partition):
        return
    consumer = worker_consumer(shell.app)
    committed = consumer._committed_offset.get(tp)  # noqa: SLF001 - known nowhere else without asking
    if committed is None:
        committed = (await consumer.earliest_offsets(tp))[tp]
    shell.positions.begin(tp.partition, committed)


def worker_consumer(app: App) -> HandledConsumer:
    """Give the consumer of a worker's app, once it has one."""
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
