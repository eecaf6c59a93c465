"""What a step remembers, in a process: states by group, and up to which message each partition is in them.

A stored row carries the offset of the message that it includes. Rows are written one after the other, each
only after what its message says has been published, so the largest offset among a partition's rows tells that
everything up to there is done: such a message, when it comes again, does nothing (see docs/exactly-once.md).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic

from streams.processing.messages import Received
from streams.processing.step import Outcome, State, Step, run

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it is written: which partition and offset it includes, and the step's own bytes."""

    partition: int
    offset: int
    row: bytes


def seal(stored: Stored) -> bytes:
    """Write a row down, with the version of this form."""
    head = json.dumps({"v": _VERSION, "partition": stored.partition, "offset": stored.offset})
    return head.encode() + b"\n" + stored.row


def unseal(raw: bytes) -> Stored:
    """Read a row that `seal` wrote.

    Raises:
        ValueError: where another version of the program wrote it; a worker must not guess at what it knows.
    """
    head, _, row = raw.partition(b"\n")
    told = json.loads(head)
    if told.get("v") != _VERSION:
        msg = (
            f"a remembered row has form {told.get('v')}, this program reads form {_VERSION}: use its release"
        )
        raise ValueError(msg)
    return Stored(partition=told["partition"], offset=told["offset"], row=row)


class Ledger(Generic[State]):
    """The states of one step, of the partitions that this process has."""

    def __init__(self, step: Step[State]) -> None:
        self.step = step
        self._states: dict[str, State] = {}
        self._stored: dict[str, dict[str, bytes]] = {}
        self._done: dict[int, int] = {}

    def restore(self, rows: Iterable[tuple[str, bytes]], partitions: Iterable[int] | None = None) -> None:
        """Begin anew with stored rows, of these partitions only (None: all).

        Raises:
            ValueError: where a row was written by another version of the program.
        """
        self._states.clear()
        self._stored.clear()
        self._done.clear()
        wanted = None if partitions is None else set(partitions)
        for name, raw in rows:
            stored = unseal(raw)
            if wanted is not None and stored.partition not in wanted:
                continue
            self._stored.setdefault(self.step.group_of_row(name), {})[name] = stored.row
            self._done[stored.partition] = max(stored.offset, self._done.get(stored.partition, -1))

    def done(self, partition: int) -> int:
        """Give the largest offset of a partition that is included in what is remembered; -1 for none."""
        return self._done.get(partition, -1)

    def state(self, group: str) -> State | None:
        """Give a group's state; None where nothing is known of it."""
        rows = self._stored.pop(group, None)
        if rows is not None:
            self._states[group] = self.step.load(rows)
        return self._states.get(group)

    def handle(self, received: Received) -> Outcome[State] | None:
        """Put a message through the step; None for one that is included in what is remembered."""
        if received.offset <= self.done(received.partition):
            return None
        return run(self.step, self.state, received)

    def row(self, outcome: Outcome[State], received: Received) -> tuple[str, bytes] | None:
        """Give the row to write for an outcome, by its name; None where it changed nothing."""
        change = outcome.change
        if change is None or change.row is None:
            return None
        row = self.step.dump(change.state, change.row)
        return change.row, seal(Stored(received.partition, received.offset, row))

    def settle(self, outcome: Outcome[State], received: Received) -> None:
        """Take over the new state, after it has been published and written."""
        change = outcome.change
        if change is None or change.row is None or outcome.group is None:
            return
        self._states[outcome.group] = change.state
        self._done[received.partition] = received.offset

    def states(self) -> Mapping[str, State]:
        """Give all states, for looking at."""
        for group in list(self._stored):
            self.state(group)
        return self._states
