"""The synthetic evening: one test for each mess that real evenings were seen to have."""

import pytest

from schemas.timing import PairCleared, PassingRecorded, RaceScheduled, ReskateGranted, ResultRuled
from streams.sources.vantage import foreseen
from tests.sources import tape
from tests.sources.outcome import Outcome, outcome
from tests.sources.synthetic import FILE, evening


@pytest.fixture(scope="module")
def found() -> Outcome:
    """The evening as the file in the repository has it."""
    return outcome(FILE)


def test_file_is_what_the_generator_writes() -> None:
    """The recording in the repository is, byte for byte, what its generator writes."""
    assert FILE.read_text(encoding="utf-8") == tape.text(evening())


def test_race_is_defined_by_meeting_distance_and_first_heat(found: Outcome) -> None:
    """The definition holds what the meeting and the distance tell, and whom the first heat lists."""
    scheduled = found.events[0]

    assert isinstance(scheduled, RaceScheduled)
    assert scheduled.race_id == f"{tape.MEETING}/W1000/-"
    assert scheduled.competition.name == "Invented Championships"
    assert scheduled.competition.season == "2030-31"
    assert (scheduled.competition.venue.id, scheduled.competition.venue.country) == ("VRZ", "NED")
    assert (scheduled.format, scheduled.distance_m) == ("pairs", 1000)
    assert scheduled.scheduled_at is not None
    assert scheduled.scheduled_at.isoformat() == "2031-02-08T13:15:00+00:00"
    assert [line.competitor.name for line in scheduled.start_list] == ["Anna Aalto", "Berit Brand"]


def test_start_list_grows_with_each_heat_before_its_measurements(found: Outcome) -> None:
    """Everybody is listed before anything is said of them; a reskate is granted, not listed again."""
    race = found.races[f"{tape.MEETING}/W1000/-"]

    assert len(found.told("start_list.revised")) == 2
    assert sorted(race.pairs) == [1, 2, 3, 4]


def test_official_result(found: Outcome) -> None:
    """The order at the end: equal hundredths by thousandths, the withdrawn last and without a time."""
    sheet = [(entry.rank, entry.competitor.name, entry.time_ms) for entry in found.entries("W1000")]

    assert sheet == [
        (1, "Ellen Evers", 74_234),
        (2, "Carla Costa", 78_312),
        (3, "Berit Brand", 79_504),
        (4, "Femke Faber", 79_508),
        (5, "Doris Dahl", 80_623),
        (None, "Anna Aalto", None),
    ]


def test_three_sources_of_a_finish_become_three_methods(found: Outcome) -> None:
    """A finish is passed on as transponder, optical and photo finish have it."""
    said = found.passings("Carla Costa", 1000)[:3]

    assert said == [("transponder", 79_311), ("optical", 79_318), ("photo_finish", 79_318)]


def test_photo_finish_after_the_optical_time_counts(found: Outcome) -> None:
    """The photo finish replaces the optical time, which stays shown beside it."""
    entry = found.entry("Doris Dahl")

    assert found.passings("Doris Dahl", 1000) == [("optical", 80_623), ("photo_finish", 80_623)]
    assert (entry.method, entry.unchecked) == ("photo_finish", False)


def test_shown_transponder_goes_before_a_hidden_optical_time(found: Outcome) -> None:
    """Where the operator shows the transponder's time, the optical one is taken back, so that it counts."""
    assert found.passings("Berit Brand", 600) == [("optical", 48_315), ("transponder", 48_321)]
    assert found.splits("Berit Brand")[600] == 48_321


def test_second_optical_pulse_is_no_split(found: Outcome) -> None:
    """Two pulses at one crossing are one split, and the operator's later choice among the sources holds."""
    assert found.splits("Carla Costa") == {200: 18_200, 600: 46_600, 1000: 78_312}
    assert found.passings("Carla Costa", 200)[:3] == [
        ("optical", 18_723),
        ("transponder", 18_721),
        ("optical", 18_723),
    ]
    assert not any(time_ms == 18_753 for _, time_ms in found.passings("Carla Costa", 200))


def test_deleted_lap_is_taken_back(found: Outcome) -> None:
    """A ghost in the lane of a withdrawn skater is passed on while it is shown, and deleted with it."""
    assert found.passings("Anna Aalto", 200) == [("optical", 19_130)]
    assert len(found.told("passing.deleted", "Anna Aalto")) == 1
    assert found.splits("Anna Aalto") == {}


def test_finish_of_zero_never_leads(found: Outcome) -> None:
    """A photo finish of 0.0 s is complained of, with its line, and nothing is said of it."""
    said = found.passings("Ellen Evers", 1000)

    assert [time_ms for _, time_ms in said] == [74_234, 74_234]
    assert [str(problem) for problem in found.problems] == [
        f"{FILE}:49: heat 3, Ellen Evers: time below 1 ms: lap.time 0 by Photofinish, fixedIndex 2"
    ]


def test_photo_finish_read_before_the_wrong_one_was_deleted_holds(found: Outcome) -> None:
    """The right photo finish was read before the operator deleted the wrong one, and counts all the same."""
    assert found.entry("Ellen Evers").method == "photo_finish"


