"""Whatever is wrong with what was read, the verdict names it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import pytest

from bench.chaos.arrival import Arrival
from bench.chaos.books import books
from bench.chaos.ends import Ends, any_order, ends
from bench.chaos.hearing import BETWEEN, IN_TURN, INPUTS, Hearing, Read
from bench.chaos.log import Log
from bench.chaos.season import season
from bench.chaos.verdict import AGAINST, Case, promises
from streams.event_files import read_events
from streams.processing.messages import Stream
from tests.chaos.spoken import Logs, heard, spoken
from tests.kafka.meeting import FIXTURES

Bend = Callable[[list[Read], int], None]
"""Changes the message at a place of a log."""
_KEPT = "{}: nothing lost, altered, invented or out of turn"


@dataclass(frozen=True, slots=True)
class _Season:
    """A season, what lies in the logs when it is over, and what it ends as in memory."""

    arrivals: tuple[Arrival, ...]
    logs: Logs
    memory: Ends


@cache
def _season() -> _Season:
    """Give one in which every stream has something to say: the evening with everything, and some races."""
    fixture = list(read_events([FIXTURES / "torture.jsonl"]))
    listed = [Arrival("reference", line.key, line.value) for line in fixture if line.stream == "reference"]
    arrivals = (*islice(books(3), 40), *listed, *season(3, 160, 3, fixture, in_parts=True))
    return _Season(arrivals, spoken(arrivals, 3), ends(arrivals))


def _broken(hearing: Hearing, memory: Ends) -> dict[str, tuple[str, ...]]:
    hearing.ends.boards = memory.boards
    return {each.name: each.broken for each in promises(Case(hearing, memory)) if each.broken}


def _bent(logs: Logs, stream: Stream, *bends: Bend) -> tuple[Logs, list[Read]]:
    """Change messages that are said once, each in its way, none of them the last; give those as they were."""
    logs = {name: [list(log) for log in partitions] for name, partitions in logs.items()}
    log = max(logs[stream], key=len)
    names = [_name(read) for read in log]
    once = [read for read, name in zip(log, names, strict=True) if names.count(name) == 1]
    chosen = [once[len(once) * (number + 1) // (len(bends) + 1)] for number in range(len(bends))]
    for bend, read in zip(bends, chosen, strict=True):
        bend(log, log.index(read))
    return logs, chosen


def _name(read: Read) -> object:
    received = read.received
    return received.value if received.stream in INPUTS else dict(received.headers)["ce_id"]


def _drop(log: list[Read], place: int) -> None:
    del log[place]


def _alter(log: list[Read], place: int) -> None:
    log[place] = _with(log[place], value=(log[place].received.value or b"") + b" ")


def _alter_a_header(log: list[Read], place: int) -> None:
    log[place] = _with(log[place], headers=(*log[place].received.headers, ("more", b"1")))


def _invent(log: list[Read], place: int) -> None:
    headers = tuple(
        (name, b"invented/" + value if name == "ce_id" else value)
        for name, value in log[place].received.headers
    )
    log.insert(place, _with(log[place], value=b'{"type":"invented"}', headers=headers))


def _swap(log: list[Read], place: int) -> None:
    """Let the message and the next one of its key, which follows from the same partition, change places."""
    chosen = log[place].received
    origin = dict(chosen.headers).get("slotrit_cause", b"").rpartition(b"/")[0]
    for other in range(place + 1, len(log)):
        received = log[other].received
        cause = dict(received.headers).get("slotrit_cause", b"")
        is_next = received.key == chosen.key and cause.rpartition(b"/")[0] == origin
        if is_next and _name(log[other]) != _name(log[place]):
            log[place], log[other] = log[other], log[place]
            return
    raise AssertionError("it is the last of its key")


def _with(read: Read, **changes: object) -> Read:
    received = read.received
    fields = {name: getattr(received, name) for name in received.__slots__}
    return Read(type(received)(**{**fields, **changes}), read.at_ms)


def test_a_season_that_is_told_with_crashes_breaks_no_promise() -> None:
    """Races interleaved in another way than in memory, and much is said twice; every stream has something."""
    told = _season()
    hearing = heard(told.arrivals, told.logs)

    assert _broken(hearing, told.memory) == {}
    assert all(hearing.script.heard[stream] > 1 for stream in IN_TURN)
    again = {log.stream for log in hearing.logs.values() if log.again_at_ms}
    assert again.issuperset(BETWEEN)
    assert told.memory.records.marks


@pytest.mark.parametrize("stream", IN_TURN)
def test_what_is_wrong_with_one_message_is_named(stream: Stream) -> None:
    """One is lost, of two the value and a header are altered, and one is invented: by stream and identity.

    An event that is altered is one lost and one invented.
    """
    told = _season()
    logs, chosen = _bent(told.logs, stream, _drop, _alter, _alter_a_header, _invent)

    broken = _broken(heard(told.arrivals, logs), told.memory)[_KEPT.format(stream)]

    if stream in INPUTS:
        assert [each.partition(":")[0] for each in broken] == ["invented"] * 3 + ["lost"] * 3
        return
    names = [dict(read.received.headers)["ce_id"].decode() for read in chosen]
    troubles = ("lost", "altered", "altered", f"invented: {stream}")
    assert len(broken) == 4
    for trouble, name in zip(troubles, names, strict=True):
        assert any(each.startswith(trouble) and name in each for each in broken)


@pytest.mark.parametrize(
    "stream", [stream for stream in IN_TURN if stream not in {"dead-letters", "reference"}]
)
def test_what_changes_places_is_named(stream: Stream) -> None:
    """Two messages of one key, the later before the earlier. Books and dead letters have one a key."""
    told = _season()
    logs, _ = _bent(told.logs, stream, _swap)

    broken = _broken(heard(told.arrivals, logs), told.memory)

    assert broken[f"{stream}: nothing lost, altered, invented or out of turn"][0].startswith("out of turn: ")


def test_a_worker_that_says_nothing_of_records_breaks_promises() -> None:
    """Every record is lost, and those in memory were not announced."""
    told = _season()
    logs: Logs = {**told.logs, "records": [[] for _ in told.logs["records"]]}

    broken = _broken(heard(told.arrivals, logs), told.memory)

    said = {dict(read.received.headers)["ce_id"] for log in told.logs["records"] for read in log}
    assert len(broken["records: nothing lost, altered, invented or out of turn"]) == len(said)
    assert len(broken["records announced come to those in memory"]) == len(
        told.memory.records.marks | told.memory.records.missed
    )


def test_a_record_that_was_revoked_must_not_stand() -> None:
    """Without its revocation it is named, by its board, race and holder, beside what was lost."""
    told = _season()
    logs = {name: [list(log) for log in partitions] for name, partitions in told.logs.items()}
    names = {(mark.kind, mark.scope, mark.race_id, mark.competitor_id) for mark in told.memory.records.marks}
    fallen = [
        (log, read, message)
        for log in logs["records"]
        for read in log
        if (message := json.loads(read.received.value or b""))["type"] == "record.revoked"
    ]
    log, read, message = next(each for each in fallen if _revoked(each[2]) not in names)
    log[:] = [each for each in log if _name(each) != _name(read)]

    broken = _broken(heard(told.arrivals, logs), told.memory)["records announced come to those in memory"]

    assert any("does not stand" in each and message["race_id"] in each for each in broken)


def _revoked(message: Any) -> tuple[str, str | None, str, str]:
    return message["kind"], message["scope"], message["race_id"], message["record"]["holder"]["id"]


def test_a_hole_in_the_numbers_is_named_whatever_the_steps_say() -> None:
    """A version of standings that nobody published, and a ranking's."""
    told = _season()
    for stream in ("standings", "rankings"):
        logs, (chosen,) = _bent(told.logs, stream, _drop)
        broken = _broken(heard(told.arrivals, logs), told.memory)

        holes = broken["the numbers of races, rankings and records have no hole"]
        assert (chosen.received.key or b"").decode() in holes[0]


