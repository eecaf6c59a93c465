"""What one race gave, said once: rankings are drawn anew with every result, and say mostly the same."""

from functools import lru_cache

from schemas.rankings import RankingPart


@lru_cache(16_384)
def part(race_id: str, rank: int | None, value: str) -> RankingPart:
    """Say what a race gave to somebody; the same object whenever it is the same.

    Args:
        race_id: the race.
        rank: the rank there, from 1; None where an irm took it.
        value: what that is worth, as people read it.
    """
    return RankingPart(race_id=race_id, rank=rank, value=value)
