"""The dispatcher: takes in what comes and delivers what is due, until it is told to stop."""

import asyncio
import signal
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from streams.alerts import outbox
from streams.alerts.audience import audience
from streams.alerts.delivering import deliver
from streams.alerts.following import Following, follow
from streams.alerts.rules import Rules
from streams.alerts.sinks.opening import receivers, ways
from streams.alerts.sinks.webhook import session
from streams.alerts.state_file import dispatching
from streams.settings import Settings, kafka_client

FAREWELL_S = 5.0
"""How long what is being sent may take when it is time to stop. After that it may have arrived or not."""


@dataclass(frozen=True, slots=True)
class Office:
    """A newsroom's rules, the directory where their relative paths begin, and its state file."""

    rules: Rules
    beside: Path
    state: Path


def dispatch_alerts(settings: Settings, office: Office, *, tells_history: bool) -> str:
    """Dispatch alerts until SIGTERM or Ctrl-C, and say in one line what is left to be delivered.

    Args:
        settings: where the broker is.
        office: who is told what, and where that is kept.
        tells_history: whether the very first start tells what is on the topics already.

    Raises:
        SlotritError: where no broker is configured, a secret is missing, Apprise does not understand a URL,
            or the state cannot be kept. A broker that is away is waited for.
    """

    async def main() -> str:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        return await dispatch(settings, office, tells_history=tells_history, stop=stop)

    return asyncio.run(main())


async def dispatch(settings: Settings, office: Office, *, tells_history: bool, stop: asyncio.Event) -> str:
    """Dispatch alerts until an event is set; see `dispatch_alerts`."""
    kafka_client(settings)
    behind = receivers(office.rules, office.beside)
    told = audience(office.rules, {sink: tuple(one.name for one in each) for sink, each in behind.items()})
    with dispatching(office.state) as db:
        _take_over(db, told.rules)
        async with session() as client:
            sends = ways(behind, client, office.beside)
            woken = {name: asyncio.Event() for name in sends}

            def wake(names: Iterable[str]) -> None:
                for name in names:
                    if name in woken:
                        woken[name].set()

            following = asyncio.create_task(
                follow(Following(settings, db, told, wake, tells_history=tells_history))
            )
            delivering = [
                asyncio.create_task(deliver(db, name, send, office.rules.retry, woken=woken[name], stop=stop))
                for name, send in sends.items()
            ]
            stopping = asyncio.create_task(stop.wait())
            done, _ = await asyncio.wait(
                {following, stopping, *delivering}, return_when=asyncio.FIRST_COMPLETED
            )
            stop.set()
            wake(woken)
            # Once only: it closes its connections then, and must not be kept from that.
            following.cancel()
            await asyncio.wait(delivering, timeout=FAREWELL_S)
            for task in (stopping, *delivering):
                task.cancel()
            await asyncio.gather(following, stopping, *delivering, return_exceptions=True)
            for task in done:
                # What ended by itself ended with what is wrong.
                task.result()
        return left(db)


def left(db: sqlite3.Connection) -> str:
    """Say in one line what has not been delivered."""
    words = outbox.pending(db)
    failed = sum(one.fate == "failed" for one in words)
    waiting = len(words) - failed
    if not words:
        return "everything has been delivered"
    return f"{waiting} alerts wait to be delivered, {failed} were refused (slotrit alert --pending)"


def _take_over(db: sqlite3.Connection, sinks: Iterable[str]) -> None:
    """Take up the work of the dispatcher before us, and name what it left that has nowhere to go."""
    log = structlog.stdlib.get_logger("alert")
    doubtful = outbox.recover(db)
    if doubtful:
        log.warning(
            "the last dispatcher was ended while sending; what it sent is sent again", alerts=doubtful
        )
    known = set(sinks)
    homeless = sorted({one.sink for one in outbox.pending(db)} - known)
    if homeless:
        log.warning("alerts wait for sinks that are not in the rules any more", sinks=homeless)
