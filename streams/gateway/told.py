"""One message of an output topic as the gateway passes it on: its bytes as they are, and what it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args

from pydantic import TypeAdapter, ValidationError

from schemas.gateway import PodiumLine, RaceSummary, RankingSummary
from schemas.model import Instant, Model
from schemas.needs import Needs, SamalogNeeds
from schemas.outputs import OUTPUT
from schemas.pace import Pace
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.race import RaceDefinition, RaceId, Status
from schemas.rankings import Ranking
from schemas.records import RecordMessage, RecordRevoked
from streams.export.field_heads import PartHead, RowHead, lines_head
from streams.gateway.positions import LETTERS, Place
from streams.processing.messages import Stream

Kind = Literal[
    "races", "standings", "field.top", "field.row", "field.part",
    "podium", "pace", "records", "rankings", "needs",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What can be asked for. `races` is made of standings and fronts; of a race in parts the kind is the type of
the message, and the others have the name of their topic."""
BY_NAME: frozenset[Kind] = frozenset({"field.row", "field.part"})
"""What is told only to who asks for it by name: there are twenty thousand of them in a race."""

Slot: TypeAlias = tuple[str | None, ...]
"""What a message replaces: of two messages with one slot the later one is what holds."""


class SheetHead(Model):
    """Of standings what a gateway has to know; it passes the sheet on without reading the rest.

    The front of a race in parts says the same. `entries` are those on the podium, `competitors` how many
    there are in all.
    """

    type: Literal["standings", "field.top"]
    race_id: RaceId
    version: int
    status: Status
    as_of: Instant
    race: RaceDefinition
    entries: tuple["_Line", ...]
    on_ice: tuple[int, ...]
    remaining: int
    competitors: int = 0


class _Line(PodiumLine):
    rank: int | None  # type: ignore[assignment]


Content: TypeAlias = (
    SheetHead
    | RowHead
    | PartHead
    | PodiumChanged
    | PodiumSecured
    | Pace
    | RecordMessage
    | Ranking
    | Needs
    | SamalogNeeds
)
_SHEET: TypeAdapter[SheetHead] = TypeAdapter(SheetHead)
_PODIUM = 3


@dataclass(frozen=True)
class Told:
    """A message that told something new.

    `at` is when it was told, in seconds since 1970, never before that of the message before it. `payload` is
    its value on Kafka, which is one line of JSON. `slot` is what it replaces.
    """

    kind: Kind
    place: Place
    offset: int
    at: float
    payload: bytes
    content: Content
    slot: Slot

    @property
    def race_id(self) -> str | None:
        """The race it belongs to; None for rankings and what is needed in one."""
        return None if isinstance(self.content, Ranking | SamalogNeeds) else self.content.race_id

    @property
    def discipline(self) -> str | None:
        """The discipline of its race."""
        return None if self.race_id is None else self.race_id.split("/")[1]

    @cached_property
    def summary(self) -> bytes:
        """The race in one line, as JSON; of standings only."""
        if not isinstance(self.content, SheetHead):
            raise TypeError(f"only standings have a summary, this is {self.kind}")
        return summary_of(self.content).model_dump_json().encode()


def read(stream: Stream, partition: int, offset: int, value: bytes, at: float) -> Told | None:
    """Read a message; None where it is none that this gateway understands, as from a newer worker."""
    try:
        content = _content(stream, value)
        if b"\n" in value or b"\r" in value:
            # Read again, because what was read may say where in it something is.
            value = b" ".join(value.split())
            content = _content(stream, value)
    except (ValidationError, TypeError):
        return None
    return Told(
        _kind(stream, content), (LETTERS[stream], partition), offset, at, value, content, _slot(content)
    )


def _content(stream: Stream, value: bytes) -> Content:
    if stream == "standings":
        return _sheet(value)
    if stream != "field":
        return _other(OUTPUT.validate_json(value))
    # A front has many lines, a row has one: most messages are rows.
    try:
        return lines_head(value)
    except ValidationError:
        return _sheet(value)


def _sheet(value: bytes) -> SheetHead:
    """Read standings, and keep of the lines those that are shown of a race in one line.

    There are minutes of messages with a hundred lines each, and Python's collector goes through all that is
    kept, while everybody waits.
    """
    head = _SHEET.validate_json(value)
    podium = tuple(line for line in head.entries if line.rank is not None and line.rank <= _PODIUM)
    there = head.competitors if head.type == "field.top" else len(head.entries)
    return head.model_copy(update={"entries": podium, "competitors": there})


def _kind(stream: Stream, content: Content) -> Kind:
    if isinstance(content, SheetHead):
        return content.type
    if isinstance(content, RowHead):
        return "field.row"
    if isinstance(content, PartHead):
        return "field.part"
    return stream  # type: ignore[return-value]


def _other(message: object) -> Content:
    if isinstance(
        message, PodiumChanged | PodiumSecured | Pace | RecordMessage | Ranking | Needs | SamalogNeeds
    ):
        return message
    raise TypeError(f"standings in the topic of others: {message!r:.80}")


_SLOTS: dict[type[Content], Callable[[Any], Slot]] = {
    SheetHead: lambda sheet: ("standings", sheet.race_id),
    RowHead: lambda row: ("row", row.race_id, row.competitor_id),
    PartHead: lambda part: ("part", part.race_id, str(part.part)),
    PodiumChanged: lambda podium: ("podium", podium.race_id),
    PodiumSecured: lambda podium: ("secured", podium.race_id, podium.competitor.id),
    Pace: lambda pace: ("pace", pace.race_id, pace.competitor.id, str(pace.pair)),
    Ranking: lambda ranking: ("ranking", ranking.ranking_id),
    Needs: lambda needs: ("needs", needs.race_id),
    SamalogNeeds: lambda needs: ("samalog", needs.ranking_id),
}


def _slot(content: Content) -> Slot:
    if isinstance(content, RecordMessage):
        holder = content.record.holder if isinstance(content, RecordRevoked) else content.competitor
        return ("record", content.kind, content.scope, content.discipline, content.race_id, holder.id)
    return _SLOTS[type(content)](content)


def summary_of(sheet: SheetHead) -> RaceSummary:
    """Put a race into one line."""
    race = sheet.race
    return RaceSummary(
        race_id=sheet.race_id,
        version=sheet.version,
        status=sheet.status,
        as_of=sheet.as_of,
        competition=race.competition,
        discipline=race.discipline,
        distance_m=race.distance_m,
        format=race.format,
        division=race.division,
        run=race.run,
        scheduled_at=race.scheduled_at,
        sheet="parts" if sheet.type == "field.top" else "whole",
        competitors=sheet.competitors,
        on_ice=sheet.on_ice,
        remaining=sheet.remaining,
        podium=tuple(
            PodiumLine(
                rank=line.rank,
                rank_equal=line.rank_equal,
                competitor=line.competitor,
                time=line.time,
                thousandth=line.thousandth,
            )
            for line in sheet.entries
            if line.rank is not None
        ),
    )


def ranking_summary(ranking: Ranking) -> RankingSummary:
    """Put a ranking into one line."""
    return RankingSummary(
        ranking_id=ranking.ranking_id,
        basis=ranking.basis,
        season=ranking.season,
        version=ranking.version,
        provisional=ranking.provisional,
        as_of=ranking.as_of,
    )
