"""The selection matrix: who is in, who waits, who is out, and what is certain of it."""

from collections.abc import Sequence
from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from schemas.rankings import MatrixPlace
from schemas.results import RaceResults
from streams.skating.rankings.matrix import matrix_entries
from tests.skating.rankings.a_season import parts, race, skater, written

MEN: tuple[str, ...] = (
    *("M1000 1", "M5000 1", "M1500 1", "M1000 2", "M10000 1", "MMS", "M1500 2", "M500 1", "M1000 3"),
    *("M1500 3", "M5000 2", "M10000 2", "M500 2", "M5000 3", "M500 3"),
)
"""The men's places at the trials of 2021; 12, 13 and 15 in an order that nobody reported."""


def places(*lines: str) -> tuple[MatrixPlace, ...]:
    """Read places: `M1000 1`, `MMS` for a designated one, `MMS jan` where somebody has been named."""
    read = []
    for line in lines:
        discipline, *rest = line.split()
        if rest and rest[0].isdigit():
            read.append(MatrixPlace(discipline=discipline, rank=int(rest[0])))
        else:
            chosen = skater(rest[0]) if rest else None
            read.append(MatrixPlace(discipline=discipline, designated=True, competitor=chosen))
    return tuple(read)


def okt(discipline: str, *lines: str, status: str = "OFFICIAL") -> RaceResults:
    """Make a race of the trials."""
    return race(f"okt/{discipline}/-", *lines, status=status)


def told(asked: Sequence[MatrixPlace], tickets: int, *races: RaceResults) -> list[str]:
    """Write a matrix."""
    return written(matrix_entries(asked, tickets, races))


def test_after_the_5000_of_the_trials_one_is_in_and_two_wait() -> None:
    """Place 2 of nine tickets is safe; 11 and 14 are not, as long as places above may take tickets."""
    race_5000 = okt("M5000", "1 roest", "2 bergsma", "3 kramer", "4 bosker")
    entries = matrix_entries(places(*MEN), 9, [race_5000])
    assert written(entries) == ["1 roest 2 in", "2 bergsma 11 waiting", "3 kramer 14 waiting"]
    assert parts(entries, "bergsma") == ["okt/M5000/- 2 11"]


def test_a_name_that_has_a_ticket_passes_its_place_on() -> None:
    """Three tickets: bob wins both, so the third place in the list is the second ticket's."""
    asked = places("M500 1", "M1000 1", "M500 2", "M1000 2")
    races = [okt("M500", "1 bob", "2 cor", "3 dan"), okt("M1000", "1 bob", "2 dan", "3 cor")]
    assert told(asked, 2, *races) == ["1 bob 1 in", "2 cor 3 in", "3 dan 4 out"]
    assert told(asked, 3, *races) == ["1 bob 1 in", "2 cor 3 in", "3 dan 4 in"]


def test_nobody_is_in_by_a_race_that_is_still_on() -> None:
    """A leader is shown and waits; once the race is closed he is in, whatever it is worth till official."""
    asked = places("M500 1", "M1000 1")
    for status, state in (("LIVE", "waiting"), ("INTERMEDIATE", "waiting"), ("UNOFFICIAL", "in")):
        assert told(asked, 2, okt("M500", "1 bob", "- cor", status=status)) == [f"1 bob 1 {state}"]


def test_who_is_in_stays_in_while_another_race_is_on() -> None:
    """He shows with the better place, by which he would have come in as well."""
    asked = places("M1000 1", "M500 1")
    live = okt("M1000", "1 bob", "- cor", status="LIVE")
    assert told(asked, 2, okt("M500", "1 bob"), live) == ["1 bob 1 in"]


def test_out_is_who_has_no_way_left() -> None:
    """All tickets above are gone, and he does not skate what is still open above."""
    asked = places("M500 1", "M500 2", "M1000 1", "M500 3")
    sprint = okt("M500", "1 bob", "2 cor", "3 dan")
    assert told(asked, 2, sprint)[2] == "3 dan 4 out"
    assert told(places("M1000 1", *("M500 1", "M500 2", "M500 3")), 2, sprint)[2] == "3 dan 4 waiting"
    without_dan = okt("M1000", "- bob", "- cor", status="START_LIST")
    assert (
        told(places("M1000 1", *("M500 1", "M500 2", "M500 3")), 2, sprint, without_dan)[2] == "3 dan 4 out"
    )


