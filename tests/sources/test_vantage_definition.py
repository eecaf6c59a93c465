"""Definitions and start lists: what a race is and who skates in it, as the recording goes on."""

import pytest

from schemas.timing import RaceScheduled, StartListRevised
from tests.sources import tape
from tests.sources.outcome import outcome
from tests.sources.synthetic import AALTO, BRAND, COSTA, DAHL

HEAT = tape.Heat("Ladies 1000 meter", 1, (AALTO, BRAND), gun=100.0)
FINISH = 792_484_000


def _listed(heat: tape.Heat = HEAT) -> list[tape.Line]:
    return [tape.meeting(0.0), tape.distance(1.0), tape.activated(2.0, heat)]


def _opening(heat: tape.Heat, ticks: int = 189_000_000, flags: int = 33) -> tape.Line:
    return tape.measurement(heat, BRAND, ticks, flags=flags)


def test_copy_of_an_older_start_list() -> None:
    """A copy of a heat's first list does not bring back who was replaced."""
    substitute = HEAT._replace(skaters=(COSTA, BRAND))
    lines = [*_listed(), tape.activated(3.0, substitute)]

    assert [entry.competitor.name for entry in outcome(lines).entries("W1000")] == [
        "Carla Costa",
        "Berit Brand",
    ]
    assert outcome([*lines, tape.activated(2.0, HEAT)]).json == outcome(lines).json


def test_substitute_for_somebody_who_was_measured() -> None:
    """Somebody may be replaced even after a false start was measured."""
    substitute = HEAT._replace(skaters=(AALTO, DAHL))
    lines = [
        *_listed(),
        tape.started(100.2, HEAT),
        tape.lap(119.0, HEAT, _opening(HEAT)),
        tape.cleared(125.0, HEAT),
        tape.activated(130.0, substitute),
    ]

    assert [entry.competitor.name for entry in outcome(lines).entries("W1000")] == [
        "Anna Aalto",
        "Doris Dahl",
    ]
    assert outcome(lines).problems == []


def test_copy_of_an_older_definition() -> None:
    """A copy of what a meeting was called before does not rename it again."""
    renamed = tape.meeting(1.0)
    renamed["competition"] = {**renamed["competition"], "name": "Renamed Championships"}
    second = HEAT._replace(number=2, skaters=(COSTA, DAHL))
    lines = [tape.meeting(0.0), renamed, tape.distance(1.5), tape.activated(2.0, HEAT)]
    found = outcome([*lines, tape.meeting(0.0), tape.activated(3.0, second)])

    assert len(found.told("race.scheduled")) == 1


def test_race_keeps_its_id() -> None:
    """A race that was named before the meeting told that there are two of its kind is not named anew."""
    first = {**tape.LADIES_1000, "number": 3}
    meeting = tape.meeting(2.5, [first, {**first, "number": 9, "id": tape.named("second")}])
    second = HEAT._replace(number=2, skaters=(COSTA, DAHL))
    found = outcome(
        [tape.distance(1.0, first), tape.activated(2.0, HEAT), meeting, tape.activated(3.0, second)]
    )

    assert list(found.races) == [f"{tape.MEETING}/W1000/-"]


def test_recording_that_begins_in_mid_race() -> None:
    """Without the activation of the heat its laps wait for the commit, which tells everything."""
    finish = tape.measurement(HEAT, BRAND, FINISH)
    found = outcome(
        [
            tape.distance(150.0),
            tape.lap(179.4, HEAT, finish),
            tape.committed(190.0, HEAT, {BRAND.name: [_opening(HEAT), finish]}),
        ]
    )

    assert found.splits(BRAND.name) == {200: 18_900, 1000: 79_248}
    assert [event.type for event in found.events] == [
        "race.scheduled",
        "pair.started",
        "passing.recorded",
        "passing.recorded",
        "pair.confirmed",
    ]
    scheduled = found.events[0]
    assert isinstance(scheduled, RaceScheduled)
    assert (scheduled.competition.name, scheduled.competition.venue.name) == (tape.MEETING, "VRZ")


