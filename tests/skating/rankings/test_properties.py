"""What holds for every ranking, whatever was skated."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.rankings import RankingEntry
from schemas.results import RaceResults
from streams.skating.rankings.medals import medal_entries
from streams.skating.rankings.points import points_entries
from streams.skating.rankings.samalog import samalog_entries
from streams.skating.times import text
from tests.skating.rankings.a_season import TABLES, race

NAMES = ("ned:ann", "ned:bea", "can:cor", "nor:dee", "nor:eva")
DISCIPLINES = ("W500", "W1000", "W1500", "W3000")


@st.composite
def seasons(draw: st.DrawFn) -> list[RaceResults]:
    """Draw races of which everybody skates some, with ties and irms."""
    races = []
    for day in range(draw(st.integers(1, 4))):
        division, discipline = draw(st.sampled_from("AB")), draw(st.sampled_from(DISCIPLINES))
        times = sorted(draw(st.lists(st.integers(36_000, 36_004), min_size=1, max_size=5)))
        names = draw(st.permutations(NAMES))
        lines = [
            f"{times.index(time_ms) + 1}{'=' * (times.count(time_ms) > 1)} {name} {text(time_ms)}"
            for name, time_ms in zip(names, times, strict=False)
        ]
        lines += [f"{draw(st.sampled_from(('DNF', 'DQ', '-')))} {name}" for name in names[len(times) :]]
        races.append(race(f"wc{day}/{discipline}/{division}", *lines, day=day))
    return races


def is_a_ranking(entries: Sequence[RankingEntry]) -> bool:
    """Tell whether ranks are those of a competition: 1, 2, 2, 4, and shared ones say so."""
    given_ranks = [each.rank for each in entries]
    return all(
        each.rank == given_ranks.index(each.rank) + 1
        and each.rank_equal == (given_ranks.count(each.rank) > 1)
        for each in entries
    ) and given_ranks == sorted(given_ranks)


@settings(deadline=None)
@given(seasons())
def test_ranks_are_those_of_a_competition(races: list[RaceResults]) -> None:
    """In every basis, and everybody stands there once."""
    for entries in (points_entries(races, TABLES, None), samalog_entries(races), medal_entries(races)):
        assert is_a_ranking(entries)
        assert len({each.competitor.id for each in entries}) == len(entries)


@settings(deadline=None)
@given(seasons())
def test_a_value_is_the_sum_of_its_parts(races: list[RaceResults]) -> None:
    """Points and samalog, exactly; medals by their count."""
    for each in points_entries(races, TABLES, None):
        assert int(each.value) == sum(int(part.value) for part in each.parts)
    for each in samalog_entries(races):
        assert _thousandths(each.value) == sum(_thousandths(part.value) for part in each.parts)
    for each in medal_entries(races):
        assert sum(int(count) for count in each.value.split("-")) == len(each.parts)


@settings(deadline=None)
@given(seasons().flatmap(lambda races: st.tuples(st.just(races), st.permutations(races))))
def test_the_order_of_the_races_says_nothing(both: tuple[list[RaceResults], list[RaceResults]]) -> None:
    """Only of parts; rank and value of everybody are the same."""
    races, shuffled = both
    for one, other in (
        (points_entries(races, TABLES, None), points_entries(shuffled, TABLES, None)),
        (samalog_entries(races), samalog_entries(shuffled)),
        (medal_entries(races), medal_entries(shuffled)),
    ):
        assert [(each.competitor.id, each.rank, each.value) for each in one] == [
            (each.competitor.id, each.rank, each.value) for each in other
        ]


@settings(deadline=None)
@given(seasons())
def test_a_better_sum_never_ranks_behind_a_worse_one(races: list[RaceResults]) -> None:
    """By points, and by samalog among those of equally many distances."""
    points = [int(each.value) for each in points_entries(races, TABLES, None)]
    assert points == sorted(points, reverse=True)
    merits = [(-len(each.parts), _thousandths(each.value)) for each in samalog_entries(races)]
    assert merits == sorted(merits)


def _thousandths(value: str) -> int:
    return int(value.replace(".", ""))
