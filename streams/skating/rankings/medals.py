"""Medals per country, over the races of a competition."""

from collections.abc import Sequence

from schemas.race import Competitor
from schemas.rankings import RankingEntry, RankingPart
from schemas.results import RaceResults
from streams.skating.order import ranks
from streams.skating.rankings.parts import part

_MEDALS = ("gold", "silver", "bronze")


def medal_entries(races: Sequence[RaceResults]) -> tuple[RankingEntry, ...]:
    """Rank the countries that have a medal: by gold, then silver, then bronze; equal ones share the rank.

    A rank is a medal, so a tie gives two: two for rank 1 are two golds and no silver (RULES: times and ties).
    The B division skates for none. While a race is on, its medals are those of the moment.

    Args:
        races: those that count and have begun, in the order of their parts.
    """
    won: dict[str, list[RankingPart]] = {}
    for race in races:
        for result in race.results if race.race.division != "B" else ():
            if result.rank is not None and result.rank <= len(_MEDALS):
                medal = part(race.race_id, result.rank, _MEDALS[result.rank - 1])
                won.setdefault(result.competitor.country, []).append(medal)
    ranked = ranks(sorted(won), lambda country: tuple(-count for count in _counts(won[country])))
    return tuple(
        RankingEntry(
            rank=rank,
            rank_equal=equal,
            competitor=Competitor(id=country, name=country, country=country),
            value="-".join(str(count) for count in _counts(won[country])),
            state=None,
            parts=tuple(won[country]),
        )
        for country, rank, equal in ranked
    )


def _counts(parts: Sequence[RankingPart]) -> list[int]:
    return [sum(part.value == medal for part in parts) for medal in _MEDALS]
