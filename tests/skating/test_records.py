"""Records that are set, equalled and taken back while races are skated, ruled on and corrected."""

from datetime import timedelta
from typing import Any

from schemas.performances import BoardEvent, Performance, RacePerformances
from schemas.records import RecordRevoked, RecordSet
from streams.skating.boards import Boards, final_boards, fold_boards, in_force
from tests.skating.records_evening import (
    GAO,
    GUN,
    KROL,
    LATER_RACE,
    NUIS,
    RACE,
    heard,
    listed,
    raced,
    said,
    skated,
)

WORLD = listed("WR", None, 33_610)
NATIONAL = listed("NR", "NED", 34_260, NUIS)
TRACK = listed("TR", "salt-lake-city", 33_610)
BOOKS = (WORLD, NATIONAL, TRACK)


def later(version: int, *changed: Performance, **more: Any) -> RacePerformances:
    """Give a message of the World Cup a week later, at the same rink."""
    return raced(version, *changed, race_id=LATER_RACE, **more)


def test_one_time_sets_several_records_the_highest_first() -> None:
    """A world record of a Dutchman is announced as WR, NR, TR and PB, in this order, with what it beat."""
    own = listed("PB", "krol", 34_500, KROL)
    assert said(*BOOKS, own, raced(1, skated(KROL, 33_605))) == [
        "set WR krol 33.60 0.01 of 33.61 provisional",
        "set NR/NED krol 33.60 0.66 of 34.26 provisional",
        "set TR/salt-lake-city krol 33.60 0.01 of 33.61 provisional",
        "set PB/krol krol 33.60 0.90 of 34.50 provisional",
    ]


def test_a_message_says_where_it_comes_from() -> None:
    """A record carries race, version and instant of its cause, and of its predecessor holder and day."""
    _, messages = heard([WORLD, raced(7, skated(KROL, 33_500))])
    (message,) = messages[-1]
    assert isinstance(message, RecordSet)
    assert (message.race_id, message.version, message.as_of) == (RACE, 7, GUN + timedelta(hours=1, seconds=7))
    assert message.previous is not None
    assert (message.previous.holder, message.previous.set_on) == (WORLD.holder, WORLD.set_on)
    assert message.previous.race_id is None


def test_the_next_pair_has_to_beat_the_new_record() -> None:
    """A record stands in force at once; a time between the old and the new one is nothing."""
    first = raced(1, skated(KROL, 33_500))
    assert said(WORLD, first, raced(2, skated(NUIS, 33_550, 2))) == []
    assert said(WORLD, first, raced(2, skated(NUIS, 33_499, 2))) == [
        "set WR nuis 33.49 0.01 of 33.50 provisional"
    ]


def test_thousandths_do_not_break_a_record() -> None:
    """What is shown is compared: 33.615 meets 33.619, and 33.619 meets 33.610."""
    assert said(WORLD, raced(1, skated(KROL, 33_619))) == ["equalled WR krol 33.61 0.00 of 33.61 provisional"]
    assert said(listed("WR", None, 33_619), raced(1, skated(KROL, 33_615))) == [
        "equalled WR krol 33.61 0.00 of 33.61 provisional"
    ]


def test_who_equals_shares_and_the_older_stays_in_force() -> None:
    """After an equalled record the next one has the older as its predecessor."""
    boards, messages = heard(
        [
            WORLD,
            raced(1, skated(KROL, 33_610)),
            raced(2, skated(NUIS, 33_610, 2)),
            raced(3, skated(GAO, 33_600, 4)),
        ]
    )
    (message,) = messages[-1]
    assert isinstance(message, RecordSet)
    assert message.previous is not None
    assert message.previous.holder == WORLD.holder
    record = in_force(boards, "WR", None)
    assert record is not None
    assert record.record.holder == GAO


def test_a_record_is_shared_until_it_is_broken() -> None:
    """Who met the record in force shares it, in the order of skating; who met an older one does not."""
    evening: list[BoardEvent] = [
        WORLD,
        raced(1, skated(KROL, 33_610)),
        raced(2, skated(NUIS, 33_610, 2)),
    ]
    (board,) = [each for each in final_boards(heard(evening)[0]) if each.key.kind == "WR"]
    assert (board.in_force.holder, board.in_force.set_on) == (WORLD.holder, WORLD.set_on)
    assert [each.holder for each in board.shared_by] == [KROL, NUIS]
    broken = [*evening, raced(3, skated(GAO, 33_600, 4))]
    (board,) = [each for each in final_boards(heard(broken)[0]) if each.key.kind == "WR"]
    assert (board.in_force.holder, board.shared_by) == (GAO, ())
    assert [mark.competitor for _, mark in board.marks] == [KROL, NUIS, GAO]


def test_a_photo_finish_that_keeps_the_record_tells_it_again() -> None:
    """A corrected time that is still a record is told with the new time, and nothing is revoked."""
    first = raced(1, skated(KROL, 33_590))
    corrected = raced(2, skated(KROL, 33_604), cause="correction")
    assert said(WORLD, first, corrected) == ["set WR krol 33.60 0.01 of 33.61 provisional"]


def test_a_photo_finish_that_loses_the_record_revokes_it() -> None:
    """The record falls, the old one is in force again, and what the time still equals is told."""
    first = raced(1, skated(KROL, 33_605))
    assert said(WORLD, first, raced(2, skated(KROL, 33_620), cause="correction")) == [
        "revoked WR krol 33.60 now 33.61 correction"
    ]
    assert said(WORLD, first, raced(2, skated(KROL, 33_611), cause="correction")) == [
        "revoked WR krol 33.60 now 33.61 correction",
        "equalled WR krol 33.61 0.00 of 33.61 provisional",
    ]


