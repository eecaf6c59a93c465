"""What Vantage sends, as far as it is read here: one model for each type of event that carries a fact.

Vantage is somebody else's format, so the models are lenient: fields that are not needed are not named, those
that may be missing have a default, and numbers written as text are read as numbers.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

_FIRST_YEAR, _LAST_YEAR = 1970, 2999

TICKS_IN_A_MS = 10_000
"""Vantage measures in ticks of 10⁻⁷ s."""

DELETED = 16
"""The lap flag of a measurement that the operator, or the system itself, takes back."""

MOST_LAPS = 500
"""How many measurements of one skater in one heat are read: a 10000 m has 25 laps, measured up to four times.
All are placed anew with each further one: without an end, a loop that chatters would stop the conversion."""

SHOWN = 32
"""The lap flag of the measurement that the operator, or the system itself, shows for its split."""


def _in_utc(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"must be in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An instant, in UTC whatever the clock that it was read from says."""


class UnreadableError(ValueError):
    """A line that holds no event that can be read; the text says where in it and why."""


class UnknownTypeError(UnreadableError):
    """An event of a type that was never seen."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, validate_by_name=True)


class Source(_Wire):
    """What measured: `how` is `Transponder`, `Optical`, `Photofinish` or `Manual`."""

    how: str


class Lap(_Wire):
    """One measurement at a line: `time` in ticks since the gun, `when` by the timing system's clock.

    `when` of a photo finish is the moment at which its time was entered, of a loop the crossing itself.
    `fixed_index` counts the splits from 0 where the line is known.
    """

    time: int
    flags: int = 0
    fixed_index: int | None = None
    when: Moment | None = None
    presentation_source: Source


class Estimate(_Wire):
    """When the skater is expected at a split, in ticks since the gun; from the season's best time."""

    passed_length: int
    time: int


class Competitor(_Wire):
    """A skater or a team. `gender` is 0 for men and 1 for women; `person_id` is the same at every meeting."""

    id: str
    person_id: str | None = None
    full_name: str | None = None
    short_name: str | None = None
    nationality_code: str | None = None
    gender: int | None = None
    members: Annotated[tuple[dict[str, Any], ...], Field(max_length=20, fail_fast=True)] | None = None


class Result(_Wire):
    """Why there is no time: 1 did not start, 2 did not finish, 3 disqualified, 4 withdrawn, else there is."""

    time_invalid_reason: int | None = None


class Official(_Wire):
    """The committed time in ticks; `time_info` flags: 1 fell, 2 reskate, others the operator's records."""

    time: int
    how: str
    time_info: int = 0


class Race(_Wire):
    """One skater's race in a heat. `lane` is 0 inner, 1 outer; `personal_best` in ticks."""

    id: str
    lane: int
    competitor: Competitor | None = None
    personal_best: int | None = None
    result: Result | None = None
    time: Official | None = None


class Start(_Wire):
    """The gun, as the timing system heard it."""

    when: Moment | None = None


class Skated(_Wire):
    """A race with its measurements; deleted ones are not among them."""

    race: Race
    laps: Annotated[tuple[Lap, ...], Field(max_length=MOST_LAPS, fail_fast=True)] = ()
    estimated_laps: Annotated[tuple[Estimate, ...], Field(max_length=MOST_LAPS, fail_fast=True)] = ()
    start: Start | None = None


Races = Annotated[tuple[Skated, ...], Field(max_length=250, fail_fast=True)]
"""As many as the contract's longest start list."""


class HeatNumber(_Wire):
    """Which heat of the distance, and in which of its rounds; both from 1."""

    number: int
    round: int = 1


class Address(_Wire):
    """Where a rink is."""

    country_code: str | None = None


class Venue(_Wire):
    """A rink."""

    code: str | None = None
    name: str | None = None
    address: Address | None = None


