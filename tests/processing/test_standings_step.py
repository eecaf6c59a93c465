"""The standings step: what is published for an event, under which id, and what is remembered."""

import json
from itertools import chain
from typing import Any

import pytest

from streams.processing.ledger import Ledger
from streams.processing.messages import Published, Received
from streams.processing.standings import STANDINGS
from tests.skating.a_race import (
    RACE,
    Event,
    closed,
    deleted,
    event,
    lap,
    lines,
    mass_start,
    pair,
    passing,
    raw,
    reskate,
    ruled,
    scheduled,
    sprint,
    told,
    told_raw,
)

EVENING: tuple[Event, ...] = (
    scheduled("ann bea", "cor dee", scheduled_at="2021-11-12T18:00:00+01:00"),
    pair("called", 1, 1),
    pair("started", 1, 2),
    passing("ann", 1, 9_900, 12, distance_m=100, method="transponder", lane="inner"),
    passing("ann", 1, 35_000, 37),
    passing("bea", 1, 35_100, 38),
    passing("ann", 1, 35_104, 50, method="photo_finish"),
    pair("confirmed", 1, 60),
    passing("zoe", 1, 35_104, 61),
    pair("started", 2, 100),
    pair("cleared", 2, 105, reason="false_start"),
    event("race.paused", 110, reason="ice_resurfacing"),
    event("start_list.revised", 120, start_list=lines("ann bea", "cor eva")),
    ruled("dee", "WDR", 121),
    event("race.resumed", 900, reason="ice_resurfacing"),
    passing("cor", 2, 35_100, 940),
    passing("eva", 2, 36_000, 941),
    deleted("eva", 950, method="optical"),
    reskate("bea", 3, 960),
    passing("bea", 3, 34_900, 1200, lane="outer"),
    ruled("cor", "DQ", 1300, rule="254.6", marks=["RW"]),
    closed("UNOFFICIAL", 1400),
    ruled("cor", None, 1500),
    closed("OFFICIAL", 1600),
)
SPRINTS: tuple[Event, ...] = (
    mass_start("ann bea cor", laps=2),
    *(
        lap(name, number, 40_000 * number + ms, 40 * number)
        for number in (1, 2)
        for ms, name in enumerate(("ann", "bea"))
    ),
    sprint(1, 41, ann=3, bea=2),
    sprint(2, 82, bea=60, ann=40),
)


def received(story: Event, offset: int) -> Received:
    """Give an event as it is consumed."""
    return Received("timing", 0, offset, str(story["race_id"]).encode(), raw(story))


def walked(story: tuple[Event, ...], *, reload: bool) -> list[tuple[Published, ...]]:
    """Tell a story to the step alone; `reload` restarts it from its stored rows before every event."""
    rows: dict[str, bytes] = {}
    ledger = Ledger(STANDINGS)
    out = []
    for offset, each in enumerate(story):
        if reload:
            ledger = Ledger(STANDINGS)
            ledger.restore(rows.items())
        message = received(each, offset)
        outcome = ledger.handle(message)
        assert outcome is not None
        assert outcome.bug is None
        row = ledger.row(outcome, message)
        if row is not None:
            rows.update([row])
        ledger.settle(outcome, message)
        out.append(outcome.published)
    return out


@pytest.mark.parametrize("story", [EVENING, SPRINTS], ids=["evening", "sprints"])
def test_a_step_that_is_restarted_before_every_event_says_the_same(story: tuple[Event, ...]) -> None:
    """What is remembered is all that matters: messages, headers and rows are the same to the byte."""
    assert walked(story, reload=True) == walked(story, reload=False)


def test_the_same_input_gives_the_same_bytes() -> None:
    """No clock, no chance, no order of a dictionary is in what is published."""
    assert told(*EVENING, *SPRINTS).by_event == told(*EVENING, *SPRINTS).by_event


def test_a_state_comes_back_equal_from_its_row() -> None:
    """Race, version, sheet and everybody's summary are equal after dumping and loading."""
    ledger = Ledger(STANDINGS)
    for offset, each in enumerate(EVENING):
        message = received(each, offset)
        outcome = ledger.handle(message)
        assert outcome is not None
        ledger.settle(outcome, message)
        state = ledger.state(RACE)
        assert state is not None
        assert STANDINGS.load({RACE: STANDINGS.dump(state, RACE)}) == state


def test_versions_of_a_race_have_no_gaps() -> None:
    """1, 2, 3 … on the standings; every podium message has the version of the standings before it."""
    out = told(*EVENING)
    versions = [message.version for message in out.standings]
    assert versions == list(range(1, len(versions) + 1))
    now = 0
    for each in chain.from_iterable(out.by_event):
        if each.stream == "standings":
            now = json.loads(each.value)["version"]
        elif each.stream == "podium":
            assert json.loads(each.value)["version"] == now


def test_every_message_has_its_own_id() -> None:
    """No two messages of an output share a `ce_id`, and it is made of race, version, place and type."""
    out = told(*EVENING, *SPRINTS)
    ids = [dict(each.headers)["ce_id"] for each in chain.from_iterable(out.by_event)]
    assert len(ids) == len(set(ids))
    assert dict(out.by_event[0][0].headers)["ce_id"] == f"{RACE}@1.0/standings".encode()
    first_finish = [
        dict(each.headers)["ce_id"].decode() for each in out.by_event[4] if each.stream == "podium"
    ]
    assert first_finish == [f"{RACE}@4.1/podium.changed"]


