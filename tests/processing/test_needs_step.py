"""What is needed, as the records step publishes it: only when it changes, and the same after a restart."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from schemas.needs import Needs
from schemas.race import Competitor
from schemas.reference import RecordListed, reference_key
from streams.processing.ledger import Ledger
from streams.processing.messages import Published, Received
from streams.processing.pipeline import Pipeline
from streams.processing.records import records_step
from streams.skating.needs import race_needs
from tests.skating.a_race import (
    RACE,
    Event,
    closed,
    event,
    instant,
    lines,
    pair,
    passing,
    reskate,
    ruled,
    scheduled,
)
from tests.skating.needs_evenings import Evening, Input, evenings, heard, timing, unhurried

OTHER = "2021-other/M500/A"
TRACK_RECORD = RecordListed(
    kind="TR",
    discipline="M500",
    scope="tomaszow",
    time_ms=34_500,
    holder=Competitor(id="zoe", name="Zoe", country="NED"),
    set_on=date(2019, 3, 9),
)
STORY: tuple[Event, ...] = (
    scheduled("ann bea", "cor dee"),
    pair("called", 1, 1),
    passing("ann", 1, 9_900, 12, distance_m=100),
    passing("bea", 1, 9_950, 12, distance_m=100),
    passing("ann", 1, 34_400, 37),
    passing("bea", 1, 35_100, 38),
    passing("ann", 1, 34_404, 50, method="photo_finish"),
    pair("confirmed", 1, 60),
    reskate("bea", 3, 70),
    event("start_list.revised", 80, start_list=lines("ann bea", "cor eva")),
    ruled("dee", "WDR", 81),
    passing("cor", 2, 35_000, 120),
    passing("eva", 2, 35_500, 121),
    ruled("ann", "DQ", 130),
    passing("bea", 3, 34_450, 200),
    closed("UNOFFICIAL", 300),
)


def book(listing: RecordListed) -> Input:
    """Write down a listing with its key."""
    return "reference", reference_key(listing).encode(), listing.model_dump_json().encode()


def needs(published: Iterable[Published]) -> list[Needs]:
    """Give the messages on what is needed."""
    return [Needs.model_validate_json(each.value) for each in published if each.stream == "needs"]


def identity(message: Published) -> str:
    """Give the id of a message."""
    return dict(message.headers)["ce_id"].decode()


def test_it_is_told_when_it_changes_and_at_no_mere_split() -> None:
    """A call, finishes, corrections, rulings and redrawn lists tell; splits and confirmations do not."""
    out = heard([book(TRACK_RECORD), *map(timing, STORY)])[1:]
    telling = [index for index, told in enumerate(out) if needs(told)]
    assert telling == [1, 4, 5, 6, 8, 9, 11, 12, 13, 14]
    left = [[each.competitor.id for each in needs(out[index])[0].entries] for index in telling]
    assert left == [
        ["ann", "bea", "cor", "dee"],
        ["bea", "cor", "dee"],
        ["cor", "dee"],
        ["cor", "dee"],
        ["cor", "dee", "bea"],
        ["cor", "eva", "bea"],
        ["eva", "bea"],
        ["bea"],
        ["bea"],
        [],
    ]


def test_a_message_is_keyed_by_race_and_bears_version_and_instant_of_its_event() -> None:
    """The race's own event is behind it: `race@version.place/needs`, after the records of that event."""
    out = heard([book(TRACK_RECORD), *map(timing, STORY[:5])])[-1]
    assert [each.stream for each in out][-2:] == ["records", "needs"]
    (message,) = needs(out)
    assert (out[-1].key, identity(out[-1])) == (RACE.encode(), f"{RACE}@5.2/needs")
    assert (message.version, message.as_of.isoformat()) == (5, instant(37))


@pytest.mark.parametrize("others", [0, 3])
def test_a_restart_before_every_event_tells_the_same_bytes(others: int) -> None:
    """From stored rows the step goes on as if it had never stopped, whatever it was asked between."""
    inputs = [
        (message.key, message.value)
        for told in heard([book(TRACK_RECORD), *map(timing, STORY)])
        for message in told
        if message.stream == "performances"
    ]

    def walked(every: int | None) -> list[tuple[Published, ...]]:
        step = records_step(openings=False)
        ledger, rows, out = Ledger(step), dict[str, bytes](), []
        for offset, (key, value) in enumerate(inputs):
            if every is not None and offset % (every + 1) == 0:
                ledger = Ledger(step)
                ledger.restore(rows.items())
            received = Received("performances", 0, offset, key, value)
            outcome = ledger.handle(received)
            assert outcome is not None
            row = ledger.row(outcome, received)
            if row is not None:
                rows.update([row])
            ledger.settle(outcome, received)
            out.append(outcome.published)
        return out

    assert walked(every=others) == walked(every=None)


