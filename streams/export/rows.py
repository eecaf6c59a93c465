"""One flat row for each line of the sheet, every value a text: what spreadsheets and titlers take."""

from collections.abc import Iterable, Sequence

from schemas.standings import Entry, Split, Standings
from streams.skating.times import text

FIXED = (
    "race_id", "discipline", "division", "status", "as_of", "version",
    "sort_order", "rank", "rank_equal", "competitor_id", "name", "country",
    "pair", "lane", "time", "thousandth", "time_ms", "behind", "irm", "rule", "marks",
    "points", "method", "unchecked",
)  # fmt: skip
"""The columns that every race has; the splits follow, three columns each."""


def columns(standings: Standings) -> tuple[str, ...]:
    """Name the columns of a race: the fixed ones, then for each split cumulative time, lap and rank."""
    return columns_at({split.distance_m for entry in standings.entries for split in entry.splits})


def columns_at(distances: Iterable[int]) -> tuple[str, ...]:
    """Name the columns of a race with splits at some distances, in metres."""
    metres = sorted(distances)
    return (
        *FIXED,
        *(f"{what}_{distance}" for distance in metres for what in ("split", "lap", "split_rank")),
    )


def rows(standings: Standings, names: Sequence[str], entries: Iterable[Entry]) -> list[dict[str, str]]:
    """Write some entries as rows.

    All values are text, so that `36.90` keeps its last digit; what there is none of is an empty text, and
    every row has every column. A truth is `1` or `0`.

    Args:
        standings: what is said in every row.
        names: the columns.
        entries: whose rows, in the order of the sheet.
    """
    return [dict.fromkeys(names, "") | _fixed(standings, entry) | _splits(entry) for entry in entries]


def _fixed(standings: Standings, entry: Entry) -> dict[str, str]:
    race = standings.race
    values = (
        standings.race_id, race.discipline, race.division, standings.status, standings.as_of.isoformat(),
        standings.version, entry.sort_order, entry.rank, int(entry.rank_equal), entry.competitor.id,
        entry.competitor.name, entry.competitor.country, entry.pair, entry.lane, entry.time, entry.thousandth,
        entry.time_ms, entry.behind, entry.irm, entry.rule, " ".join(entry.marks), entry.points, entry.method,
        int(entry.unchecked),
    )  # fmt: skip
    return {name: _text(value) for name, value in zip(FIXED, values, strict=True)}


def _splits(entry: Entry) -> dict[str, str]:
    return {name: value for split in entry.splits for name, value in _split(split).items()}


def _split(split: Split) -> dict[str, str]:
    metres = split.distance_m
    return {
        f"split_{metres}": text(split.time_ms),
        f"lap_{metres}": "" if split.lap_ms is None else text(split.lap_ms),
        f"split_rank_{metres}": _text(split.rank),
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)
