"""The state file: an SQLite database that one dispatcher at a time works on, and that survives its end."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from streams.errors import SlotritError

_VERSION = 1
_BUSY_MS = 5_000
_TABLES = """
-- How far each partition has been read. What lies before quiet_until is history of which nobody is told,
-- digest is that of the last message, by which a topic that was made anew is known.
CREATE TABLE positions (
    topic TEXT, partition INTEGER, next INTEGER NOT NULL, quiet_until INTEGER NOT NULL, digest BLOB,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;
-- Every message that was taken in: its ce_id and its bytes, as a digest.
CREATE TABLE seen (message BLOB PRIMARY KEY) WITHOUT ROWID;
-- What stands: records in force and near misses by subject, podiums by race, and where races are skated.
CREATE TABLE marks (subject TEXT PRIMARY KEY, message TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE podiums (race_id TEXT PRIMARY KEY, podium TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE meetings (race_id TEXT PRIMARY KEY, meeting TEXT NOT NULL) WITHOUT ROWID;
-- Every word to a sink, those that went out too: a retraction must find them. Instants are Unix time.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sink TEXT NOT NULL, subject TEXT NOT NULL, ce_id TEXT NOT NULL, what TEXT NOT NULL,
    said TEXT, official INTEGER NOT NULL,
    fate TEXT NOT NULL, doubtful INTEGER NOT NULL DEFAULT 0, sending INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL, made_at REAL NOT NULL, due REAL NOT NULL, done_at REAL, error TEXT,
    body TEXT NOT NULL, headers TEXT NOT NULL
);
CREATE INDEX by_subject ON deliveries (subject, sink);
CREATE INDEX still_open ON deliveries (sink, id) WHERE fate IN ('waiting', 'failed');
"""


class StateInUseError(SlotritError):
    """Another dispatcher works on the state file."""


def default_state() -> Path:
    """Name the state file of this user: `slotrit/alerts.sqlite3` in $XDG_STATE_HOME or ~/.local/state."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "slotrit" / "alerts.sqlite3"


@contextmanager
def dispatching(file: Path) -> Iterator[sqlite3.Connection]:
    """Open the state for the length of a block, for its only dispatcher; it is made where there is none.

    Raises:
        StateInUseError: where another dispatcher works on it.
        SlotritError: where it cannot be read or written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = file.with_name(f"{file.name}.lock").open("a+")
    except OSError as error:
        raise SlotritError(f"{file}: cannot be written to: {error.strerror or error}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StateInUseError(
                f"{file}: another `slotrit alert` works on it; stop that one, or name another --state"
            ) from None
        with connected(file, make=True) as db:
            yield db


@contextmanager
def connected(file: Path, *, make: bool = False) -> Iterator[sqlite3.Connection]:
    """Open the state for the length of a block, also while a dispatcher works on it.

    Raises:
        SlotritError: where there is none and none is to be made, or it cannot be read or written.
    """
    if not make and not file.is_file():
        raise SlotritError(f"{file}: there is no such state file; `slotrit alert` makes it when it runs")
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            prepare(db)
            yield db
    except sqlite3.Error as error:
        raise SlotritError(f"{file}: the state cannot be kept there: {error}") from None


def prepare(db: sqlite3.Connection) -> None:
    """Make a database the state: durable, with its tables.

    Raises:
        sqlite3.DatabaseError: where it is something else, or of a later version.
    """
    db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    db.execute("PRAGMA journal_mode = WAL")
    # What was committed survives a power cut too.
    db.execute("PRAGMA synchronous = FULL")
    with transaction(db):
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == 0:
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
                raise sqlite3.DatabaseError("it is somebody else's database")
            for statement in _TABLES.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_VERSION}")
        elif version != _VERSION:
            raise sqlite3.DatabaseError(f"it is of version {version}, this is {_VERSION}")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Do everything within the block, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
