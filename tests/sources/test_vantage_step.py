"""Step by step: clocks, clearings, corrections, rulings and definitions."""

from dataclasses import replace

import pytest

from schemas.timing import (
    PairCleared,
    PairStarted,
    PassingRecorded,
    ResultRuled,
)
from streams.sources.vantage import State, step, wire
from tests.sources import tape
from tests.sources.outcome import outcome
from tests.sources.synthetic import AALTO, BRAND, COSTA, DAHL

HEAT = tape.Heat("Ladies 1000 meter", 1, (AALTO, BRAND), gun=100.0)
NEXT = HEAT._replace(gun=200.0)
FINISH = 792_484_000


def _listed(heat: tape.Heat = HEAT) -> list[tape.Line]:
    return [tape.meeting(0.0), tape.distance(1.0), tape.activated(2.0, heat)]


def _opening(heat: tape.Heat, ticks: int = 189_000_000, flags: int = 33) -> tape.Line:
    return tape.measurement(heat, BRAND, ticks, flags=flags)


@pytest.mark.parametrize("slow", [-90.0, -0.5, 0.0, 45.0])
def test_clocks_that_disagree(slow: float) -> None:
    """Whether the recorder's clock is behind or ahead, a clearing voids what was before and nothing after."""
    lines = [
        *_listed(),
        tape.started(100.2 + slow, HEAT),
        tape.lap(119.0 + slow, HEAT, _opening(HEAT)),
        tape.cleared(125.0 + slow, HEAT),
        tape.started(140.2 + slow, HEAT._replace(gun=140.0)),
        tape.lap(158.9 + slow, HEAT, _opening(HEAT._replace(gun=140.0), 185_000_000)),
    ]
    found = outcome(lines)

    assert found.splits(BRAND.name) == {200: 18_500}


@pytest.mark.parametrize("slow", [-90.0, 0.0, 45.0])
def test_deleted_and_read_again_on_a_wrong_clock(slow: float) -> None:
    """A photo finish read before the wrong one was deleted counts, on any clock."""
    wrong = tape.measurement(HEAT, BRAND, 700_000_000, "Photofinish", fixed=2, when=190.0)
    right = tape.measurement(HEAT, BRAND, FINISH, "Photofinish", fixed=2, when=195.4)
    lines = [
        *_listed(),
        tape.started(100.2 + slow, HEAT),
        tape.lap(190.1 + slow, HEAT, wrong),
        tape.lap(195.5 + slow, HEAT, {**wrong, "flags": 49}, old=700_000_000),
        tape.lap(195.6 + slow, HEAT, right),
    ]
    found = outcome(lines)

    assert found.entry(BRAND.name).time_ms == 79_248


@pytest.mark.parametrize("slow", [-90.0, 0.0, 45.0])
def test_cleared_on_a_wrong_clock(slow: float) -> None:
    """After a clearing nothing is left, and the next start is later than it."""
    lines = [
        *_listed(),
        tape.started(100.2 + slow, HEAT),
        tape.lap(119.0 + slow, HEAT, _opening(HEAT)),
        tape.cleared(125.0 + slow, HEAT),
    ]
    found = outcome([*lines, tape.started(140.2 + slow, HEAT._replace(gun=140.0))])

    assert outcome(lines).splits(BRAND.name) == {}
    assert found.told("pair.cleared")[0].occurred_at < found.told("pair.started")[-1].occurred_at


@pytest.mark.parametrize("slow", [-90.0, 0.0, 45.0])
def test_correction_and_deletion_on_a_wrong_clock(slow: float) -> None:
    """A correction wins over what it corrects, and a deletion over both, on any clock."""
    finish = tape.measurement(HEAT, BRAND, FINISH)
    better = {**finish, "time": FINISH - 1_000_000}
    lines = [
        *_listed(),
        tape.started(100.2 + slow, HEAT),
        tape.lap(179.4 + slow, HEAT, finish),
        tape.lap(185.0 + slow, HEAT, better, old=FINISH),
    ]
    deleted = tape.lap(186.0 + slow, HEAT, {**better, "flags": 49}, old=FINISH - 1_000_000)

    assert outcome(lines).entry(BRAND.name).time_ms == 79_148
    assert outcome([*lines, deleted]).entry(BRAND.name).time_ms is None


