"""What the core makes of a sheet, held against what is printed."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.podium import PodiumChanged
from schemas.standings import Entry, Standings
from schemas.timing import TimingEvent
from streams.processing.pipeline import Pipeline
from tests.sheets.printed import LAP_M, Line, ResultSheet
from tests.sheets.tables import TABLES, points, table_of


class Difference(NamedTuple):
    """One thing on one line; `place` is the line's, from 1, whether or not it has a rank."""

    sheet: str
    place: int
    what: str
    printed: object
    ours: object


class Outcome(NamedTuple):
    """The last standings of a race, and its last podium: place and name of everybody on it."""

    standings: Standings
    podium: list[tuple[int, str]]


def replayed(events: Iterable[TimingEvent]) -> Outcome:
    """Feed the points tables and the events in, and give what the race ends with.

    Raises:
        AssertionError: where an event is a dead letter or our own code fails on it.
    """
    bugs: list[str] = []
    pipeline = Pipeline(openings=False, on_bug=bugs.append)
    published = [
        message
        for table in TABLES.values()
        for message in pipeline.feed("reference", table.name.encode(), table.model_dump_json().encode())
    ]
    for event in events:
        published += pipeline.feed("timing", event.race_id.encode(), event.model_dump_json().encode())
    assert bugs == []
    assert [message for message in published if message.stream == "dead-letters"] == []
    standings = [message.value for message in published if message.stream == "standings"]
    changes = [
        PodiumChanged.model_validate_json(message.value)
        for message in published
        if message.stream == "podium" and b'"podium.changed"' in message.value
    ]
    podium = changes[-1].podium if changes else ()
    return Outcome(
        Standings.model_validate_json(standings[-1]),
        [(place.rank, place.competitor.name) for place in podium],
    )


def differences(sheet: ResultSheet, standings: Standings) -> list[Difference]:
    """List everything in which the standings say something else than the sheet, line by line."""
    found = []
    ranked = [line.rank for line in sheet.lines if line.rank is not None and line.result.irm is None]
    our_ranks = [entry.rank for entry in standings.entries if entry.rank is not None]
    if len(sheet.lines) != len(standings.entries):
        found.append(Difference(sheet.number, 0, "lines", len(sheet.lines), len(standings.entries)))
    for place, (line, entry) in enumerate(zip(sheet.lines, standings.entries, strict=False), start=1):
        printed = _printed(line, ranked.count(line.rank or 0) > 1, place)
        ours = _ours(sheet, entry, our_ranks)
        found.extend(
            Difference(sheet.number, place, what, printed[what], ours[what])
            for what in printed
            if printed[what] != ours[what]
        )
    return found


def _printed(line: Line, is_shared: bool, place: int) -> dict[str, object]:
    told = line.result
    return {
        "who": f"{line.bib} {line.name}",
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


def _ours(sheet: ResultSheet, entry: Entry, our_ranks: list[int]) -> dict[str, object]:
    table = table_of(sheet.discipline, sheet.division)
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
        "World Cup points": points(table, entry.rank, entry.irm, our_ranks),
    }
