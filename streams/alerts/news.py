"""The messages that can be news, what identifies what they are about, and where a race is skated."""

from typing import Annotated, NamedTuple, TypeAlias

from pydantic import Field, TypeAdapter

from schemas.podium import PodiumChanged, PodiumSecured
from schemas.records import RecordEqualled, RecordMissed, RecordRevoked, RecordSet
from schemas.standings import Standings
from streams.processing.messages import Header

Marked: TypeAlias = RecordSet | RecordEqualled | RecordMissed
RecordNews: TypeAlias = Marked | RecordRevoked
PodiumMessage: TypeAlias = PodiumChanged | PodiumSecured
News: TypeAlias = RecordNews | PodiumMessage

NEWS: TypeAdapter[News] = TypeAdapter(Annotated[News, Field(discriminator="type")])
"""Reads a message of `skating.records` or `skating.podium`; raises pydantic's `ValidationError`."""


class Heard(NamedTuple):
    """A message as it came: `ce_id` names it, `headers` and `raw` are as on Kafka."""

    ce_id: str
    headers: tuple[Header, ...]
    raw: bytes
    news: News


class Meeting(NamedTuple):
    """Where a race is skated, as its standings tell; None where they have not been seen."""

    competition: str | None = None
    venue_id: str | None = None
    venue: str | None = None


class RaceName(NamedTuple):
    """What a race's id says: `competition/discipline/division` and perhaps `/run`."""

    competition: str
    discipline: str
    division: str
    run: str | None


def meeting_of(standings: Standings) -> Meeting:
    """Tell where a race is skated."""
    competition = standings.race.competition
    return Meeting(competition.name, competition.venue.id, competition.venue.name)


def race_name(race_id: str) -> RaceName:
    """Take a race's id apart."""
    competition, discipline, division, *run = race_id.split("/")
    return RaceName(competition, discipline, division, run[0] if run else None)


def subject(news: News) -> str:
    """Name what a message is about, the same for all messages about it: one record, or one race's podium.

    Of a record that is its kind, scope, discipline, race and competitor, such as
    `record/NR/NED/M500/cup/M500/A/ned-krol`. One missed is a subject of its own: it may be set later.
    """
    if isinstance(news, PodiumMessage):
        return f"podium/{news.race_id}"
    holder = news.record.holder if isinstance(news, RecordRevoked) else news.competitor
    first = "miss" if isinstance(news, RecordMissed) else "record"
    return f"{first}/{news.kind}/{news.scope or '-'}/{news.discipline}/{news.race_id}/{holder.id}"