def test_a_record_of_another_race_changes_what_is_needed_here() -> None:
    """A track record that falls in a race at the same time is told under an id of its own."""
    other = [
        scheduled("fay gus", race_id=OTHER, second=2),
        passing("fay", 1, 34_300, 60, race_id=OTHER),
    ]
    out = heard([book(TRACK_RECORD), *map(timing, (*STORY[:2], *other))])[-1]
    mine, theirs = sorted(
        (each for each in out if each.stream == "needs"), key=lambda each: each.key != RACE.encode()
    )
    (message,) = needs([mine])
    assert {each.records["TR"].time for each in message.entries} == {"34.29"}
    assert (message.race_id, message.version, message.as_of.isoformat()) == (RACE, 2, instant(60))
    assert (theirs.key, identity(theirs)) == (OTHER.encode(), f"{OTHER}@2.3/needs")
    assert identity(mine) == f"{OTHER}@2.3/{RACE}/needs"


def test_a_split_of_another_race_tells_nothing_here() -> None:
    """What changes no board changes nothing for others."""
    other = [
        scheduled("fay gus", race_id=OTHER, second=2),
        passing("fay", 1, 9_800, 60, race_id=OTHER, distance_m=100),
    ]
    out = heard(list(map(timing, (*STORY[:2], *other))))[-1]
    assert [each.race_id for each in needs(out)] == [OTHER]


def test_a_listing_in_mid_race_changes_what_is_needed() -> None:
    """One that does not say when it was made has the last instant that is known of the race."""
    out = heard([*map(timing, STORY[:4]), book(TRACK_RECORD)])[-1]
    (message,) = needs(out)
    assert {each.records["TR"].time for each in message.entries} == {"34.49"}
    assert message.as_of.isoformat() == instant(12)


def test_a_tombstone_in_mid_race_takes_the_record_away() -> None:
    """Nothing is listed any more, so nobody can break it."""
    pipeline = Pipeline(openings=False)
    for stream, key, value in (book(TRACK_RECORD), *map(timing, STORY[:4])):
        list(pipeline.feed(stream, key, value))
    (message,) = needs(list(pipeline.feed("reference", b"TR/M500/tomaszow", None)))
    assert {len(each.records) for each in message.entries} == {0}


def test_no_two_messages_have_one_id() -> None:
    """Also where several races of a discipline go on at once."""
    both = [timing(each | {"race_id": OTHER}) for each in STORY[1:]]
    mixed = [timing(scheduled("ann bea", "cor dee", race_id=OTHER)), *both, *map(timing, STORY)]
    ids = [identity(each) for told in heard(mixed) for each in told if each.stream == "needs"]
    assert len(ids) == len(set(ids)) > 10


def test_a_book_of_the_next_day_counts_once_that_day_has_come() -> None:
    """In a race that goes on over midnight a mere split may tell it."""
    tomorrow = TRACK_RECORD.model_copy(update={"time_ms": 34_000, "set_on": date(2021, 11, 13)})
    splits = [
        passing(name, 1, 9_900, 3600 * hour, distance_m=100) for name, hour in (("ann", 13.9), ("bea", 14.1))
    ]
    out = heard([book(TRACK_RECORD), book(tomorrow), *map(timing, (*STORY[:2], *splits))])
    told = [[each.entries[0].records["TR"].time for each in needs(each)] for each in out]
    assert told == [[], [], [], ["34.49"], [], ["33.99"]]


def test_another_rink_has_another_track_record() -> None:
    """A race that is defined again, before anybody has finished."""
    race = scheduled("ann bea", "cor dee", second=20)
    venue = {"id": "heerenveen", "name": "Thialf"}
    moved = race | {"competition": race["competition"] | {"venue": venue}}
    (message,) = needs(heard([book(TRACK_RECORD), *map(timing, (*STORY[:2], moved))])[-1])
    assert {len(each.records) for each in message.entries} == {0}


@unhurried
@given(evenings())
def test_what_was_told_last_is_what_is_needed(evening: Evening) -> None:
    """Who only hears changes knows what the whole state says, after every event of any race."""
    pipeline = Pipeline(openings=False)
    last: dict[str, Any] = {}
    for stream, key, value in evening.story:
        for each in pipeline.feed(stream, key, value):
            if each.stream == "needs":
                last = json.loads(each.value)
        for known in pipeline.ledgers["performances"].states().values():
            expected = race_needs(known.boards, evening.race_id)
            said = Needs.model_validate_json(json.dumps(last)).entries if last else ()
            assert said == expected