def test_a_designated_place_makes_the_others_wait_until_it_is_given() -> None:
    """Two tickets, the mass start's above: cor waits until the selectors have named somebody."""
    sprint = okt("M500", "1 bob", "2 cor")
    assert told(places("M500 1", "MMS", "M500 2"), 2, sprint) == ["1 bob 1 in", "2 cor 3 waiting"]
    assert told(places("M500 1", "MMS jan", "M500 2"), 2, sprint) == [
        "1 bob 1 in",
        "2 jan 2 in",
        "3 cor 3 out",
    ]
    entries = matrix_entries(places("M500 1", "MMS bob", "M500 2"), 2, [sprint])
    assert written(entries) == ["1 bob 1 in", "2 cor 3 in"]
    assert parts(entries, "bob") == ["okt/M500/- 1 1", "- - 2"]


def test_who_shares_a_rank_shares_the_place() -> None:
    """Both come in where there are tickets for both, and wait where there are not: a list cannot decide."""
    asked = places("M500 1", "M500 2", "M500 3")
    tie = okt("M500", "1= bob", "1= cor", "3 dan")
    assert told(asked, 3, tie) == ["1= bob 1 in", "1= cor 1 in", "3 dan 3 in"]
    assert told(asked, 2, tie) == ["1= bob 1 in", "1= cor 1 in", "3 dan 3 out"]
    assert told(asked, 1, tie) == ["1= bob 1 waiting", "1= cor 1 waiting", "3 dan 3 out"]


def test_a_discipline_of_two_races_stands_for_neither() -> None:
    """Such a place names its race."""
    runs = [race(f"okt/M500/-/{run}", "1 bob") for run in (1, 2)]
    assert told(places("M500 1"), 1, *runs) == []
    assert told([MatrixPlace(race_id="okt/M500/-/2", rank=1)], 1, *runs) == ["1 bob 1 in"]


NAMES = ("bob", "cor", "dan", "eli")
DISTANCES = ("M500", "M1000", "M1500")


def finished(discipline: str, names: Sequence[str]) -> RaceResults:
    """Make a race that is over, in this order."""
    return okt(discipline, *(f"{rank} {name}" for rank, name in enumerate(names, start=1)))


def selected(asked: Sequence[MatrixPlace], tickets: int, races: Sequence[RaceResults]) -> set[str]:
    """Walk a list of which everything is known, as one does with a pencil."""
    ranked = {
        (each.race.discipline, one.rank): one.competitor.id
        for each in races
        for one in each.results
        if one.rank
    }
    got: list[str] = []
    for place in asked:
        name = ranked.get((place.discipline or "", place.rank or 0))
        if name is not None and name not in got and len(got) < tickets:
            got.append(name)
    return set(got)


@given(
    asked=st.lists(
        st.sampled_from([f"{each} {rank}" for each in DISTANCES for rank in (1, 2, 3)]),
        min_size=1,
        max_size=7,
        unique=True,
    ),
    tickets=st.integers(1, 4),
    over=st.lists(st.permutations(NAMES), max_size=3),
)
def test_in_and_out_hold_however_the_rest_is_skated(
    asked: list[str], tickets: int, over: list[list[str]]
) -> None:
    """In is in by every outcome of the races to come, out is out by all; in the end nobody waits."""
    wanted = places(*asked)
    done = [finished(discipline, order) for discipline, order in zip(DISTANCES, over, strict=False)]
    open_ones = DISTANCES[len(done) :]
    states = {each.competitor.id: each.state for each in matrix_entries(wanted, tickets, done)}
    orders = list(permutations(NAMES)) if len(open_ones) < 2 else [*permutations(NAMES)][::5]
    for outcome in product(orders, repeat=min(len(open_ones), 2)):
        to_come = [finished(each, order) for each, order in zip(open_ones, outcome, strict=False)]
        chosen = selected(wanted, tickets, [*done, *to_come])
        assert {name for name, state in states.items() if state == "in"} <= chosen
        if len(to_come) == len(open_ones):
            assert not {name for name, state in states.items() if state == "out"} & chosen
    if not open_ones:
        assert "waiting" not in states.values()
        assert {name for name, state in states.items() if state == "in"} == chosen
