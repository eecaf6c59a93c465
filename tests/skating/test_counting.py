"""Which measurement counts: by method, then by instant, then by time; cleared and deleted ones do not."""

from itertools import permutations

import pytest

from schemas.performances import BOARD_EVENTS, RacePerformances
from schemas.standings import Entry
from tests.skating.a_race import (
    Event,
    deleted,
    event,
    instant,
    lines,
    pair,
    passing,
    reskate,
    ruled,
    scheduled,
    told,
)

OPENED = scheduled("ann bea", "cor dee")
BY_METHOD = (
    passing("ann", 1, 35_004, 50, method="manual"),
    passing("ann", 1, 35_003, 40, method="transponder"),
    passing("ann", 1, 35_002, 30, method="optical"),
    passing("ann", 1, 35_001, 20, method="photo_finish"),
)


def ann(*story: Event) -> Entry:
    """Tell a story of the race, and give Ann's line."""
    return told(OPENED, *story).entry("ann")


def times(*story: Event) -> set[int | None]:
    """Tell a story in every order of arrival, and give all times that Ann ended with."""
    return {ann(*each).time_ms for each in permutations(story)}


def finished_at(*story: Event) -> str:
    """Tell a story of the race, and give the instant of Ann's finish as the boards last heard of it."""
    messages = (BOARD_EVENTS.validate_json(value) for value in told(OPENED, *story).values("performances"))
    (last,) = [
        each.finished_at
        for message in messages
        if isinstance(message, RacePerformances)
        for each in message.changed
    ][-1:]
    assert last is not None
    return last.isoformat()


@pytest.mark.parametrize("best", range(4))
def test_the_best_method_counts(best: int) -> None:
    """Photo finish before optical before transponder before manual, although the worse ones came later."""
    methods = ("manual", "transponder", "optical", "photo_finish")
    entry = ann(*BY_METHOD[: best + 1])
    assert (entry.method, entry.time_ms) == (methods[best], 35_004 - best)


def test_arrival_never_decides_between_methods() -> None:
    """Four methods in all orders of arrival give the photo finish."""
    assert times(*BY_METHOD) == {35_001}


def test_of_one_method_the_latest_instant_counts() -> None:
    """The operator moved the line: the later of two optical times counts, also where it is the slower."""
    assert times(
        passing("ann", 1, 35_100, 10), passing("ann", 1, 35_200, 20), passing("ann", 1, 35_050, 5)
    ) == {35_200}


def test_at_equal_instants_the_larger_time_counts() -> None:
    """Two optical times of one moment: the slower one, whichever came first."""
    assert times(passing("ann", 1, 35_100, 10), passing("ann", 1, 35_200, 10)) == {35_200}


def test_instants_are_compared_across_offsets() -> None:
    """Eleven in Poland is ten in Greenwich; what counts is the moment, not how it is written."""
    polish = passing("ann", 1, 35_100, 0) | {"occurred_at": "2021-11-12T11:00:30+01:00"}
    assert times(polish, passing("ann", 1, 35_200, 20)) == {35_100}


def test_a_cleared_pair_voids_what_was_measured_up_to_then() -> None:
    """The clock was reset: earlier times and one of that very instant are void, in any order of arrival."""
    cleared = pair("cleared", 1, 30)
    assert times(passing("ann", 1, 35_100, 10), passing("ann", 1, 35_100, 30), cleared) == {None}


def test_a_measurement_after_the_clearing_counts_again() -> None:
    """Who is started again is measured again, even by a worse method than the one that was voided."""
    before = passing("ann", 1, 35_000, 10, method="photo_finish")
    after = passing("ann", 1, 36_000, 60, method="manual")
    assert times(before, pair("cleared", 1, 30), after) == {36_000}


def test_a_clearing_takes_all_of_its_pair_and_nobody_else() -> None:
    """Both skaters of the pair lose splits and finish, the other pair keeps them."""
    story = [
        passing(name, number, time_ms, 10, distance_m=line)
        for number, names in enumerate(("ann bea", "cor dee"), start=1)
        for name in names.split()
        for line, time_ms in ((100, 9_900), (500, 35_000))
    ]
    after = told(OPENED, *story, pair("cleared", 1, 20))
    assert [len(after.entry(name).splits) for name in ("ann", "bea", "cor", "dee")] == [0, 0, 2, 2]


