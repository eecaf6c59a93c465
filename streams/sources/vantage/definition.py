"""What a race is and who skates in it, from the words in which Vantage defines a distance and its heats."""

import re
from collections.abc import Container, Iterable, Iterator
from datetime import UTC, datetime

from schemas.model import LANES, Lane
from schemas.race import Competition, Competitor, Listed, Member, RaceDefinition, RaceFormat, Venue
from streams.skating import course
from streams.sources.vantage import wire

_TEAM_CODES: dict[RaceFormat, str] = {"team_pursuit": "TP", "team_sprint": "TS", "mass_start": "MS"}
_FORMATS: tuple[tuple[str, RaceFormat], ...] = (
    ("TeamPursuit", "team_pursuit"),
    ("TeamSprint", "team_sprint"),
    ("MassStart", "mass_start"),
    ("PairsDistance.Individual", "pairs"),
)
_WOMEN = re.compile(r"\b(ladies|women|dames|damen|girls|meisjes)\b", re.IGNORECASE)
_MEN = re.compile(r"\b(men|heren|herren|boys|jongens)\b", re.IGNORECASE)
_COUNTRY = re.compile(r"[A-Z]{3}")
_GENDERS = {0: "M", 1: "W"}
_FIRST_MONTH_OF_SEASON = 7
_LAPS = 1


class UndefinableError(ValueError):
    """A distance or a skater that the contract has no words for; the text says what is missing."""


def race(
    distance: wire.Distance,
    meeting: wire.CompetitionActivated | None,
    heat: wire.HeatActivated | wire.HeatCommitted,
    taken: Container[str],
) -> RaceDefinition:
    """Define the race of a heat, whose id is none of those that are `taken` by other distances.

    The meeting's id is Vantage's: every event carries it, so that a recording that begins in the middle
    names its races as a whole one does. A distance of several rounds, or a discipline of which the meeting
    has several distances (two 500 m), is several races, told apart by `run`. Vantage gives instants without
    an offset in UTC. The division is always `-`: nothing tells it.

    Raises:
        UndefinableError: The discipline is none that the contract knows.
    """
    race_format = _format(distance, heat)
    metres = distance.value
    if distance.value_quantity == _LAPS:
        metres = int(course.lap(distance.track_length) * distance.value)
    gender = _gender(distance) or _gender_of(skated.race.competitor for skated in heat.races)
    discipline = gender + _TEAM_CODES.get(race_format, str(metres))
    spelled = f"{heat.competition_id}/{discipline}/-"
    run = _run(distance, meeting, heat.heat.round)
    if (spelled if run is None else f"{spelled}/{run}") in taken:
        run = f"{distance.number}-{heat.heat.round}"
    starts = distance.starts.replace(tzinfo=UTC) if distance.starts else None
    return RaceDefinition(
        race_id=spelled if run is None else f"{spelled}/{run}",
        competition=_competition(distance, meeting, heat, starts or heat.recorded_at),
        discipline=discipline,
        distance_m=metres,
        format=race_format,
        run=run,
        scheduled_at=starts,
    )


def listed(race_format: RaceFormat, pair: int, skated: wire.Race) -> Listed | None:
    """Write a skater's race as a line of the start list, or None for a lane that is empty.

    A skater goes by the id of the person, which is the same at every meeting and on every distance, so that
    records and rankings know them again; a team has none and goes by the id of its entry.

    Raises:
        UndefinableError: The lane or the country is none.
    """
    who = skated.competitor
    if who is None:
        return None
    name = who.full_name or who.short_name or who.id
    if not who.nationality_code or not _COUNTRY.fullmatch(who.nationality_code):
        raise UndefinableError(
            f"nationalityCode of {name}: must be three capitals, got {who.nationality_code}"
        )
    lane: Lane | None = None
    if race_format != "mass_start":
        if not 0 <= skated.lane < len(LANES):
            raise UndefinableError(f"lane of {name}: must be 0 to {len(LANES) - 1}, got {skated.lane}")
        lane = LANES[skated.lane]
    competitor = Competitor(
        id=who.person_id or who.id,
        name=name,
        country=who.nationality_code,
        members=tuple(_members(who)) or None,
    )
    return Listed(pair=pair, lane=lane, competitor=competitor)


def _format(distance: wire.Distance, heat: wire.HeatActivated | wire.HeatCommitted) -> RaceFormat:
    for word, race_format in _FORMATS:
        if word in distance.discipline:
            crowded = race_format == "pairs" and any(skated.race.lane > 1 for skated in heat.races)
            return "quartets" if crowded else race_format
    raise UndefinableError(f"discipline of {distance.name}: {distance.discipline} is none of the contract's")


def _gender(distance: wire.Distance) -> str:
    return "W" if _WOMEN.search(distance.name) else "M" if _MEN.search(distance.name) else ""


def _gender_of(competitors: Iterable[wire.Competitor | None]) -> str:
    told = {_GENDERS.get(who.gender) for who in competitors if who is not None and who.gender is not None}
    if len(told) == 1 and (only := told.pop()):
        return only
    raise UndefinableError("gender: neither the distance's name nor the skaters tell it")


def _run(
    distance: wire.Distance, meeting: wire.CompetitionActivated | None, of_round: int
) -> int | str | None:
    of_a_kind = [
        other.number
        for other in (meeting.competition.distances if meeting else ())
        if _kind(other) == _kind(distance)
    ]
    ordinal = sorted(of_a_kind).index(distance.number) + 1 if distance.number in of_a_kind else 1
    if len(of_a_kind) > 1:
        return f"{ordinal}-{of_round}" if distance.rounds > 1 else ordinal
    return of_round if distance.rounds > 1 else None


def _kind(distance: wire.Distance) -> tuple[str, int, int, str]:
    return distance.discipline, distance.value, distance.value_quantity, _gender(distance)


def _competition(
    distance: wire.Distance,
    meeting: wire.CompetitionActivated | None,
    heat: wire.HeatEvent,
    day: datetime,
) -> Competition:
    first_year = day.year if day.month >= _FIRST_MONTH_OF_SEASON else day.year - 1
    competition = meeting.competition if meeting else None
    rink = (competition.venue if competition else None) or wire.Venue()
    code = distance.venue_code or rink.code or "unknown"
    country = rink.address.country_code if rink.address else None
    return Competition(
        id=heat.competition_id,
        name=(competition.name if competition else None) or heat.competition_id,
        season=f"{first_year}-{(first_year + 1) % 100:02}",
        series=competition.serie if competition and isinstance(competition.serie, str) else None,
        venue=Venue(
            id=code,
            name=rink.name or code,
            country=country if country and _COUNTRY.fullmatch(country) else None,
            track_length_m=distance.track_length,
        ),
    )


def _members(team: wire.Competitor) -> Iterator[Member]:
    for told in team.members or ():
        person = told.get("competitor", told)
        if isinstance(person, dict) and isinstance(person.get("fullName"), str):
            yield Member(
                id=str(person.get("personId") or person.get("id") or person["fullName"]),
                name=person["fullName"],
            )
