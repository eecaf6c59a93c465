"""One heat: which measurements there are of it, and which of them the contract's readers have been told.

Nothing is passed on as it comes. Each event changes the set of measurements; from the set follows what should
be known at each split (`crossings.py`), and `settle` says the difference to what has been said. So a
correction, a deletion, a lap that turns out to belong to another split and a measurement taken back by the
choice of the operator are all the same thing, and what was sent twice makes no difference.

Two clocks are involved: `when` of a measurement is the timing system's, `_time` of a line the recorder's, in
the excerpts 14 ms to 4 s later (the line's way included) and for a re-sent line more than an hour. The
contract orders by `occurred_at`: of one method the latest holds, and clearing or deleting voids what is not
later. So a measurement that is said first occurred at its `when`, which is the same when it is sent again.
Whatever replaces or voids something already said occurred when the recorder heard of it, but never before
what it replaces, and what follows a clearing or a deletion always after that: an operator who deletes a wrong
photo finish has read the right one before, so that its `when` is the earlier of the two. Thus the order is
right even where the recorder's clock is wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from schemas.model import Method
from schemas.race import Listed
from schemas.timing import PassingDeleted, PassingRecorded
from streams.sources.vantage import wire
from streams.sources.vantage.crossings import METHODS, Crossed, Lap, LapKey, crossed, expectations

SOURCE = "vantage"
"""What the contract's `source` says of all that comes from here."""

TICK = timedelta(microseconds=1)
"""The least by which something is later than something else."""

SAME_GUN = timedelta(seconds=1)
"""Two instants of a start that are closer than this are the same start, heard by two systems."""

_NOTHING: Mapping[LapKey, Lap] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Said:
    """What the readers were told last of a split by one method; without `time_ms`: that it is taken back."""

    at: datetime
    time_ms: int | None


@dataclass(frozen=True, slots=True)
class Skater:
    """A lane of the heat: who skates there, when Vantage expects them where, and what was measured.

    What is expected is kept as it was told, since the course, and with it the splits, may be corrected.
    """

    listed: Listed
    estimates: tuple[wire.Estimate, ...]
    laps: Mapping[LapKey, Lap] = field(default_factory=dict)
    said: Mapping[tuple[int, Method], Said] = field(default_factory=dict)
    reskate: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat, by `race id` of its lanes. Each `…_at` is when the recorder last heard of it, for late copies.

    `gun` is the last start, by the timing system's clock; `running` is false between a clearing and the next
    start. `voided_at` is the `occurred_at` of the last clearing.
    """

    number: int
    skaters: Mapping[str, Skater] = field(default_factory=dict)
    listed_at: datetime | None = None
    cleared_at: datetime | None = None
    left_at: datetime | None = None
    committed_at: datetime | None = None
    gun: datetime | None = None
    running: bool = True
    voided_at: datetime | None = None
    called: bool = False
    confirmed: bool = False


def stale(known: datetime | None, recorded_at: datetime) -> bool:
    """Tell whether a line is a copy of one that has been read, or older than one."""
    return known is not None and recorded_at <= known


def last_said(heat: Heat) -> datetime | None:
    """Give the latest `occurred_at` that the readers know of this heat's measurements and clearings."""
    instants = [said.at for skater in heat.skaters.values() for said in skater.said.values()]
    return max([*instants, *([heat.voided_at] if heat.voided_at else [])], default=None)


def after(instant: datetime, earlier: datetime | None) -> datetime:
    """Give the instant, or where it is not later than `earlier` the next one after that."""
    return instant if earlier is None or instant > earlier else earlier + TICK


def with_lap(
    skater: Skater, wired: wire.Lap, heard_at: datetime, *, old_ticks: int | None, again: bool
) -> Skater:
    """Take a measurement in, or change the one that it is a new state of.

    Args:
        skater: Who was measured.
        wired: The measurement; its source must be one of `METHODS`.
        heard_at: When the recorder heard of it.
        old_ticks: What its time was before, where a change is told.
        again: Whether this may be an old state sent again, which then changes nothing.

    Returns:
        The very same skater where it changes nothing, or is one more than `wire.MOST_LAPS`.
    """
    method = METHODS[wired.presentation_source.how]
    key = key_of(wired)
    laps = dict(skater.laps)
    old_key = key if key in laps or old_ticks is None else _named_by(laps, method, old_ticks)
    old = laps.get(old_key) if old_key else None
    if key not in laps and len(laps) >= wire.MOST_LAPS:
        return skater
    state = (wired.time, wired.flags)
    if old is not None and (heard_at <= old.heard_at or (again and state in old.known)):
        return skater
    if old is not None and old_key is not None and old_key != key:
        laps[old_key] = replace(old, flags=old.flags | wire.DELETED, heard_at=heard_at)
    laps[key] = Lap(
        method=method,
        ticks=wired.time,
        flags=wired.flags,
        fixed_index=wired.fixed_index,
        when=wired.when,
        heard_at=heard_at,
        known=(old.known if old else frozenset()) | {state},
    )
    return replace(skater, laps=laps)