def test_an_earlier_clearing_that_arrives_later_does_not_shorten_the_void() -> None:
    """Cleared twice, at 20 and at 40: what was measured at 30 is void in any order."""
    assert times(pair("cleared", 1, 20), pair("cleared", 1, 40), passing("ann", 1, 35_000, 30)) == {None}


def test_a_deleted_measurement_does_not_count() -> None:
    """What was taken back is void, also where it arrives after its deletion, and what follows counts."""
    assert times(passing("ann", 1, 35_000, 10), deleted("ann", 10)) == {None}
    later = passing("ann", 1, 35_300, 11)
    assert times(passing("ann", 1, 35_000, 10), deleted("ann", 10), later) == {35_300}


def test_a_deletion_by_method_uncovers_the_next_best() -> None:
    """The photo finish is taken back: the optical time counts again, and is unchecked."""
    entry = ann(*BY_METHOD, deleted("ann", 60, method="photo_finish"))
    assert (entry.time_ms, entry.method, entry.unchecked) == (35_002, "optical", True)


def test_a_deletion_without_method_takes_all_of_them() -> None:
    """Every method of that line is void, other lines stay."""
    opening = passing("ann", 1, 9_900, 5, distance_m=100)
    entry = ann(opening, *BY_METHOD, deleted("ann", 60))
    assert (entry.time_ms, [split.distance_m for split in entry.splits]) == (None, [100])


def test_a_deletion_by_pair_spares_the_other_attempt() -> None:
    """A deletion of the reskate leaves the first attempt; without a pair it takes both."""
    skated = (
        passing("ann", 1, 35_500, 10),
        reskate("ann", 3, 20),
        passing("ann", 3, 35_100, 30),
    )
    assert ann(*skated, deleted("ann", 40, pair=3)).time_ms == 35_500
    assert ann(*skated, deleted("ann", 40, pair=1)).time_ms == 35_100
    assert ann(*skated, deleted("ann", 40)).time_ms is None


def test_a_deletion_by_pair_and_method_takes_just_that() -> None:
    """Of two attempts by two methods each, one measurement of four is gone."""
    story = (
        reskate("ann", 3, 1),
        passing("ann", 1, 35_500, 10),
        passing("ann", 3, 35_100, 30),
        passing("ann", 3, 35_200, 30, method="transponder"),
    )
    entry = ann(*story, deleted("ann", 40, pair=3, method="optical"))
    assert (entry.time_ms, entry.method, entry.pair) == (35_200, "transponder", 3)


def test_a_deletion_of_one_skater_leaves_the_other() -> None:
    """Bea keeps her time when Ann's is taken back."""
    both = (passing("ann", 1, 35_000, 10), passing("bea", 1, 35_400, 10))
    assert told(OPENED, *both, deleted("ann", 20)).sheet == ["1 bea 35.40", "- ann", "- cor", "- dee"]


@pytest.mark.parametrize(("first", "second", "counts"), [(35_500, 35_100, 3), (35_100, 35_500, 1)])
def test_the_better_of_two_attempts_counts(first: int, second: int, counts: int) -> None:
    """A reskate cannot make it worse; the entry has pair and splits of the attempt that counts."""
    story = (
        passing("ann", 1, 9_900, 5, distance_m=100),
        passing("ann", 1, first, 10),
        reskate("ann", 3, 20),
        passing("ann", 3, 9_800, 25, lane="outer", distance_m=100),
        passing("ann", 3, second, 30, lane="outer"),
    )
    entry = ann(*story)
    assert (entry.time_ms, entry.pair) == (35_100, counts)
    assert (entry.lane, entry.splits[0].time_ms) == (("inner", 9_900) if counts == 1 else ("outer", 9_800))


def test_of_equal_attempts_the_earlier_pair_counts() -> None:
    """Who skates the same thousandth again stays listed in the first pair."""
    entry = ann(passing("ann", 1, 35_100, 10), reskate("ann", 3, 20), passing("ann", 3, 35_100, 30))
    assert (entry.pair, entry.time_ms) == (1, 35_100)


def test_a_reskate_that_is_not_finished_leaves_the_first_time() -> None:
    """Splits of the second attempt replace nothing before its finish."""
    story = (passing("ann", 1, 35_100, 10), reskate("ann", 3, 20))
    entry = ann(*story, passing("ann", 3, 9_000, 30, distance_m=100))
    assert (entry.pair, entry.splits[0].distance_m) == (1, 500)


