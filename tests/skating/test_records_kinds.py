"""Which kinds of record a time can be: scopes, formats, juniors, seasons and openings."""

from datetime import date
from typing import Any

import pytest

from schemas.race import Competitor, Member
from schemas.reference import RECORD_KINDS, RecordKind
from streams.skating.boards import splits_in_force_for
from streams.skating.season import is_junior, season_start
from tests.skating.records_evening import (
    GAO,
    KROL,
    LATER_RACE,
    RACE,
    heard,
    listed,
    raced,
    said,
    skated,
)

JUNIOR = Competitor(id="stolz", name="Jordan Stolz", country="USA", birth_date=date(2004, 5, 21))


def scope_of(kind: RecordKind, competitor: Competitor) -> str | None:
    """Give the scope of a kind for a competitor in Salt Lake City."""
    scopes = {"N": competitor.country, "T": "salt-lake-city", "P": competitor.id, "S": competitor.id}
    return scopes.get(kind[0])


def kinds_told(competitor: Competitor, time_ms: int = 35_000, **race: Any) -> list[str]:
    """Give the kinds of record that a time sets where everything is listed, in the order told."""
    books = [
        listed(kind, scope_of(kind, competitor), 36_000, set_on=None)
        for kind in RECORD_KINDS
        if kind != "OPENING"
    ]
    _, messages = heard([*books, raced(1, skated(competitor, time_ms), **race)])
    return [message.kind for message in messages[-1]]


def test_a_junior_sets_everything_but_the_olympic_record() -> None:
    """Every kind is told, the highest first; OR is for Olympic races."""
    assert kinds_told(JUNIOR) == ["WR", "WRJ", "NR", "NRJ", "TR", "TRJ", "PB", "SB"]
    assert kinds_told(JUNIOR, olympic=True) == ["WR", "OR", "WRJ", "NR", "NRJ", "TR", "TRJ", "PB", "SB"]


def test_who_has_no_birth_date_is_no_junior() -> None:
    """Without a birth date the juniors' records are passed over."""
    unknown = JUNIOR.model_copy(update={"birth_date": None})
    assert kinds_told(unknown) == ["WR", "NR", "TR", "PB", "SB"]


@pytest.mark.parametrize(
    ("born_on", "junior"),
    [(date(2001, 6, 30), False), (date(2001, 7, 1), True), (date(1990, 1, 1), False), (None, False)],
)
def test_a_junior_is_under_20_on_the_30_june_before_the_season(born_on: date | None, *, junior: bool) -> None:
    """Who turns 20 on that 30 June is a senior for the whole season, who turns 20 a day later is not."""
    assert is_junior(born_on, date(2021, 12, 4)) is junior
    assert is_junior(born_on, date(2022, 6, 30)) is junior


def test_a_season_begins_on_1_july() -> None:
    """30 June belongs to the season that began the year before."""
    assert season_start(date(2021, 6, 30)) == 2020
    assert season_start(date(2021, 7, 1)) == 2021
    assert season_start(date(2022, 3, 1)) == 2021


def test_a_team_has_no_personal_and_no_juniors_records() -> None:
    """A team pursuit sets WR, NR and TR; a birth date on a team means nothing."""
    team = JUNIOR.model_copy(update={"id": "usa", "members": (Member(id="stolz", name="Jordan Stolz"),)})
    assert kinds_told(team, format="team_pursuit") == ["WR", "NR", "TR"]
    assert kinds_told(team, format="team_sprint") == ["WR", "NR", "TR"]


def test_a_mass_start_has_no_records() -> None:
    """Whatever the time of a mass start, nothing is told."""
    assert kinds_told(JUNIOR, format="mass_start") == []


def test_a_quartet_counts_like_pairs() -> None:
    """Records are individual in quartets too."""
    assert kinds_told(KROL, format="quartets") == ["WR", "NR", "TR", "PB", "SB"]


@pytest.mark.parametrize("kind", [kind for kind in RECORD_KINDS if kind not in {"PB", "SB"}])
def test_what_is_not_listed_is_unknown(kind: RecordKind) -> None:
    """Without a listing a time sets nothing, and the next one neither."""
    books = [
        listed(each, scope_of(each, JUNIOR), 36_000, set_on=None)
        for each in RECORD_KINDS
        if each not in {kind, "PB", "SB"}
    ]
    race = {"olympic": True}
    first = raced(1, skated(JUNIOR, 35_000, splits={100: 10_000}), **race)
    second = raced(2, skated(GAO, 34_000, 2, splits={100: 9_500}), **race)
    _, messages = heard([*books, first, second], openings=True)
    assert kind not in {message.kind for told in messages for message in told}


