"""Lines as a recorder of Vantage writes them, with invented people, for recordings of our own making.

Every moment is given in seconds since the recording began: `at` when the recorder gets a line, `gun` a start.
A time on the ice is given in ticks of 10⁻⁷ s, as Vantage has it.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

Line = dict[str, Any]

SECOND = 10_000_000
"""Ticks in a second."""

_BEGAN = datetime(2031, 2, 8, 13, 0, tzinfo=UTC)
_LOCAL = timezone(timedelta(hours=1))
_APPLIANCES = {
    "Transponder": ("MYLAPS X2", "Main"),
    "Optical": ("MYLAPS X2", "Main"),
    "Photofinish": ("MYLAPS Orbits", "Finish"),
    "Manual": ("Hand", "Main"),
}


def named(what: str) -> str:
    """Make an id that is the same each time."""
    return str(uuid5(NAMESPACE_URL, f"slotrit:{what}"))


MEETING = named("meeting")


class Skater(NamedTuple):
    """Somebody invented; a team has no gender of its own."""

    name: str
    country: str
    lane: int
    best: int | None = None
    team: bool = False
    gender: int = 1


class Heat(NamedTuple):
    """A heat of a distance, its skaters, and its start."""

    distance: str
    number: int
    skaters: tuple[Skater, ...]
    gun: float = 0.0
    round: int = 1


def local(at: float) -> str:
    """Write a moment as the recorder's clock has it."""
    return (_BEGAN + timedelta(seconds=at)).astimezone(_LOCAL).isoformat()


