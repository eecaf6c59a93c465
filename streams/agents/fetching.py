"""Fetching that nobody waits for in vain: short waits, and an end before the place to read from is changed.

Faust's consumer lives in a thread of its own, and two things there outlast a rebalance.

A fetch that waits for messages. When the group rebalances it waits on, at first for partitions that are ours
no more, then for all. What it finds is dropped, since nothing is to be handed on then. For the input Faust
reads that again. A changelog it does not: what the fetch finds between the moment at which a recovery says
from where to read it and the moment at which it begins to, nobody gets. Where these are all rows there are,
the recovery waits for them until the next rebalance. Where they are some of many, the worker goes on from
rows that are older than what was said last. So nothing may be under way when the place to read from is
changed.

A request that Kafka holds back for as long as it has no messages, which Faust sets to 1.5 s. A broker answers
the requests of a connection one after the other, and a recovery has half a dozen questions for it: on quiet
topics each of them waited for that, and a rebalance took five to eight seconds.
"""

import asyncio
from typing import Any

from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP

FETCH_WITHIN_S = 0.1
"""How long a fetch waits for messages before it is asked again; a recovery waits for it."""

HELD_BACK_MS = 100
"""How long a broker may hold back its answer where it has no messages."""


class PromptThread(AIOKafkaConsumerThread):
    """The consumer's thread, with a client to which brokers answer soon."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = HELD_BACK_MS  # noqa: SLF001 - Faust has no setting for it
        return consumer

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Look whether Kafka is asked for messages; whether they are handled is looked at in `pulse.py`.

        Faust asks its monitor for that, which knows nothing here: in a worker that was five minutes old and
        had much to read it said every second that nothing was processed.
        """
        self._verify_aiokafka_event_path(now, tp)

    def _stopped_set(self) -> None:
        """Hear that it is to stop; a thread that has ended already, as it does in a crash, need not."""
        try:
            super()._stopped_set()
        except RuntimeError:
            if not self.thread_loop.is_closed():
                raise
            self._stopped.set()


class Fetches:
    """The fetches that are under way in the consumer's thread, whoever still waits for them."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Future[Any]] = set()

    async def follow(self, fetch: Any) -> Any:
        """Wait for a fetch and give what it found; it goes on, and is known, also where this is cancelled."""
        going = asyncio.ensure_future(fetch)
        self._under_way.add(going)
        going.add_done_callback(self._over)
        return await asyncio.shield(going)

    async def over(self) -> None:
        """Wait until no fetch is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _over(self, fetch: asyncio.Future[Any]) -> None:
        self._under_way.discard(fetch)
        if not fetch.cancelled():
            fetch.exception()
