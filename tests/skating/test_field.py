"""The order of a race of any size: what it says of anybody is what the sheet says, after every event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.long_race import RACE, definition, skated_by
from schemas.timing import TIMING
from streams.skating.field import Field, belongs, concerned, field, followed, is_touched
from streams.skating.fold import Refused, fold
from streams.skating.front import NEXT, all_lines, entry, front, sure
from streams.skating.ladder import Ladder
from streams.skating.listing import places
from streams.skating.podium import podium, secured
from streams.skating.race import Race
from streams.skating.roster import COPIED, Roster, put
from streams.skating.sheet import Sheet, everybody, sheet
from tests.skating.a_race import Event, pair, raw, ruled
from tests.skating.meetings import Made, races

unhurried = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


SHORT = 3
"""A front of three lines: of few competitors too some are behind it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A race with its order and its front, kept up event by event."""

    field: Field
    front: Sheet

    @property
    def race(self) -> Race:
        """The race."""
        return self.field.race


def after(known: Followed | None, each: Event) -> Followed | None:
    """Let a race, its order and its front follow an event; what is refused changes none of them."""
    event = TIMING.validate_json(raw(each))
    folded = fold(None if known is None else known.race, event)
    if isinstance(folded, Refused):
        return known
    if known is None:
        there = field(folded)
        return Followed(there, front(there, count=SHORT))
    names = concerned(known.field, folded, event)
    there = followed(known.field, folded, event)
    if names is not None:
        untouched = set(there.skated) - set(names)
        assert not any(is_touched(known.field, there, name) for name in untouched)
    return Followed(there, front(there, known.field, known.front.entries, names, count=SHORT))


def hold_against_the_sheet(of: Followed) -> None:
    """Compare everybody's line, the front and what is certain with what the sheet says."""
    race, known = of.race, of.field
    present = everybody(race)
    if race.parts is not None:
        listed = places(race)
        present.sort(key=lambda each: (listed[each.competitor.id], each.competitor.id))
    drawn = sheet(race, present)
    names = [name for name, each in known.skated.items() if each is not None]
    steps = podium(race, drawn)

    assert tuple(sorted((entry(known, name) for name in names), key=lambda line: line.sort_order)) == (
        drawn.entries
    )
    assert all_lines(known) == drawn.entries
    assert of.front == replace(drawn, entries=drawn.entries[:SHORT], next=drawn.next[:NEXT])
    assert sorted(names, key=lambda name: belongs(known, name)) == [
        line.competitor.id for line in drawn.entries
    ]
    assert sure(known, steps) == secured(race, drawn, present, steps)


@unhurried
@given(races())
def test_it_says_what_the_sheet_says(made: Made) -> None:
    """Of any race, mass starts among them, whatever happens in it."""
    known: Followed | None = None
    for each in made.story:
        known = after(known, each)
        if known is not None:
            hold_against_the_sheet(known)

    assert known is not None


def in_parts(story: Iterable[Event]) -> Iterator[Event]:
    """Tell a race with its lists in two parts each, the second part first."""
    for each in story:
        start_list = each.get("start_list", ())
        if each["type"] == "race.scheduled":
            yield each | {"sheet": "parts", "start_list": []}
        elif "start_list" not in each:
            yield each
        for number in (2, 1) if "start_list" in each else ():
            listed = start_list[number - 1 :: 2]
            at = {name: each[name] for name in ("race_id", "occurred_at")}
            yield {"type": "start_list.added", **at, "part": number, "start_list": listed}


@unhurried
@given(races())
def test_it_says_what_the_sheet_says_of_lists_in_parts(made: Made) -> None:
    """With people who change places between parts, and who were measured and are listed no more."""
    known: Followed | None = None
    for each in in_parts(made.story):
        known = after(known, each)
        if known is not None:
            hold_against_the_sheet(known)

    assert known is not None


def test_of_more_than_a_dictionary_is_copied_for_it_says_the_same() -> None:
    """Of 600 in pairs, where everything lies in chunks: after pairs that skated, a ruling and a clearing."""
    race = fold(None, definition(600))
    assert isinstance(race, Race)
    there = field(race)
    known: Followed | None = Followed(there, front(there, count=SHORT))
    story = [each for number in (1, 2, 150, 300) for each in skated_by(number)]
    story += [ruled("skater-2", "DQ", 40_000, race_id=RACE), pair("cleared", 150, 40_001, race_id=RACE)]
    for each in story:
        known = after(known, each)

    assert known is not None
    assert isinstance(known.race.skaters, Roster)
    assert len(known.field.to_come) == 600 - 6 - 1 + 1
    hold_against_the_sheet(known)


@unhurried
@given(st.dictionaries(st.integers(0, 2_000), st.integers(), min_size=1), st.data())
def test_a_roster_is_what_a_dictionary_is(things: dict[int, int], data: st.DataObject) -> None:
    """Whatever is put under keys that are there and keys that are not, in the same order."""
    told = data.draw(st.lists(st.tuples(st.sampled_from([*things, -1, -2]), st.integers())))
    roster, expected = Roster(things), dict(things)
    for key, thing in told:
        roster, expected = roster.put(key, thing), {**expected, key: thing}

    assert list(roster.items()) == list(expected.items())
    assert roster == expected
    assert (len(roster), -3 in roster) == (len(expected), False)


def test_a_roster_takes_over_where_copying_costs_more() -> None:
    """Up to the limit a mapping stays a dictionary, above it no more; neither changes what was given."""
    few, many = dict.fromkeys(range(COPIED), 0), dict.fromkeys(range(COPIED + 1), 0)

    assert isinstance(put(few, 3, 1), dict)
    now = put(many, 3, 1)
    assert isinstance(now, Roster)
    assert (now[3], many[3], list(now) == list(many)) == (1, 0, True)


@unhurried
@given(st.sets(st.integers(0, 5_000), max_size=600), st.data())
def test_a_ladder_is_what_a_sorted_list_is(keys: set[int], data: st.DataObject) -> None:
    """Whatever is added and taken away: the same keys, each with as many below it."""
    ladder, expected = Ladder((key,) for key in keys), sorted(keys)
    for key in data.draw(st.lists(st.integers(0, 5_000), max_size=50)):
        gone, come = ((key,), None) if key in expected else (None, (key,))
        ladder = ladder.moved(gone, come)
        expected = sorted({*expected, key} if gone is None else {*expected} - {key})

    assert list(ladder) == [(key,) for key in expected]
    assert len(ladder) == len(expected)
    bound = data.draw(st.integers(0, 5_000))
    assert ladder.below((bound,)) == sum(key < bound for key in expected)


def test_a_ladder_grows_and_empties() -> None:
    """From nothing to many keys, all in one place, and back to nothing."""
    ladder: Ladder[tuple[int]] = Ladder()
    for key in range(1_000):
        ladder = ladder.moved(None, (key,))
    assert [ladder.below((key,)) for key in (0, 500, 5_000)] == [0, 500, 1_000]
    for key in range(1_000):
        ladder = ladder.moved((key,), None)
    assert list(ladder) == []


def test_what_is_not_on_a_ladder_cannot_be_taken_off() -> None:
    """A key that is not there is a mistake of ours, and is said so."""
    with pytest.raises(ValueError, match="no such key"):
        Ladder([(1,), (3,)]).moved((2,), None)