def test_measurement_occurred_when_it_was_made() -> None:
    """What is said first of a split occurred at the moment that the timing system gives."""
    found = outcome([*_listed(), tape.started(100.2, HEAT), tape.lap(124.0, HEAT, _opening(HEAT))])

    assert found.told("passing.recorded")[0].occurred_at.isoformat() == "2031-02-08T13:01:58.900000+00:00"


def test_what_replaces_is_said_before_what_it_replaces_is_deleted() -> None:
    """When the operator shows another source, the split is never without a time."""
    optical = _opening(HEAT, flags=1)
    transponder = tape.measurement(HEAT, BRAND, 189_100_000, "Transponder")
    laps = [tape.lap(119.0, HEAT, optical), tape.lap(119.2, HEAT, transponder)]
    found = outcome([*_listed(), tape.started(100.2, HEAT), *laps])

    assert [event.type for event in found.events[-3:]] == [
        "passing.recorded",
        "passing.recorded",
        "passing.deleted",
    ]


def test_a_track_of_another_length_moves_the_splits_and_deletes_none() -> None:
    """When the operator puts that right, there is no split any more where one was said before."""
    short = {**tape.LADIES_1000, "trackLength": 401}
    lines = [
        tape.meeting(0.0, (short, tape.MEN_PURSUIT)),
        tape.distance(1.0, short),
        tape.activated(2.0, HEAT),
        tape.started(100.2, HEAT),
        tape.lap(119.0, HEAT, _opening(HEAT)),
        tape.distance(130.0),
        tape.activated(131.0, HEAT._replace(number=2, skaters=(COSTA, DAHL))),
        tape.lap(132.0, HEAT, tape.measurement(HEAT, BRAND, 489_000_000)),
    ]
    found = outcome(lines)

    recorded = [event for event in found.events if isinstance(event, PassingRecorded)]
    assert [event.distance_m for event in recorded] == [198, 200, 600]
    assert found.told("passing.deleted") == []
    assert found.splits(BRAND.name) == {200: 18_900, 600: 48_900}


def test_a_track_that_becomes_longer_leaves_fewer_splits_to_be_measured_at() -> None:
    """When somebody is expected where follows from the course of now, also of who was listed before."""
    twice_as_short = {**tape.LADIES_1000, "trackLength": 200}
    lines = [
        tape.meeting(0.0, (twice_as_short, tape.MEN_PURSUIT)),
        tape.distance(1.0, twice_as_short),
        tape.activated(2.0, HEAT),
        tape.started(100.2, HEAT),
        tape.lap(119.0, HEAT, _opening(HEAT)),
        tape.distance(130.0),
        tape.activated(131.0, HEAT._replace(number=2, skaters=(COSTA, DAHL))),
        tape.lap(149.0, HEAT, tape.measurement(HEAT, BRAND, 489_000_000)),
        tape.lap(179.4, HEAT, tape.measurement(HEAT, BRAND, FINISH)),
    ]

    assert outcome(lines).splits(BRAND.name) == {200: 18_900, 600: 48_900, 1000: 79_248}


def test_copy_of_a_change_that_was_undone() -> None:
    """A copy of a deletion that was undone since does not delete again."""
    finish = tape.measurement(HEAT, BRAND, FINISH)
    deletion = tape.lap(185.0, HEAT, {**finish, "flags": 49}, old=FINISH)
    undone = tape.lap(186.0, HEAT, finish, old=FINISH)
    lines = [*_listed(), tape.started(100.2, HEAT), tape.lap(179.4, HEAT, finish), deletion, undone]

    assert outcome(lines).entry(BRAND.name).time_ms == 79_248
    assert outcome([*lines, deletion]).json == outcome(lines).json


