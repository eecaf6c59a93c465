"""What would be sent for a file of events: the processing in memory, no broker, nobody told."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from streams.alerts import outbox
from streams.alerts.answers import DELIVERED
from streams.alerts.audience import Audience, audience
from streams.alerts.intake import READ, Arrived, take_in
from streams.alerts.rules import Rules
from streams.alerts.state_file import prepare
from streams.event_files import EventFiles, checked
from streams.processing.pipeline import Pipeline
from streams.replay import in_replay_order


class Sending(NamedTuple):
    """What would be sent to whom, and when in the time of the events."""

    at: datetime
    sink: str
    body: dict[str, Any]


def dry_run(paths: Sequence[Path], rules: Rules, *, openings: bool) -> Iterator[Sending]:
    """Yield what would be sent for files of events, in order, as if every sink took everything at once.

    Args:
        paths: the files, `-` for standard input.
        rules: who is told what.
        openings: whether fastest openings are announced like records.

    Raises:
        SlotritError: for a file that cannot be read or a line that is no JSON object.
    """
    with checked(paths) as files, closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        prepare(db)
        yield from _sendings(db, audience(rules), rules, files, openings=openings)


def _sendings(
    db: sqlite3.Connection, told: Audience, rules: Rules, files: EventFiles, *, openings: bool
) -> Iterator[Sending]:
    pipeline = Pipeline(openings=openings)
    offset, now = 0, datetime.min.replace(tzinfo=UTC)
    for line in in_replay_order(files):
        arrived = []
        for message in pipeline.feed(line.stream, line.key, line.value):
            stream = next((one for one in READ if one == message.stream), None)
            if stream is None:
                continue
            arrived.append(Arrived(stream, stream, 0, offset, message.value, message.headers))
            offset += 1
            at = dict(message.headers).get("ce_time")
            # Two races have no common order; time does not go back for that.
            now = now if at is None else max(now, datetime.fromisoformat(at.decode()))
        if arrived:
            yield from _due_until(db, told, rules, now)
            take_in(db, told, arrived, now.timestamp())
            yield from _due_until(db, told, rules, now)
    yield from _due_until(db, told, rules, datetime.max.replace(tzinfo=now.tzinfo))


def _due_until(db: sqlite3.Connection, told: Audience, rules: Rules, end: datetime) -> Iterator[Sending]:
    """Send what is due up to a moment, each at its own; told is the hour where the meeting is."""
    while turns := [turn for sink in told.rules if (turn := outbox.next_turn(db, sink)) is not None]:
        now = min(turns)
        if now > end.timestamp():
            return
        for sink in told.rules:
            while (word := outbox.due(db, sink, now)) is not None:
                parcel = outbox.begin(db, word)
                if parcel is not None:
                    outbox.settle(db, parcel, DELIVERED, rules.retry, now, 0.0)
                    yield Sending(datetime.fromtimestamp(now, end.tzinfo), sink, json.loads(parcel.body))
