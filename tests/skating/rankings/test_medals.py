"""Medals per country."""

from streams.skating.rankings.medals import medal_entries
from tests.skating.rankings.a_season import parts, race, written


def test_gold_goes_before_silver_before_bronze() -> None:
    """One gold is worth more than any number of silvers; equal counts share the rank."""
    races = [
        race("og/M500/-", "1 nor:bo", "2 ned:ann", "3 can:dan", "4 usa:joe"),
        race("og/W500/-", "1 usa:eve", "2 ned:bea", "3 can:cat", day=1),
    ]
    entries = medal_entries(races)
    assert written(entries) == ["1= NOR 1-0-0", "1= USA 1-0-0", "3 NED 0-2-0", "4 CAN 0-0-2"]
    assert parts(entries, "NED") == ["og/M500/- 2 silver", "og/W500/- 2 silver"]


def test_a_tie_gives_two_medals_and_skips_the_next() -> None:
    """Two golds, no silver; both may go to one country."""
    entries = medal_entries([race("og/M500/-", "1= ned:ann", "1= ned:bea", "3 can:dan")])
    assert written(entries) == ["1 NED 2-0-0", "2 CAN 0-0-1"]


def test_the_b_division_has_no_medals() -> None:
    """Its winner has won a race of his own."""
    assert medal_entries([race("wc1/M500/B", "1 ann")]) == ()
