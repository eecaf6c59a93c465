"""Taking messages in: how far we are, what stands and whom it makes us tell, all in one transaction.

A message that comes twice is known by its `ce_id` and its bytes, whatever came in between.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
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

READ: tuple[Literal["standings", "podium", "records"], ...] = ("standings", "podium", "records")
_MARK: TypeAdapter[Marked] = TypeAdapter(Marked)


class Arrived(NamedTuple):
    """A message as it was read. `topic` is its name on the broker, `value` None a tombstone."""

    stream: Literal["standings", "podium", "records"]
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


def take_in(
    db: sqlite3.Connection,
    audience: Audience,
    arrived: Sequence[Arrived],
    now: float,
    *,
    unreadable: Callable[[Arrived], None] | None = None,
) -> frozenset[str]:
    """Take messages in, in one transaction: all of them or, after a crash, none.

    Args:
        db: the state.
        audience: who is told what.
        arrived: messages, those of a partition in their order.
        now: Unix time.
        unreadable: called with each message that is passed over, because a newer worker says more than is
            understood here.

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
            ce_id = dict(one.headers).get("ce_id", b"")
            mark = digest(ce_id, one.value)
            begin_at(db, one.topic, one.partition, Position(one.offset + 1, until, mark))
            if one.value is None:
                continue
            try:
                if one.stream == "standings":
                    _locate(db, one.value)
                    continue
                heard = Heard(
                    ce_id.decode() or mark.hex(), one.headers, one.value, NEWS.validate_json(one.value)
                )
            except ValidationError:
                if unreadable is not None:
                    unreadable(one)
                continue
            if db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (mark,)).rowcount:
                told.update(_handle(db, audience, heard, now, quiet=one.offset < until))
    return frozenset(told)


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
