"""The finish to expect of somebody who is still skating.

Every projection keeps the time already skated and asks only what the rest will take. A reference, somebody
whose split and finish are known, tells that: his rest, stretched by a share of the lead or arrears so far.
The share is small at first, for an opening says little about a finish, and grows with the metres skated.

How large its error is on the fixtures, by distance and split, `python -m bench.projection` prints, and
beside it that of two simpler rules: the leader's finish by the ratio of the splits (`scaled`), and his
finish plus the gap to him (`gap`). Scaling makes too much of a gap up to 1500 m; in pursuits it does as
well, over 3000 m, of which there are few, better, and over 5000 m about as well. The gap alone is as good
after the opening of a 500 and a 1000, and loses elsewhere. What is used lies between the two. In a pursuit
a team fell in the last lap, which nobody can foresee. Most splits in the fixtures are invented, so this
says how the methods compare rather than how well they do on other ice.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from streams.skating.course import FASTEST_M_PER_S

Splits = Mapping[int, int]
"""Cumulative milliseconds by metres."""


class Belief(NamedTuple):
    """How much of a gap to a reference is taken for a difference in level, which the rest will show as well.

    After `half_m` metres it is half of it, before them less, later more. What of a gap is beyond the part
    `most` of the reference's time is an accident: it is kept, and does not go on.
    """

    half_m: int
    most: float


AMONG_PEERS = Belief(400, 0.05)
"""Of the best of the same race, and of one's own best: an early gap is mostly chance."""

TO_A_RECORD = Belief(0, 0.10)
"""Somebody else's record is of another level than nearly everybody: the whole gap counts from the start."""

_LAST_LAP = 0.5
"""The weight of the gap of the last lap; the rest is that of the whole time so far."""


class _Shape(NamedTuple):
    """How a distance is usually skated.

    `start_m` is what a standing start costs, as metres at the speed reached after it; `fade` by which part of
    that speed's time a metre has become slower at the finish.
    """

    start_m: int
    fade: float


_USUAL = _Shape(60, 0.05)
_SHAPES: Mapping[int, _Shape] = {
    500: _Shape(55, 0.0),
    1000: _Shape(85, 0.26),
    1500: _Shape(90, 0.22),
    2400: _Shape(70, 0.05),
    3000: _Shape(60, 0.10),
    3200: _Shape(70, 0.05),
    5000: _Shape(60, 0.03),
    10000: _Shape(50, 0.0),
}


def earliest(split_ms: int, at_m: int, distance_m: int) -> int:
    """Give the earliest finish, in ms, that is possible after `split_ms` at `at_m`.

    The remaining metres at 20 m/s, on average faster than anybody has skated (CONTRACT: dead letters).
    """
    return split_ms + -((at_m - distance_m) * 1000 // FASTEST_M_PER_S)


def as_others(
    own: Splits,
    at_m: int,
    before_m: int | None,
    distance_m: int,
    others: Sequence[Splits],
    belief: Belief = AMONG_PEERS,
) -> int:
    """Project a finish, in ms, as the median of how each of `others` went on from `at_m`.

    Args:
        own: the own times, at least at `at_m`.
        at_m: the split, short of the finish.
        before_m: the split before it on the course; None at the first.
        distance_m: the finish.
        others: at least one; all have a time at `at_m` and at `distance_m`.
        belief: how much the gaps to them say.
    """
    finishes = sorted(_as_one(own, at_m, before_m, distance_m, other, belief) for other in others)
    middle = len(finishes) // 2
    return finishes[middle] if len(finishes) % 2 else (finishes[middle - 1] + finishes[middle]) // 2


def as_own_laps(own: Splits, at_m: int, before_m: int | None, distance_m: int) -> int:
    """Project a finish, in ms, by the pace since the previous split and how this distance usually fades.

    At the first split, and where the one before is missing, it is the pace since the start.

    Args:
        own: the own times, at least at `at_m`.
        at_m: the split, short of the finish.
        before_m: the split before it on the course; None at the first.
        distance_m: the finish.
    """
    shape = _SHAPES.get(distance_m, _USUAL)
    effort, split_ms = _effort(at_m, distance_m, shape), own[at_m]
    rest = _effort(distance_m, distance_m, shape) - effort
    if before_m is None or before_m not in own:
        return split_ms + round(split_ms * rest / effort)
    lap = effort - _effort(before_m, distance_m, shape)
    return split_ms + round((split_ms - own[before_m]) * rest / lap)


def _as_one(
    own: Splits, at_m: int, before_m: int | None, distance_m: int, other: Splits, belief: Belief
) -> int:
    rest_ms = max(other[distance_m] - other[at_m], 0)
    gap = _relative_gap(own, at_m, before_m, other)
    level = min(max(gap, -belief.most), belief.most) * at_m / (at_m + belief.half_m)
    return own[at_m] + rest_ms + round(rest_ms * level)


def _relative_gap(own: Splits, at_m: int, before_m: int | None, other: Splits) -> float:
    whole = own[at_m] / other[at_m] - 1
    if before_m is None or before_m not in own or other.get(before_m, other[at_m]) >= other[at_m]:
        return whole
    lap = (own[at_m] - own[before_m]) / (other[at_m] - other[before_m]) - 1
    return _LAST_LAP * lap + (1 - _LAST_LAP) * whole


def _effort(at_m: int, distance_m: int, shape: _Shape) -> float:
    return shape.start_m + at_m + shape.fade * at_m * at_m / (2 * distance_m)