def test_each_broken_promise_is_named() -> None:
    """Lag, faults not got over, conflicts, older versions, our own bugs, boards: each is one of its own."""
    found, memory = Hearing(1), Ends(bugs=["Traceback\nKeyError: 1"])
    found.end()
    memory.boards["M500"] = ()
    log = found.logs["podium", 0] = Log("podium")
    log.conflicts.append(b"twice")

    broken = {each.name for each in promises(Case(found, memory, 7, ["add a worker"])) if each.broken}

    assert broken == {
        "boards as workers remember them end as in memory",
        "what is said twice is said in the same bytes",
        "our own code failed on nothing",
        "every fault got over",
        "lag back to zero",
    }


def test_every_stream_is_held_against_something() -> None:
    """No stream is passed over."""
    assert AGAINST.keys() == set(IN_TURN)


def test_what_depends_on_other_races_is_left_out() -> None:
    """Versions and moments of rankings, and of pace what was worked out from records."""
    needs = [b'{"version":%d,"as_of":"%d","entries":[]}' % (number, number) for number in (3, 4)]
    pace = [
        b'{"ahead_of_ms":{"WR":%d},"projected_ms":%d,"basis":"record","version":2}' % (number, number)
        for number in (3, 4)
    ]

    assert any_order("needs", needs[0]) == any_order("needs", needs[1])
    assert any_order("pace", pace[0]) == any_order("pace", pace[1])
    assert any_order("pace", pace[0]) != any_order("pace", pace[0].replace(b'"version":2', b'"version":3'))
