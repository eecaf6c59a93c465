"""Delivering what is due: one sink's words one after another, whatever the other sinks are doing."""

import asyncio
import random
import sqlite3
import time

import structlog

from streams.alerts import outbox
from streams.alerts.answers import Answer, unclear
from streams.alerts.outbox import Parcel
from streams.alerts.rules import Retry
from streams.alerts.sinks import Send

LOOK_S = 1.0
"""How often the state is looked at for turns that `slotrit alert --retry` has given."""


async def deliver(
    db: sqlite3.Connection, sink: str, send: Send, retry: Retry, *, woken: asyncio.Event, stop: asyncio.Event
) -> None:
    """Deliver to one sink until told to stop; a word that is being sent then is sent to its end.

    Args:
        db: the state.
        sink: its name.
        send: how it is reached.
        retry: how long to wait before trying again.
        woken: set where there is something new for it, and when it is time to stop.
        stop: set from outside, before `woken` is.

    Raises:
        BrokenPipeError: where it is the terminal and nobody reads it any more.
    """
    log = structlog.stdlib.get_logger("alert").bind(sink=sink)
    in_trouble = False
    while not stop.is_set():
        woken.clear()
        turn = outbox.due(db, sink, time.time())
        if turn is None:
            await _until_due(db, sink, woken)
            continue
        parcel = outbox.begin(db, turn)
        if parcel is None:
            continue
        answer = await attempt(send, parcel)
        settle(db, parcel, answer, retry)
        told = log.bind(alert=parcel.what, about=parcel.subject, attempt=parcel.attempts)
        if answer.delivered:
            told.info("delivered")
            in_trouble = False
        elif answer.final:
            told.error("refused, see `slotrit alert --pending`", reason=answer.reason)
        elif not in_trouble:
            told.warning("not delivered, trying again and again", reason=answer.reason)
            in_trouble = True


async def attempt(send: Send, parcel: Parcel) -> Answer:
    """Make one attempt; a failure of our own is an answer too, for the other words to be sent."""
    try:
        return await send(parcel)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are to be told
        structlog.stdlib.get_logger("alert").exception("an attempt made our own code fail, please report it")
        return unclear(f"failed here: {type(error).__name__}")


def settle(db: sqlite3.Connection, parcel: Parcel, answer: Answer, retry: Retry) -> None:
    """Write down what came of an attempt, by the clock and by chance."""
    outbox.settle(db, parcel, answer, retry, time.time(), random.random())  # noqa: S311 - no secret


async def _until_due(db: sqlite3.Connection, sink: str, woken: asyncio.Event) -> None:
    turn = outbox.next_turn(db, sink)
    pause = LOOK_S if turn is None else min(LOOK_S, max(0.0, turn - time.time()))
    try:
        async with asyncio.timeout(max(pause, 0.01)):
            await woken.wait()
    except TimeoutError:
        return
