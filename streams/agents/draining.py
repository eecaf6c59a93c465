"""Handing on what was fetched, without a task for every message.

Faust hands each message to its stream in a task of its own, next to three more that would tell it to break
off, waits for the first of them to end and cancels the others. Then the stream wakes up for one message, what
came of it is sent, and so on: nobody ever has two messages to work on together, and each costs more than
folding it.

A stream nearly always has room, so handing on seldom waits. Here it is begun at once, and goes on as Faust
does it only where it has to wait. An agent then finds all of a fetch in its queue, works it off in one go,
and what came of it is written together.
"""

import asyncio
from collections.abc import Coroutine, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiokafka.errors import ConsumerStoppedError  # type: ignore[import-untyped]
from faust.transport.consumer import Consumer
from faust.types import TP, Message
from mode import ServiceT

from streams.agents.fetching import FETCH_WITHIN_S

TOGETHER = 100
"""How many messages are handed on before the streams get their turn."""


async def drain(consumer: Consumer, fetcher: ServiceT) -> None:
    """Hand on what is fetched until the consumer or its fetcher stops; an end in between is none that failed.

    Args:
        consumer: fetches, and knows how far each partition is read.
        fetcher: the service that does this, which Faust stops before a recovery.
    """
    try:
        while not (_told_to_stop(consumer) or _told_to_stop(fetcher)):
            await _drain_fetch(consumer)
    except (ConsumerStoppedError, asyncio.CancelledError):
        if not consumer.app.should_stop:
            raise


def _told_to_stop(service: ServiceT) -> bool:
    """Tell whether a service is to stop; one that broke off in a rebalance goes on, as nobody else would."""
    return bool(service._stopped.is_set())  # type: ignore[attr-defined]  # noqa: SLF001 - `should_stop` is more


async def _drain_fetch(consumer: Consumer) -> None:
    handed_on = 0
    async for tp, message in consumer.getmany(timeout=FETCH_WITHIN_S):
        handed_on += 1
        if handed_on % TOGETHER == 0:
            await asyncio.sleep(0)
        await _pass(consumer, tp, message)
    await asyncio.sleep(0)


async def _pass(consumer: Consumer, tp: TP, message: Message) -> None:
    """Hand on a message, unless it was handed on before."""
    read = consumer._read_offset[tp]  # noqa: SLF001 - Faust seeks by it after a recovery
    if read is not None and message.offset < read:
        return
    await hand_on(consumer, message)
    consumer._read_offset[tp] = message.offset  # noqa: SLF001 - as above


async def hand_on(consumer: Consumer, message: Message) -> None:
    """Give a message to its streams; break off where the flow is stopped, and it will be read again."""
    handing: Any = consumer.callback(message)
    if consumer.suspend_flow.is_set():
        await consumer.wait_first(handing, consumer.suspend_flow.wait())
        return
    try:
        waits_for = handing.send(None)
    except StopIteration:
        return
    await consumer.wait_first(Rest(handing, waits_for), consumer.suspend_flow.wait())


@dataclass(eq=False, slots=True)
class Rest:
    """What is left of a coroutine that was begun outside of a task and has to wait now.

    Attributes:
        begun: the coroutine.
        waits_for: what it gave up control for.
    """

    begun: Coroutine[Any, Any, Any]
    waits_for: Any

    def __await__(self) -> Generator[Any, Any, Any]:
        """Wait for that, and go on to the end."""
        waits_for = self.waits_for
        while True:
            try:
                answer = yield waits_for
            except BaseException as failure:  # noqa: BLE001 - whatever it is, it is for the coroutine
                go_on = partial(self.begun.throw, failure)
            else:
                go_on = partial(self.begun.send, answer)
            try:
                waits_for = go_on()
            except StopIteration as end:
                return end.value