def test_the_first_time_of_a_skater_is_listed_silently() -> None:
    """PB and SB are told from the second time on, each against the first."""
    first = raced(1, skated(KROL, 35_000))
    second = raced(1, skated(KROL, 34_900, 5_000), race_id=LATER_RACE)
    assert said(first) == []
    assert said(first, second) == [
        "set PB/krol krol 34.90 0.10 of 35.00 provisional",
        "set SB/krol krol 34.90 0.10 of 35.00 provisional",
    ]


def test_a_new_season_begins_a_new_list() -> None:
    """A slower time than last season's is nothing at first, and the base of this season's best."""
    next_year = {"race_id": "2022-wc1/M500/A", "season": "2022-23", "skated_on": date(2022, 11, 12)}
    last = raced(1, skated(KROL, 34_000))
    first = raced(1, skated(KROL, 35_000, 500_000), **next_year)
    better = raced(1, skated(KROL, 34_500, 500_500), **{**next_year, "race_id": "2022-wc2/M500/A"})
    assert said(last, first) == []
    assert said(last, first, better) == ["set SB/krol krol 34.50 0.50 of 35.00 provisional"]


def test_a_listed_seasons_best_counts_for_the_season_of_its_day() -> None:
    """One of the season before is no rival; one without any day is a rival in every season."""
    old = listed("SB", "krol", 34_000, KROL, set_on=date(2021, 2, 1))
    this = listed("SB", "krol", 34_900, KROL, set_on=date(2021, 11, 1))
    seen = listed("SB", "krol", 34_900, KROL, set_on=None, occurred_at=None)
    race = raced(1, skated(KROL, 34_800))
    assert said(old, race) == []
    assert said(old, this, race) == ["set SB/krol krol 34.80 0.10 of 34.90 provisional"]
    assert said(seen, race) == ["set SB/krol krol 34.80 0.10 of 34.90 provisional"]
    assert said(race, this) == ["set SB/krol krol 34.80 0.10 of 34.90 provisional"]


def test_a_race_that_moves_to_another_venue_takes_its_track_record_along() -> None:
    """A corrected definition revokes the record of the wrong rink and sets that of the right one."""
    books = (listed("TR", "salt-lake-city", 34_000), listed("TR", "calgary", 33_900))
    moved = raced(2, venue_id="calgary", cause="correction")
    assert said(*books, raced(1, skated(KROL, 33_800)), moved) == [
        "revoked TR/salt-lake-city krol 33.80 now 34.00 correction",
        "set TR/calgary krol 33.80 0.10 of 33.90 provisional",
    ]


def test_openings_are_told_when_asked_for() -> None:
    """The first split of a 500 m that was finished is an opening; off, it is silent."""
    books = listed("OPENING", None, 9_400)
    race = raced(1, skated(KROL, 34_500, splits={100: 9_390, 500: 34_500}))
    assert said(books, race, openings=True) == ["set OPENING krol 9.39 0.01 of 9.40 provisional"]
    assert said(books, race) == []


def test_only_a_500_has_an_opening() -> None:
    """The first split of other distances and of unfinished races is none."""
    books = listed("OPENING", None, 9_400)
    unfinished = raced(1, skated(KROL, None, splits={100: 9_390}))
    assert said(books, unfinished, openings=True) == []
    longer = raced(1, skated(KROL, 68_000, splits={100: 9_390}), distance_m=1000)
    assert said(books, longer, openings=True) == []


def test_the_records_a_skater_can_break_are_given_together() -> None:
    """For the pace of a skater: every kind in force that applies, and no others."""
    books = [listed("WR", None, 33_610), listed("OR", None, 34_000), listed("NR", "CHN", 34_000, GAO)]
    boards, _ = heard([*books, listed("NR", "NED", 34_260), raced(1, skated(KROL, None))])
    found = splits_in_force_for(boards, boards.races[RACE], KROL)
    assert found == {"WR": {500: 33_610}, "NR": {500: 34_260}}
