"""What can be asked besides dispatching: what is pending, to try again, and to test a sink."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from streams.alerts import outbox
from streams.alerts.delivering import attempt, settle
from streams.alerts.dispatcher import Office, left
from streams.alerts.outbox import Parcel, Pending
from streams.alerts.sinks import Send
from streams.alerts.sinks.lines import plain
from streams.alerts.sinks.opening import Receiver, receivers, ways
from streams.alerts.sinks.webhook import session
from streams.alerts.state_file import StateInUseError, connected, dispatching
from streams.errors import SlotritError


def pending_lines(office: Office) -> list[str]:
    """Tell what has not been delivered, two lines each, also while a dispatcher runs.

    Raises:
        SlotritError: where there is no state file, or it cannot be read.
    """
    with connected(office.state) as db:
        waiting = outbox.pending(db)
    sinks = {sink.name for sink in office.rules.sinks}
    lines = [
        line for one in waiting for line in _told(one, time.time(), known=one.sink.split("/")[0] in sinks)
    ]
    return lines or ["everything has been delivered"]


def _told(one: Pending, now: float, *, known: bool) -> Sequence[str]:
    at = datetime.fromtimestamp(one.made_at).astimezone()
    tries = f"{one.attempts} attempt{'' if one.attempts == 1 else 's'}"
    parts = [f"since {at:%Y-%m-%d %H:%M:%S}", tries]
    if not known:
        parts.append("there is no such sink in the rules any more")
    elif one.fate == "waiting":
        parts.append("the next one now" if one.due <= now else f"the next one in {one.due - now:.0f} s")
    if one.error:
        parts.append(f"last: {plain(one.error)}")
    if one.doubtful:
        parts.append("may have arrived")
    return (
        f"{'REFUSED' if one.fate == 'failed' else 'waiting'}  {one.sink}  {one.alert}  {plain(one.title)}",
        f"         {', '.join(parts)}",
    )


def retry_now(office: Office) -> tuple[str, bool]:
    """Give everything that was refused another turn; make one attempt each where no dispatcher runs.

    Returns:
        A line that says what came of it, and whether nothing is left.

    Raises:
        SlotritError: where there is no state file, or a sink cannot be opened.
    """
    with connected(office.state) as db:
        count = outbox.retry_failed(db, time.time())
    again = f"{count} refused alert{'' if count == 1 else 's'}"
    try:
        with dispatching(office.state) as db:
            outbox.recover(db)
            asyncio.run(_everything_once(db, office))
            words = left(db)
            return f"tried {again} and all that was due once more; {words}", not outbox.pending(db)
    except StateInUseError:
        return f"the running dispatcher tries {again} once more", True


async def _everything_once(db: sqlite3.Connection, office: Office) -> None:
    behind = receivers(office.rules, office.beside)
    async with session() as client:
        sends = ways(behind, client, office.beside)
        await asyncio.gather(*(_once(db, name, send, office) for name, send in sends.items()))


async def _once(db: sqlite3.Connection, sink: str, send: Send, office: Office) -> None:
    """Make one attempt at everything that is due to a sink now."""
    now = time.time()
    while (turn := outbox.due(db, sink, now)) is not None:
        parcel = outbox.begin(db, turn)
        if parcel is not None:
            settle(db, parcel, await attempt(send, parcel), office.rules.retry)


def try_sink(office: Office, sink: str) -> str:
    """Send a test to a sink, and say that it arrived.

    Raises:
        SlotritError: where there is no such sink, or the test does not arrive.
    """
    names = [one.name for one in office.rules.sinks]
    if sink not in names:
        raise SlotritError(f"--test: there is no sink {sink}; there are {', '.join(names)}")
    answers = asyncio.run(_tested(office, receivers(office.rules, office.beside, only=sink)))
    for name, reason in answers.items():
        if reason:
            raise SlotritError(f"the test did not reach {name}: {reason}")
    return f"the test has reached {', '.join(answers)}"


async def _tested(office: Office, behind: Mapping[str, tuple[Receiver, ...]]) -> dict[str, str]:
    async with session() as client:
        sends = ways(behind, client, office.beside)
        return {name: (await attempt(send, _test())).reason for name, send in sends.items()}


def _test() -> Parcel:
    name = f"test-{uuid4()}"
    body = {
        "id": name,
        "alert": "test",
        "title": "Test of slotrit alert",
        "text": "This is a test. Alerts of records and podiums will look like this.",
        "language": "en",
        "subject": "test",
        "rule": None,
        "replaces": None,
        "message": {"type": "test"},
    }
    headers = (
        ("ce_specversion", "1.0"), ("ce_id", name), ("ce_source", "slotrit"), ("ce_type", "test"),
    )  # fmt: skip
    return Parcel(0, name, "test", "record", json.dumps(body).encode(), headers, 1)
