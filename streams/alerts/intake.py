"""Taking messages in: how far we are, what stands and whom it makes us tell, all in one transaction.

A message that comes twice is known by its `ce_id` and its bytes, whatever came in between.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

from pydantic import TypeAdapter, ValidationError

from schemas.records import RecordRevoked
from schemas.standings import Standings
from streams.alerts import outbox
from streams.alerts.audience import Audience
from streams.alerts.deciding import Known, Outcome, decide
from streams.alerts.news import NEWS, Heard, Marked, Meeting, PodiumMessage, meeting_of, subject
from streams.alerts.podiums import PODIUM, Podium
from streams.alerts.posting import post
from streams.alerts.state_file import transaction
from streams.alerts.wording import Told
from streams.processing.messages import Header

ReadStream = Literal["standings", "podium", "records"]
READ: tuple[ReadStream, ...] = ("standings", "podium", "records")
_MARK: TypeAdapter[Marked] = TypeAdapter(Marked)


class Arrived(NamedTuple):
    """A message as it was read. `topic` is its name on the broker, `value` None a tombstone."""

    stream: ReadStream
    topic: str
    partition: int
    offset: int
    value: bytes | None
    headers: tuple[Header, ...]


class Position(NamedTuple):
    """How far a partition has been read, see the table."""

    next: int
    quiet_until: int
    digest: bytes | None


_NOWHERE = Position(0, 0, None)


def positions(db: sqlite3.Connection, topic: str) -> dict[int, Position]:
    """Give how far a topic has been read, by partition; nothing where it never was."""
    rows = db.execute("SELECT partition, next, quiet_until, digest FROM positions WHERE topic = ?", (topic,))
    return {row[0]: Position(*row[1:]) for row in rows}


def begin_at(db: sqlite3.Connection, topic: str, partition: int, position: Position) -> None:
    """Set how far a partition has been read; within a transaction."""
    db.execute("INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?)", (topic, partition, *position))


def digest(ce_id: bytes, value: bytes | None) -> bytes:
    """Make what tells one message from another."""
    return hashlib.sha256(ce_id + b"\0" + (value or b"")).digest()[:16]


def meeting(db: sqlite3.Connection, race_id: str) -> Meeting | None:
    """Tell where a race is skated; None where its standings have not been seen."""
    row = db.execute("SELECT meeting FROM meetings WHERE race_id = ?", (race_id,)).fetchone()
    return None if row is None else Meeting(*json.loads(row[0]))


def unlocated(db: sqlite3.Connection, arrived: Sequence[Arrived]) -> set[str]:
    """Name the races that messages are news of and whose standings have not been seen."""
    races = set()
    for one in arrived:
        until = positions(db, one.topic).get(one.partition, _NOWHERE).quiet_until
        if one.value is not None and one.offset >= until:
            with suppress(ValidationError):
                races.add(NEWS.validate_json(one.value).race_id)
    return {race_id for race_id in races if meeting(db, race_id) is None}


def take_in(
    db: sqlite3.Connection,
    audience: Audience,
    arrived: Sequence[Arrived],
    now: float,
    *,
    passed_over: Callable[[Arrived, Exception], None] | None = None,
) -> frozenset[str]:
    """Take messages in, in one transaction: all of them or, after a crash, none.

    Args:
        db: the state.
        audience: who is told what.
        arrived: messages, those of a partition in their order.
        now: Unix time.
        passed_over: called with each message that has no effect because a newer worker says more than is
            understood here, or because our own code fails on it: it would come again for ever.

    Returns:
        The sinks that have something new to be sent.
    """
    told: set[str] = set()
    with transaction(db):
        quiet = {
            (topic, number): position.quiet_until
            for topic in {one.topic for one in arrived}
            for number, position in positions(db, topic).items()
        }
        for one in arrived:
            until = quiet.get((one.topic, one.partition), 0)
            mark = digest(dict(one.headers).get("ce_id", b""), one.value)
            begin_at(db, one.topic, one.partition, Position(one.offset + 1, until, mark))
            db.execute("SAVEPOINT one")
            try:
                told.update(_message(db, audience, one, mark, now, quiet=one.offset < until))
            except sqlite3.Error:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the next message must be read
                db.execute("ROLLBACK TO one")
                if passed_over is not None:
                    passed_over(one, error)
            db.execute("RELEASE one")
    return frozenset(told)


def _message(
    db: sqlite3.Connection, audience: Audience, one: Arrived, mark: bytes, now: float, *, quiet: bool
) -> list[str]:
    if one.value is None:
        return []
    if one.stream == "standings":
        _locate(db, one.value)
        return []
    news = NEWS.validate_json(one.value)
    if not db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (mark,)).rowcount:
        return []
    ce_id = dict(one.headers).get("ce_id", b"").decode(errors="replace") or mark.hex()
    return _handle(db, audience, Heard(ce_id, one.headers, one.value, news), now, quiet=quiet)


def _locate(db: sqlite3.Connection, value: bytes) -> None:
    standings = Standings.model_validate_json(value)
    found = json.dumps(meeting_of(standings), ensure_ascii=False)
    db.execute(
        "INSERT INTO meetings VALUES (?, ?) ON CONFLICT DO UPDATE SET meeting = excluded.meeting"
        " WHERE meeting <> excluded.meeting",
        (standings.race_id, found),
    )


def _handle(
    db: sqlite3.Connection, audience: Audience, heard: Heard, now: float, *, quiet: bool
) -> list[str]:
    about, race_id = subject(heard.news), heard.news.race_id
    known = _known(db, about, race_id)
    where = meeting(db, race_id) or Meeting()
    outcome = decide(audience.rules, known, heard, where, quiet=quiet)
    _remember(db, about, known, heard, outcome)
    told = Told("record", heard.news, where, outcome.podium)
    return [notice.sink for notice in outcome.notices if post(db, audience, about, notice, told, heard, now)]


def _known(db: sqlite3.Connection, about: str, race_id: str) -> Known:
    mark = db.execute("SELECT message FROM marks WHERE subject = ?", (about,)).fetchone()
    podium = db.execute("SELECT podium FROM podiums WHERE race_id = ?", (race_id,)).fetchone()
    return Known(
        None if mark is None else _MARK.validate_json(mark[0]),
        Podium() if podium is None else PODIUM.validate_json(podium[0]),
        outbox.chains(db, about),
    )


def _remember(db: sqlite3.Connection, about: str, known: Known, heard: Heard, outcome: Outcome) -> None:
    news = heard.news
    if isinstance(news, PodiumMessage):
        written = PODIUM.dump_json(outcome.podium, by_alias=True).decode()
        db.execute("INSERT OR REPLACE INTO podiums VALUES (?, ?)", (news.race_id, written))
    elif isinstance(news, RecordRevoked):
        db.execute("DELETE FROM marks WHERE subject = ?", (about,))
    elif outcome.mark != known.mark:
        db.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (about, news.model_dump_json()))