class Distance(_Wire):
    """A distance of a competition: our race. `value` is metres (`value_quantity` 0) or laps (1)."""

    id: str
    number: int = 1
    name: str = ""
    discipline: str = ""
    value: int = Field(ge=1, le=100_000)
    value_quantity: int = 0
    track_length: float = Field(default=400, gt=0, le=10_000, allow_inf_nan=False)
    rounds: int = 1
    starts: datetime | None = None
    venue_code: str | None = None


class Competition(_Wire):
    """A meeting, with the distances it has."""

    id: str
    name: str | None = None
    serie: Any = None
    starts: datetime | None = None
    venue: Venue | None = None
    distances: Annotated[tuple[Distance, ...], Field(max_length=1_000, fail_fast=True)] = ()


class Event(_Wire):
    """What every recorded event says: `recorded_at` is when the recorder got it, by the recorder's clock."""

    type_name: str
    recorded_at: Moment = Field(alias="_time")
    competition_id: str


class CompetitionActivated(Event):
    """The meeting is the present one."""

    competition: Competition


class DistanceActivated(Event):
    """The distance is being skated, or about to be."""

    distance: Distance


class HeatEvent(Event):
    """Something about one heat."""

    distance_id: str
    heat: HeatNumber


class HeatActivated(HeatEvent):
    """The heat is on the ice, or shown to the operator again."""

    races: Races


class HeatStarted(HeatEvent):
    """The gun, at `started` by the timing system's clock."""

    started: Moment


class HeatCleared(HeatEvent):
    """The clock was reset: what was measured is void."""


class HeatDeactivated(HeatEvent):
    """The heat leaves the operator's screen."""


class HeatCommitted(HeatEvent):
    """The timekeepers' word on the heat."""

    races: Races


class LapMeasured(HeatEvent):
    """A measurement at a line, new or changed; a changed one tells its `old_time` in ticks."""

    race_id: str
    lap: Lap
    old_time: int | None = None


MODELS: dict[str, type[Event]] = {
    "CompetitionActivatedEvent": CompetitionActivated,
    "DistanceActivatedEvent": DistanceActivated,
    "HeatActivatedEvent": HeatActivated,
    "HeatStartedEvent": HeatStarted,
    "HeatClearedEvent": HeatCleared,
    "HeatDeactivatedEvent": HeatDeactivated,
    "HeatCommittedEvent": HeatCommitted,
    "RaceLapAddedEvent": LapMeasured,
    "RaceLapUpdatedEvent": LapMeasured,
}
"""The types that carry a fact."""

FACTLESS: dict[str, str] = {
    "RacePassingAddedEvent": "a loop in the ice, no split",
    "LastRaceSpeedChangedEvent": "a speed between loops",
    "LastPresentedRaceLapChangedEvent": "what the scoreboard shows",
    "RaceNextLapIndexChangedEvent": "which lap comes next",
    "HeatNextLapIndexChangedEvent": "which lap comes next",
}
"""The types that are known and say nothing that the contract has a word for, and what they are."""


def read(line: str) -> Event | str:
    """Read one line of a recording.

    Returns:
        The event, or for a type without facts the reason why it is passed over.

    Raises:
        UnknownTypeError: The type was never seen.
        UnreadableError: The line is no JSON object, or a field that is needed is missing or wrong.
    """
    try:
        recorded = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"no JSON ({error}); is the recording cut off here?") from error
    if not isinstance(recorded, dict):
        raise UnreadableError("no JSON object")
    name = recorded.get("typeName")
    if not isinstance(name, str):
        raise UnreadableError("typeName: missing, so nothing tells what this event is")
    if name in FACTLESS:
        return FACTLESS[name]
    if name not in MODELS:
        raise UnknownTypeError(f"typeName: {name} was never seen")
    try:
        return MODELS[name].model_validate(recorded)
    except ValidationError as error:
        raise UnreadableError(f"{name}: {first_of(error)}") from error


def first_of(error: ValidationError) -> str:
    """Put the first thing that a model found wrong into a sentence: where, what and what was there."""
    wrong = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in wrong["loc"])
    got = "" if wrong["type"] == "missing" else f", got {str(wrong['input'])[:60]}"
    return f"{where}: {wrong['msg']}{got}" if where else wrong["msg"]
