"""What the core makes of sheets, held against what is printed."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.podium import PodiumChanged
from schemas.rankings import Ranking
from schemas.reference import PointsTableListed, ReferenceEvent
from schemas.standings import Entry, Standings
from schemas.timing import TimingEvent
from streams.processing.messages import Published
from streams.processing.pipeline import Pipeline
from tests.sheets.printed import LAP_M, Line, ResultSheet
from tests.sheets.skated import SEASON, race_id

Event = TimingEvent | ReferenceEvent


class Difference(NamedTuple):
    """One thing on one line; `place` is the line's, from 1, whether or not it has a rank."""

    sheet: str
    place: int
    what: str
    printed: object
    ours: object


class Outcome(NamedTuple):
    """The last message of each: standings and podiums by race, rankings by name.

    A podium is the place and the name of everybody on it.
    """

    standings: Mapping[str, Standings]
    podiums: Mapping[str, list[tuple[int, str]]]
    rankings: Mapping[str, Ranking]


def replayed(*batches: Iterable[Event], records: bool = True) -> list[Outcome]:
    """Feed events in, one batch after the other into the same pipeline, and give what stands after each.

    Args:
        batches: the events.
        records: whether the records step runs too. Sheets say nothing of what it tells, and with all races
            of a season begun at once it takes half of the time.

    Raises:
        AssertionError: where an event is a dead letter or our own code fails on it.
    """
    bugs: list[str] = []
    pipeline = Pipeline(openings=False, on_bug=bugs.append)
    if not records:
        del pipeline.ledgers["performances"]
    last: dict[tuple[str, bytes], bytes] = {}
    outcomes = []
    for batch in batches:
        for event in batch:
            _keep(last, _fed(pipeline, event))
        outcomes.append(_outcome(last))
    assert bugs == []
    return outcomes


def _fed(pipeline: Pipeline, event: Event) -> Iterable[Published]:
    value = event.model_dump_json().encode()
    if isinstance(event, TimingEvent):
        return pipeline.feed("timing", event.race_id.encode(), value)
    key = event.name if isinstance(event, PointsTableListed) else event.type
    return pipeline.feed("reference", key.encode(), value)


def _keep(last: dict[tuple[str, bytes], bytes], published: Iterable[Published]) -> None:
    for message in published:
        assert message.stream != "dead-letters", message
        if message.stream != "podium" or b'"podium.changed"' in message.value:
            last[message.stream, message.key or b""] = message.value


def _outcome(last: Mapping[tuple[str, bytes], bytes]) -> Outcome:
    def of(stream: str) -> dict[str, bytes]:
        return {key.decode(): value for (name, key), value in last.items() if name == stream}

    changes = {key: PodiumChanged.model_validate_json(value) for key, value in of("podium").items()}
    return Outcome(
        {key: Standings.model_validate_json(value) for key, value in of("standings").items()},
        {key: [(step.rank, step.competitor.name) for step in each.podium] for key, each in changes.items()},
        {key: Ranking.model_validate_json(value) for key, value in of("rankings").items()},
    )


def differences(sheet: ResultSheet, outcome: Outcome) -> list[Difference]:
    """List everything in which race and standing say something else than the sheet, line by line."""
    found = []
    entries = outcome.standings[race_id(sheet)].entries
    scored = _scored(sheet, outcome.rankings)
    ranked = [line.rank for line in sheet.lines if line.rank is not None and line.result.irm is None]
    if len(sheet.lines) != len(entries):
        found.append(Difference(sheet.number, 0, "lines", len(sheet.lines), len(entries)))
    for place, (line, entry) in enumerate(zip(sheet.lines, entries, strict=False), start=1):
        printed = _printed(line, ranked.count(line.rank or 0) > 1, place)
        ours = _ours(sheet, entry, scored.get(entry.competitor.id, 0))
        found.extend(
            Difference(sheet.number, place, what, printed[what], ours[what])
            for what in printed
            if printed[what] != ours[what]
        )
    return found


def _scored(sheet: ResultSheet, rankings: Mapping[str, Ranking]) -> dict[str, int]:
    """Give what the World Cup standing says that this race gave, by competitor."""
    return {
        entry.competitor.id: int(part.value)
        for entry in rankings[f"{SEASON}/worldcup/{sheet.discipline}"].entries
        for part in entry.parts
        if part.race_id == race_id(sheet)
    }


def _printed(line: Line, is_shared: bool, place: int) -> dict[str, object]:
    told = line.result
    return {
        "who": f"{line.who} {line.name}",
        "sort_order": place,
        "rank": line.rank,
        "rank_equal": is_shared,
        "pair and lane": (line.pair, line.lane),
        "time": told.time,
        "thousandth": told.thousandth,
        "behind": told.behind,
        "irm": told.irm,
        "rule": told.rule,
        "marks": told.marks,
        "laps": line.laps,
        "sprint points": told.total,
        "World Cup points": told.points,
    }


def _ours(sheet: ResultSheet, entry: Entry, scored: int) -> dict[str, object]:
    mass_start = sheet.format == "mass_start"
    return {
        "who": f"{entry.competitor.id} {entry.competitor.name}",
        "sort_order": entry.sort_order,
        "rank": entry.rank,
        "rank_equal": entry.rank_equal,
        "pair and lane": (entry.pair, entry.lane),
        "time": entry.time,
        "thousandth": entry.thousandth,
        "behind": entry.behind or "",
        "irm": entry.irm,
        "rule": entry.rule,
        "marks": entry.marks,
        "laps": entry.splits[-1].distance_m // LAP_M if mass_start and entry.splits else None,
        "sprint points": entry.points,
        "World Cup points": scored,
    }
