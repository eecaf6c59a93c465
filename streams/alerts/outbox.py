"""What is still to be delivered: kept in the state file, sent at least once, of each subject in order."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streams.alerts.answers import LONGEST_ASKED_S, Answer, pause_s
from streams.alerts.rules import Retry
from streams.alerts.state_file import transaction
from streams.alerts.telling import FOLLOWED_UP, Said, Sent, still_true

_IMPLAUSIBLE_S = 3 * LONGEST_ASKED_S
"""A turn that is further away than any we give was set by a clock that has been set back since."""
_COLUMNS = "id, ce_id, what, said, official, fate, doubtful OR sending"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A word on its way: `body` is JSON, the same at every attempt, `headers` are the message's on Kafka."""

    id: int
    ce_id: str
    subject: str
    what: str
    body: bytes
    headers: tuple[tuple[str, str], ...]
    attempts: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A word that has not been delivered, for people. `due` and `made_at` are Unix time."""

    id: int
    sink: str
    fate: str
    doubtful: bool
    title: str
    alert: str
    attempts: int
    made_at: float
    due: float
    error: str | None


def chains(db: sqlite3.Connection, subject: str) -> dict[str, tuple[Sent, ...]]:
    """Give all words about a subject that are followed up, by sink, in their order."""
    found: dict[str, tuple[Sent, ...]] = {}
    rows = db.execute(f"SELECT sink, {_COLUMNS} FROM deliveries WHERE subject = ? ORDER BY id", (subject,))  # noqa: S608 - our own names
    for sink, id_, ce_id, what, said, official, fate, doubtful in rows:
        if what in FOLLOWED_UP:
            gist = None if said is None else Said(*json.loads(said))
            sent = Sent(id_, ce_id, what, gist, bool(official), fate, bool(doubtful))
            found[sink] = (*found.get(sink, ()), sent)
    return found


def add(db: sqlite3.Connection, row: Mapping[str, object]) -> None:
    """Add a word, by the names of its columns; within a transaction."""
    names, gaps = ", ".join(row), ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT INTO deliveries ({names}) VALUES ({gaps})", row)  # noqa: S608 - our own names


def drop(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Let words be that something else has taken the place of; within a transaction."""
    db.executemany("UPDATE deliveries SET fate = 'dropped' WHERE id = ?", [(one,) for one in ids])


def turn_of(db: sqlite3.Connection, id_: int) -> tuple[str, float, int, str | None]:
    """Give a word's fate, when it is due, its attempts and its last error, for the one that replaces it."""
    row: tuple[str, float, int, str | None] = db.execute(
        "SELECT fate, due, attempts, error FROM deliveries WHERE id = ?", (id_,)
    ).fetchone()
    return row


def recover(db: sqlite3.Connection) -> int:
    """Take up the work of a dispatcher that has ended: what it was sending then may have arrived.

    Returns:
        How many words that is about.
    """
    with transaction(db):
        return db.execute("UPDATE deliveries SET sending = 0, doubtful = 1 WHERE sending").rowcount


def due(db: sqlite3.Connection, sink: str, now: float) -> int | None:
    """Name the word whose turn it is, by id: the oldest that is due and has no older one before it."""
    row = db.execute(
        """
        SELECT id FROM deliveries AS one
        WHERE sink = :sink AND fate = 'waiting' AND (due <= :now OR due > :now + :implausible)
        AND NOT EXISTS (
            SELECT 1 FROM deliveries AS older
            WHERE older.sink = one.sink AND older.subject = one.subject AND older.id < one.id
            AND (older.fate = 'waiting' OR older.sending)
        )
        ORDER BY id LIMIT 1
        """,
        {"sink": sink, "now": now, "implausible": _IMPLAUSIBLE_S},
    ).fetchone()
    return None if row is None else int(row[0])


def next_turn(db: sqlite3.Connection, sink: str) -> float | None:
    """Say when the next word to a sink is due, in Unix time; None where nothing waits."""
    turn: float | None = db.execute(
        "SELECT min(due) FROM deliveries WHERE sink = ? AND fate = 'waiting'", (sink,)
    ).fetchone()[0]
    return turn


def begin(db: sqlite3.Connection, id_: int) -> Parcel | None:
    """Write down that a word is about to be sent, so that a crash leaves no doubt that it may have been.

    Returns:
        The word; None where it is not to be said any more.
    """
    with transaction(db):
        row = db.execute(
            "SELECT sink, ce_id, subject, what, body, headers, attempts FROM deliveries"
            " WHERE id = ? AND fate = 'waiting'",
            (id_,),
        ).fetchone()
        if row is None:
            return None
        sink, ce_id, subject, what, body, headers, attempts = row
        if what in FOLLOWED_UP:
            words = chains(db, subject)[sink]
            if not still_true(words, next(sent for sent in words if sent.id == id_)):
                drop(db, [id_])
                return None
        db.execute("UPDATE deliveries SET sending = 1, attempts = attempts + 1 WHERE id = ?", (id_,))
    told = tuple((name, value) for name, value in json.loads(headers))
    return Parcel(id_, ce_id, subject, what, body.encode(), told, attempts + 1)


def settle(
    db: sqlite3.Connection, parcel: Parcel, answer: Answer, retry: Retry, now: float, chance: float
) -> None:
    """Write down what came of sending a word.

    One that was dropped meanwhile is not sent again, but it is remembered whether it arrived.

    Args:
        db: the state.
        parcel: what was sent.
        answer: what came of it.
        retry: how long to wait for the next attempt.
        now: Unix time.
        chance: see `pause_s`.
    """
    with transaction(db):
        if answer.delivered:
            db.execute(
                "UPDATE deliveries SET fate = 'delivered', sending = 0, done_at = ?, error = NULL"
                " WHERE id = ?",
                (now, parcel.id),
            )
            return
        later = now + pause_s(parcel.attempts, retry, chance, answer.wait_s)
        db.execute(
            """
            UPDATE deliveries SET sending = 0, doubtful = doubtful OR :doubtful, error = :reason, due = :due,
            fate = CASE WHEN fate = 'waiting' AND :final THEN 'failed' ELSE fate END
            WHERE id = :id
            """,
            {
                "doubtful": answer.doubtful,
                "reason": answer.reason,
                "due": later,
                "final": answer.final,
                "id": parcel.id,
            },
        )


def retry_failed(db: sqlite3.Connection, now: float) -> int:
    """Give everything that was refused for good another turn, at once, and say how much that is."""
    with transaction(db):
        return db.execute(
            "UPDATE deliveries SET fate = 'waiting', attempts = 0, due = ? WHERE fate = 'failed'", (now,)
        ).rowcount


def pending(db: sqlite3.Connection) -> list[Pending]:
    """List what has not been delivered, the oldest first."""
    rows = db.execute(
        """
        SELECT id, sink, fate, doubtful OR sending, json_extract(body, '$.title'),
        json_extract(body, '$.alert'), attempts, made_at, due, error
        FROM deliveries WHERE fate IN ('waiting', 'failed') ORDER BY id
        """
    )
    return [Pending(row[0], row[1], row[2], bool(row[3]), *row[4:]) for row in rows]
