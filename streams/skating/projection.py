"""The finish to expect of somebody who is still skating.

Every projection keeps the time already skated and asks only what the rest will take. A reference, somebody
whose split and finish are known, tells that: his rest, stretched by a share of the lead or arrears so far.
The share is small at first, for an opening says little about a finish, and grows with the metres skated.

How large its error was on the fixtures, in seconds, mean and 95th percentile of the absolute error over `n`
skaters (`python -m bench.projection` prints all splits). The first columns are where somebody has finished,
the last four where only a record, or only the own laps, are known. 2400 and 3200 m are team pursuits; in one
of them a team fell in the last lap, which nobody can foresee. Most splits in the fixtures are invented, so
this says how the methods compare rather than how well they do on other ice.

    finish  split     n   mean    95%   scaled    gap   record    95%   laps    95%
       500    100    81   0.17   0.45     0.56   0.17     0.32   0.84   0.64   0.91
      1000    200    71   0.51   1.38     0.92   0.51     1.27   2.95   1.12   2.53
      1000    600    71   0.40   0.89     0.52   0.45     0.66   1.44   0.43   0.90
      1500    300    18   0.52   2.00     0.87   0.86     0.86   2.00   1.58   2.59
      1500    700    18   0.38   1.64     0.63   0.58     1.12   1.74   0.80   1.38
      1500   1100    18   0.24   1.02     0.37   0.31     0.26   0.37   0.39   0.67
      2400    200     6   3.34   6.76     3.25   3.14     3.79  11.15  15.13  22.46
      2400    800     6   2.42  10.15     2.27   2.81     1.87  12.00   2.45  10.96
      2400   1600     6   2.06  11.03     2.01   2.37     1.52  11.53   1.68  11.09
      2400   2200     6   1.54   8.99     1.62   1.75     1.14   8.96   1.06   8.21
      3000    200     3   1.01   2.51     1.08   2.33        -      -   1.22   3.44
      3000   1000     3   0.26   0.71     0.23   1.66        -      -   1.41   1.54
      3000   1800     3   0.11   0.27     0.09   0.99        -      -   0.56   0.61
      3000   2600     3   0.03   0.06     0.02   0.33        -      -   0.09   0.10
      3200    200     6   2.12   3.09     2.10   2.71        -      -  14.39  17.56
      3200    800     6   1.56   3.26     1.53   2.46        -      -   1.30   2.88
      3200   1600     6   0.81   2.39     0.81   1.79        -      -   0.68   2.23
      3200   2400     6   0.57   2.56     0.57   1.12        -      -   0.43   2.54
      3200   3000     6   0.27   1.42     0.32   0.47        -      -   0.14   1.01

`scaled` (the leader's finish by the ratio of the splits) and `gap` (the leader's finish plus the gap) are the
mean errors of two simpler rules in the same places. Scaling makes too much of a gap up to 1500 m; in pursuits
and over 3000 m, of which there are few, it does as well. The gap alone is as good after an opening and loses
wherever a lap has been skated. What is used lies between the two. 5000 and 10000 m are in no fixture.
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
