"""What a step remembers, in a process: states by group, and up to which message each partition is in them.

A stored row carries the offset of the message that it includes. Rows are written one after the other, each
only after what its message says has been published, so the largest offset among a partition's rows tells that
everything up to there is done: such a message, when it comes again, does nothing (see docs/exactly-once.md).
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Generic

from streams.processing.messages import Received
from streams.processing.step import Outcome, State, Step, run

_VERSION = 1

AT_HAND = 200
"""How many groups of one row are held as states, more than there are races in a weekend; a state takes some
ten times its row."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it is written: which partition and offset it includes, and the step's own bytes."""

    partition: int
    offset: int
    row: bytes


def seal(stored: Stored) -> bytes:
    """Write a row down, with the version of this form."""
    head = b'{"v": %d, "partition": %d, "offset": %d}' % (_VERSION, stored.partition, stored.offset)
    return head + b"\n" + stored.row


def unseal(raw: bytes) -> Stored:
    """Read a row that `seal` wrote.

    Raises:
        ValueError: where another version of the program wrote it; a worker must not guess at what it knows.
    """
    head, _, row = raw.partition(b"\n")
    told = _read(head)
    return Stored(partition=told["partition"], offset=told["offset"], row=row)


def offset_of(raw: bytes) -> int:
    """Give the offset of a row that `seal` wrote, and do not touch the row itself.

    Raises:
        ValueError: as for `unseal`.
    """
    return int(_read(raw[: raw.index(b"\n")])["offset"])


def _read(head: bytes) -> dict[str, int]:
    told: dict[str, int] = json.loads(head)
    if told.get("v") != _VERSION:
        msg = (
            f"a remembered row has form {told.get('v')}, this program reads form {_VERSION}: use its release"
        )
        raise ValueError(msg)
    return told


class Ledger(Generic[State]):
    """The states of one step, of the partitions that this process has.

    A worker that runs for a season meets more races than it can hold, and most of them are over. So of groups
    that are one row each only those handled last are at hand as states; of the others there is the row, the
    very bytes that the table has, and a late ruling reads it again. A row says all that its state does, so
    going on from the one is going on from the other (see docs/exactly-once.md).

    Groups of many rows are held as states once they were handled. Where a step says that one may go, it is
    held until another of many rows is handled, and its rows besides, the very bytes that the table has.

    Args:
        step: the step.
        at_hand: how many groups of one row are held as states.
        rows: where rows of such groups are held, empty; a dictionary unless told.
    """

    def __init__(
        self, step: Step[State], *, at_hand: int = AT_HAND, rows: MutableMapping[str, bytes] | None = None
    ) -> None:
        self.step = step
        self._limit = at_hand
        self._at_hand: OrderedDict[str, tuple[State, bytes]] = OrderedDict()
        self._rows: MutableMapping[str, bytes] = {} if rows is None else rows
        self._of_many_rows: dict[str, State] = {}
        self._stored: dict[str, dict[str, bytes]] = {}
        self._done: dict[int, int] = {}

    def restore(self, rows: Iterable[tuple[str, bytes]], partitions: Iterable[int] | None = None) -> None:
        """Begin anew with stored rows, of these partitions only (None: all).

        Raises:
            ValueError: where a row was written by another version of the program.
        """
        self._rows.clear()
        for known in (self._at_hand, self._of_many_rows, self._stored, self._done):
            known.clear()
        wanted = None if partitions is None else set(partitions)
        for name, sealed in rows:
            stored = unseal(sealed)
            if wanted is not None and stored.partition not in wanted:
                continue
            group = self.step.group_of_row(name)
            if group == name:
                self._rows[name] = sealed
            else:
                self._stored.setdefault(group, {})[name] = sealed
            self._done[stored.partition] = max(stored.offset, self._done.get(stored.partition, -1))

    def done(self, partition: int) -> int:
        """Give the largest offset of a partition that is included in what is remembered; -1 for none."""
        return self._done.get(partition, -1)

    def state(self, group: str) -> State | None:
        """Give a group's state; None where nothing is known of it."""
        if group in self._of_many_rows:
            return self._of_many_rows[group]
        if group in self._stored:
            rows = {name: unseal(sealed).row for name, sealed in self._stored[group].items()}
            self._of_many_rows[group] = self.step.load(rows)
            if self.step.may_go is None:
                del self._stored[group]
            return self._of_many_rows[group]
        if group in self._at_hand:
            self._at_hand.move_to_end(group)
            return self._at_hand[group][0]
        if group not in self._rows:
            return None
        sealed = self._rows[group]
        state = self.step.load({group: unseal(sealed).row})
        self._keep_at_hand(group, state, sealed)
        return state

    def handle(self, received: Received) -> Outcome[State] | None:
        """Put a message through the step; None for one that is included in what is remembered."""
        if received.offset <= self.done(received.partition):
            return None
        outcome = run(self.step, self.state, received)
        if outcome.row is None:
            return outcome
        name, row = outcome.row
        sealed = name, seal(Stored(received.partition, received.offset, row))
        return Outcome(outcome.group, outcome.change, outcome.published, outcome.bug, sealed)

    def row(self, outcome: Outcome[State], _: Received) -> tuple[str, bytes] | None:
        """Give the row to write for an outcome, by its name; None where it changed nothing."""
        return outcome.row

    def settle(self, outcome: Outcome[State], received: Received) -> None:
        """Take over the new state, after it has been published and written."""
        if outcome.change is None or outcome.row is None or outcome.group is None:
            return
        name, sealed = outcome.row
        if name == outcome.group:
            self._keep_at_hand(name, outcome.change.state, sealed)
        else:
            self._keep_many(outcome.group, outcome.change.state, name, sealed)
        self._done[received.partition] = received.offset

    def states(self) -> Mapping[str, State]:
        """Give all states, for looking at; not for a worker, of which it would take all the memory."""
        groups = dict.fromkeys((*self._rows, *self._at_hand, *self._of_many_rows, *self._stored))
        return {group: state for group in groups if (state := self.state(group)) is not None}

    def _keep_many(self, group: str, state: State, name: str, sealed: bytes) -> None:
        """Put a state of many rows by; of others that may go keep only the rows."""
        self._of_many_rows[group] = state
        may_go = self.step.may_go
        if may_go is None:
            return
        self._stored.setdefault(group, {})[name] = sealed
        for other in [each for each, there in self._of_many_rows.items() if each != group and may_go(there)]:
            del self._of_many_rows[other]

    def _keep_at_hand(self, group: str, state: State, sealed: bytes) -> None:
        """Put a state behind the others at hand; where there are too many, of the first keep only the row."""
        self._at_hand[group] = state, sealed
        self._at_hand.move_to_end(group)
        if len(self._at_hand) > self._limit:
            name, (_, row) = self._at_hand.popitem(last=False)
            self._rows[name] = row
