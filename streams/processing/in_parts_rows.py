"""What is remembered of a race in parts: a row for each thing that an event can be about.

Every fact lies in the row of what its event was about, so that an event writes one row, and a small one:

    RACE race          definition, pauses, closing, sprints
    RACE list NUMBER   a part of a start list, in the order in which they came
    RACE pair NUMBER   when it was called, started, cleared and confirmed
    RACE skater ID     measurements, deletions, ruling and reskates

What follows from several rows is derived when they are read: who is listed where, and when the race was last
called, started and measured. There is no space in a race_id, so names begin alike only for rows of one race.
Each row has the version, and the place in it, that its event led to: those of the race are the largest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import TypeAdapter

from schemas.model import Method
from schemas.timing import (
    PairCalled,
    PairCleared,
    PairConfirmed,
    PairStarted,
    PassingDeleted,
    PassingRecorded,
    ReskateGranted,
    ResultRuled,
    StartListAdded,
    TimingEvent,
)
from streams.skating.life import LifeEvent
from streams.skating.listing import part_listed
from streams.skating.race import Attempt, Measured, PairLife, Race, Ruling, Skater
from streams.skating.roster import put_all

SEPARATOR = " "
"""Between a race_id, which has no white space, and what of the race it is about."""

_OF_THE_RACE: tuple[LifeEvent, ...] = ("paused", "resumed", "closed")


@dataclass(frozen=True, slots=True)
class _Fact:
    version: int
    place: int


@dataclass(frozen=True, slots=True)
class _RaceRow(_Fact):
    race: Race


@dataclass(frozen=True, slots=True)
class _ListRow(_Fact):
    told: StartListAdded


@dataclass(frozen=True, slots=True)
class _PairRow(_Fact):
    pair: PairLife


@dataclass(frozen=True, slots=True)
class _SkaterRow(_Fact):
    passings: Mapping[int, Mapping[int, Mapping[Method, Measured]]] = field(default_factory=dict)
    reskates: tuple[int, ...] = ()
    ruling: Ruling | None = None
    deleted: Mapping[str, datetime] = field(default_factory=dict)


_RACE_ROW: TypeAdapter[_RaceRow] = TypeAdapter(_RaceRow)
_LIST_ROW: TypeAdapter[_ListRow] = TypeAdapter(_ListRow)
_PAIR_ROW: TypeAdapter[_PairRow] = TypeAdapter(_PairRow)
_SKATER_ROW: TypeAdapter[_SkaterRow] = TypeAdapter(_SkaterRow)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A race as it was read from its rows: with its version and place, and how many lists it was told."""

    race: Race
    version: int
    place: int
    lists: int


def race_of_row(name: str) -> str:
    """Give the race_id that a row's name begins with; a row that is a whole race has no other name."""
    return name.partition(SEPARATOR)[0]


def row_of(event: TimingEvent, lists: int) -> str:
    """Name the row that an event is remembered in.

    Args:
        event: one that changed the race.
        lists: how many parts of start lists are remembered already.
    """
    match event:
        case StartListAdded():
            what = f"list{SEPARATOR}{lists + 1}"
        case PairCalled() | PairStarted() | PairCleared() | PairConfirmed():
            what = f"pair{SEPARATOR}{event.pair}"
        case PassingRecorded() | PassingDeleted() | ResultRuled() | ReskateGranted():
            what = f"skater{SEPARATOR}{event.competitor_id}"
        case _:
            what = "race"
    return f"{event.race_id}{SEPARATOR}{what}"


def row(race: Race, name: str, told: StartListAdded | None, version: int, place: int) -> bytes:
    """Write a row down.

    Args:
        race: the race.
        name: the row's.
        told: the part of a start list that was told last, for its row.
        version: that the row's event led to.
        place: how many messages that version has had.
    """
    kind, _, which = name.partition(SEPARATOR)[2].partition(SEPARATOR)
    if kind == "skater":
        return _SKATER_ROW.dump_json(_skater_row(race.skaters[which], version, place), exclude_defaults=True)
    if kind == "pair":
        return _PAIR_ROW.dump_json(_PairRow(version, place, race.pairs[int(which)]), exclude_defaults=True)
    if kind == "list" and told is not None:
        return _LIST_ROW.dump_json(_ListRow(version, place, told), exclude_defaults=True)
    life = {what: at for what, at in race.life.items() if what in _OF_THE_RACE}
    bare = replace(race, skaters={}, pairs={}, parts=None, life=life)
    return _RACE_ROW.dump_json(_RaceRow(version, place, bare), exclude_defaults=True)


def _skater_row(skater: Skater, version: int, place: int) -> _SkaterRow:
    passings = {pair: each.passings for pair, each in skater.attempts.items() if each.passings}
    return _SkaterRow(version, place, passings, skater.reskates, skater.ruling, skater.deleted)


def remembered(rows: Mapping[str, bytes]) -> Remembered:
    """Put a race together from all its rows; costs as much as the race is large.

    Args:
        rows: by their names.
    """
    lists: dict[int, _ListRow] = {}
    pairs: dict[int, _PairRow] = {}
    skaters: dict[str, _SkaterRow] = {}
    own: _RaceRow | None = None
    for name, raw in rows.items():
        kind, _, which = name.partition(SEPARATOR)[2].partition(SEPARATOR)
        if kind == "skater":
            skaters[which] = _SKATER_ROW.validate_json(raw)
        elif kind == "pair":
            pairs[int(which)] = _PAIR_ROW.validate_json(raw)
        elif kind == "list":
            lists[int(which)] = _LIST_ROW.validate_json(raw)
        else:
            own = _RACE_ROW.validate_json(raw)
    if own is None:
        raise ValueError(f"a race in parts is remembered without its definition: {next(iter(rows), None)}")
    race = replace(own.race, parts={})
    for _, told in sorted(lists.items()):
        race = part_listed(race, told.told.part, told.told.start_list, told.told.occurred_at)
    race = _with_facts(race, {pair: each.pair for pair, each in pairs.items()}, skaters)
    facts: list[_Fact] = [own, *lists.values(), *pairs.values(), *skaters.values()]
    version, place = max((each.version, each.place) for each in facts)
    return Remembered(race, version, place, len(lists))


def _with_facts(race: Race, pairs: Mapping[int, PairLife], skaters: Mapping[str, _SkaterRow]) -> Race:
    known = {name: _with_row(race.skaters[name], each) for name, each in skaters.items()}
    again = {
        pair: PairLife() for each in skaters.values() for pair in each.reskates if pair not in race.pairs
    }
    since: dict[LifeEvent, list[datetime]] = {
        "called": [each.called for each in pairs.values() if each.called is not None],
        "started": [each.started for each in pairs.values() if each.started is not None],
        "measured": [
            measured.at
            for each in skaters.values()
            for lines in each.passings.values()
            for methods in lines.values()
            for measured in methods.values()
        ],
    }
    return replace(
        race,
        skaters=put_all(race.skaters, known),
        pairs=put_all(race.pairs, {**again, **pairs}),
        life={**race.life, **{what: max(moments) for what, moments in since.items() if moments}},
    )


def _with_row(skater: Skater, told: _SkaterRow) -> Skater:
    attempts = dict(skater.attempts)
    for pair in {**told.passings, **dict.fromkeys(told.reskates)}:
        attempt = attempts.get(pair, Attempt())
        passings, again = told.passings.get(pair, {}), pair in told.reskates
        attempts[pair] = replace(attempt, passings=passings, reskate=again)
    return replace(skater, attempts=attempts, ruling=told.ruling, deleted=told.deleted)
