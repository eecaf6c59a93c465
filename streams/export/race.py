"""Which race to export: the latest of it, from Kafka or from a file, in one message or in parts."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from schemas.field import FieldTop
from schemas.standings import Standings
from streams.errors import SlotritError
from streams.event_files import read_events
from streams.export.field_heads import lines_head
from streams.export.field_sheet import FieldSheet
from streams.export.whole import Format, Whole, whole
from streams.settings import Settings
from streams.topic_reading import reading
from streams.topics import STREAMS, on_broker

_FRONT, _LINES = b'{"type":"field.top"', (b'{"type":"field.row"', b'{"type":"field.part"')
"""How the messages of a race in parts begin as our workers write them."""


@dataclass(slots=True)
class Found:
    """What has been found of a race so far, and of which races there was anything.

    `front` is the last `field.top`, of the version `version`.
    """

    race_id: str
    latest: Standings | None = None
    version: int = -1
    front: bytes = b""
    lines: FieldSheet = field(default_factory=FieldSheet)
    races: set[str] = field(default_factory=set)

    def take(self, race_id: str, value: bytes, place: str) -> None:
        """Take a message of a race; `place` is where it is, for what is said of one that is broken.

        Raises:
            SlotritError: where it is of the race that is looked for and cannot be read.
        """
        self.races.add(race_id)
        if race_id != self.race_id:
            return
        try:
            if value.startswith(_LINES):
                self.lines.take(lines_head(value), value)
            elif value.startswith(_FRONT):
                self._take_front(FieldTop.model_validate_json(value).version, value)
            else:
                read = Standings.model_validate_json(value)
                if self.latest is None or read.version >= self.latest.version:
                    self.latest = read
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            where = ".".join(map(str, wrong["loc"]))
            raise SlotritError(f"{place}: {where}: {wrong['msg']}; these are no standings") from None
        except TypeError as error:
            raise SlotritError(f"{place}: {error}; this is no line of a race in parts") from None

    def _take_front(self, version: int, value: bytes) -> None:
        if version >= self.version:
            self.version, self.front = version, value

    def whole(self, where: str) -> Whole:
        """Give everybody.

        Raises:
            SlotritError: where nothing of the race was found, or not all of it.
        """
        if self.front:
            told = FieldTop.model_validate_json(self.front)
            there = self.lines.count()
            if there < told.competitors:
                raise SlotritError(
                    f"{where}: of {self.race_id} there are the lines of {there} of {told.competitors} "
                    "competitors; the rest is not there, so this would not be the whole race"
                )
            return whole(self.front, self.lines)
        if self.latest is not None:
            return Whole(self.latest)
        others = sorted(filter(None, self.races - {self.race_id}))[:5]
        there_are = f"; there are those of {', '.join(others)}" if others else ""
        raise SlotritError(f"{where}: there are no standings of {self.race_id}{there_are}")


def export(race_id: str, kind: Format, *, settings: Settings, file: Path | None = None) -> str:
    """Write the latest standings of a race in a format, with everybody in them.

    Args:
        race_id: which race.
        kind: the format.
        settings: where the broker is; not used with a file.
        file: messages, one a line, as `slotrit replay --out` writes standings, or `field` of a race in parts;
            `-` is standard input.

    Raises:
        SlotritError: where there are none of that race, or they cannot be read.
    """
    found = asyncio.run(on_kafka(race_id, settings)) if file is None else in_file(race_id, file)
    return "".join(found.pieces(kind))


async def on_kafka(race_id: str, settings: Settings) -> Whole:
    """Give the latest that the broker has of a race.

    Raises:
        SlotritError: where there is nothing, or the broker does not answer.
    """
    standings, parts = (
        on_broker(STREAMS[stream].name, settings.topic_prefix) for stream in ("standings", "field")
    )
    found = Found(race_id)
    async with reading(settings, [standings, parts], role="viewer") as there:
        async for record in there.what_is_there():
            if record.value is not None:
                race = (record.key or b"").decode(errors="replace").partition(" ")[0]
                found.take(race, record.value, f"{record.topic}/{record.partition}/{record.offset}")
    return found.whole(standings)


def in_file(race_id: str, file: Path) -> Whole:
    """Give the latest of a race in a file; other messages in it are passed over.

    Raises:
        SlotritError: where there is nothing, or the file cannot be read.
    """
    found = Found(race_id)
    for line in read_events([file]):
        if b'"standings"' in line.value or line.value.startswith((_FRONT, *_LINES)):
            found.take((line.key or b"").decode(), line.value, line.place)
    return found.whole(str(file))
