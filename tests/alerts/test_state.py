"""The state file: what survives a crash between any two steps, one dispatcher at a time, what it shows."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.alerts import outbox
from streams.alerts.answers import DELIVERED, refused, unclear
from streams.alerts.audience import audience
from streams.alerts.dispatcher import Office
from streams.alerts.errands import pending_lines
from streams.alerts.intake import Position, begin_at, meeting, positions, take_in
from streams.alerts.news import Meeting
from streams.alerts.reading import start_of
from streams.alerts.state_file import StateInUseError, connected, default_state, dispatching, transaction
from streams.errors import SlotritError
from tests.alerts.newsroom import (
    DUBREUIL,
    KROL,
    RETRY,
    Receiver,
    arrived,
    desk,
    equalled,
    record,
    revoked,
    rules,
)
from tests.watching.watched import entry, standings

TOLD = audience(rules())
EVENING = [
    arrived(record(), 0),
    arrived(record(DUBREUIL, 67900, version=4), 1),
    arrived(record(time_ms=67910, version=5), 2),
    arrived(revoked(time_ms=67910, version=6), 3),
    arrived(record(DUBREUIL, 67900, version=7, status="official"), 4),
    arrived(equalled(version=8), 5),
]
"""Krol sets a record that is corrected and falls, and later equals one; Dubreuil's stands."""


def evening(file: Path, receiver: Receiver, crash_after: int) -> Iterator[str]:
    """Take the evening in and deliver it, step by step; anew from the state file after each crash.

    Yields:
        The name of each step that was made, until all is done. After step number `crash_after` the process
        is gone: whatever was not committed is, too.
    """
    steps = 0
    crashed = False
    while True:
        with dispatching(file) as db:
            outbox.recover(db)
            for step in _steps(db, receiver):
                yield step
                steps += 1
                if steps == crash_after and not crashed:
                    crashed = True
                    break
            else:
                return


def _steps(db: sqlite3.Connection, receiver: Receiver) -> Iterator[str]:
    yield from _delivered(db, receiver)
    done = positions(db, "skating.records").get(0, Position(0, 0, None)).next
    for one in EVENING[done:]:
        take_in(db, TOLD, [one], 1000.0)
        yield f"took in {one.offset}"
        yield from _delivered(db, receiver)


def _delivered(db: sqlite3.Connection, receiver: Receiver) -> Iterator[str]:
    while (turn := outbox.due(db, "desk", 1000.0)) is not None:
        parcel = outbox.begin(db, turn)
        yield f"began {turn}"
        if parcel is not None:
            receiver.hear(parcel)
            yield f"sent {turn}"
            outbox.settle(db, parcel, DELIVERED, RETRY, 1000.0, 0.0)
            yield f"settled {turn}"


def test_a_crash_between_any_two_steps_changes_nothing_for_the_receiver(tmp_path: Path) -> None:
    """Word for word the same, each once, wherever the process was killed."""
    undisturbed = Receiver()
    count = len(list(evening(tmp_path / "undisturbed", undisturbed, 0)))
    assert undisturbed.alerts == ["record", "record", "correction", "retraction", "record"]
    assert count == len(EVENING) + 3 * 5

    for crash_after in range(1, count + 1):
        receiver = Receiver()
        list(evening(tmp_path / f"crash {crash_after}", receiver, crash_after))
        assert receiver.believes == undisturbed.believes, crash_after
        assert receiver.titles == undisturbed.titles, crash_after


def test_a_batch_is_taken_in_whole_or_not_at_all(tmp_path: Path) -> None:
    """Where we are, what stands and whom it makes us tell are written in one transaction."""
    with dispatching(tmp_path / "state") as db:
        db.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON deliveries WHEN NEW.ce_id = 'last'"
            " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        with pytest.raises(sqlite3.Error, match="disk full"):
            take_in(db, TOLD, [EVENING[0], arrived(record(DUBREUIL), 1, "last")], 1000.0)

        assert positions(db, "skating.records") == {}
        assert outbox.pending(db) == []
        assert db.execute("SELECT count(*) FROM seen").fetchone() == (0,)


