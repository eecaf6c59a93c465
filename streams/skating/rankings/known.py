"""What rankings are made from, and which races count for which of them.

Of each race, table and definition the latest holds, whatever the order of arrival, and everything a ranking
says follows from what there is, never from what came first: races, tables and definitions reach us from
different topics, which have no common order.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import NamedTuple

from schemas.rankings import RankingDefined, Selection
from schemas.reference import PointsTableListed
from schemas.results import RaceResults, ResultEvent
from streams.skating.kept import Kept, packing, shared
from streams.skating.rankings.designated import already_designated

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_WORLD_CUP = "world_cup"
_SPACE = re.compile(r"\s")


class Choice(NamedTuple):
    """What decides which rankings a race counts for, and when it was to begin; `as_of` is its last word."""

    race_id: str
    meeting: str
    season: str
    series: str | None
    discipline: str
    points_table: str | None
    scheduled_at: datetime
    as_of: datetime


def choice(race: RaceResults) -> Choice:
    """Give of a race what decides where it counts."""
    definition, meeting = race.race, race.race.competition
    return Choice(
        race_id=race.race_id,
        meeting=shared(meeting.id),
        season=shared(meeting.season),
        series=None if meeting.series is None else shared(meeting.series),
        discipline=shared(definition.discipline),
        points_table=None if definition.points_table is None else shared(definition.points_table),
        scheduled_at=scheduled(race),
        as_of=race.as_of,
    )


def _pack(race: RaceResults) -> bytes:
    return race.model_dump_json().encode()


Races = Kept[RaceResults, Choice]
"""All races, by id."""

_PACKING = packing(_pack, RaceResults.model_validate_json, choice)


def kept_races(races: Iterable[RaceResults] = ()) -> Races:
    """Keep races: those put in last as they are, the others packed."""
    return Kept(_PACKING, ((race.race_id, race) for race in races))


@dataclass(frozen=True, slots=True)
class Known:
    """All races by id, all points tables by name, all definitions by ranking."""

    races: Races = field(default_factory=kept_races)
    tables: Mapping[str, PointsTableListed] = field(default_factory=dict)
    definitions: Mapping[str, RankingDefined] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an event cannot be used, for those who sent it."""

    reason: str


def fold_known(known: Known, event: ResultEvent) -> Known | Refused:
    """Take in a race's result, a table or a definition.

    Returns:
        The very same object where the event is not later than what is known; `Refused` for a definition that
        names a table which was never listed, or gives a designated place away that somebody has.
    """
    if not _is_news(known, event):
        return known
    if isinstance(event, RaceResults):
        return replace(known, races=known.races.put(event.race_id, event))
    if isinstance(event, PointsTableListed):
        return replace(known, tables={**known.tables, event.name: event})
    held = known.definitions.get(event.ranking_id)
    wrong = _unlisted_table(known, event) or already_designated(held, event)
    if wrong is not None:
        return Refused(wrong)
    return replace(known, definitions={**known.definitions, event.ranking_id: event})


def _is_news(known: Known, event: ResultEvent) -> bool:
    if isinstance(event, RaceResults):
        old = known.races.get(event.race_id)
        return old is None or (event.version, event.place) > (old.version, old.place)
    if isinstance(event, PointsTableListed):
        return _supersedes(event, known.tables.get(event.name))
    return _supersedes(event, known.definitions.get(event.ranking_id))


def _supersedes(
    event: PointsTableListed | RankingDefined, held: PointsTableListed | RankingDefined | None
) -> bool:
    return held is None or _age(event) > _age(held)


def _age(event: PointsTableListed | RankingDefined) -> tuple[datetime, str]:
    return event.occurred_at or _LONG_AGO, event.model_dump_json()


def _unlisted_table(known: Known, event: RankingDefined) -> str | None:
    if event.points_table is None or event.points_table in known.tables:
        return None
    return (
        f"points_table: {event.points_table!r} was never listed; list it first, then define "
        f"{event.ranking_id} again"
    )


def world_cup(race: Choice) -> str | None:
    """Name the World Cup standing that a race counts for; None for a race that counts for none.

    A season is free text and the name of a ranking has no spaces: there is a `-` for each.
    """
    if race.series != _WORLD_CUP or race.points_table is None:
        return None
    return f"{_SPACE.sub('-', race.season)}/worldcup/{race.discipline}"


def counting_races(known: Known, ranking_id: str) -> tuple[RaceResults, ...]:
    """List the races that count for a ranking, as far as they are scheduled.

    In the order in which a definition lists them, else by `scheduled_at` (those without it first), then by
    id.
    """
    defined = known.definitions.get(ranking_id)
    if defined is not None and defined.race_ids:
        return tuple(known.races[race_id] for race_id in defined.race_ids if race_id in known.races)
    counting = (each for _, each in known.races.facts() if counts(each, ranking_id, defined))
    in_order = sorted(counting, key=lambda each: (each.scheduled_at, each.race_id))
    return tuple(known.races[each.race_id] for each in in_order)


def counts(race: Choice, ranking_id: str, defined: RankingDefined | None) -> bool:
    """Tell whether a race counts for a ranking; without a definition only the World Cup's own do."""
    if defined is None:
        return world_cup(race) == ranking_id
    if defined.selection is None:
        return race.race_id in defined.race_ids
    return race.season == defined.season and _selected(race, defined.selection)


def _selected(race: Choice, asked: Selection) -> bool:
    return (
        asked.competition in (None, race.meeting)
        and asked.series in (None, race.series)
        and (not asked.disciplines or race.discipline in asked.disciplines)
    )


def scheduled(race: RaceResults) -> datetime:
    """Give when a race was to begin; long ago where nobody said."""
    return race.race.scheduled_at or _LONG_AGO


def concerned(before: Known, after: Known, event: ResultEvent) -> tuple[str, ...]:
    """List the rankings that an event may have changed, by name."""
    if isinstance(event, RankingDefined):
        return (event.ranking_id,)
    if isinstance(event, PointsTableListed):
        return tuple(sorted(_by_table(after, event.name)))
    found: set[str] = set()
    for known in (before, after):
        if event.race_id not in known.races:
            continue
        race = choice(known.races[event.race_id])
        found.update(name for name in (world_cup(race),) if name is not None)
        found.update(name for name, each in known.definitions.items() if counts(race, name, each))
    return tuple(sorted(found))


def _by_table(known: Known, name: str) -> set[str]:
    """Name the rankings whose points may come from a table."""
    found = {world_cup(each) for _, each in known.races.facts() if each.points_table == name}
    named = {ranking_id for ranking_id, each in known.definitions.items() if each.basis == "points"}
    return {each for each in found if each is not None} | named
