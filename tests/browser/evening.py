"""A fixture as an evening: its events, and what they have come to in memory after each of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas.standings import Standings
from streams.event_files import Line
from streams.gateway.positions import LETTERS
from streams.processing.messages import Published
from streams.processing.pipeline import Pipeline
from tests.gateway.telling import Heard, placed
from tests.kafka.meeting import events


@dataclass(frozen=True, slots=True)
class Evening:
    """The events of a fixture and what a gateway hears of them.

    Attributes:
        reference: listings, before anything is skated.
        timing: what the timing system says, in order.
        heard: everything that a gateway hears.
        ends: how many messages it has heard after 0, 1, 2 … events of `timing`.
    """

    reference: tuple[Line, ...]
    timing: tuple[Line, ...]
    heard: tuple[Heard, ...]
    ends: tuple[int, ...]

    def told(self, count: int) -> tuple[Heard, ...]:
        """Give what a gateway has heard after so many timing events."""
        return self.heard[: self.ends[count]]

    def then(self, count: int, until: int | None = None) -> tuple[Heard, ...]:
        """Give what a gateway hears after so many timing events, until so many."""
        return self.heard[self.ends[count] : None if until is None else self.ends[until]]

    def standings(self, count: int) -> dict[str, Standings]:
        """Give the standings of each race after so many timing events."""
        last = {
            json.loads(one.value)["race_id"]: one.value
            for one in self.told(count)
            if one.stream == "standings"
        }
        return {race_id: Standings.model_validate_json(value) for race_id, value in last.items()}

    def after(self, wanted: Callable[[dict[str, Any]], bool]) -> int:
        """Count the timing events up to the first one of which a wanted message comes."""
        number = next(number for number, one in enumerate(self.heard) if wanted(json.loads(one.value)))
        return next(count for count, end in enumerate(self.ends) if end > number)


@cache
def evening(fixture: str) -> Evening:
    """Read a fixture, and run it in memory."""
    reference, timing = events(fixture)
    pipeline = Pipeline(openings=False)

    def outcome(line: Line) -> list[Published]:
        said = list(pipeline.feed(line.stream, line.key, line.value))
        return [message for message in said if message.stream in LETTERS]

    said = [message for line in reference for message in outcome(line)]
    ends = [len(said)]
    for line in timing:
        said.extend(outcome(line))
        ends.append(len(said))
    return Evening(tuple(reference), tuple(timing), tuple(placed(said)), tuple(ends))


def record(kind: str, race_id: str, *, revoked: bool = False) -> Callable[[dict[str, Any]], bool]:
    """Want the word on a record of a race: that it is set, or that it is none any more."""
    wanted = "record.revoked" if revoked else "record.set"

    def is_it(message: dict[str, Any]) -> bool:
        return (message["type"], message.get("kind"), message.get("race_id")) == (wanted, kind, race_id)

    return is_it


def method_of(race_id: str, competitor_id: str, method: str) -> Callable[[dict[str, Any]], bool]:
    """Want the standings in which somebody's time is one of a method."""

    def is_it(message: dict[str, Any]) -> bool:
        return (
            message["type"] == "standings"
            and message["race_id"] == race_id
            and any(
                entry["competitor"]["id"] == competitor_id and entry["method"] == method
                for entry in message["entries"]
            )
        )

    return is_it
