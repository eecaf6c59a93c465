"""What is told of a skater at a split: against the leader, the opponent and the records."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.model import Irm, Lane
from schemas.pace import Pace
from schemas.performances import Passed, Performance, RacePerformances
from schemas.race import Competitor, RaceFormat
from schemas.reference import RecordKind
from streams.skating.course import splits
from streams.skating.pace import pace_at

Records = Mapping[RecordKind, Mapping[int, int]]

KROL = {200: 16_210, 600: 41_018, 1000: 67_929}
LORENTZEN = {200: 16_350, 600: 41_400, 1000: 68_480}


def race(
    race_format: RaceFormat = "pairs", discipline: str = "M1000", metres: int = 1000
) -> RacePerformances:
    """Give a race in which nothing else happened."""
    return RacePerformances(
        race_id=f"meeting/{discipline}/-",
        version=7,
        place=1,
        as_of=datetime(2022, 2, 18, 9, 0, tzinfo=UTC),
        discipline=discipline,
        distance_m=metres,
        format=race_format,
        course=splits(race_format, metres),
        season="2021-22",
        olympic=True,
        venue_id="oval",
        skated_on=date(2022, 2, 18),
        status="LIVE",
        closed_at=None,
        cause="finish",
        changed=(),
        gone=(),
        passed=(),
    )


def performance(
    name: str,
    times: Mapping[int, int],
    *,
    pair: int = 1,
    lane: Lane | None = "inner",
    irm: Irm | None = None,
    full: int = 1000,
) -> Performance:
    """Give what a skater has to show, the finish at 1000 m unless told."""
    return Performance(
        competitor=Competitor(id=name, name=name.title(), country="NED"),
        pair=pair,
        lane=lane,
        splits=dict(times),
        time_ms=times.get(full),
        finished_at=None,
        irm=irm,
    )


def pace(
    own: Mapping[int, int],
    *others: Performance,
    records: Records | None = None,
    lane: Lane | None = "inner",
    of: RacePerformances | None = None,
) -> Pace:
    """Tell the pace of `otterspeer`, in pair 9, at the last of his splits."""
    mine = performance("otterspeer", own, pair=9, lane=lane)
    known = {one.competitor.id: one for one in (mine, *others)}
    passed = Passed(competitor_id="otterspeer", pair=9, lane=lane, distance_m=max(own), splits=dict(own))
    return pace_at(passed, of or race(), known, records or {})


def test_it_says_whose_pace_it_is_and_when() -> None:
    """Race, version and moment are those of the event; competitor, pair and split those that passed."""
    told = pace({200: 16_400})
    assert (told.race_id, told.version, told.as_of) == ("meeting/M1000/-", 7, race().as_of)
    assert (told.competitor.name, told.pair, told.distance_m, told.time_ms) == ("Otterspeer", 9, 200, 16_400)


def test_the_rank_at_a_split_counts_everybody_measured_there() -> None:
    """The rank is on thousandths, over finishers and skaters still under way, and equal times share it."""
    krol = performance("krol", KROL)
    under_way = performance("dubreuil", {200: 16_211}, pair=9, lane="outer")
    assert pace({200: 16_212}, krol, under_way).rank_at_split == 3
    assert pace({200: 16_211}, krol, under_way).rank_at_split == 2
    assert pace({600: 41_500}, krol, under_way).rank_at_split == 2


def test_who_has_an_irm_has_no_rank_at_a_split() -> None:
    """A disqualified skater's faster split does not count for the rank of others."""
    assert pace({200: 16_400}, performance("krol", KROL, irm="DQ")).rank_at_split == 1


def test_a_reskate_does_not_compete_with_the_first_attempt() -> None:
    """The skater's own faster attempt neither ranks before this one, nor leads, nor is projected from."""
    first = performance("otterspeer", KROL, pair=2)
    passed = Passed(competitor_id="otterspeer", pair=9, lane="inner", distance_m=200, splits={200: 16_900})
    told = pace_at(passed, race(), {"otterspeer": first}, {})
    assert (told.rank_at_split, told.behind_leader_ms, told.basis) == (1, None, "laps")


def test_the_gap_to_the_leader_is_one_of_shown_times() -> None:
    """Behind is positive, ahead negative, and both are differences of what the screen shows."""
    krol = performance("krol", KROL)
    assert pace({600: 41_120}, krol).behind_leader_ms == 110
    assert pace({600: 41_009}, krol).behind_leader_ms == -10


def test_the_leader_is_the_best_other_finisher() -> None:
    """A faster split of somebody slower at the end does not count, nor does a finisher with an irm."""
    krol = performance("krol", KROL)
    fast_starter = performance("lorentzen", {**LORENTZEN, 200: 16_000})
    disqualified = performance("verbij", {200: 16_000, 600: 40_000, 1000: 66_000}, irm="DQ")
    assert pace({200: 16_310}, fast_starter, disqualified, krol).behind_leader_ms == 100


