"""Races of a season with their results, and how their rankings are written in a test."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.race import Competitor
from schemas.rankings import RankingDefined, RankingEntry
from schemas.reference import PointsTableListed
from schemas.results import RaceResult, RaceResults
from streams.skating.times import parse

DAY = datetime(2021, 11, 12, 12, 0, tzinfo=UTC)
TABLE_A = PointsTableListed(name="A", points=(60, 54, 48, 43, 40))
TABLE_B = PointsTableListed(name="B", points=(28, 24, 21), irm_scores={"DNF": "last"})
TABLES = {"A": TABLE_A, "B": TABLE_B}


def skater(name: str) -> Competitor:
    """Make a competitor; `nor:bo` is a Norwegian, a name alone is Dutch."""
    country, _, alone = name.rpartition(":")
    return Competitor(id=alone, name=alone.title(), country=country.upper() or "NED")


def result(line: str) -> RaceResult:
    """Read a line of a sheet: `1 ann 36.00`, `2= bea`, `DNF cor`, `- dee` for one still to skate."""
    place, name, *time = line.split()
    rank = int(place.rstrip("=")) if place[0].isdigit() else None
    return RaceResult(
        competitor=skater(name),
        rank=rank,
        rank_equal=place.endswith("="),
        time_ms=parse(time[0]) if time else None,
        irm=None if rank is not None or place == "-" else place,  # type: ignore[arg-type]
        finished=rank is not None,
        to_skate=place == "-",
        next_pair=1 if place == "-" else None,
    )


def race(
    race_id: str,
    *lines: str,
    day: int = 0,
    status: str = "OFFICIAL",
    version: int = 1,
    place: int = 0,
    **more: Any,
) -> RaceResults:
    """Make a race of the World Cup 2021-22, so many days after the first; `more` is of its definition."""
    competition, discipline, division, *run = race_id.split("/")
    digits = discipline[1:]
    meeting = {
        "id": competition,
        "name": competition,
        "season": more.pop("season", "2021-22"),
        "series": more.pop("series", "world_cup"),
        "venue": {"id": "thialf", "name": "Thialf", "country": "NED", "track_length_m": 400},
    }
    distance_m = int(digits) if digits.isdigit() else 3200
    definition = {
        "race_id": race_id,
        "competition": meeting,
        "discipline": discipline,
        "distance_m": distance_m,
        "format": "pairs",
        "division": division,
        "run": run[0] if run else None,
        "scheduled_at": (DAY + timedelta(days=day)).isoformat(),
        "points_table": None if division == "-" else division,
    }
    return RaceResults.model_validate_json(
        RaceResults.model_construct(
            race_id=race_id,
            version=version,
            place=place,
            as_of=DAY + timedelta(days=day),
            race=definition | more,  # type: ignore[arg-type]
            status=status,  # type: ignore[arg-type]
            finish_m=distance_m,
            results=tuple(result(line) for line in lines),
        ).model_dump_json(warnings=False)
    )


def defined(basis: str, ranking_id: str = "a/ranking", **fields: Any) -> RankingDefined:
    """Define a ranking of the season."""
    told = {"ranking_id": ranking_id, "basis": basis, "season": "2021-22", "occurred_at": DAY.isoformat()}
    return RankingDefined.model_validate_json(
        RankingDefined.model_construct(**{**told, **fields}).model_dump_json(warnings=False)
    )


def written(entries: Iterable[RankingEntry]) -> list[str]:
    """Write a ranking: `1 ann 60`, `2= bea 54`, of a matrix `1 ann 2 in`."""
    return [
        " ".join(
            filter(
                None,
                (
                    f"{each.rank}{'=' if each.rank_equal else ''}",
                    each.competitor.id,
                    each.value,
                    each.state,
                ),
            )
        )
        for each in entries
    ]


def parts(entries: Iterable[RankingEntry], name: str) -> list[str]:
    """Write what one competitor's value is made of: `wc1/M500/A 1 60`, `-` where there is none."""
    (entry,) = (each for each in entries if each.competitor.id == name)
    return [f"{part.race_id or '-'} {part.rank or '-'} {part.value}" for part in entry.parts]
