"""A broker and a worker in memory that can be stopped in every gap of publish, remember and commit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from streams.event_files import Line
from streams.processing.ledger import Ledger, unseal
from streams.processing.messages import Published, Received, Stream
from streams.processing.pipeline import steps

Message = tuple[bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]


class Crash(Exception):  # noqa: N818 - what happens to a worker, not an error of ours
    """The worker is gone, as by SIGKILL."""


@dataclass(slots=True)
class Broker:
    """What survives a crash: topics, changelogs, committed offsets."""

    topics: dict[Stream, list[Message]] = field(default_factory=dict)
    tables: dict[str, dict[str, bytes]] = field(default_factory=dict)
    committed: dict[Stream, int] = field(default_factory=dict)

    def append(self, stream: Stream, message: Message) -> None:
        """Publish a message."""
        self.topics.setdefault(stream, []).append(message)

    def said(self) -> dict[Stream, list[tuple[bytes | None, bytes | None]]]:
        """Give everything that was published, each message once, by key and value.

        What came again under the same `ce_id` must be the same to the byte, headers and all: that is asserted
        here. Between two runs the headers that name the place of origin may differ, since a message between
        the steps that came twice takes two places.
        """
        once: dict[Stream, list[tuple[bytes | None, bytes | None]]] = {}
        for stream, messages in self.topics.items():
            seen: dict[bytes, Message] = {}
            for number, message in enumerate(messages):
                identity = dict(message[2]).get("ce_id", b"%d" % number)
                assert seen.setdefault(identity, message) == message
            once[stream] = [(key, value) for key, value, _ in seen.values()]
        return once

    def remembered(self) -> dict[str, dict[str, bytes]]:
        """Give every row by table, without the place of the message that it includes."""
        return {
            table: {name: unseal(sealed).row for name, sealed in rows.items()}
            for table, rows in self.tables.items()
        }


class Worker:
    """A worker that runs all steps, one message at a time, and crashes in the gap it is told to.

    Gaps are counted: before the first message is published, after each one, after the row is written, and
    after the offset is committed.
    """

    def __init__(self, broker: Broker, crash_in_gap: int | None = None) -> None:
        self.broker = broker
        self.gaps = 0
        self._crash_in_gap = crash_in_gap
        self._ledgers = {step.reads: Ledger(step) for step in steps(openings=False)}
        for ledger in self._ledgers.values():
            ledger.restore(broker.tables.get(ledger.step.name, {}).items())

    def _gap(self) -> None:
        if self.gaps == self._crash_in_gap:
            raise Crash
        self.gaps += 1

    def work(self) -> None:
        """Handle everything there is to read."""
        while self.work_once():
            pass

    def work_once(self) -> bool:
        """Handle one message, a reference event before timing, that before what the steps tell each other."""
        return any(self._handle_next(stream) for stream in self._ledgers)

    def _handle_next(self, stream: Stream) -> bool:
        offset = self.broker.committed.get(stream, 0)
        waiting = self.broker.topics.get(stream, [])
        if offset >= len(waiting):
            return False
        key, value, headers = waiting[offset]
        self._handle(self._ledgers[stream], Received(stream, 0, offset, key, value, headers))
        self.broker.committed[stream] = offset + 1
        self._gap()
        return True

    def _handle(self, ledger: Ledger[Any], received: Received) -> None:
        outcome = ledger.handle(received)
        if outcome is None:
            return
        self._gap()
        for message in outcome.published:
            self._publish(message)
            self._gap()
        row = ledger.row(outcome, received)
        if row is not None:
            self.broker.tables.setdefault(ledger.step.name, {})[row[0]] = row[1]
            self._gap()
        ledger.settle(outcome, received)

    def _publish(self, message: Published) -> None:
        self.broker.append(message.stream, (message.key, message.value, message.headers))


def opened(lines: Sequence[Line]) -> Broker:
    """Make a broker that has these events to read."""
    broker = Broker()
    for line in lines:
        broker.append(line.stream, (line.key, line.value, ()))
    return broker
