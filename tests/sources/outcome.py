"""What comes of a recording once its events are folded into races."""

import gzip
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from schemas.reference import REFERENCE, RecordListed
from schemas.standings import Entry
from schemas.timing import TIMING, PassingRecorded, TimingEvent
from streams.skating.fold import Refused, fold
from streams.skating.race import Race
from streams.skating.sheet import everybody, sheet
from streams.sources.vantage import Converted, Problem, State, Tally, convert_recording
from tests.sources import tape


class Outcome(NamedTuple):
    """The events in their order, the races by id, what was complained of, and the tally."""

    events: list[TimingEvent]
    listings: list[RecordListed]
    races: dict[str, Race]
    problems: list[Problem]
    tally: Tally
    json: list[str]

    def entries(self, discipline: str) -> tuple[Entry, ...]:
        """Give the standings of the discipline's only race."""
        race = next(race for race in self.races.values() if race.definition.discipline == discipline)
        return sheet(race, everybody(race)).entries

    def entry(self, name: str) -> Entry:
        """Give somebody's line in the standings."""
        return next(
            entry
            for race in self.races.values()
            for entry in sheet(race, everybody(race)).entries
            if entry.competitor.name == name
        )

    def splits(self, name: str) -> dict[int, int]:
        """Give somebody's times in ms by metres."""
        return {split.distance_m: split.time_ms for split in self.entry(name).splits}

    def told(self, kind: str, name: str | None = None) -> list[TimingEvent]:
        """Give the events of a type, of one competitor where a name is given."""
        who = self.entry(name).competitor.id if name else None
        return [
            event
            for event in self.events
            if event.type == kind and who in (None, getattr(event, "competitor_id", None))
        ]

    def passings(self, name: str, metres: int) -> list[tuple[str, int]]:
        """Give what was said of somebody at a split: method and time in ms."""
        passings = [
            event for event in self.told("passing.recorded", name) if isinstance(event, PassingRecorded)
        ]
        return [(event.method, event.time_ms) for event in passings if event.distance_m == metres]


def outcome(lines: Iterable[tape.Line] | str | Path, state: State | None = None) -> Outcome:
    """Convert a recording and fold what comes of it; nothing that is converted may be refused."""
    source = (
        lines if isinstance(lines, Path) else StringIO(lines if isinstance(lines, str) else tape.text(lines))
    )
    tally = Tally()
    found = Outcome([], [], {}, [], tally, [])
    for each in convert_recording(source, tally, state):
        if isinstance(each, Problem):
            found.problems.append(each)
            continue
        found.json.append(each.json)
        if '"record.listed"' in each.json:
            listing = REFERENCE.validate_json(each.json)
            assert isinstance(listing, RecordListed)
            found.listings.append(listing)
            continue
        event = TIMING.validate_json(each.json)
        folded = fold(found.races.get(event.race_id), event)
        assert not isinstance(folded, Refused), f"{folded.reason}: {each.json}"
        found.races[event.race_id] = folded
        found.events.append(event)
    return found


def said(lines: Iterable[tape.Line]) -> list[str]:
    """Convert a recording and do no more with it."""
    converted = convert_recording(StringIO(tape.text(lines)), Tally())
    return [each.json for each in converted if isinstance(each, Converted)]


def lines_of(path: Path) -> list[str]:
    """Read a compressed recording."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return list(lines)