def test_of_two_leaders_with_one_time_the_first_on_the_sheet_is_meant() -> None:
    """Equal finishes are told apart by pair, then by lane."""
    outer = performance("krol", KROL, pair=4, lane="outer")
    inner = performance("nuis", {**KROL, 200: 16_110}, pair=4, lane="inner")
    later = performance("dubreuil", {**KROL, 200: 16_510}, pair=5, lane="inner")
    assert pace({200: 16_210}, later, outer, inner).behind_leader_ms == 100


def test_there_is_no_gap_without_a_leader_or_his_split() -> None:
    """Nobody else finished, or the leader was not measured here: null."""
    assert pace({200: 16_400}, performance("krol", {200: 16_210})).behind_leader_ms is None
    assert pace({200: 16_400}, performance("krol", {600: 41_018, 1000: 67_929})).behind_leader_ms is None


def test_at_the_finish_the_gap_is_that_of_the_finishes() -> None:
    """A new leader is ahead of the one who led; the projection is the time itself."""
    told = pace(KROL, performance("lorentzen", LORENTZEN), lane="outer")
    assert (told.behind_leader_ms, told.projected_ms, told.basis) == (-560, 67_929, "finish")


def test_records_are_told_where_their_split_is_known() -> None:
    """Ahead of a record is positive; a record without this split says nothing."""
    records: Records = {
        "PB": {600: 41_500, 1000: 68_000},
        "OPENING": {200: 16_000},
        "WR": {200: 16_160, 600: 39_990, 1000: 65_690},
    }
    told = pace({200: 16_100}, records=records)
    assert told.ahead_of_ms == {"WR": 60, "OPENING": -100}
    assert list(told.ahead_of_ms) == ["WR", "OPENING"]
    assert pace({600: 41_019}, records=records).ahead_of_ms == {"WR": -1020, "PB": 490}


@pytest.mark.parametrize(("own", "other"), [("inner", "outer"), ("outer", "inner"), ("inner2", "outer2")])
def test_the_opponent_has_the_other_lane_of_the_couple(own: Lane, other: Lane) -> None:
    """Behind the opponent is positive; the couple that started half a lap away does not matter."""
    opponent = performance("dubreuil", {200: 16_300}, pair=9, lane=other)
    elsewhere = performance("krol", {200: 16_000}, pair=9, lane="outer2" if own == "inner" else "outer")
    strangers = [] if elsewhere.lane == other else [elsewhere]
    assert pace({200: 16_409}, opponent, *strangers, lane=own).opponent_ms == 100


def test_there_is_no_gap_to_an_opponent_who_has_not_passed() -> None:
    """An opponent who is still coming, or a lane that nobody has, gives null."""
    coming = performance("dubreuil", {200: 16_300}, pair=9, lane="outer")
    assert pace({200: 16_400, 600: 41_000}, coming).opponent_ms is None
    assert pace({200: 16_400}).opponent_ms is None
    assert pace({200: 16_400}, coming, lane=None).opponent_ms is None


def test_of_two_who_had_the_other_lane_the_one_without_an_irm_is_meant() -> None:
    """Who was measured and withdrew before a restart keeps the lane; whoever skates there now is meant."""
    withdrawn = performance("anema", {200: 16_000}, pair=9, lane="outer", irm="WDR")
    skates = performance("dubreuil", {200: 16_300}, pair=9, lane="outer")
    assert pace({200: 16_400}, withdrawn, skates).opponent_ms == 100
    assert pace({200: 16_400}, withdrawn).opponent_ms == 400


def test_laps_are_differences_of_shown_times() -> None:
    """The opening is the first lap; a lap whose beginning was not measured is null."""
    assert pace({200: 16_409}).lap_ms == 16_400
    assert pace({200: 16_409, 600: 41_411}).lap_ms == 25_010
    assert pace({600: 41_411}).lap_ms is None


def test_a_mass_start_is_not_one_of_times() -> None:
    """Leader, opponent and projection are null; the rank at a split is told."""
    mass = race("mass_start", "MMS", 6400)
    bergsma = performance("bergsma", {400: 34_000, 6400: 470_000}, full=6400)
    told = pace({400: 33_000}, bergsma, of=mass, records={"TR": {400: 33_000, 6400: 460_000}})
    assert (told.behind_leader_ms, told.opponent_ms, told.projected_ms, told.basis) == (None,) * 4
    assert told.rank_at_split == 1


def test_a_team_is_measured_against_the_team_in_the_lead() -> None:
    """In a pursuit every half lap is a split, and the other home straight is the opponent."""
    pursuit = race("team_pursuit", "MTP", 3200)
    canada = performance("can", {200: 17_500, 3200: 221_000}, pair=1, full=3200)
    norway = performance("nor", {200: 17_950}, pair=9, lane="outer", full=3200)
    told = pace({200: 18_000}, canada, norway, of=pursuit)
    assert (told.behind_leader_ms, told.opponent_ms, told.lap_ms) == (500, 50, 18_000)