def utc(at: float, tail: str = "0") -> str:
    """Write a moment as the timing system's clock has it, with seven digits."""
    return (_BEGAN + timedelta(seconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%f") + tail + "Z"


def _line(kind: str, at: float, **fields: object) -> Line:
    return {"_time": local(at), "competitionId": MEETING, "typeName": f"{kind}Event", **fields}


def _distance(name: str, number: int, value: int, discipline: str, *, laps: bool) -> Line:
    return {
        "id": named(name),
        "competitionId": MEETING,
        "name": name,
        "number": number,
        "discipline": f"SpeedSkating.LongTrack.{discipline}",
        "value": value,
        "valueQuantity": int(laps),
        "trackLength": 400,
        "rounds": 1,
        "starts": "2031-02-08T13:15:00",
        "venueCode": "VRZ",
    }


LADIES_1000 = _distance("Ladies 1000 meter", 1, 1000, "PairsDistance.Individual", laps=False)
MEN_PURSUIT = _distance("Men Team Pursuit", 2, 8, "PairsDistance.TeamPursuit", laps=True)


def meeting(at: float, distances: Iterable[Line] = (LADIES_1000, MEN_PURSUIT)) -> Line:
    """Activate the meeting."""
    venue = {"code": "VRZ", "name": "Verzonnen IJsbaan", "address": {"countryCode": "NED"}}
    competition = {
        "id": MEETING,
        "name": "Invented Championships",
        "serie": None,
        "venue": venue,
        "distances": list(distances),
    }
    return _line("CompetitionActivated", at, competition=competition)


def distance(at: float, what: Line = LADIES_1000) -> Line:
    """Activate a distance."""
    return _line("DistanceActivated", at, distanceId=what["id"], distance=what)


def _competitor(skater: Skater) -> Line:
    common = {
        "id": named(f"entry {skater.name}"),
        "fullName": skater.name,
        "nationalityCode": skater.country,
        "gender": 0 if skater.team else skater.gender,
    }
    if skater.team:
        return {**common, "typeName": "TeamCompetitor", "members": []}
    return {**common, "typeName": "PersonCompetitor", "personId": named(skater.name)}


def race_of(heat: Heat, skater: Skater) -> str:
    """Name a skater's race in a heat."""
    return named(f"{heat.distance} {heat.round} {heat.number} {skater.name}")


def _of(heat: Heat) -> Line:
    return {"distanceId": named(heat.distance), "heat": {"number": heat.number, "round": heat.round}}


def activated(at: float, heat: Heat, invalid: Mapping[str, int] | None = None) -> Line:
    """Put a heat on the ice; `invalid` gives the reason of a name that is out beforehand."""
    races = [_skated(heat, skater, (), None, (invalid or {}).get(skater.name)) for skater in heat.skaters]
    return _line("HeatActivated", at, **_of(heat), races=races)


def _skated(
    heat: Heat, skater: Skater, laps: Iterable[Line], official: Line | None, invalid: int | None
) -> Line:
    race = {
        "id": race_of(heat, skater),
        "lane": skater.lane,
        "heat": heat.number,
        "round": heat.round,
        "competitor": _competitor(skater),
        "personalBest": skater.best,
        "result": None if invalid is None and official is None else {"timeInvalidReason": invalid},
        "time": official,
    }
    start = {"when": utc(heat.gun + 0.014)} if heat.gun else None
    return {"race": race, "laps": list(laps), "estimatedLaps": [], "passings": [], "start": start}


def started(at: float, heat: Heat) -> Line:
    """Fire the gun of a heat."""
    return _line("HeatStarted", at, **_of(heat), started=utc(heat.gun, "7"), clock=1)


def cleared(at: float, heat: Heat) -> Line:
    """Reset the clock."""
    return _line("HeatCleared", at, **_of(heat))


def deactivated(at: float, heat: Heat) -> Line:
    """Take a heat off the operator's screen."""
    return _line("HeatDeactivated", at, **_of(heat))


def measurement(
    heat: Heat,
    skater: Skater,
    ticks: int,
    how: str = "Optical",
    *,
    flags: int = 33,
    fixed: int | None = None,
    when: float | None = None,
) -> Line:
    """Measure a skater; `when` is the crossing itself unless given."""
    appliance, instance = _APPLIANCES.get(how, ("?", "?"))
    source = {"how": how, "applianceName": appliance, "applianceInstanceName": instance}
    moment = heat.gun + ticks / SECOND if when is None else when
    return {
        "raceId": race_of(heat, skater),
        "time": ticks,
        "flags": flags,
        "fixedIndex": fixed,
        "when": utc(moment),
        "presentationSource": source,
    }


def lap(at: float, heat: Heat, measured: Line, *, old: int | None = None) -> Line:
    """Say that a lap was added, or with `old`, its time until now, that it was changed."""
    fields: Line = {**_of(heat), "raceId": measured["raceId"], "lap": measured}
    if old is None:
        return _line("RaceLapAdded", at, **fields)
    return _line("RaceLapUpdated", at, **fields, oldTime=old)


def committed(
    at: float,
    heat: Heat,
    laps: Mapping[str, list[Line]],
    *,
    invalid: Mapping[str, int] | None = None,
    info: Mapping[str, int] | None = None,
    official: Mapping[str, int] | None = None,
) -> Line:
    """Commit a heat: by name its laps, reasons for no time, flags of `timeInfo`, and times that differ."""
    races = []
    for skater in heat.skaters:
        measured = laps.get(skater.name, [])
        reason = (invalid or {}).get(skater.name)
        ticks = (official or {}).get(skater.name, measured[-1]["time"] if measured else None)
        how = measured[-1]["presentationSource"]["how"] if measured else "Manual"
        time = {"time": ticks, "how": how, "timeInfo": (info or {}).get(skater.name, 0)}
        races.append(_skated(heat, skater, measured, None if ticks is None or reason else time, reason))
    return _line("HeatCommitted", at, **_of(heat), races=races)


def loop(at: float, heat: Heat, skater: Skater, ticks: int) -> list[Line]:
    """Pass a loop in the ice, with what the system says about it."""
    passing = {"raceId": race_of(heat, skater), "time": ticks, "where": 3, "speed": 12.5}
    fields: Line = {**_of(heat), "raceId": race_of(heat, skater), "passing": passing}
    return [_line("RacePassingAdded", at, **fields), _line("LastRaceSpeedChanged", at, **fields)]


def scoreboard(at: float, heat: Heat, skater: Skater, shown: Line | None) -> list[Line]:
    """Show a lap on the scoreboard and say which comes next."""
    fields: Line = {**_of(heat), "raceId": race_of(heat, skater)}
    return [
        _line("LastPresentedRaceLapChanged", at, **fields, lap=shown),
        _line("RaceNextLapIndexChanged", at, **fields, index=1),
        _line("HeatNextLapIndexChanged", at, **_of(heat), index=1),
    ]


def text(lines: Iterable[Line]) -> str:
    """Write lines as a recording."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
