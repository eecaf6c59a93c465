"""World Cup points: tables, ties, irms, the latest race, both divisions, cups of several distances."""

import pytest

from streams.skating.rankings.points import points_entries
from tests.skating.rankings.a_season import TABLES, parts, race, written


def test_points_of_all_races_are_added_up() -> None:
    """Each race gives by its rank, and the sum decides."""
    entries = points_entries(
        [
            race("wc1/M500/A/1", "1 ann", "2 bea", "3 cor"),
            race("wc1/M500/A/2", "1 bea", "2 cor", "3 ann", day=1),
        ],
        TABLES,
        None,
    )
    assert written(entries) == ["1 bea 114", "2 ann 108", "3 cor 102"]
    assert parts(entries, "bea") == ["wc1/M500/A/1 2 54", "wc1/M500/A/2 1 60"]


def test_a_shared_rank_gives_its_full_points_to_each() -> None:
    """Two winners get 60 each and nobody 54."""
    entries = points_entries([race("wc1/M500/A", "1= ann", "1= bea", "3 cor")], TABLES, None)
    assert written(entries) == ["1= ann 60", "1= bea 60", "3 cor 48"]


def test_equal_points_go_to_the_better_one_in_the_latest_race() -> None:
    """The latest by schedule, whatever order the races came in; the last weekend decides."""
    first, last = race("wc1/M500/A", "1 ann", "2 bea"), race("wc2/M500/A", "1 bea", "2 ann", day=7)
    assert written(points_entries([last, first], TABLES, None)) == ["1 bea 114", "2 ann 114"]
    assert written(points_entries([first, last], TABLES, None)) == ["1 bea 114", "2 ann 114"]


def test_who_was_in_the_latest_race_goes_before_who_was_not() -> None:
    """Any result there is better than none."""
    races = [race("wc1/M500/A", "1 ann", "2 bea"), race("wc2/M500/A", "1 bea", "5 cor", day=7)]
    races += [race("wc3/M500/A", "4 bea", "3 dee", "2 cor", day=14)]
    shared = [race("wc1/M500/A", "1 ann"), race("wc2/M500/A", "1 bea", day=7)]
    assert written(points_entries(shared, TABLES, None)) == ["1 bea 60", "2 ann 60"]
    assert written(points_entries(races, TABLES, None)) == ["1 bea 157", "2 cor 94", "3 ann 60", "4 dee 48"]


def test_the_a_division_of_the_latest_race_goes_before_the_b_division() -> None:
    """Last of A and first of B with equal points: A before B, though B was skated later in the day."""
    tables = {"A": TABLES["A"], "B": TABLES["A"]}
    races = [race("wc1/M500/A", "1 ann"), race("wc1/M500/B", "1 bea", day=1)]
    assert written(points_entries(races, tables, None)) == ["1 ann 60", "2 bea 60"]


def test_who_cannot_be_told_apart_shares_the_rank() -> None:
    """Equal points and an equal rank in the latest race."""
    races = [race("wc1/M500/A", "1= ann", "1= bea"), race("wc2/M500/A", "2= ann", "2= bea", "1 cor", day=7)]
    assert written(points_entries(races, TABLES, None)) == ["1= ann 114", "1= bea 114", "3 cor 60"]


def test_an_irm_scores_as_the_rank_after_the_last_where_the_table_says_so() -> None:
    """Two did not finish behind two ranked: both get what rank 3 gives; a DQ gets nothing and no line."""
    entries = points_entries(
        [race("wc1/M500/B", "1 ann", "2 bea", "DNF cor", "DNF dee", "DQ eva")], TABLES, None
    )
    assert written(entries) == ["1 ann 28", "2 bea 24", "3= cor 21", "3= dee 21"]
    assert parts(entries, "cor") == ["wc1/M500/B - 21"]
    assert written(points_entries([race("wc1/M500/A", "1 ann", "DNF cor")], TABLES, None)) == ["1 ann 60"]


def test_a_rank_beyond_the_table_scores_nothing_but_is_listed() -> None:
    """The sixth of a table of five skated for the cup as well."""
    assert written(points_entries([race("wc1/M500/A", "6 ann")], TABLES, None)) == ["1 ann 0"]


def test_a_race_of_an_unlisted_table_gives_nothing_until_it_is_listed() -> None:
    """The table may come later; the race does not."""
    finale = race("wc4/M500/A", "1 ann", points_table="doubled")
    assert points_entries([finale], TABLES, None) == ()
    doubled = TABLES["A"].model_copy(update={"points": (120, 108)})
    assert written(points_entries([finale], {**TABLES, "doubled": doubled}, None)) == ["1 ann 120"]


def test_a_ranking_may_name_a_table_of_its_own() -> None:
    """It is used in place of those of the races, also where a race has none."""
    races = [race("wc1/M500/A", "1 ann"), race("nk/M500/-", "1 bea", day=1)]
    assert written(points_entries(races, TABLES, "B")) == ["1 bea 28", "2 ann 28"]


@pytest.mark.parametrize("status", ["LIVE", "INTERMEDIATE", "UNOFFICIAL", "OFFICIAL"])
def test_points_count_as_they_stand(status: str) -> None:
    """Who is still to skate has none yet, whatever the status."""
    live = race("wc1/M500/A", "1 ann", "- bea", status=status)
    assert written(points_entries([live], TABLES, None)) == ["1 ann 60"]
