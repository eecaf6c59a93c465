"""Where on the course times are taken, and what speed is possible on it."""

from fractions import Fraction
from functools import lru_cache

from schemas.race import RaceFormat

FASTEST_M_PER_S = 20
"""Nobody skates faster on average; a time that says so is an error (CONTRACT: dead letters)."""

_HALF_A_METRE = Fraction(1, 2)


def lap(track_length_m: float) -> Fraction:
    """Give the exact length of a lap: whole and half metres as they are, 333.3 as 333⅓."""
    return Fraction(track_length_m).limit_denominator(3)


@lru_cache(maxsize=256)
def splits(race_format: RaceFormat, distance_m: int, track_length_m: float = 400) -> tuple[int, ...]:
    """List the distances, in whole metres, at which a race is timed, the finish last.

    The first is the distance modulo the lap (a whole lap where that is 0), then one every lap; in a team
    pursuit one every half lap (RULES: splits on a 400 m oval). Lines that lie between two whole metres, as on
    a track of 333⅓ m, are named by the nearest one, and so are whole laps: 2667 m are eight of 333⅓ m.
    """
    every = lap(track_length_m)
    if race_format == "team_pursuit":
        every /= 2
    laps = round(distance_m / every)
    opening = distance_m % every if abs(laps * every - distance_m) > _HALF_A_METRE else Fraction(0)
    starts_on_a_line = opening == 0
    first = every if starts_on_a_line else opening
    lines = laps if starts_on_a_line else distance_m // every + 1
    return (*(round(first + every * line) for line in range(lines - 1)), distance_m)


def too_fast(distance_m: int, time_ms: int) -> bool:
    """Tell whether a time over a distance asks for more than 20 m/s on average."""
    return distance_m * 1000 > FASTEST_M_PER_S * time_ms
