"""A race in parts as a gateway hears it, beside what the steps have in memory."""

import json
from collections.abc import Iterable
from typing import Any

from schemas.standings import Entry, Standings
from schemas.timing import TIMING
from streams.processing.messages import Published
from streams.skating.fold import Refused, fold
from streams.skating.race import Race
from tests.gateway.telling import Heard, heard_of
from tests.processing.read_in_parts import drawn
from tests.processing.test_in_parts import Step
from tests.skating.a_race import Event, raw


def told_by(story: Iterable[Event]) -> tuple[list[Heard], Race]:
    """Give what a race in parts publishes for a gateway, and the race in memory."""
    step, race = Step(), None
    said: list[Published] = []
    for each in story:
        said.extend(step.hear(each))
        folded = fold(race, TIMING.validate_json(raw(each)))
        race = race if isinstance(folded, Refused) else folded
    assert race is not None
    return heard_of(said), race


def as_shown(race: Race) -> list[dict[str, Any]]:
    """Give everybody's line, but for the ranks at the splits, which are told with the line and not again."""
    return [without_split_ranks(entry.model_dump(mode="json")) for entry in entries_of(race)]


def entries_of(race: Race) -> tuple[Entry, ...]:
    """Give the sheet of a race as the steps would tell it in one message."""
    return drawn(race).entries


def in_one_message(front: bytes, race: Race) -> Standings:
    """Give a race in parts as the standings that would have everybody in them.

    Args:
        front: its last `field.top`.
        race: the race.
    """
    told = Standings.model_validate_json(json.dumps(json.loads(front) | {"type": "standings"}))
    return told.model_copy(update={"entries": entries_of(race)})


def front_of(said: Iterable[Heard]) -> bytes:
    """Give the last front that was told."""
    return [message.value for message in said if b'"field.top"' in message.value][-1]


def without_split_ranks(entry: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not told again of a line when others pass."""
    splits = entry["splits"]
    assert isinstance(splits, list)
    own = [{name: split[name] for name in ("distance_m", "time_ms", "lap_ms")} for split in splits]
    return entry | {"splits": own}
