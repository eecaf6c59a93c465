"""What is in hand: messages that are folded, on their way to the broker, and not yet remembered.

A worker need not wait for the broker after every message. It folds on, while what came of the messages
before is on its way, as long as the order of things is kept for each of them: publish, then remember, then
commit. The state in memory is ahead of what is remembered; a crash throws it away, and the same messages come
again and are folded to the same bytes. Rows are written in the order of their messages, so what is remembered
is always everything up to some message and nothing after it.

The rows of some messages are written together with what came of those after them: they only have to wait for
their own. And each writing has a price, whatever is written. So while a worker is far behind, what it has
in hand waits for more of what is there already, but never for long.

An agent can be cancelled wherever it awaits, in a rebalance or at the end. So it awaits nothing between
taking a message and putting it in here, and what is in here is not the agent's any more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from faust.types import TP

from streams.operating.metrics import Read
from streams.processing.messages import Published

Write = Callable[[Sequence["Work"], Sequence["Work"]], Awaitable[None]]
"""Writes the rows of some messages and what came of others, in order; done when the broker has it all."""

IN_HAND = 400
"""How many messages may be in hand; a worker that is that far ahead of its broker waits."""

ENOUGH = 100
"""How many messages wait for more at most."""

HELD_S = 0.1
"""How long a message waits for more."""


@dataclass(frozen=True, slots=True)
class Work:
    """What came of one message: what to publish, which row to write, and how far that is.

    `read` and `span` are for those who watch the worker.
    """

    tp: TP
    next_offset: int
    published: tuple[Published, ...]
    row: tuple[str, bytes] | None
    read: Read
    span: Any = None


@dataclass(slots=True, eq=False)
class Delivery:
    """Publishes and remembers what agents put in, in order.

    Attributes:
        write: see `Write`.
        handled: told of each message that is published and remembered.
        failed: told of what went wrong; nothing is delivered after that.
    """

    write: Write
    handled: Callable[[Work], None]
    failed: Callable[[Exception], Awaitable[None]]
    _queue: asyncio.Queue[Work] = field(default_factory=asyncio.Queue)
    _in_hand: int = 0
    _less: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def in_hand(self) -> int:
        """How many messages are in hand."""
        return self._in_hand

    def put(self, work: Work, *, more: bool = False) -> None:
        """Take a message's outcome in hand, without waiting.

        Args:
            work: the outcome.
            more: many more are to follow at once, and this one may wait for them.
        """
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._deliver())
        self._in_hand += 1
        self._queue.put_nowait(work)
        if not more or self._queue.qsize() >= ENOUGH:
            self._due.set()

    async def room(self) -> None:
        """Wait until the worker may go on."""
        await self._until_at_most(IN_HAND)

    async def empty(self) -> None:
        """Wait until everything in hand is handled, or nothing will be any more."""
        self._due.set()
        await self._until_at_most(0)

    async def _until_at_most(self, count: int) -> None:
        while self._in_hand > count and self._task is not None and not self._task.done():
            self._less.clear()
            less = asyncio.ensure_future(self._less.wait())
            try:
                await asyncio.wait({less, self._task}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                less.cancel()

    async def close(self) -> None:
        """Stop delivering; what is in hand comes again with the next worker."""
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _batch(self, *, wait: bool) -> list[Work]:
        """Take what is due; nothing where nothing is in hand, unless told to wait for it."""
        batch = [await self._queue.get()] if wait else []
        if (batch or not self._queue.empty()) and not self._due.is_set():
            at_last = asyncio.get_running_loop().call_later(HELD_S, self._due.set)
            await self._due.wait()
            at_last.cancel()
        self._due.clear()
        while not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return batch

    async def _deliver(self) -> None:
        try:
            published: list[Work] = []
            while True:
                batch = await self._batch(wait=not published)
                await self.write(published, batch)
                for work in published:
                    self.handled(work)
                self._in_hand -= len(published)
                self._less.set()
                published = batch
        except Exception as failure:
            await self.failed(failure)
            raise