def test_meeting_that_is_told_late() -> None:
    """A race that was defined without its meeting is defined again, with its name, and keeps its id."""
    second = HEAT._replace(number=2, skaters=(COSTA, DAHL))
    found = outcome(
        [tape.distance(1.0), tape.activated(2.0, HEAT), tape.meeting(3.0), tape.activated(4.0, second)]
    )
    names = [event.competition.name for event in found.events if isinstance(event, RaceScheduled)]

    assert names == [tape.MEETING, "Invented Championships"]
    assert len(found.races) == 1


def test_skater_who_moves_up() -> None:
    """A skater who is drawn into another heat before the start leaves the first one."""
    third = HEAT._replace(number=3, skaters=(COSTA, DAHL))
    second = HEAT._replace(number=2, skaters=(COSTA,))
    found = outcome([*_listed(), tape.activated(3.0, third), tape.activated(4.0, second)])
    revised = [event for event in found.events if isinstance(event, StartListRevised)][-1]

    assert [(line.pair, line.competitor.name) for line in revised.start_list] == [
        (1, "Anna Aalto"),
        (1, "Berit Brand"),
        (2, "Carla Costa"),
        (3, "Doris Dahl"),
    ]
    assert found.told("reskate.granted") == []


def test_two_distances_of_one_kind_are_two_runs() -> None:
    """A meeting with two 1000 m numbers them, by their order in the meeting."""
    first = {**tape.LADIES_1000, "number": 3}
    second = {**tape.LADIES_1000, "number": 9, "id": tape.named("second")}
    meeting = tape.meeting(0.0, [second, first])
    again = {**tape.activated(4.0, HEAT), "distanceId": tape.named("second")}
    lines = [meeting, tape.distance(1.0, first), tape.activated(2.0, HEAT), tape.distance(3.0, second), again]

    assert [race_id.split("/", 1)[1] for race_id in outcome(lines).races] == ["W1000/-/1", "W1000/-/2"]
    assert [race_id.split("/", 1)[1] for race_id in outcome(lines[1:]).races] == ["W1000/-", "W1000/-/9-1"]


def test_heat_on_a_second_round_is_another_race() -> None:
    """A distance of two rounds is two runs."""
    twice = {**tape.LADIES_1000, "rounds": 2}
    lines = [
        tape.distance(1.0, twice),
        tape.activated(2.0, HEAT),
        tape.activated(3.0, HEAT._replace(round=2)),
    ]

    assert [race_id.split("/", 1)[1] for race_id in outcome(lines).races] == ["W1000/-/1", "W1000/-/2"]


@pytest.mark.parametrize(
    ("discipline", "value", "laps", "name", "gender", "expected"),
    [
        ("PairsDistance.Individual", 500, False, "500 meter Heren", 1, ("M500", 500, "pairs")),
        ("PairsDistance.Individual", 500, False, "500 meter", 0, ("M500", 500, "pairs")),
        ("PairsDistance.TeamSprint", 3, True, "Ladies Team Sprint", 0, ("WTS", 1200, "team_sprint")),
        ("MassStartDistance", 16, True, "Mass Start Women", 1, ("WMS", 6400, "mass_start")),
    ],
)
def test_disciplines(
    discipline: str, value: int, laps: bool, name: str, gender: int, expected: tuple[str, int, str]
) -> None:
    """Gender and distance make the code: the gender of the distance's name, else of its skaters."""
    what = {
        **tape.LADIES_1000,
        "discipline": f"SpeedSkating.LongTrack.{discipline}",
        "value": value,
        "valueQuantity": int(laps),
        "name": name,
    }
    heat = HEAT._replace(skaters=(AALTO._replace(gender=gender),))
    scheduled = outcome([tape.distance(1.0, what), tape.activated(2.0, heat)]).events[0]

    assert isinstance(scheduled, RaceScheduled)
    assert (scheduled.discipline, scheduled.distance_m, scheduled.format) == expected