def test_a_message_that_cannot_be_used_is_passed_over(tmp_path: Path) -> None:
    """A newer worker may say more; what comes after it is told."""
    strange = EVENING[0]._replace(value=b'{"type": "record.dreamt"}')
    passed = []
    with dispatching(tmp_path / "state") as db:
        told = take_in(
            db,
            TOLD,
            [strange, EVENING[1]._replace(value=None), EVENING[0]._replace(offset=2)],
            1000.0,
            passed_over=lambda one, error: passed.append((one.offset, type(error).__name__)),
        )

        assert told == {"desk"}
        assert passed == [(0, "ValidationError")]
        assert positions(db, "skating.records")[0].next == 3


def test_history_is_learnt_and_not_told(tmp_path: Path) -> None:
    """What was there at the first start makes no alert, nor does its fall; what comes then does."""
    with dispatching(tmp_path / "state") as db:
        with transaction(db):
            begin_at(db, "skating.records", 0, Position(0, 2, None))
        take_in(db, TOLD, EVENING[:2], 1000.0)
        assert outbox.pending(db) == []
        take_in(db, TOLD, [*EVENING[2:4], arrived(record(DUBREUIL, 67900, version=9), 4)], 1000.0)
        assert outbox.pending(db) == []
        take_in(db, TOLD, [arrived(equalled(), 5)], 1000.0)
        assert [one.alert for one in outbox.pending(db)] == ["record"]


def test_where_a_race_is_skated_is_known_from_its_standings(tmp_path: Path) -> None:
    """Then a rule about a venue holds for every kind of record, and words name the meeting."""
    sheet = standings(1, entry(KROL))
    at_the_oval = audience(rules({"venue": "oval"}))
    message = EVENING[0]._replace(
        stream="standings", topic="skating.standings", value=sheet.model_dump_json().encode()
    )
    with dispatching(tmp_path / "state") as db:
        take_in(db, at_the_oval, [message], 1000.0)
        assert meeting(db, sheet.race_id) == Meeting("Winter Games", "oval", "Oval")
        take_in(db, at_the_oval, [arrived(record(race_id=sheet.race_id), 0)], 1000.0)
        parcel = outbox.begin(db, outbox.due(db, "desk", 1000.0) or 0)

    assert parcel is not None
    assert "at Winter Games, Oval" in json.loads(parcel.body)["text"]


def test_only_one_dispatcher_works_on_a_state_file(tmp_path: Path) -> None:
    """A second one ends with a clear line; looking is always allowed."""
    file = tmp_path / "state" / "alerts.sqlite3"
    with dispatching(file):
        with (
            pytest.raises(StateInUseError, match=r"alerts\.sqlite3: another `slotrit alert` works on it"),
            dispatching(file),
        ):
            raise AssertionError
        with connected(file) as db:
            assert outbox.pending(db) == []
    with dispatching(file):
        pass


def test_a_file_that_is_no_state_is_left_alone(tmp_path: Path) -> None:
    """Neither text nor somebody else's database nor one of a later version is touched."""
    text, other, later = tmp_path / "text", tmp_path / "other", tmp_path / "later"
    text.write_text("not a database, and longer than the header of one would be\n" * 20, encoding="utf-8")
    for file, statement in ((other, "CREATE TABLE t (x)"), (later, "PRAGMA user_version = 99")):
        db = sqlite3.connect(file)
        db.execute(statement)
        db.close()

    for file, said in ((text, "not a database"), (other, "somebody else's"), (later, "of version 99")):
        with pytest.raises(SlotritError, match=said), dispatching(file):
            raise AssertionError
    with pytest.raises(SlotritError, match="there is no such state file"), connected(tmp_path / "none"):
        raise AssertionError


def test_the_state_is_durable(tmp_path: Path) -> None:
    """A commit survives a power cut."""
    with dispatching(tmp_path / "state") as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_state_is_kept_where_systems_keep_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the XDG rules."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_state() == tmp_path / "slotrit" / "alerts.sqlite3"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_state() == tmp_path / ".local" / "state" / "slotrit" / "alerts.sqlite3"


def test_an_alert_and_its_retraction_cancel_out_unless_it_may_have_arrived() -> None:
    """Refused or never tried: nothing is sent. Tried without an answer: the retraction is."""
    for answer, told in ((None, []), (refused("503"), []), (unclear("no answer"), ["retraction"])):
        with desk() as newsroom:
            newsroom.take(record())
            if answer is not None:
                parcel = newsroom.next()
                assert parcel is not None
                outbox.settle(newsroom.db, parcel, answer, RETRY, newsroom.now, 0.0)
            newsroom.take(revoked())
            assert newsroom.deliver().alerts == told


