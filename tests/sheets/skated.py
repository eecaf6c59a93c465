"""A sheet skated again: the events that a timing system would have sent for what is printed.

Printed are finishes, so there are no splits, and races are numbered, so their hours are ours. Where a
thousandth is not printed it did not decide anything, and a digit takes its place that the caller picks, the
same for a whole sheet. Two times of ours are in every stream and must never count: a transponder's, a little
too late, before each photo finish, and the finish of whoever is DQ, for whom none is printed: the winner's.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone

from schemas.model import Method
from schemas.race import Competition, Competitor, Listed, StartList, Venue
from schemas.timing import (
    PairCalled,
    PairStarted,
    PassingRecorded,
    RaceClosed,
    RaceScheduled,
    ResultRuled,
    SprintScored,
    StartListRevised,
    TimingEvent,
)
from streams.skating import times
from tests.sheets.printed import LAP_M, Line, ResultSheet
from tests.sheets.tables import table_of

_TRANSPONDER_LATE_MS = 13
_SPRINT_LAPS = (4, 8, 12)
_LARGEST_OF_AN_INTERMEDIATE = 3
SEASON = "2025-26"
_FIRST_MORNING = datetime(2025, 11, 14, 9, tzinfo=timezone(timedelta(hours=-7)))
_A_WEEK = timedelta(days=7)


def events(sheet: ResultSheet, digit: int) -> list[TimingEvent]:
    """Give a race from its definition to its closing, a second from event to event.

    Args:
        sheet: what is printed.
        digit: the thousandth, 0 to 9, of times printed without one.
    """
    start = begun_at(sheet)
    seconds = (start + timedelta(seconds=second) for second in range(10_000))
    scheduled = _scheduled(sheet, next(seconds))
    race = scheduled.race_id
    return [
        scheduled,
        *_revised(sheet, race, seconds),
        *_skated(sheet, race, digit, seconds),
        *_sprints(sheet, race, seconds),
        *_rulings(sheet, race, seconds),
        RaceClosed(race_id=race, occurred_at=next(seconds), status="OFFICIAL"),
    ]


def begun_at(sheet: ResultSheet) -> datetime:
    """Give when the race begins: its programme number in hours, its World Cup in weeks."""
    cup, _, number = sheet.number.partition("/")
    return _FIRST_MORNING + _A_WEEK * int(cup) + timedelta(hours=int(number))


def race_id(sheet: ResultSheet) -> str:
    """Name the race of a sheet, such as `2025-wc1/M500/A/1`."""
    run = "" if sheet.run is None else f"/{sheet.run}"
    return f"{_competition(sheet)}/{sheet.discipline}/{sheet.division}{run}"


def _competition(sheet: ResultSheet) -> str:
    return f"2025-wc{sheet.number.partition('/')[0]}"


def points_taken(sheet: ResultSheet) -> list[Line]:
    """Find who is printed with less points than the sprints gave: the total is 0 in spite of them."""
    return [line for line in sheet.lines if sum(line.result.sprints) != (line.result.total or 0)]


def _scheduled(sheet: ResultSheet, at: datetime) -> RaceScheduled:
    cup = sheet.number.partition("/")[0]
    return RaceScheduled(
        race_id=race_id(sheet),
        occurred_at=at,
        competition=Competition(
            id=_competition(sheet),
            name=f"World Cup {cup}",
            season=SEASON,
            series="world_cup",
            venue=Venue(id=f"rink-{cup}", name=f"the rink of World Cup {cup}", track_length_m=LAP_M),
        ),
        discipline=sheet.discipline,
        distance_m=sheet.distance_m,
        format=sheet.format,
        division="A" if sheet.division == "A" else "B",
        run=sheet.run,
        scheduled_at=begun_at(sheet),
        points_table=table_of(sheet.discipline, sheet.division).name,
        start_list=_start_list(_drawn(sheet)),
    )


def _drawn(sheet: ResultSheet) -> Iterator[Line]:
    """Give the lines of the first start list, in which who withdrew still has the place."""
    left = {(line.pair, line.lane) for line in sheet.lines if line.result.irm == "WDR" and line.lane}
    return (line for line in sheet.lines if line.result.irm == "WDR" or (line.pair, line.lane) not in left)


def _start_list(lines: Iterable[Line]) -> StartList:
    return tuple(
        Listed(
            pair=line.pair,
            lane=line.lane,
            competitor=Competitor(id=line.who, name=line.name, country=line.country),
        )
        for line in lines
    )


def _revised(sheet: ResultSheet, race: str, seconds: Iterator[datetime]) -> Iterator[TimingEvent]:
    """Draw the pairs again without who withdrew, where somebody else skated in that place."""
    there = [line for line in sheet.lines if line.result.irm != "WDR"]
    if len(there) < len(sheet.lines):
        yield StartListRevised(race_id=race, occurred_at=next(seconds), start_list=_start_list(there))


def _skated(sheet: ResultSheet, race: str, digit: int, seconds: Iterator[datetime]) -> Iterator[TimingEvent]:
    for pair in sorted({line.pair for line in sheet.lines}):
        gun = next(seconds)
        yield PairCalled(race_id=race, occurred_at=gun, pair=pair)
        yield PairStarted(race_id=race, occurred_at=next(seconds), pair=pair, started_at=gun)
        for line in sheet.lines:
            time_ms = _time_ms(sheet, line, digit)
            if line.pair == pair and time_ms is not None:
                yield from _finish(sheet, race, line, time_ms, seconds)


def _time_ms(sheet: ResultSheet, line: Line, digit: int) -> int | None:
    skated = sheet.lines[0].result if line.result.irm == "DQ" else line.result
    if skated.time is None:
        return None
    return times.parse(f"{skated.time}({digit if skated.thousandth is None else skated.thousandth})")


def _finish(
    sheet: ResultSheet, race: str, line: Line, time_ms: int, seconds: Iterator[datetime]
) -> Iterator[TimingEvent]:
    by_method: tuple[tuple[Method, int], ...] = (
        ("transponder", time_ms + _TRANSPONDER_LATE_MS),
        ("photo_finish", time_ms),
    )
    for method, measured_ms in by_method:
        yield PassingRecorded(
            race_id=race,
            occurred_at=next(seconds),
            pair=line.pair,
            lane=line.lane,
            competitor_id=line.who,
            distance_m=sheet.distance_m if line.laps is None else line.laps * LAP_M,
            time_ms=measured_ms,
            method=method,
        )


def _sprints(sheet: ResultSheet, race: str, seconds: Iterator[datetime]) -> Iterator[TimingEvent]:
    """Score the sprints, and then those again of which the sheet's totals take points back.

    The printed columns run together, so a skater's points of intermediate sprints go to the first laps.
    """
    kept: dict[int, dict[str, int]] = {}
    scored: dict[int, dict[str, int]] = {}
    taken = {line.who for line in points_taken(sheet)}
    for line in sheet.lines:
        small = [won for won in line.result.sprints if won <= _LARGEST_OF_AN_INTERMEDIATE]
        final = [won for won in line.result.sprints if won > _LARGEST_OF_AN_INTERMEDIATE]
        laps = (*_SPRINT_LAPS[: len(small)], *([sheet.distance_m // LAP_M] * len(final)))
        for lap, won in zip(laps, (*small, *final), strict=True):
            scored.setdefault(lap, {})[line.who] = won
            if line.who not in taken:
                kept.setdefault(lap, {})[line.who] = won
    for lap, points in scored.items():
        yield SprintScored(race_id=race, occurred_at=next(seconds), lap=lap, points=points)
    for lap, points in scored.items():
        left = kept.get(lap, {})
        if left != points:
            yield SprintScored(race_id=race, occurred_at=next(seconds), lap=lap, points=left)


def _rulings(sheet: ResultSheet, race: str, seconds: Iterator[datetime]) -> Iterator[TimingEvent]:
    for line in sheet.lines:
        told = line.result
        if told.irm or told.rule or told.marks:
            yield ResultRuled(
                race_id=race,
                occurred_at=next(seconds),
                competitor_id=line.who,
                irm=told.irm,
                rule=told.rule,
                marks=tuple(mark for mark in ("F", "RS", "RW") if mark in told.marks),
            )