def test_a_disqualification_revokes_a_world_record_and_gives_an_older_time_its_national_record_back() -> None:
    """The WR falls to the listed one; the countryman who had the NR before has it again."""
    evening = (*BOOKS[:2], raced(1, skated(NUIS, 34_100)), raced(2, skated(KROL, 33_600, 2)))
    ruled = raced(3, skated(KROL, None, irm="DQ"), cause="ruling")
    assert said(*evening, ruled) == [
        "revoked WR krol 33.60 now 33.61 ruling",
        "revoked NR/NED krol 33.60 now 34.10 ruling",
    ]
    boards, _ = heard([*evening, ruled])
    record = in_force(boards, "NR", "NED")
    assert record is not None
    assert (record.record.holder, record.record.race_id) == (NUIS, RACE)


def test_a_lifted_ruling_sets_the_record_again() -> None:
    """A time that counts again has its record again, also if the race has ended long since."""
    first = raced(1, skated(KROL, 33_600))
    ruled = raced(2, skated(KROL, 33_600, irm="DQ"), cause="ruling")
    assert said(WORLD, first, ruled, raced(3, skated(KROL, 33_600), cause="ruling")) == [
        "set WR krol 33.60 0.01 of 33.61 provisional"
    ]


def test_a_cleared_pair_takes_its_records_with_it() -> None:
    """Who has nothing to show any more has no record, and what came later counts against the older one."""
    evening = (WORLD, raced(1, skated(KROL, 33_500)), raced(2, skated(NUIS, 33_550, 2)))
    assert said(*evening, raced(3, gone=("krol",), cause="correction")) == [
        "revoked WR krol 33.50 now 33.55 correction",
        "set WR nuis 33.55 0.06 of 33.61 provisional",
    ]


def test_what_falls_is_re_evaluated_in_later_races_too() -> None:
    """A record of the week after that beat the fallen one is told again with its new predecessor."""
    evening = (WORLD, raced(1, skated(KROL, 33_500)), later(1, skated(NUIS, 33_400, 10_000)))
    _, messages = heard([*evening, raced(2, skated(KROL, None, irm="DQ"), cause="ruling")])
    revoked, again = messages[-1]
    assert isinstance(revoked, RecordRevoked)
    assert revoked.in_force is not None
    assert revoked.in_force.holder == NUIS
    assert isinstance(again, RecordSet)
    assert (again.race_id, again.margin_ms) == (LATER_RACE, 210)
    assert (again.version, again.as_of) == (2, GUN + timedelta(hours=1, seconds=2))


def test_a_race_heard_of_late_takes_a_later_record_away() -> None:
    """What was skated first counts first, whichever partition is read first."""
    evening = (WORLD, later(1, skated(NUIS, 33_550, 10_000)))
    assert said(*evening, raced(1, skated(KROL, 33_500))) == [
        "revoked WR nuis 33.55 now 33.50 correction",
        "set WR krol 33.50 0.11 of 33.61 provisional",
    ]


def test_a_record_turns_official_with_its_race_and_back() -> None:
    """Closing as OFFICIAL tells the marks of the race again; a protest makes them provisional again."""
    evening = (WORLD, raced(1, skated(KROL, 33_600)), later(1, skated(NUIS, 33_500, 10_000)))
    closed = raced(2, status="OFFICIAL", closed_at=GUN + timedelta(hours=1))
    protested = raced(3, status="PROTESTED", closed_at=GUN + timedelta(hours=1))
    assert said(*evening, raced(2, status="UNOFFICIAL", closed_at=GUN + timedelta(hours=1))) == []
    assert said(*evening, closed) == ["set WR krol 33.60 0.01 of 33.61 official"]
    assert said(*evening, closed, protested) == ["set WR krol 33.60 0.01 of 33.61 provisional"]


def test_a_message_that_comes_again_changes_nothing() -> None:
    """A version and place that is not later gives the same boards, the very object, and no messages."""
    event = raced(2, skated(KROL, 33_600), place=1)
    boards = fold_boards(fold_boards(Boards(), WORLD), event)
    for stale in (event, raced(2, skated(KROL, 33_000), place=0), raced(1, gone=("krol",), place=5)):
        assert fold_boards(boards, stale) is boards
    assert said(WORLD, event, event) == []


def test_equal_instants_are_decided_by_race_and_competitor() -> None:
    """Two equal record times at one instant: who comes first in the alphabet sets, the other equals."""
    both = (skated(KROL, 33_600), skated(GAO, 33_600))
    for order in (both, both[::-1]):
        assert said(WORLD, raced(1, *order)) == [
            "set WR gao 33.60 0.01 of 33.61 provisional",
            "equalled WR krol 33.60 0.00 of 33.60 provisional",
        ]


def test_splits_of_a_record_in_force_are_known_where_they_were_measured_or_listed() -> None:
    """The pace is told against the splits of the books, and then of the race; the finish is always one."""
    books = listed("WR", None, 33_610, splits={100: 9_500})
    boards, _ = heard([books])
    record = in_force(boards, "WR", None)
    assert record is not None
    assert record.splits == {100: 9_500, 500: 33_610}
    boards, _ = heard([books, raced(1, skated(KROL, 33_500, splits={100: 9_600, 500: 33_500}))])
    record = in_force(boards, "WR", None)
    assert record is not None
    assert record.splits == {100: 9_600, 500: 33_500}
    boards, _ = heard(
        [books, raced(1, skated(KROL, 33_500)), raced(2, skated(KROL, 33_500, splits={100: 9_400}))]
    )
    record = in_force(boards, "WR", None)
    assert record is not None
    assert record.splits == {100: 9_400, 500: 33_500}
    assert in_force(boards, "OR", None) is None
