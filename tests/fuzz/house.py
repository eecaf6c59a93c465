"""All steps together as a worker runs them: rows are written, and can be gone on from."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from streams.processing.ledger import Ledger
from streams.processing.messages import Published, Received, Stream
from streams.processing.pipeline import steps
from tests.fuzz.judging import judge

Told = tuple[Stream, bytes | None, bytes | None]
"""A message as it is sent to an input topic: which one, key and value."""


@dataclass(slots=True)
class House:
    """The steps, what they have written down, and what they said.

    Our own code may not fail on any message, versions count up by 1, and no message says the same as another.
    Several messages of a race in parts have one version, whatever their keys.
    """

    ledgers: dict[Stream, Ledger[Any]] = field(
        default_factory=lambda: {step.reads: Ledger(step) for step in steps(openings=True)}
    )
    rows: dict[Stream, dict[str, bytes]] = field(default_factory=dict)
    offsets: dict[Stream, int] = field(default_factory=dict)
    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    identities: set[bytes] = field(default_factory=set)
    dead_letters: int = 0

    def feed(self, stream: Stream, key: bytes | None, value: bytes | None) -> Iterator[Published]:
        """Put a message through all steps, and judge all that comes of it."""
        waiting = deque([self._received(stream, key, value, ())])
        while waiting:
            received = waiting.popleft()
            for message in self._handled(received):
                yield message
                if message.stream in self.ledgers:
                    waiting.append(
                        self._received(message.stream, message.key, message.value, message.headers)
                    )

    def restart(self) -> None:
        """Forget everything but the rows."""
        for stream, ledger in self.ledgers.items():
            ledger.restore(self.rows.get(stream, {}).items())

    def _handled(self, received: Received) -> tuple[Published, ...]:
        ledger = self.ledgers[received.stream]
        outcome = ledger.handle(received)
        assert outcome is not None
        assert outcome.bug is None, outcome.bug
        for message in outcome.published:
            self._judge(message, received)
        row = ledger.row(outcome, received)
        if row is not None:
            self.rows.setdefault(received.stream, {}).update([row])
        ledger.settle(outcome, received)
        return outcome.published

    def _judge(self, message: Published, received: Received) -> None:
        told = judge(message, received)
        if told is None:
            self.dead_letters += 1
            return
        identity = dict(message.headers)["ce_id"]
        if received.stream != "reference":
            assert identity not in self.identities, identity
            self.identities.add(identity)
        if told.type in {"standings", "ranking"}:
            name = (told.type, message.key.decode() if message.key else "")
            assert told.version == self.versions.get(name, 0) + 1, name
            self.versions[name] = told.version
        elif message.stream == "field":
            name = ("field", told.race_id)
            assert told.version - self.versions.get(name, 0) in {0, 1}, name
            self.versions[name] = told.version

    def _received(
        self, stream: Stream, key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes], ...]
    ) -> Received:
        offset = self.offsets.get(stream, 0)
        self.offsets[stream] = offset + 1
        return Received(stream, 0, offset, key, value, headers)