def test_messages_of_one_version_that_come_with_several_events_have_their_own_ids() -> None:
    """Splits of a reskate that does not count yet change no line, but each is told to the boards."""
    story = (EVENING[0], EVENING[4], reskate("ann", 3, 50))
    splits = [passing("ann", 3, 9_900 + more, 60 + more, distance_m=100) for more in range(3)]
    out = told(*story, *splits)
    ids = [
        dict(each.headers)["ce_id"].decode()
        for each in chain.from_iterable(out.by_event[-3:])
        if each.stream == "performances"
    ]
    assert len(set(ids)) == 3
    assert all(each.startswith(f"{RACE}@3.") for each in ids)
    assert {message.version for message in out.standings} == {1, 2, 3}


def test_an_id_does_not_depend_on_where_an_event_stood() -> None:
    """Dead letters and repetitions before an event do not change what it publishes."""
    opened, finish = EVENING[0], EVENING[4]
    quiet = told(opened, finish).by_event[-1]
    noisy = told(finish, opened, opened, passing("zoe", 1, 35_000, 1), finish).by_event[-1]
    origin = "slotrit_cause"
    for one, other in zip(quiet, noisy, strict=True):
        assert (one.key, one.value) == (other.key, other.value)
        assert {k: v for k, v in one.headers if k != origin} == {
            k: v for k, v in other.headers if k != origin
        }


def test_duplicates_publish_nothing() -> None:
    """Every event twice in a row: the second time there is only the dead letter that it always is."""
    twice = told(*(each for each in EVENING for _ in range(2)))
    for index, each in enumerate(EVENING):
        second = twice.by_event[2 * index + 1]
        assert [message.stream for message in second] == (["dead-letters"] if each == EVENING[8] else []), (
            each
        )


def test_the_evening_again_after_its_end_changes_nothing() -> None:
    """A whole log that is sent again is silent, and the last sheet is as it was."""
    once, again = told(*EVENING), told(*EVENING, *EVENING)
    assert again.values("standings", "podium") == once.values("standings", "podium")


def test_the_key_of_what_is_published_is_the_race() -> None:
    """Standings and podium are keyed by race; what the boards get is keyed by discipline."""
    out = told(*EVENING)
    keys = {(each.stream, each.key) for each in chain.from_iterable(out.by_event)}
    assert {("standings", RACE.encode()), ("podium", RACE.encode()), ("performances", b"M500")} <= keys


def test_the_standings_come_before_the_podium_of_their_version() -> None:
    """A subscriber of both sees the sheet first."""
    streams = [each.stream for each in told(*EVENING).by_event[4]]
    assert streams[:2] == ["standings", "podium"]
    assert streams.index("performances") > streams.index("podium")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"time_ms": 0}, "time_ms: Input should be greater than or equal to 1, got 0"),
        ({"time_ms": "35000"}, "time_ms: Input should be a valid integer, got '35000'"),
        ({"time_ms": True}, "time_ms: Input should be a valid integer, got True"),
        (
            {"occurred_at": "2021-11-12T10:00:00"},
            "occurred_at: Input should have timezone info, got '2021-11-12T10:00:00'",
        ),
        (
            {"occurred_at": "1637000000"},
            "occurred_at: must be RFC 3339 with an offset, such as 2021-11-12T18:00:00+01:00, got",
        ),
        ({"type": "race.flagged"}, "type: is not one of ours, got 'race.flagged'"),
        ({"type": None}, "type: is not one of ours, got 'None'"),
        ({"pair": 0, "method": "guess"}, "pair: "),
    ],
)
def test_a_bad_value_is_a_dead_letter_that_names_it(changed: dict[str, Any], reason: str) -> None:
    """Which field, what was expected, what came; the race goes on."""
    bad = EVENING[4] | changed
    out = told(EVENING[0], bad, EVENING[4])
    assert out.reasons[0].startswith(reason)
    assert [message.version for message in out.standings] == [1, 2]
    assert out.by_event[1][0].value == raw(bad)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"3",
        b'"text"',
        b"\x00",
        b"\xff\xfe\xfd",
        b"{}",
        b"[" * 100_000,
        b'{"type": "\\ud800"}',
    ],
)
def test_whatever_the_bytes_the_race_goes_on(value: bytes) -> None:
    """What is no JSON object of ours is set aside as it is, in one line, and the next event is folded."""
    key = RACE.encode()
    out = told_raw([(key, raw(EVENING[0])), (key, value), (key, raw(EVENING[4]))])
    (letter,) = out.by_event[1]
    assert (letter.stream, letter.key, letter.value) == ("dead-letters", key, value)
    assert "\n" not in out.reasons[0]
    assert [message.version for message in out.standings] == [1, 2]


def test_a_dead_letter_of_a_new_race_leaves_nothing_behind() -> None:
    """An undefined race is as undefined after its dead letters as before."""
    ledger = Ledger(STANDINGS)
    message = received(EVENING[4], 0)
    outcome = ledger.handle(message)
    assert outcome is not None
    ledger.settle(outcome, message)
    assert (ledger.states(), ledger.row(outcome, message), outcome.group) == ({}, None, None)


def test_what_only_the_race_must_know_is_remembered_without_a_message() -> None:
    """A worse method changes no line; when the better one is deleted it counts, also after a restart."""
    story = (
        EVENING[0],
        EVENING[4],
        passing("ann", 1, 35_200, 60, method="manual"),
        deleted("ann", 70, method="optical"),
    )
    out = walked(story, reload=True)
    assert [each.stream for each in out[2]] == []
    last = json.loads(out[3][0].value)
    assert (last["version"], last["entries"][0]["time_ms"]) == (3, 35_200)
