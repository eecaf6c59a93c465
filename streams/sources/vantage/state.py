"""Everything that is known of a recording after some of its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from schemas.model import Irm
from schemas.race import RaceDefinition, StartList
from schemas.reference import ReferenceEvent
from schemas.timing import TimingEvent
from streams.skating import course
from streams.sources.vantage import wire
from streams.sources.vantage.heat import Heat

Mark = Literal["F", "RS", "RW"]
ContractEvent = TimingEvent | ReferenceEvent


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was last said of a competitor's result."""

    irm: Irm | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Race:
    """A race that was defined: a distance, or one round of it."""

    definition: RaceDefinition
    start_list: StartList = ()
    heats: Mapping[int, Heat] = field(default_factory=dict)
    rulings: Mapping[str, Ruling] = field(default_factory=dict)

    @property
    def course(self) -> tuple[int, ...]:
        """The splits in metres, the finish last."""
        told = self.definition
        return course.splits(told.format, told.distance_m, told.competition.venue.track_length_m)


RaceKey = tuple[str, int]
"""A distance's id and the round."""


@dataclass(frozen=True, slots=True)
class State:
    """The meetings and distances that were activated, the races that were defined.

    `bests` holds the competitors and disciplines whose personal best was listed: the first one heard of is
    the one before the race. `foreseen` holds heats that are still to come, by race and number, where a whole
    recording was looked through beforehand. It all grows with the meeting (some hundred measurements a race),
    not with the length of the recording.
    """

    meetings: Mapping[str, wire.CompetitionActivated] = field(default_factory=dict)
    distances: Mapping[str, wire.DistanceActivated] = field(default_factory=dict)
    races: Mapping[RaceKey, Race] = field(default_factory=dict)
    bests: frozenset[tuple[str, str]] = frozenset()
    foreseen: Mapping[RaceKey, Mapping[int, wire.HeatActivated]] = field(default_factory=dict)


class Step(NamedTuple):
    """What one recorded event leads to.

    `problems` are sentences on what could not be converted; `why` tells why there are no `events`.
    """

    state: State
    events: tuple[ContractEvent, ...] = ()
    problems: tuple[str, ...] = ()
    why: str = "known already"


def key_of(event: wire.HeatEvent) -> RaceKey:
    """Name the race that an event belongs to."""
    return event.distance_id, event.heat.round


def find(state: State, event: wire.HeatEvent) -> tuple[Race, Heat] | None:
    """Look up the race and the heat of an event; None if the heat was never activated."""
    race = state.races.get(key_of(event))
    heat = race.heats.get(event.heat.number) if race else None
    return (race, heat) if race and heat else None


def with_heat(state: State, event: wire.HeatEvent, race: Race, heat: Heat) -> State:
    """Put a heat's new state in its place."""
    changed = replace(race, heats={**race.heats, heat.number: heat})
    return replace(state, races={**state.races, key_of(event): changed})
