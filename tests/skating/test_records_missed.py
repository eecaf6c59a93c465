"""Near misses: told when the race is closed, of the records that were in force then."""

from datetime import date, timedelta
from typing import Any

from schemas.performances import RacePerformances
from schemas.records import RecordMissed
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
CLOSED_AT = GUN + timedelta(hours=1)


def closed(version: int, **more: Any) -> RacePerformances:
    """Give the closing of a race, an hour after the gun and not yet official unless told otherwise."""
    return raced(version, **{"status": "UNOFFICIAL", "closed_at": CLOSED_AT, **more})


def test_up_to_ten_hundredths_are_near() -> None:
    """0.01 and 0.10 s slower are told, 0.11 s is not, and nothing before the race is closed."""
    race = raced(1, skated(KROL, 33_629), skated(NUIS, 33_719, 2), skated(GAO, 33_720, 4))
    assert said(WORLD, race) == []
    assert said(WORLD, race, closed(2)) == [
        "missed WR krol 33.62 0.01 of 33.61 provisional",
        "missed WR nuis 33.71 0.10 of 33.61 provisional",
    ]


def test_near_misses_are_told_of_four_kinds() -> None:
    """WR, OR, NR and TR, the highest first; never of juniors' or personal records."""
    books = [
        listed("WRJ", None, 33_600),
        listed("PB", "krol", 33_600),
        listed("SB", "krol", 33_600, set_on=None),
        listed("TR", "salt-lake-city", 33_580),
        listed("NR", "NED", 33_590),
        listed("OR", None, 33_600),
        WORLD,
    ]
    race = skated(KROL, 33_650)
    everything = said(*books, raced(1, race, olympic=True), closed(2, olympic=True))
    assert [each.split(" krol")[0] for each in everything] == [
        "missed WR",
        "missed OR",
        "missed NR/NED",
        "missed TR/salt-lake-city",
    ]
    assert not [each for each in said(*books, raced(1, race), closed(2)) if "OR" in each]


def test_the_record_missed_is_that_of_when_the_race_was_closed() -> None:
    """A record of the race itself is the one to miss; one of the week after is not."""
    race = raced(1, skated(KROL, 33_650), skated(NUIS, 33_600, 2), skated(GAO, 33_690, 4))
    assert said(WORLD, race, closed(2)) == [
        "missed WR krol 33.65 0.05 of 33.60 provisional",
        "missed WR gao 33.69 0.09 of 33.60 provisional",
    ]
    next_week = raced(1, skated(NUIS, 33_570, 10_000), race_id=LATER_RACE)
    assert said(WORLD, race, closed(2), next_week) == [
        "set WR nuis 33.57 0.03 of 33.60 provisional",
        "set PB/nuis nuis 33.57 0.03 of 33.60 provisional",
        "set SB/nuis nuis 33.57 0.03 of 33.60 provisional",
    ]


def test_a_near_miss_is_told_again_when_it_changes() -> None:
    """With the race official, with a corrected time; but not when nothing of it changed."""
    race = raced(1, skated(KROL, 33_650))
    evening = (WORLD, race, closed(2))
    assert said(*evening, closed(3, status="OFFICIAL")) == ["missed WR krol 33.65 0.04 of 33.61 official"]
    assert said(*evening, closed(3, changed=(skated(KROL, 33_661),))) == [
        "missed WR krol 33.66 0.05 of 33.61 provisional"
    ]
    assert said(*evening, closed(3, closed_at=CLOSED_AT + timedelta(minutes=1))) == []
    assert said(*evening, closed(3, changed=(skated(GAO, 40_000),))) == []


def test_a_near_miss_that_vanishes_is_silent() -> None:
    """A disqualification, a better time, or a race that goes on."""
    evening = (WORLD, raced(1, skated(KROL, 33_650)), closed(2))
    assert said(*evening, closed(3, changed=(skated(KROL, None, irm="DQ"),), cause="ruling")) == []
    assert said(*evening, raced(3)) == []
    assert said(*evening, closed(3, changed=(skated(KROL, 33_605),))) == [
        "set WR krol 33.60 0.01 of 33.61 provisional"
    ]


def test_a_record_that_falls_later_changes_what_others_missed() -> None:
    """A ruling in a race of days before makes a near miss of another race's time, and tells it."""
    earlier = raced(1, skated(NUIS, 33_500))
    later = {"race_id": LATER_RACE, "closed_at": CLOSED_AT + timedelta(days=7)}
    race = raced(1, skated(KROL, 33_690, 10_000), race_id=LATER_RACE)
    evening = (WORLD, earlier, race, closed(2, **later))
    assert heard(evening)[1][-1] == ()
    _, messages = heard([*evening, raced(2, skated(NUIS, None, irm="DQ"), cause="ruling")])
    revoked, missed = messages[-1]
    assert revoked.race_id == RACE
    assert isinstance(missed, RecordMissed)
    assert (missed.race_id, missed.margin_ms, missed.version) == (LATER_RACE, 80, 2)


def test_a_record_listed_late_can_have_been_missed() -> None:
    """The books after the race tell near misses too, but not of a record of a day after it."""
    evening = (raced(1, skated(KROL, 33_650)), closed(2))
    assert said(*evening, WORLD) == ["missed WR krol 33.65 0.04 of 33.61 provisional"]
    assert said(*evening, WORLD.model_copy(update={"set_on": date(2022, 1, 1)})) == []


def test_a_race_closed_again_is_measured_against_what_is_in_force_by_then() -> None:
    """A record of another rink between the two closings is the one that was missed."""
    elsewhere = raced(1, skated(NUIS, 33_600, 90), race_id=LATER_RACE, venue_id="calgary")
    evening = (WORLD, raced(1, skated(KROL, 33_690)), closed(2), elsewhere)
    assert said(*evening[:3]) == ["missed WR krol 33.69 0.08 of 33.61 provisional"]
    assert said(*evening, closed(3, closed_at=CLOSED_AT + timedelta(hours=1))) == [
        "missed WR krol 33.69 0.09 of 33.60 provisional"
    ]
