"""What a watcher knows: every race as it stands, folded from the output topics."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, TypeAlias

from pydantic import Field, TypeAdapter

from schemas.field import FieldTop
from schemas.pace import Pace
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.records import RecordEqualled, RecordMissed, RecordRevoked, RecordSet
from schemas.reference import RECORD_KINDS, RecordKind
from schemas.standings import Entry, Standings

News: TypeAlias = PodiumChanged | PodiumSecured | RecordSet | RecordEqualled | RecordMissed | RecordRevoked
Front: TypeAlias = Standings | FieldTop
"""A race as it stands: everybody, or of a race in parts the first hundred."""
Message: TypeAlias = Front | Pace | News

MESSAGE: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])
"""Reads any message that a watcher understands; raises pydantic's `ValidationError`."""
REMEMBERED = 64
"""How many messages are kept to recognise one that a restarted worker sends again."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A record that a competitor's time is, shared where it was equalled."""

    kind: RecordKind
    scope: str | None
    equalled: bool


@dataclass(frozen=True, slots=True)
class Race:
    """A race as the watcher knows it; `standings` is None as long as only other messages have come.

    `badges` and `pace` are by competitor id. `changed` says when, on the watcher's own clock, a competitor's
    result or records changed last, `moved` when anything in the race did.
    """

    standings: Front | None = None
    badges: Mapping[str, tuple[Badge, ...]] = field(default_factory=dict)
    pace: Mapping[str, Pace] = field(default_factory=dict)
    changed: Mapping[str, float] = field(default_factory=dict)
    moved: float = float("-inf")


@dataclass(frozen=True, slots=True)
class Watched:
    """All races by id, in the order in which they were first seen, and the latest news, newest first."""

    races: Mapping[str, Race] = field(default_factory=dict)
    news: tuple[News, ...] = ()
    recent: tuple[Message, ...] = ()


def heard(state: Watched, message: Message, now: float) -> Watched:
    """Take a message in; the very same state comes back where it tells nothing new.

    A version of the standings that is not above the one known is dropped: the watcher never shows an older
    state after a newer one. (A topic that was made anew starts again from version 1; who reads it must start
    from a new `Watched` then.) Anything sent twice by a worker that was restarted is dropped too.

    Args:
        state: what is known.
        message: from any output topic.
        now: the watcher's own clock in seconds, for highlighting.
    """
    if isinstance(message, Front):
        return _standings(state, message, now)
    if message in state.recent:
        return state
    race = state.races.get(message.race_id, Race())
    news = state.news
    if isinstance(message, Pace):
        race = replace(race, pace={**race.pace, message.competitor.id: message}, moved=now)
    else:
        race = _with_badges(race, message, now)
        news = (message, *news)[:REMEMBERED]
    recent = (message, *state.recent)[:REMEMBERED]
    return Watched({**state.races, message.race_id: race}, news, recent)


def _standings(state: Watched, message: Front, now: float) -> Watched:
    race = state.races.get(message.race_id, Race())
    known = race.standings
    if known is not None and message.version <= known.version:
        return state
    before = {entry.competitor.id: entry for entry in known.entries} if known else {}
    changed = {
        entry.competitor.id: now
        for entry in message.entries
        if known is not None and differs(before.get(entry.competitor.id), entry)
    }
    race = replace(race, standings=message, changed={**race.changed, **changed}, moved=now)
    return replace(state, races={**state.races, message.race_id: race})


def differs(before: Entry | None, now: Entry) -> bool:
    """Say whether somebody's own result changed; who only moved down as another one finished did nothing."""
    return before is None or _result(before) != _result(now)


def _result(entry: Entry) -> tuple[object, ...]:
    return (entry.time_ms, entry.irm, entry.marks, entry.points)


def _with_badges(race: Race, message: News, now: float) -> Race:
    if isinstance(message, RecordSet | RecordEqualled):
        badge = Badge(message.kind, message.scope, equalled=isinstance(message, RecordEqualled))
        return _badged(race, message.competitor.id, badge, now, stands=True)
    if isinstance(message, RecordRevoked):
        badge = Badge(message.kind, message.scope, equalled=False)
        return _badged(race, message.record.holder.id, badge, now, stands=False)
    return replace(race, moved=now)


def _badged(race: Race, competitor: str, badge: Badge, now: float, *, stands: bool) -> Race:
    others = [
        other
        for other in race.badges.get(competitor, ())
        if (other.kind, other.scope) != (badge.kind, badge.scope)
    ]
    badges = sorted([*others, badge] if stands else others, key=lambda one: RECORD_KINDS.index(one.kind))
    return replace(
        race,
        badges={**race.badges, competitor: tuple(badges)},
        changed={**race.changed, competitor: now},
        moved=now,
    )


def forgotten(state: Watched, race_ids: frozenset[str]) -> Watched:
    """Forget some races, because the topic they came from was made anew."""
    return Watched(
        {race_id: race for race_id, race in state.races.items() if race_id not in race_ids},
        tuple(message for message in state.news if message.race_id not in race_ids),
        tuple(message for message in state.recent if message.race_id not in race_ids),
    )
