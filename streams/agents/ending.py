"""The end of a worker, which comes whatever of it does not notice that it is to end.

Faust waits at its end for as long as Kafka does not answer, also where it is cancelled meanwhile; and some of
its tasks and threads never end once others have failed. What was in hand comes again with the next worker, as
after any crash.
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Coroutine
from typing import Any

import structlog
from mode.utils.locks import Event

STOP_TIMEOUT_S = 20.0
"""How long a stopping worker may take to finish the event in hand and commit."""

END_WITHIN_S = 3.0
"""How long the process may take to end after that."""

LEFT_WITHIN_S = 2.0
"""How long it may take to leave the group, where that is all that is done."""

log = structlog.get_logger(__name__)


def told_to_stop() -> Event:
    """Give what is set when the process is told to stop (SIGTERM, SIGINT); nothing else happens then.

    As the first process of a container it would not even hear of SIGTERM before.
    """
    stop = Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def done_before(stop: Event, doing: Coroutine[Any, Any, None]) -> bool:
    """Do something, and break it off where the process is told to stop; tell whether it is done."""
    going, stopping = asyncio.create_task(doing), asyncio.create_task(stop.wait())
    await asyncio.wait({going, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not going.done():
        going.cancel()
        await asyncio.wait({going})
        return False
    going.result()
    return True


async def stopped(stopping: asyncio.Task[Any], *, crashed: bool) -> bool:
    """Wait until the app has stopped, for `STOP_TIMEOUT_S` at most.

    Args:
        stopping: stops it.
        crashed: whether it had crashed before; what fails then has been told.

    Returns:
        Whether it has stopped.
    """
    await asyncio.wait({stopping}, timeout=STOP_TIMEOUT_S)
    if stopping.done():
        failure = stopping.exception()
        if failure is not None and not crashed:
            raise failure
        return True
    log.warning(
        "worker.cut_short",
        reason=f"the worker has not stopped within {STOP_TIMEOUT_S:g} s, as where Kafka does not answer; "
        "what it had in hand comes again with the next worker",
    )
    return False


async def left(leaving: Coroutine[Any, Any, None]) -> None:
    """Leave the group, or not, where Kafka does not answer within `LEFT_WITHIN_S`."""
    done, _ = await asyncio.wait({asyncio.create_task(leaving)}, timeout=LEFT_WITHIN_S)
    for one in done:
        one.exception()


def over(*, crashed: bool, quietly: bool) -> int:
    """Insist on the end of the process, `END_WITHIN_S` from now.

    Args:
        crashed: whether that is how it ends.
        quietly: say nothing more, as everything has been said.

    Returns:
        The return code of the process.
    """
    code = int(crashed)
    if quietly and logging.getLogger().level > logging.DEBUG:
        logging.disable()
    last = threading.Timer(END_WITHIN_S, os._exit, (code,))
    last.daemon = True
    last.start()
    return code
