"""Start lists in parts: whatever order they come in, they end alike, and a race keeps the form it has."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.timing import TIMING
from streams.skating.fold import Refused, fold
from streams.skating.listing import places
from streams.skating.race import Race
from streams.skating.sheet import everybody, sheet
from tests.skating.a_race import (
    LANES,
    RACE,
    Event,
    competitor,
    event,
    lines,
    passing,
    raw,
    reskate,
    scheduled,
)

NAMES = ("ann", "bea", "cor", "dee", "eva")
unhurried = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
IN_PARTS = scheduled(sheet="parts")


def part(number: int, second: float, *pairs: str) -> Event:
    """Write a part of a start list."""
    return event("start_list.added", second, part=number, start_list=lines(*pairs))


def folded(*story: Event) -> Race:
    """Fold a story, of which nothing is refused."""
    race: Race | None = None
    for each in story:
        after = fold(race, TIMING.validate_json(raw(each)))
        assert isinstance(after, Race), after
        race = after
    assert race is not None
    return race


def refusal(race: Race, each: Event) -> str:
    """Give the reason for which an event is refused."""
    refused = fold(race, TIMING.validate_json(raw(each)))
    assert isinstance(refused, Refused)
    return refused.reason


@st.composite
def parts_of_lists(draw: st.DrawFn) -> list[Event]:
    """Draw parts of several lists, with people who are in many of them, spelled in several ways."""
    told = draw(
        st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=1, max_size=7, unique=True)
    )
    events = []
    for number, second in told:
        places_taken = draw(
            st.lists(st.tuples(st.integers(1, 3), st.sampled_from(LANES)), max_size=5, unique=True)
        )
        start_list: list[Event] = []
        for pair, lane in places_taken:
            name = draw(st.sampled_from(NAMES))
            spelled = competitor(name) | {"name": draw(st.sampled_from(("A", "B")))}
            if all((each["pair"], each["competitor"]["id"]) != (pair, name) for each in start_list):
                start_list.append({"pair": pair, "lane": lane, "competitor": spelled})
        events.append(event("start_list.added", second, part=number, start_list=start_list))
    return events


@unhurried
@given(parts_of_lists(), st.data())
def test_parts_in_any_order_end_alike(made: list[Event], data: st.DataObject) -> None:
    """Parts of one list and of later ones, and some of them twice: the same race, in the same places."""
    one = folded(IN_PARTS, *made)
    again = data.draw(st.permutations(made))
    other = folded(IN_PARTS, *again, *again[:2])

    assert one == other
    assert places(one) == places(other)


@unhurried
@given(parts_of_lists())
def test_a_part_told_again_changes_nothing(made: list[Event]) -> None:
    """It gives the very same race, so nothing is published or written."""
    race = folded(IN_PARTS, *made)
    for each in made:
        assert fold(race, TIMING.validate_json(raw(each))) is race


def test_a_later_part_replaces_only_its_own() -> None:
    """Who was in it is listed no more; who was measured stays, and others are where they were."""
    race = folded(
        IN_PARTS,
        part(1, 1, "ann bea"),
        event(
            "start_list.added",
            1,
            part=2,
            start_list=[{"pair": 2, "lane": "inner", "competitor": competitor("cor")}],
        ),
        passing("bea", 1, 36_000, 5),
        part(1, 10, "dee"),
    )

    drawn = sheet(race, everybody(race))
    assert [line.competitor.id for line in drawn.entries] == ["bea", "dee", "cor"]
    assert places(race) == {"ann": 0, "bea": 0, "dee": 1, "cor": 251}


def test_an_empty_part_takes_all_of_it_off() -> None:
    """A list that became shorter is told so."""
    race = folded(IN_PARTS, part(1, 1, "ann bea"), part(1, 2))

    assert everybody(race) == []
    assert set(race.skaters) == {"ann", "bea"}


def test_the_form_of_a_sheet_stays() -> None:
    """A race is defined again in the form it has, and takes the lists of that form only."""
    parts, whole = folded(IN_PARTS, part(1, 1, "ann bea")), folded(scheduled("ann bea"))

    assert refusal(parts, scheduled("ann bea", second=9)) == (
        f"sheet: {RACE} was defined with sheet parts, which stays, got whole"
    )
    assert refusal(whole, IN_PARTS) == f"sheet: {RACE} was defined with sheet whole, which stays, got parts"
    assert refusal(parts, event("start_list.revised", 9, start_list=lines("ann"))) == (
        f"type: the sheet of {RACE} is in parts; send start_list.added"
    )
    assert refusal(whole, part(1, 9, "ann")) == f"type: the sheet of {RACE} is whole; send start_list.revised"
    assert (
        folded(IN_PARTS, part(1, 1, "ann bea"), scheduled(sheet="parts", second=9)).skaters == parts.skaters
    )


def test_a_definition_in_parts_lists_nobody() -> None:
    """A list in it would make two lists, of which a reader of rows could not know which holds."""
    with pytest.raises(ValueError, match="start_list: must be empty where the sheet is in parts"):
        TIMING.validate_json(raw(scheduled("ann bea", sheet="parts")))


def test_of_many_parts_everybody_is_there_once() -> None:
    """Seven parts of 100, one after the other: in the order of the list, and a reskate in a known pair."""
    story = [IN_PARTS]
    for number in range(1, 8):
        names = [f"skater-{number}-{place:02}" for place in range(100)]
        start_list = [
            {"pair": number * 50 + place // 2, "lane": LANES[place % 2], "competitor": competitor(name)}
            for place, name in enumerate(names)
        ]
        story.append(event("start_list.added", 1, part=number, start_list=start_list))
    race = folded(*story, reskate("skater-1-00", 60, 5))

    assert len(race.skaters) == 700
    assert len(race.pairs) == 350
    assert race.skaters["skater-1-00"].reskates == (60,)
    told = places(race)
    assert all(told[one] < told[other] for one, other in pairwise(race.skaters))
    assert places(race, ["skater-2-07"]) == {"skater-2-07": 258}