def test_correction_wins_over_what_it_corrects(found: Outcome) -> None:
    """A corrected time has an old `when`, and occurred later nevertheless."""
    said = [
        event for event in found.told("passing.recorded", "Femke Faber") if isinstance(event, PassingRecorded)
    ]
    photo = [event for event in said if event.method == "photo_finish"]

    assert [event.time_ms for event in photo] == [74_230, 79_508]
    assert photo[0].occurred_at < photo[1].occurred_at
    assert found.entry("Femke Faber").time_ms == 79_508


def test_cleared_heat_starts_anew(found: Outcome) -> None:
    """What was measured after a false start is void, and what was measured after the next start counts."""
    cleared = found.told("pair.cleared")
    false_start = found.told("passing.recorded", "Berit Brand")[0]

    assert len(cleared) == 1
    assert isinstance(cleared[0], PairCleared)
    assert false_start.occurred_at < cleared[0].occurred_at
    assert found.splits("Berit Brand") == {200: 19_033, 600: 48_321, 1000: 79_504}


def test_withdrawal_is_ruled_when_the_heat_is_listed(found: Outcome) -> None:
    """A skater who is out beforehand is ruled withdrawn, once."""
    rulings = found.told("result.ruled", "Anna Aalto")

    assert [ruling.irm for ruling in rulings if isinstance(ruling, ResultRuled)] == ["WDR"]


def test_heat_sent_again_after_the_distance_changes_nothing(found: Outcome) -> None:
    """A heat that is activated again once it was committed is not called, nor is anything else repeated."""
    before = [line for line in evening() if line["_time"] < tape.local(2400.0)]
    late = outcome(before)

    assert [event for event in found.events if "W1000" in event.race_id] == late.events


def test_laps_out_of_order_find_their_split(found: Outcome) -> None:
    """A finish that arrives before the opening is a finish."""
    assert found.splits("Doris Dahl")[200] == 18_964
    assert found.splits("Doris Dahl")[1000] == 80_623


def test_split_that_only_the_commit_tells(found: Outcome) -> None:
    """What was lost on the way is taken from the commit."""
    assert found.passings("Doris Dahl", 600) == [("optical", 48_137)]


def test_half_laps_of_the_pursuit(found: Outcome) -> None:
    """A team is measured every half lap, what rolls out after the finish is none."""
    splits = found.splits("Latvia")

    assert list(splits) == list(range(200, 3201, 200))
    assert splits[3200] == 231_142
    assert [entry.competitor.name for entry in found.entries("MTP")] == ["Latvia", "France"]


def test_personal_bests_are_listed_once_and_before_the_race(found: Outcome) -> None:
    """The entries' personal bests are records of the skaters; who has none has none."""
    bests = {listing.holder.name: listing.time_ms for listing in found.listings}

    assert bests == {
        "Anna Aalto": 81_570,
        "Berit Brand": 80_250,
        "Carla Costa": 78_100,
        "Ellen Evers": 74_000,
        "Femke Faber": 75_500,
    }
    assert len(found.listings) == len(bests)
    assert all(listing.kind == "PB" and listing.scope == listing.holder.id for listing in found.listings)


def test_operators_record_flags_are_ignored_and_a_fall_is_not(found: Outcome) -> None:
    """Of the flags in `timeInfo` only the fall and the reskate become marks."""
    rulings = found.told("result.ruled", "Femke Faber")

    assert [(ruling.irm, ruling.marks) for ruling in rulings if isinstance(ruling, ResultRuled)] == [
        (None, ("F",))
    ]
    assert found.told("result.ruled", "Ellen Evers") == []


def test_ticks_are_truncated(found: Outcome) -> None:
    """79.5049999 s is 79.504 s."""
    assert ("photo_finish", 79_504) in found.passings("Berit Brand", 1000)


def test_skater_who_comes_back_after_a_start_has_a_reskate(found: Outcome) -> None:
    """A skater in another heat, after one that was started, skates again, and the better time counts."""
    granted = found.told("reskate.granted")

    assert [(event.pair, event.type) for event in granted if isinstance(event, ReskateGranted)] == [
        (4, "reskate.granted")
    ]
    assert found.entry("Carla Costa").pair == 4
    assert found.entry("Carla Costa").marks == ("RS",)


def test_race_is_never_closed(found: Outcome) -> None:
    """Nothing in a recording tells that a race is over, so nothing says so."""
    assert found.told("race.closed") == []


def test_every_line_is_accounted_for(found: Outcome) -> None:
    """Each event read either led to something or was dropped for one reason."""
    tally = found.tally

    assert tally.read == len(evening())
    assert tally.read == tally.used + sum(tally.dropped.values())
    assert tally.dropped["sent again on a new connection"] == 8
    assert tally.dropped["known already"] == 2
    assert next(tally.lines()).startswith("read 113 events, ")


def test_start_list_that_is_foreseen(found: Outcome) -> None:
    """Looked through beforehand, a recording has its whole start list first, and the same result."""
    ahead = outcome(FILE, foreseen(FILE))
    scheduled = ahead.events[0]

    assert isinstance(scheduled, RaceScheduled)
    assert [(line.pair, line.competitor.name) for line in scheduled.start_list] == [
        (1, "Anna Aalto"),
        (1, "Berit Brand"),
        (2, "Carla Costa"),
        (2, "Doris Dahl"),
        (3, "Ellen Evers"),
        (3, "Femke Faber"),
    ]
    assert ahead.told("start_list.revised") == []
    assert ahead.entries("W1000") == found.entries("W1000")
    assert [event for event in found.events if event.type != "start_list.revised"][1:5] == ahead.events[1:5]