def with_committed(skater: Skater, committed: Iterable[wire.Lap], heard_at: datetime) -> Skater:
    """Take in all measurements that the timekeepers committed; one that is not among them is deleted."""
    told = {key_of(wired): wired for wired in committed}
    for key, wired in told.items():
        known = skater.laps.get(key)
        if known is None or (known.ticks, known.flags) != (wired.time, wired.flags):
            skater = with_lap(skater, wired, heard_at, old_ticks=None, again=False)
    laps = {
        key: lap
        if lap.deleted or key in told
        else replace(lap, flags=lap.flags | wire.DELETED, heard_at=heard_at)
        for key, lap in skater.laps.items()
    }
    return replace(skater, laps=laps)


def key_of(wired: wire.Lap) -> LapKey:
    """Give what stays the same of a measurement while it is changed."""
    return METHODS[wired.presentation_source.how], wired.when.isoformat() if wired.when else str(wired.time)


def of_this_attempt(heat: Heat, lap: Lap) -> bool:
    """Tell whether a measurement was made since the last start, and not before a clearing.

    Without a known start everything counts that was heard of since the last clearing.
    """
    if not heat.running:
        return False
    if lap.when is not None and heat.gun is not None:
        return lap.when > heat.gun - SAME_GUN
    return not stale(heat.cleared_at, lap.heard_at)


def crossings(heat: Heat, skater: Skater, course: tuple[int, ...]) -> Crossed:
    """Find out where a skater was measured in the present attempt."""
    laps = {key: lap for key, lap in skater.laps.items() if of_this_attempt(heat, lap)}
    return crossed(laps or _NOTHING, course, expectations(course, skater.estimates))


def settle(
    race_id: str, course: tuple[int, ...], heat: Heat, recorded_at: datetime
) -> tuple[Heat, list[PassingRecorded | PassingDeleted]]:
    """Say what has changed: measurements that are new or different, then those that are no more.

    Deletions come last, so that a time that is replaced by another source's is not missing in between.
    """
    recorded: list[PassingRecorded | PassingDeleted] = []
    deleted: list[PassingRecorded | PassingDeleted] = []
    skaters = dict(heat.skaters)
    for lane, skater in heat.skaters.items():
        kept = crossings(heat, skater, course).kept
        said = dict(skater.said)
        who = skater.listed.competitor.id
        for (metres, method), lap in sorted(kept.items()):
            before = said.get((metres, method))
            if before is not None and before.time_ms == lap.time_ms:
                continue
            at = _occurred_at(lap, before.at if before else heat.voided_at, recorded_at)
            said[metres, method] = Said(at, lap.time_ms)
            recorded.append(
                PassingRecorded(
                    race_id=race_id, occurred_at=at, source=SOURCE, pair=heat.number, lane=skater.listed.lane,
                    competitor_id=who, distance_m=metres, time_ms=lap.time_ms, method=method,
                )
            )  # fmt: skip
        for (metres, method), before in sorted(said.items(), key=lambda item: item[0]):
            # Where the course has no split any more there is nothing to take back, and nobody would take it.
            if before.time_ms is None or (metres, method) in kept or metres not in course:
                continue
            at = max(recorded_at, before.at)
            said[metres, method] = Said(at, None)
            deleted.append(
                PassingDeleted(
                    race_id=race_id, occurred_at=at, source=SOURCE, pair=heat.number,
                    competitor_id=who, distance_m=metres, method=method,
                )
            )  # fmt: skip
        skaters[lane] = replace(skater, said=said)
    return replace(heat, skaters=skaters), recorded + deleted


def _named_by(laps: Mapping[LapKey, Lap], method: Method, ticks: int) -> LapKey | None:
    return next(
        (key for key, lap in laps.items() if lap.method == method and lap.ticks == ticks and not lap.deleted),
        None,
    )


def _occurred_at(lap: Lap, earlier: datetime | None, recorded_at: datetime) -> datetime:
    if lap.when is not None and (earlier is None or lap.when > earlier):
        return lap.when
    return after(recorded_at, earlier)