def test_who_never_finished_is_shown_in_the_latest_pair() -> None:
    """Before a reskate, somebody without a time is listed where the reskate will be, with its splits."""
    fell = passing("ann", 1, 9_900, 5, distance_m=100)
    entry = ann(fell, reskate("ann", 3, 20))
    assert (entry.pair, entry.lane, entry.splits) == (3, None, ())


def test_a_lane_that_only_a_deleted_measurement_told_is_unknown_again() -> None:
    """Deleting what was added restores the line of a reskate, its lane included."""
    granted = reskate("ann", 3, 20)
    measured = passing("ann", 3, 35_100, 30, lane="outer")
    assert ann(granted, measured).lane == "outer"
    assert ann(granted, measured, deleted("ann", 40)) == ann(granted)
    assert ann(granted, measured, pair("cleared", 3, 40)) == ann(granted)


def test_an_irm_takes_the_rank_and_leaves_the_splits() -> None:
    """A disqualified skater has no rank, time or gap; the splits stay, without rank."""
    entry = ann(*BY_METHOD, ruled("ann", "DQ", 60, rule="254.6"))
    assert (entry.rank, entry.time_ms, entry.time, entry.behind_ms, entry.method) == (None,) * 5
    assert [(split.time_ms, split.rank) for split in entry.splits] == [(35_001, None)]
    assert (entry.irm, entry.rule) == ("DQ", "254.6")


def test_a_time_is_checked_by_the_photo_finish_or_the_timekeepers() -> None:
    """An optical time is unchecked until the photo finish came, or the pair was confirmed."""
    optical = passing("ann", 1, 35_000, 10)
    assert ann().unchecked
    assert ann(optical).unchecked
    assert not ann(optical, passing("ann", 1, 35_000, 20, method="photo_finish")).unchecked
    assert not ann(optical, pair("confirmed", 1, 20)).unchecked


def test_a_clearing_takes_the_confirmation_back() -> None:
    """A pair that is cleared after it was confirmed is unchecked again, until it is confirmed again."""
    story = (pair("confirmed", 1, 20), pair("cleared", 1, 30), passing("ann", 1, 35_000, 40))
    assert {ann(*each).unchecked for each in permutations(story)} == {True}
    assert not ann(*story, pair("confirmed", 1, 50)).unchecked
    assert ann(pair("confirmed", 1, 30), pair("cleared", 1, 30), passing("ann", 1, 35_000, 40)).unchecked


def test_an_older_confirmation_that_arrives_late_is_not_heard() -> None:
    """Confirmed at 20, cleared at 30, confirmed at 50, in any order: the pair is confirmed."""
    finish = passing("ann", 1, 35_000, 40)
    words = (pair("confirmed", 1, 20), pair("cleared", 1, 30), pair("confirmed", 1, 50))
    assert {ann(finish, *each).unchecked for each in permutations(words)} == {False}


def test_an_older_deletion_that_arrives_late_does_not_shorten_the_void() -> None:
    """Deleted at 20 and at 40: what was measured at 30 is void in any order."""
    assert times(deleted("ann", 20), deleted("ann", 40), passing("ann", 1, 35_000, 30)) == {None}


def test_a_confirmation_of_another_pair_checks_nothing() -> None:
    """The word on pair 2 says nothing about pair 1."""
    assert ann(passing("ann", 1, 35_000, 10), pair("confirmed", 2, 20)).unchecked


def test_corrections_by_the_same_method_do_not_move_the_moment_of_the_finish() -> None:
    """Records fall in the order of the finishes: a corrected time keeps the instant of the first."""
    first, second = passing("ann", 1, 35_000, 10), passing("ann", 1, 35_010, 40)
    assert finished_at(first, second) == finished_at(second, first) == instant(10)
    for deleted_at in (10, 20):
        gone = deleted("ann", deleted_at)
        assert {finished_at(*each) for each in permutations((first, second, gone))} == {instant(40)}


def test_who_moves_up_keeps_what_was_measured_before() -> None:
    """Somebody redrawn from pair 2 to pair 1 keeps the time of pair 2, and is listed there."""
    moved = event("start_list.revised", 20, start_list=lines("cor bea"))
    after = told(OPENED, passing("cor", 2, 35_700, 10), moved)
    assert (after.entry("cor").pair, after.entry("cor").time_ms) == (2, 35_700)
