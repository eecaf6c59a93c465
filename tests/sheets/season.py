"""World Cup standings as the sheets make them: what is printed, added up by hand.

Points come from the sheets, but for the lines that are known to be misprinted (`known.py`), and nothing from
the points tables or the core. On equal points the better result in the latest race goes first (RULES: World
Cup points); the divisions of one race count as one, A before B.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.rankings import RankingEntry
from tests.sheets.known import KNOWN
from tests.sheets.printed import Line, ResultSheet
from tests.sheets.skated import begun_at, race_id


class Place(NamedTuple):
    """One line of a standing, with race, rank and points of every result behind it, in order of races."""

    rank: int
    rank_equal: bool
    who: str
    total: int
    results: tuple[tuple[str, int | None, int], ...]


class _Result(NamedTuple):
    sheet: ResultSheet
    line: Line
    points: int


def told(entry: RankingEntry) -> Place:
    """Read a line of a ranking."""
    results = ((part.race_id or "", part.rank, int(part.value)) for part in entry.parts)
    return Place(entry.rank, entry.rank_equal, entry.competitor.id, int(entry.value), tuple(results))


def added_up(sheets: Iterable[ResultSheet]) -> list[Place]:
    """Add up all sheets of one discipline; who shares a rank comes in the order of the ids."""
    by_skater: dict[str, list[_Result]] = {}
    for sheet in sorted(sheets, key=begun_at):
        for place, line in enumerate(sheet.lines, start=1):
            points = line.result.points + _corrected(sheet, place)
            if line.result.irm is None or points:
                by_skater.setdefault(line.who, []).append(_Result(sheet, line, points))
    worth = {who: _worth(results) for who, results in by_skater.items()}
    every = sorted(worth.values())
    return [
        Place(
            rank=every.index(worth[who]) + 1,
            rank_equal=every.count(worth[who]) > 1,
            who=who,
            total=sum(each.points for each in results),
            results=tuple((race_id(each.sheet), _rank(each.line), each.points) for each in results),
        )
        for who, results in sorted(by_skater.items(), key=lambda item: (worth[item[0]], item[0]))
    ]


def _corrected(sheet: ResultSheet, place: int) -> int:
    """Give how much a line scores more than is printed."""
    return sum(
        int(str(each.ours)) - int(str(each.printed))
        for known in KNOWN.values()
        for each in known
        if (each.sheet, each.place, each.what) == (sheet.number, place, "World Cup points")
    )


def _rank(line: Line) -> int | None:
    return line.rank if line.result.irm is None else None


def _worth(results: Sequence[_Result]) -> tuple[int, int, int, str, float]:
    """Give what sorts a skater: most points, then the latest race, then the better result in it."""
    latest = max(results, key=lambda each: begun_at(each.sheet))
    cup = latest.sheet.number.partition("/")[0]
    rank = _rank(latest.line)
    return (
        -sum(each.points for each in results),
        -int(cup),
        -(latest.sheet.run or 0),
        latest.sheet.division,
        float("inf") if rank is None else rank,
    )
