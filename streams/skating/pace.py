"""How a skater does at a split: against the leader, the opponent, the records, and towards the finish."""

from collections.abc import Mapping, Sequence

from schemas.model import LANES, Lane
from schemas.pace import Basis, Pace
from schemas.performances import Passed, Performance, RacePerformances
from schemas.reference import RECORD_KINDS, RecordKind
from streams.skating import projection
from streams.skating.times import difference

_OPPOSITE: Mapping[Lane | None, Lane] = {
    "inner": "outer",
    "outer": "inner",
    "inner2": "outer2",
    "outer2": "inner2",
}

_BEST = 3
"""How many finishers a projection looks at: the best, since who skates later is mostly better."""

_OWN: tuple[RecordKind, ...] = ("PB", "SB")


def pace_at(
    passed: Passed,
    race: RacePerformances,
    performances: Mapping[str, Performance],
    records: Mapping[RecordKind, Mapping[int, int]],
) -> Pace:
    """Say how a skater does at the split that was just passed; all times in milliseconds.

    The rank is on thousandths, gaps and laps are differences of the shown hundredths (RULES: times and
    ties). The leader is the fastest *other* finisher, so at the finish the winner is ahead of the second. A
    competitor's own other attempt counts neither for the rank nor for the projection. In a mass start, whose
    order is not one of times, leader, opponent and projection are null.

    The projection is the measured time at the finish; before it, how the finishers of this race went on from
    here, else how a record did, else what the own laps promise. It is never a finish that would take more
    than 20 m/s from here on. Its mean error on the fixtures, where somebody had finished, was 0.2 s after the
    opening of a 500 m, 0.5 s after that of a 1000 or 1500 m, and 0.2 to 0.4 s before the last lap of those;
    `streams.skating.projection` has the table by distance and split, and what simpler rules would do.

    Args:
        passed: the split, with all splits of this attempt.
        race: the race's course, distance and format, and the version the pace belongs to.
        performances: everybody's present performance by competitor id, this event's changes included.
        records: cumulative times by metres, of every kind that applies to this skater and is in force with
            known splits.

    Raises:
        KeyError: where `passed.competitor_id` has no performance or `passed.splits` lack `distance_m`.
    """
    at_m, time_ms = passed.distance_m, passed.splits[passed.distance_m]
    others = [one for key, one in performances.items() if key != passed.competitor_id]
    finishers = _finishers(others)
    projected_ms, basis = _projected(passed, race, finishers, records)
    return Pace(
        race_id=race.race_id,
        version=race.version,
        as_of=race.as_of,
        competitor=performances[passed.competitor_id].competitor,
        pair=passed.pair,
        distance_m=at_m,
        time_ms=time_ms,
        lap_ms=_lap(passed, race.course),
        rank_at_split=1 + sum(one.irm is None and one.splits.get(at_m, time_ms) < time_ms for one in others),
        behind_leader_ms=_behind_leader(passed, race, finishers),
        ahead_of_ms={
            kind: difference(records[kind][at_m], time_ms)
            for kind in RECORD_KINDS
            if at_m in records.get(kind, {})
        },
        projected_ms=projected_ms,
        basis=basis,
        opponent_ms=_behind_opponent(passed, race, others),
    )


def _before(passed: Passed, course: Sequence[int]) -> int | None:
    """Give the split of the course before the one that was passed; None at the first."""
    return max((distance_m for distance_m in course if distance_m < passed.distance_m), default=None)


def _lap(passed: Passed, course: Sequence[int]) -> int | None:
    time_ms, before_m = passed.splits[passed.distance_m], _before(passed, course)
    if before_m is None:
        return difference(time_ms, 0)
    return difference(time_ms, passed.splits[before_m]) if before_m in passed.splits else None


def _finishers(others: Sequence[Performance]) -> list[Performance]:
    """List who has a finish and no irm, the fastest first; equal ones by pair, then by lane."""
    return sorted(
        (one for one in others if one.irm is None and one.time_ms is not None),
        key=lambda one: (one.time_ms or 0, one.pair, _place(one.lane), one.competitor.id),
    )


def _place(lane: Lane | None) -> int:
    return len(LANES) if lane is None else LANES.index(lane)


def _behind_leader(passed: Passed, race: RacePerformances, finishers: Sequence[Performance]) -> int | None:
    if race.format == "mass_start" or not finishers:
        return None
    leader_ms = finishers[0].splits.get(passed.distance_m)
    return None if leader_ms is None else difference(passed.splits[passed.distance_m], leader_ms)


def _behind_opponent(passed: Passed, race: RacePerformances, others: Sequence[Performance]) -> int | None:
    lane = _OPPOSITE.get(passed.lane)
    if race.format == "mass_start" or lane is None:
        return None
    # Who withdrew keeps the pair and lane of the last list, which somebody else may have taken over.
    there = [
        (one.irm is not None, one.competitor.id, one.splits[passed.distance_m])
        for one in others
        if (one.pair, one.lane) == (passed.pair, lane) and passed.distance_m in one.splits
    ]
    return difference(passed.splits[passed.distance_m], min(there)[2]) if there else None


def _projected(
    passed: Passed,
    race: RacePerformances,
    finishers: Sequence[Performance],
    records: Mapping[RecordKind, Mapping[int, int]],
) -> tuple[int, Basis] | tuple[None, None]:
    at_m, finish_m, time_ms = passed.distance_m, race.distance_m, passed.splits[passed.distance_m]
    if race.format == "mass_start":
        return None, None
    if at_m >= finish_m:
        return time_ms, "finish"
    before_m = _before(passed, race.course)
    finish_ms, basis = _expected(passed, before_m, finish_m, finishers, records)
    return max(finish_ms, projection.earliest(time_ms, at_m, finish_m)), basis


def _expected(
    passed: Passed,
    before_m: int | None,
    finish_m: int,
    finishers: Sequence[Performance],
    records: Mapping[RecordKind, Mapping[int, int]],
) -> tuple[int, Basis]:
    own, at_m = passed.splits, passed.distance_m
    known = [
        {**one.splits, finish_m: one.time_ms}
        for one in finishers
        if one.time_ms is not None and at_m in one.splits
    ]
    if known:
        basis: Basis = "leader" if len(finishers) == 1 else "field"
        return projection.as_others(own, at_m, before_m, finish_m, known[:_BEST]), basis
    record = _nearest_record(at_m, finish_m, records)
    if record is None:
        return projection.as_own_laps(own, at_m, before_m, finish_m), "laps"
    belief = projection.AMONG_PEERS if record in _OWN else projection.TO_A_RECORD
    return projection.as_others(own, at_m, before_m, finish_m, [records[record]], belief), "record"


def _nearest_record(
    at_m: int, finish_m: int, records: Mapping[RecordKind, Mapping[int, int]]
) -> RecordKind | None:
    """Choose the record that is nearest to the skater's level: an own best, else one of the others.

    The slowest, since nearly everybody is slower than any record that applies to him, and in most races than
    his own best too.
    """
    whole = [
        (kind in _OWN, splits[finish_m], kind)
        for kind, splits in records.items()
        if at_m in splits and finish_m in splits
    ]
    return max(whole)[2] if whole else None