def test_the_basis_is_the_best_that_is_known() -> None:
    """Finishers of the race go before records, records before the own laps."""
    krol, lorentzen = performance("krol", KROL), performance("lorentzen", LORENTZEN)
    records: Records = {"WR": {200: 16_160, 600: 39_990, 1000: 65_690}}
    own = {200: 16_210}
    assert pace(own, krol, lorentzen, records=records).basis == "field"
    assert pace(own, krol, records=records).basis == "leader"
    assert pace(own, performance("krol", {1000: 67_929}), records=records).basis == "record"
    assert pace(own, records={"WR": {600: 39_990, 1000: 65_690}}).basis == "laps"


def test_the_record_of_the_own_level_is_projected_from() -> None:
    """An own best goes before others' records, and the slower before the faster."""
    pb, sb = {200: 16_400, 1000: 69_000}, {200: 16_400, 1000: 69_900}
    wr, nr = {200: 16_400, 1000: 65_690}, {200: 16_400, 1000: 66_000}
    own = {200: 16_400}
    assert pace(own, records={"WR": wr, "NR": nr, "PB": pb, "SB": sb}).projected_ms == 69_900
    assert pace(own, records={"WR": wr, "NR": nr, "PB": pb}).projected_ms == 69_000
    assert pace(own, records={"WR": wr, "NR": nr}).projected_ms == 66_000


def test_a_gap_to_an_own_best_is_mostly_chance() -> None:
    """After 1 % lost in the opening a skater falls short of his own best by less than of a record."""
    best = {200: 16_400, 1000: 68_400}
    behind_own = pace({200: 16_564}, records={"PB": best}).projected_ms
    behind_record = pace({200: 16_564}, records={"WR": best}).projected_ms
    assert (behind_own, behind_record) == (68_400 + 164 + 173, 68_400 + 164 + 520)


def test_only_the_best_finishers_are_projected_from() -> None:
    """The first pairs, mostly the slower ones, stop mattering once three better have finished."""
    best = [performance(name, KROL, pair=pair) for pair, name in enumerate(("krol", "nuis", "dubreuil"), 4)]
    slow = [performance(f"slow-{n}", {200: 16_210, 600: 42_000, 1000: 75_000}, pair=n) for n in range(1, 4)]
    assert pace({200: 16_210}, *slow, *best).projected_ms == 67_929


ordered = st.lists(st.integers(1, 120_000), min_size=3, max_size=3, unique=True).map(
    lambda three: dict(zip((200, 600, 1000), sorted(three), strict=True))
)
fields = st.lists(ordered, max_size=5).map(
    lambda found: [performance(f"skater-{n}", times, pair=n + 1) for n, times in enumerate(found)]
)
split = st.sampled_from((200, 600))


@given(ordered, split)
def test_who_skates_like_the_only_finisher_is_expected_to_tie(times: dict[int, int], at_m: int) -> None:
    """Identical splits are projected to exactly that finish, wherever it is possible at all."""
    own = {line: time_ms for line, time_ms in times.items() if line <= at_m}
    told = pace(own, performance("krol", times))
    assert told.projected_ms == max(times[1000], own[at_m] + (1000 - at_m) * 50)
    assert told.behind_leader_ms == 0


@given(ordered, fields, st.lists(ordered, max_size=1), split)
def test_no_projection_is_impossible(
    times: dict[int, int], others: list[Performance], record: list[dict[int, int]], at_m: int
) -> None:
    """Nobody is expected before the remaining metres could be skated at 20 m/s."""
    own = {line: time_ms for line, time_ms in times.items() if line <= at_m}
    told = pace(own, *others, records={"TR": record[0]} if record else {})
    assert told.projected_ms is not None
    assert told.projected_ms >= own[at_m] + (1000 - at_m) * 50


@given(ordered, fields, st.integers(0, 30_000), split)
def test_faster_at_a_split_is_never_projected_slower(
    times: dict[int, int], others: list[Performance], gain_ms: int, at_m: int
) -> None:
    """With all else equal, a better time at this split gives a better projection, or the same one."""
    own = {line: time_ms for line, time_ms in times.items() if line <= at_m}
    faster = {**own, at_m: max(own[at_m] - gain_ms, 1)}
    now, then = pace(faster, *others).projected_ms, pace(own, *others).projected_ms
    assert now is not None
    assert then is not None
    assert now <= then


@given(ordered, fields, split)
def test_the_order_in_which_performances_are_known_does_not_matter(
    times: dict[int, int], others: list[Performance], at_m: int
) -> None:
    """The same performances in any order, told twice, give the same pace."""
    own = {line: time_ms for line, time_ms in times.items() if line <= at_m}
    assert pace(own, *others) == pace(own, *reversed(others)) == pace(own, *others, *others)


@given(ordered, ordered, split)
def test_a_finisher_twice_weighs_no_more_than_once(
    times: dict[int, int], leader: dict[int, int], at_m: int
) -> None:
    """A second finisher with the very splits of the first changes nothing of the projection."""
    own = {line: time_ms for line, time_ms in times.items() if line <= at_m}
    alone = pace(own, performance("krol", leader))
    twins = pace(own, performance("krol", leader), performance("nuis", leader, pair=2))
    assert alone.projected_ms == twins.projected_ms
