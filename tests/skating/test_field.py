"""The order of a race of any size: what it says of anybody is what the sheet says, after every event."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.long_race import RACE, definition, skated_by
from schemas.timing import TIMING
from streams.skating.field import Field, entry, field, followed, top
from streams.skating.fold import Refused, fold
from streams.skating.ladder import Ladder
from streams.skating.race import Race
from streams.skating.roster import COPIED, Roster, put
from streams.skating.sheet import everybody, sheet
from tests.skating.a_race import Event, pair, raw, ruled
from tests.skating.meetings import Made, races

unhurried = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def after(race: Race | None, known: Field | None, each: Event) -> tuple[Race | None, Field | None]:
    """Let a race and its order follow an event; what is refused changes neither."""
    event = TIMING.validate_json(raw(each))
    folded = fold(race, event)
    if isinstance(folded, Refused):
        return race, known
    return folded, field(folded) if known is None else followed(known, folded, event)


def hold_against_the_sheet(race: Race, known: Field) -> None:
    """Compare everybody's line, the first lines and the number still to come with those of the sheet."""
    drawn = sheet(race, everybody(race))
    names = [name for name, each in known.skated.items() if each is not None]

    assert tuple(sorted((entry(known, name) for name in names), key=lambda line: line.sort_order)) == (
        drawn.entries
    )
    assert top(known, 3) == drawn.entries[:3]
    assert known.remaining == drawn.remaining


@unhurried
@given(races())
def test_it_says_what_the_sheet_says(made: Made) -> None:
    """Of any race, mass starts among them, whatever happens in it."""
    race: Race | None = None
    known: Field | None = None
    for each in made.story:
        race, known = after(race, known, each)
        if race is not None and known is not None:
            hold_against_the_sheet(race, known)

    assert known is not None


def test_of_more_than_a_dictionary_is_copied_for_it_says_the_same() -> None:
    """Of 600 in pairs, where everything lies in chunks: after pairs that skated, a ruling and a clearing."""
    race = fold(None, definition(600))
    assert isinstance(race, Race)
    known: Field | None = field(race)
    story = [each for number in (1, 2, 150, 300) for each in skated_by(number)]
    story += [ruled("skater-2", "DQ", 40_000, race_id=RACE), pair("cleared", 150, 40_001, race_id=RACE)]
    for each in story:
        now, known = after(race, known, each)
        assert now is not None
        race = now

    assert isinstance(race.skaters, Roster)
    assert known is not None
    assert known.remaining == 600 - 6 - 1 + 1
    hold_against_the_sheet(race, known)


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
