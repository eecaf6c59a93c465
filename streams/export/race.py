"""Which standings to export: the latest of a race, from Kafka or from a file of them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from schemas.standings import Standings
from streams.errors import SlotritError
from streams.event_files import read_events
from streams.export.odf import as_odf
from streams.export.sheets import as_csv, as_json
from streams.settings import Settings
from streams.topic_reading import reading
from streams.topics import STREAMS, on_broker

Format = Literal["csv", "json", "odf"]
WRITERS: dict[Format, Callable[[Standings], str]] = {"csv": as_csv, "json": as_json, "odf": as_odf}


def export(race_id: str, kind: Format, *, settings: Settings, file: Path | None = None) -> str:
    """Write the latest standings of a race in a format.

    Args:
        race_id: which race.
        kind: the format.
        settings: where the broker is; not used with a file.
        file: standings, one a line, as `slotrit replay --out` writes them; `-` is standard input.

    Raises:
        SlotritError: where there are none of that race, or they cannot be read.
    """
    found = asyncio.run(on_kafka(race_id, settings)) if file is None else in_file(race_id, file)
    return WRITERS[kind](found)


async def on_kafka(race_id: str, settings: Settings) -> Standings:
    """Give the latest standings of a race that the broker has.

    Raises:
        SlotritError: where there are none, or the broker does not answer.
    """
    topic = on_broker(STREAMS["standings"].name, settings.topic_prefix)
    latest: Standings | None = None
    races: set[str] = set()
    async with reading(settings, [topic], role="viewer") as there:
        async for record in there.what_is_there():
            key = (record.key or b"").decode(errors="replace")
            races.add(key)
            if key == race_id and record.value is not None:
                place = f"{topic}/{record.partition}/{record.offset}"
                latest = _later(latest, _read(record.value, place))
    return _or_complain(latest, race_id, races, topic)


def in_file(race_id: str, file: Path) -> Standings:
    """Give the latest standings of a race in a file; other messages in it are passed over.

    Raises:
        SlotritError: where there are none, or the file cannot be read.
    """
    latest: Standings | None = None
    races: set[str] = set()
    for line in read_events([file]):
        race = (line.key or b"").decode()
        if b'"standings"' not in line.value:
            continue
        races.add(race)
        if race == race_id:
            latest = _later(latest, _read(line.value, line.place))
    return _or_complain(latest, race_id, races, str(file))


def _read(value: bytes, place: str) -> Standings:
    try:
        return Standings.model_validate_json(value)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        where = ".".join(map(str, wrong["loc"]))
        raise SlotritError(f"{place}: {where}: {wrong['msg']}; these are no standings") from None


def _later(known: Standings | None, read: Standings) -> Standings:
    return read if known is None or read.version >= known.version else known


def _or_complain(found: Standings | None, race_id: str, races: set[str], where: str) -> Standings:
    if found is not None:
        return found
    others = f"; there are those of {', '.join(sorted(filter(None, races))[:5])}" if any(races) else ""
    raise SlotritError(f"{where}: there are no standings of {race_id}{others}")