def test_heat_that_left_and_came_back_is_called_again() -> None:
    """A heat taken off the screen without a result is called again, and a copy of that changes nothing."""
    left = tape.deactivated(3.0, HEAT)
    lines = [*_listed(), left, tape.activated(4.0, HEAT)]

    assert len(outcome(lines).told("pair.called")) == 2
    assert len(outcome([*lines, left, tape.activated(5.0, HEAT)]).told("pair.called")) == 2


def test_lap_of_before_the_clearing_that_comes_after_it() -> None:
    """A line that was under way when the heat was cleared changes nothing, before a new start or after."""
    late = tape.lap(126.0, HEAT, _opening(HEAT))
    later = tape.lap(210.0, HEAT, _opening(HEAT, 189_100_000))
    lines = [*_listed(), tape.started(100.2, HEAT), tape.cleared(125.0, HEAT), late]
    found = outcome([*lines, tape.started(200.2, NEXT), later])

    assert found.told("passing.recorded") == []
    assert found.tally.dropped["lap of an attempt that was cleared"] == 2


def test_start_over_a_start_is_a_restart() -> None:
    """Where the clearing was missed, a second start voids what was measured since the first."""
    found = outcome(
        [
            *_listed(),
            tape.started(100.2, HEAT),
            tape.lap(119.0, HEAT, _opening(HEAT)),
            tape.started(200.2, NEXT),
        ]
    )

    assert [event.reason for event in found.events if isinstance(event, PairCleared)] == ["restart"]
    assert found.splits(BRAND.name) == {}


def test_photo_finish_entered_late_belongs_to_the_new_start() -> None:
    """After a clearing and a new start, a photo finish is one of the new attempt."""
    photo = tape.measurement(NEXT, BRAND, FINISH, "Photofinish", fixed=2, when=300.0)
    found = outcome(
        [
            *_listed(),
            tape.started(100.2, HEAT),
            tape.cleared(125.0, HEAT),
            tape.started(200.2, NEXT),
            tape.lap(300.1, NEXT, photo),
        ]
    )

    assert found.entry(BRAND.name).time_ms == 79_248


def test_commit_of_a_cleared_attempt_is_old() -> None:
    """A commit that comes again after its attempt was cleared confirms nothing."""
    finish = tape.measurement(HEAT, BRAND, FINISH)
    lines = [
        *_listed(),
        tape.started(100.2, HEAT),
        tape.lap(180.0, HEAT, finish),
        tape.committed(190.0, HEAT, {BRAND.name: [finish]}),
        tape.cleared(195.0, HEAT),
    ]
    found = outcome([*lines, tape.committed(196.0, HEAT, {BRAND.name: [finish]})])

    assert found.json == outcome(lines).json
    assert found.tally.dropped["the commit of an attempt that was cleared"] == 1


def test_finish_that_only_the_result_tells() -> None:
    """A committed time without any measurement of the finish is a finish, and stays one when sent again."""
    opening = _opening(HEAT)
    lines = [*_listed(), tape.started(100.2, HEAT), tape.lap(119.0, HEAT, opening)]
    commit = {BRAND.name: [opening]}
    lines += [tape.committed(190.0 + again, HEAT, commit, official={BRAND.name: FINISH}) for again in (0, 1)]
    found = outcome(lines)

    assert found.passings(BRAND.name, 1000) == [("optical", 79_248)]
    assert found.told("passing.deleted") == []


def test_committed_time_that_was_not_measured() -> None:
    """Where the result and the measurements disagree, it is said; the measurements hold."""
    finish = tape.measurement(HEAT, BRAND, FINISH)
    commit = tape.committed(190.0, HEAT, {BRAND.name: [finish]}, official={BRAND.name: FINISH + 100_000})
    found = outcome([*_listed(), tape.started(100.2, HEAT), commit])

    assert found.entry(BRAND.name).time_ms == 79_248
    assert [problem.reason for problem in found.problems] == [
        "heat 1, Berit Brand: race.time: committed 792584000, measured 792484000"
    ]


