"""Which split a measurement belongs to, and which of several measurements there are passed on.

Vantage does not say at which split a skater was measured: it counts laps, and knows the number of a lap only
where a photo finish or the operator fixed it. Several sources measure the same crossing within tenths of a
second; laps come late, twice, are deleted and inserted, a loop misses somebody, a skater who has finished
rolls over the line again. So the split is worked out anew from the whole set of a skater's measurements each
time one comes, which makes it independent of the order in which they came.

Walking through them by time, each one is the next split, unless it lies closer to the one before than half of
the stretch between them: then it is another measurement of that one. A split is taken as missed only if more
than 1¾ of a stretch have gone by; less than that is a fall, which costs five to twenty seconds. How long a
stretch takes is estimated from Vantage's own estimate, or else from a plain model, in proportion to how the
skater has done so far.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from schemas.model import Method
from streams.skating import course as courses
from streams.sources.vantage import wire

METHODS: dict[str, Method] = {
    "Transponder": "transponder",
    "Optical": "optical",
    "Photofinish": "photo_finish",
    "Manual": "manual",
}
"""Vantage's word for a source, and the contract's."""

PRECEDENCE: tuple[Method, ...] = ("manual", "transponder", "optical", "photo_finish")
"""Of two measurements at a split the contract lets the later one in this row count."""

_ENTERED: frozenset[Method] = frozenset({"photo_finish", "manual"})
"""Measurements that a person enters, so that the last entry is meant; loops see the crossing first."""

_ANOTHER_SOURCE = 0.5
_FALL = 0.75
_SLOWEST, _FASTEST = 1.6, 0.7
_START_LOSS_MS, _MS_PER_M = 4000, 77
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lap:
    """A measurement as it stands now.

    `heard_at` is when the recorder last heard of it; `known` holds every (ticks, flags) it ever had, so that
    an old state of it, sent again, is recognised.
    """

    method: Method
    ticks: int
    flags: int
    fixed_index: int | None
    when: datetime | None
    heard_at: datetime
    known: frozenset[tuple[int, int]]

    @property
    def time_ms(self) -> int:
        """Milliseconds since the gun, truncated."""
        return self.ticks // wire.TICKS_IN_A_MS

    @property
    def deleted(self) -> bool:
        """Whether it was taken back."""
        return bool(self.flags & wire.DELETED)

    @property
    def shown(self) -> bool:
        """Whether it is the one that the operator shows."""
        return bool(self.flags & wire.SHOWN)


LapKey = tuple[Method, str]
"""What stays the same when a measurement is changed: its source, and `when` (without one its first time)."""


Reason = Literal[
    "lap deleted",
    "lap at no split of the course",
    "lap outranks the one that is shown",
    "lap beside a better one of its source",
    "time below 1 ms",
    "faster than 20 m/s",
    "fixedIndex beyond the course",
]
"""Why a measurement is not passed on."""

IMPOSSIBLE: frozenset[Reason] = frozenset(
    {"time below 1 ms", "faster than 20 m/s", "fixedIndex beyond the course"}
)
"""The reasons that mean that something is wrong with the recording, and not just left over."""


class Crossed(NamedTuple):
    """What is passed on, by split in metres and method, and why each other measurement is not."""

    kept: Mapping[tuple[int, Method], Lap]
    left_out: Mapping[LapKey, Reason]


def expectations(course: tuple[int, ...], estimates: Iterable[wire.Estimate]) -> tuple[float, ...]:
    """Say when somebody is expected at each split, in milliseconds since the gun.

    By Vantage's estimate if it knows every split, else 4 s for the start and 13 m/s.
    """
    told = {estimate.passed_length: estimate.time / wire.TICKS_IN_A_MS for estimate in estimates}
    times = tuple(told.get(metres, 0.0) for metres in course)
    if all(later > earlier for earlier, later in zip((0.0, *times), times, strict=False)):
        return times
    return tuple(_START_LOSS_MS + metres * float(_MS_PER_M) for metres in course)


def crossed(laps: Mapping[LapKey, Lap], course: tuple[int, ...], expected: tuple[float, ...]) -> Crossed:
    """Find the split of every measurement of one skater, and choose among those at one split.

    Of one method at one split the shown measurement is kept; of several or none shown the last one entered
    (photo finish, by hand) or the first crossing (loops). All methods are passed on, except those that would
    outrank the one that is shown: the contract lets photo finish > optical > transponder > manual count,
    whatever the operator chose, and the official result is what the operator chose. So where a transponder's
    time is shown, an optical one of that split is left out. Where several are shown (the optical time stays
    shown beside the photo finish) the contract's order is the official one.

    Args:
        laps: The measurements of one attempt.
        course: The splits in metres, the finish last.
        expected: When the skater is expected there, in milliseconds.
    """
    left_out: dict[LapKey, Reason] = {}
    at_split: dict[int, list[LapKey]] = {}
    place, at = -1, 0.0
    for key, lap in sorted(laps.items(), key=lambda item: (item[1].ticks, item[0])):
        wrong = _unusable(lap, len(course))
        if wrong is not None:
            left_out[key] = wrong
            continue
        index = _place(lap.time_ms, place, at, expected) if lap.fixed_index is None else lap.fixed_index
        if index is None:
            left_out[key] = "lap at no split of the course"
        elif courses.too_fast(course[index], lap.time_ms):
            left_out[key] = "faster than 20 m/s"
        else:
            at_split.setdefault(index, []).append(key)
            if index > place:
                place, at = index, lap.time_ms
    kept: dict[tuple[int, Method], Lap] = {}
    for index, keys in at_split.items():
        _choose(course[index], keys, laps, kept, left_out)
    return Crossed(kept, left_out)


def _unusable(lap: Lap, splits: int) -> Reason | None:
    if lap.deleted:
        return "lap deleted"
    if lap.time_ms < 1:
        return "time below 1 ms"
    if lap.fixed_index is not None and not 0 <= lap.fixed_index < splits:
        return "fixedIndex beyond the course"
    return None


def _choose(
    metres: int,
    keys: list[LapKey],
    laps: Mapping[LapKey, Lap],
    kept: dict[tuple[int, Method], Lap],
    left_out: dict[LapKey, Reason],
) -> None:
    shown = [PRECEDENCE.index(laps[key].method) for key in keys if laps[key].shown]
    highest = max(shown, default=len(PRECEDENCE))
    for method in PRECEDENCE:
        candidates = [key for key in keys if laps[key].method == method]
        if not candidates:
            continue
        if PRECEDENCE.index(method) > highest:
            for key in candidates:
                left_out[key] = "lap outranks the one that is shown"
            continue
        best = max(candidates, key=lambda key: _preference(laps[key]))
        kept[metres, method] = laps[best]
        for key in candidates:
            if key != best:
                left_out[key] = "lap beside a better one of its source"


def _preference(lap: Lap) -> tuple[bool, datetime, int]:
    entered = (lap.when or lap.heard_at) if lap.method in _ENTERED else _LONG_AGO
    return lap.shown, entered, -lap.ticks


def _place(time_ms: int, place: int, at: float, expected: tuple[float, ...]) -> int | None:
    pace = min(max(at / expected[place], _FASTEST), _SLOWEST) if place >= 0 else 1.0
    stretches = [(later - earlier) * pace for earlier, later in zip((0.0, *expected), expected, strict=False)]
    following = stretches[min(place + 1, len(stretches) - 1)]
    if place >= 0 and time_ms < at + _ANOTHER_SOURCE * following:
        return place
    due = at
    for index in range(place + 1, len(stretches)):
        due += stretches[index]
        after = stretches[min(index + 1, len(stretches) - 1)]
        if time_ms <= due + _FALL * after:
            return index
    return None