def test_words_about_one_subject_keep_their_order_and_others_do_not_wait() -> None:
    """A correction waits for what it corrects; another record goes out meanwhile."""
    with desk(rules({"official": "also"})) as newsroom:
        newsroom.take(record())
        parcel = newsroom.next()
        assert parcel is not None
        outbox.settle(newsroom.db, parcel, unclear("no answer"), RETRY, newsroom.now, 1.0)
        newsroom.take(record(status="official", version=7), record(DUBREUIL, version=8))

        assert newsroom.deliver().titles == ["World record, men's 1000 m: Laurent Dubreuil (CAN) 1:07.92"]
        newsroom.now += 1
        assert newsroom.deliver().alerts == ["record", "official"]


def test_what_was_refused_waits_to_be_asked_for() -> None:
    """It is not tried again by itself, and goes out when asked; its fall ends it."""
    with desk() as newsroom:
        newsroom.take(record(), record(DUBREUIL))
        for _ in range(2):
            parcel = newsroom.next()
            assert parcel is not None
            outbox.settle(newsroom.db, parcel, refused("404", final=True), RETRY, newsroom.now, 0.0)
        newsroom.now += 1e6
        assert newsroom.deliver().alerts == []
        newsroom.take(revoked())
        assert outbox.retry_failed(newsroom.db, newsroom.now) == 1
        assert newsroom.deliver().titles == ["World record, men's 1000 m: Laurent Dubreuil (CAN) 1:07.92"]


def test_a_clock_that_is_set_back_holds_nothing_up() -> None:
    """A turn further away than any we give is due."""
    with desk() as newsroom:
        newsroom.now = 2e9
        newsroom.take(record())
        parcel = newsroom.next()
        assert parcel is not None
        outbox.settle(newsroom.db, parcel, refused("503"), RETRY, newsroom.now, 1.0)
        newsroom.now = 1e9
        assert newsroom.deliver().alerts == ["record"]


def test_pending_shows_what_waits_and_why(tmp_path: Path) -> None:
    """With attempts, the last error, and what has nowhere to go; a line each for people."""
    told = audience(rules({}, sinks=[{"name": name, "type": "terminal"} for name in ("desk", "gone")]))
    office = Office(rules(), tmp_path, tmp_path / "state")
    with dispatching(office.state) as db:
        take_in(db, told, EVENING[:1], 1e9)
        parcel = outbox.begin(db, outbox.due(db, "desk", 1e9) or 0)
        assert parcel is not None
        outbox.settle(db, parcel, unclear("no answer in 5 s"), RETRY, 1e9, 0.0)
        lines = pending_lines(office)

    assert len(lines) == 4
    assert lines[0] == "waiting  desk  record  World record, men's 1000 m: Thomas Krol (NED) 1:07.92"
    assert "1 attempt, the next one now, last: no answer in 5 s, may have arrived" in lines[1]
    assert lines[2].startswith("waiting  gone  record  ")
    assert "0 attempts, there is no such sink in the rules any more" in lines[3]
    assert pending_lines(Office(rules(), tmp_path, tmp_path / "state"))


@pytest.mark.parametrize(
    ("stored", "partition", "history", "expected"),
    [
        ({}, 0, False, (Position(3, 10, None), "")),
        ({}, 0, True, (Position(3, 0, None), "")),
        ({1: Position(5, 0, b"x")}, 0, False, (Position(3, 0, None), "")),
        ({0: Position(5, 4, b"x")}, 0, True, (Position(5, 4, b"x"), "")),
        ({0: Position(11, 4, b"x")}, 0, False, (Position(3, 0, None), "made anew")),
        ({0: Position(2, 4, b"x")}, 0, False, (Position(3, 4, None), "cut off")),
    ],
)
def test_reading_begins_where_it_ended(
    stored: dict[int, Position], partition: int, history: bool, expected: tuple[Position, str]
) -> None:
    """At a first start behind what is there, unless asked; in a new partition or a new topic at its start."""
    assert start_of(stored, partition, 3, 10, tells_history=history) == expected
