"""The finish to expect of somebody who is still skating.

Every projection keeps the time already skated and asks only what the rest will take. A reference, somebody
whose split and finish are known, tells that: his rest, stretched by a share of the lead or arrears so far.
"""

from collections.abc import Mapping, Sequence

from streams.skating.course import FASTEST_M_PER_S

Splits = Mapping[int, int]
"""Cumulative milliseconds by metres."""

_LEVEL = 0.08
"""A gap beyond this part of the reference's split is an accident, not a difference in level."""

_START_M = 55
"""What a standing start costs, as metres at the speed reached after it."""

_FADE = {1000: 0.22, 1500: 0.19, 3000: 0.11, 5000: 0.05}
"""How much slower the last metre is than the first would be at full speed; none where not named."""


def earliest(split_ms: int, at_m: int, distance_m: int) -> int:
    """Give the earliest finish, in ms, that is possible after `split_ms` at `at_m`.

    The remaining metres at 20 m/s, on average faster than anybody has skated (CONTRACT: dead letters).
    """
    return split_ms + -((at_m - distance_m) * 1000 // FASTEST_M_PER_S)


def as_others(split_ms: int, at_m: int, distance_m: int, others: Sequence[Splits]) -> int:
    """Project a finish, in ms, as the median of how each of `others` went on from `at_m`.

    Args:
        split_ms: own time at `at_m`.
        at_m: the split, short of the finish.
        distance_m: the finish.
        others: at least one; all have a time at `at_m` and at `distance_m`.
    """
    finishes = sorted(_as_one(split_ms, at_m, distance_m, other) for other in others)
    middle = len(finishes) // 2
    return finishes[middle] if len(finishes) % 2 else (finishes[middle - 1] + finishes[middle]) // 2


def as_own_laps(split_ms: int, at_m: int, distance_m: int, previous: tuple[int, int] | None) -> int:
    """Project a finish, in ms, by the pace since the previous split and how this distance usually fades.

    Args:
        split_ms: own time at `at_m`.
        at_m: the split, short of the finish.
        distance_m: the finish.
        previous: metres and ms of the split before this one; None at the first, or where it is missing,
            and then the pace is that since the start.
    """
    from_m, from_ms = previous or (0, 0)
    since = _effort(at_m, distance_m) - (_effort(from_m, distance_m) if previous else 0)
    rest = _effort(distance_m, distance_m) - _effort(at_m, distance_m)
    return split_ms + round((split_ms - from_ms) * rest / since)


def _as_one(split_ms: int, at_m: int, distance_m: int, other: Splits) -> int:
    rest = other[distance_m] - other[at_m]
    most = other[at_m] * _LEVEL
    gap = min(max(split_ms - other[at_m], -most), most)
    return split_ms + rest + round(gap * _carried(at_m, distance_m) * rest / other[at_m])


def _carried(at_m: int, distance_m: int) -> float:
    return at_m / distance_m


def _effort(at_m: int, distance_m: int) -> float:
    return _START_M + at_m + _FADE.get(distance_m, 0.0) * at_m * at_m / (2 * distance_m)