def test_ruling_that_is_lifted() -> None:
    """A disqualification is ruled when it is committed and lifted when a later commit has it no more."""
    laps = {BRAND.name: [tape.measurement(HEAT, BRAND, FINISH)]}
    lines = [
        *_listed(),
        tape.started(100.2, HEAT),
        tape.committed(190.0, HEAT, laps, invalid={BRAND.name: 3, AALTO.name: 2}),
        tape.committed(191.0, HEAT, laps, invalid={AALTO.name: 2}),
    ]
    rulings = [
        (event.irm, event.competitor_id) for event in outcome(lines).events if isinstance(event, ResultRuled)
    ]

    assert rulings == [
        ("DNF", tape.named(AALTO.name)),
        ("DQ", tape.named(BRAND.name)),
        (None, tape.named(BRAND.name)),
    ]


@pytest.mark.parametrize(("reason", "irm"), [(1, "DNS"), (2, "DNF"), (3, "DQ"), (4, "WDR"), (0, None)])
def test_reasons_for_an_invalid_time(reason: int, irm: str | None) -> None:
    """Each reason has its mark; 0 is none."""
    found = outcome([*_listed(), tape.committed(190.0, HEAT, {}, invalid={AALTO.name: reason})])

    assert found.entry(AALTO.name).irm == irm
    assert found.problems == []


def test_reason_that_is_unknown() -> None:
    """A reason that nobody knows is complained of, and the result left alone."""
    found = outcome([*_listed(), tape.committed(190.0, HEAT, {}, invalid={AALTO.name: 9})])

    assert found.entry(AALTO.name).irm is None
    assert found.problems[0].reason == "heat 1, Anna Aalto: timeInvalidReason: 9"


def test_start_that_is_told_twice_is_one() -> None:
    """A start that is sent again on a new connection is the same start."""
    lines = [*_listed(), tape.started(100.2, HEAT)]
    again = [*lines, tape.activated(300.0, HEAT), tape.started(300.1, HEAT)]

    assert [event for event in outcome(again).events if isinstance(event, PairStarted)]
    assert outcome(again).json == outcome(lines).json


def test_change_of_a_lap_without_a_moment() -> None:
    """A time entered by hand without `when` is known by its old time when it is changed."""
    entered = {**tape.measurement(HEAT, BRAND, FINISH, "Manual", fixed=2), "when": None}
    changed = {**entered, "time": FINISH - 10_000_000}
    lines = [
        *_listed(),
        tape.started(100.2, HEAT),
        tape.lap(190.0, HEAT, entered),
        tape.lap(200.0, HEAT, changed, old=FINISH),
    ]
    found = outcome(lines)
    said = [event for event in found.events if isinstance(event, PassingRecorded)]

    assert [(event.time_ms, event.method) for event in said] == [(79_248, "manual"), (78_248, "manual")]
    assert found.entry(BRAND.name).time_ms == 78_248


def test_event_that_makes_no_sense_leaves_the_state_alone() -> None:
    """What cannot be converted is complained of and changes nothing."""
    event = wire.read(tape.text([tape.activated(2.0, HEAT)]))
    assert not isinstance(event, str)

    done = step(State(), event)

    assert done.state == State()
    assert done.events == ()
    assert len(done.problems) == 1


def test_event_of_no_known_model_is_our_mistake() -> None:
    """A model without a step is an error of ours and is not hidden."""
    event = wire.Event.model_validate(tape.meeting(0.0))

    with pytest.raises(TypeError, match="no step for CompetitionActivatedEvent"):
        step(replace(State()), event)


def test_reskate_stays_when_the_first_heat_is_committed_again() -> None:
    """A correction of the heat that was skated takes nobody out of the one that is skated again."""
    again = HEAT._replace(number=5, gun=900.0)
    finish = tape.measurement(HEAT, BRAND, FINISH)
    better = tape.measurement(again, BRAND, FINISH - 10_000_000)
    found = outcome(
        [
            *_listed(),
            tape.started(100.2, HEAT),
            tape.lap(180.0, HEAT, finish),
            tape.activated(800.0, again),
            tape.committed(850.0, HEAT, {BRAND.name: [finish]}),
            tape.started(900.2, again),
            tape.lap(980.0, again, better),
        ]
    )

    assert found.problems == []
    assert found.entry(BRAND.name).pair == 5
