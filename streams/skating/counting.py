"""Which measurement counts, and what that makes of a competitor's race.

At one distance of one attempt the best method counts: photo finish, optical, transponder, manual; of one
method the latest. Measurements from before the pair was cleared, or before they were deleted, do not
(CONTRACT: which measurement counts).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schemas.model import LANES, Irm, Lane, Method
from schemas.race import Competitor
from streams.skating import life
from streams.skating.race import Attempt, Measured, Race, Skater, deletion

PRECEDENCE: tuple[Method, ...] = ("photo_finish", "optical", "transponder", "manual")
"""Best first."""


@dataclass(frozen=True, slots=True)
class Counting:
    """The time that counts at a line, how it was measured, and in which lane, as far as that was told.

    `since` is the earliest measurement there that was not voided, by any method: a correction or a photo
    finish does not move it.
    """

    time_ms: int
    method: Method
    since: datetime
    lane: Lane | None = None


@dataclass(frozen=True, slots=True)
class Skated:
    """What a competitor has to show: the attempt that counts, else the latest, with what counts in it.

    `splits` are in the order of the course. `finish` is the time that ranks: at the full distance, in a mass
    start at the last completed lap. `to_skate` are the pairs in which a finish is still to come; who was
    lapped in a mass start is waited for until the race is closed.
    """

    competitor: Competitor
    pair: int
    lane: Lane | None
    splits: Mapping[int, Counting] = field(default_factory=dict)
    finish: Counting | None = None
    irm: Irm | None = None
    rule: str | None = None
    marks: tuple[str, ...] = ()
    confirmed: bool = False
    to_skate: tuple[int, ...] = ()

    @property
    def ranked(self) -> Counting | None:
        """The finish, unless an `irm` takes the rank away."""
        return None if self.irm else self.finish


def counting(race: Race, skater: Skater, pair: int, distance_m: int) -> Counting | None:
    """Find what counts at a line of one attempt; None where nothing measured there holds."""
    there = skater.attempts[pair].passings.get(distance_m)
    if not there:
        return None
    may_be_void = bool(skater.deleted) or race.pairs[pair].cleared is not None
    if len(there) == 1 and not may_be_void:
        ((method, measured),) = there.items()
        return Counting(measured.time_ms, method, min((*measured.earlier, measured.at)), measured.lane)
    best: tuple[Method, Measured] | None = None
    since: list[datetime] = []
    for method in PRECEDENCE:
        told = there.get(method)
        void = _void_until(race, skater, pair, distance_m, method) if may_be_void else None
        if told is None or (void is not None and told.at <= void):
            continue
        best = best or (method, told)
        since.extend(at for at in (*told.earlier, told.at) if void is None or at > void)
    if best is None:
        return None
    return Counting(best[1].time_ms, best[0], min(since), best[1].lane)


def _void_until(race: Race, skater: Skater, pair: int, distance_m: int, method: Method) -> datetime | None:
    """Find the moment up to which nothing counts that was measured so: the last clearing or deletion."""
    voids = [
        skater.deleted.get(deletion(distance_m, of_pair, of_method))
        for of_pair in (pair, None)
        for of_method in (method, None)
    ]
    voids.append(race.pairs[pair].cleared)
    return max((void for void in voids if void is not None), default=None)


def splits(race: Race, skater: Skater, pair: int) -> dict[int, Counting]:
    """Give everything that counts in one attempt, in the order of the course."""
    measured = skater.attempts[pair].passings
    if not measured:
        return {}
    found = ((line, counting(race, skater, pair, line)) for line in race.course if line in measured)
    return {line: there for line, there in found if there is not None}


def lane(attempt: Attempt, there: Mapping[int, Counting]) -> Lane | None:
    """Tell the lane of the start: as listed, else of what counts the first on the sheet, else null."""
    told = (each.lane for each in there.values() if each.lane is not None)
    return attempt.listed_lane or min(told, key=LANES.index, default=None)


def skated(race: Race, skater: Skater) -> Skated | None:
    """Sum up a competitor; None for one who is neither listed, nor measured, nor ruled on.

    The best finish of all attempts counts; of equal ones the earlier attempt's.
    """
    by_pair = {pair: splits(race, skater, pair) for pair in sorted(skater.attempts)}
    ruling = skater.ruling if skater.ruling is not None and skater.ruling.speaks else None
    if not (skater.listed or skater.reskates or ruling or any(by_pair.values())):
        return None
    full = race.course[-1]
    finished = [pair for pair, there in by_pair.items() if full in there]
    pair = min(finished, key=lambda pair: by_pair[pair][full].time_ms, default=skater.latest_pair)
    there = by_pair.get(pair, {})
    last = max(there, default=None)
    ranking_line = last if race.is_mass_start else full
    irm = ruling.irm if ruling else None
    return Skated(
        competitor=skater.competitor,
        pair=pair,
        lane=lane(skater.attempts.get(pair, Attempt()), there),
        splits=there,
        finish=there.get(ranking_line) if ranking_line is not None else None,
        irm=irm,
        rule=ruling.rule if ruling else None,
        marks=ruling.marks if ruling else (),
        confirmed=race.pairs[pair].is_confirmed if pair in race.pairs else False,
        to_skate=() if irm or (there and is_over(race)) else _to_skate(skater, finished),
    )


def is_over(race: Race) -> bool:
    """Tell whether whoever was measured has finished, lapped or not: in a mass start all stop together."""
    return race.is_mass_start and life.is_closed(life.status(race.life, race.closed_as))


def _to_skate(skater: Skater, finished: Sequence[int]) -> tuple[int, ...]:
    pairs = set(skater.reskates) if finished else {*skater.reskates, *skater.listed}
    if not finished and not pairs:
        pairs = {skater.latest_pair}
    return tuple(sorted(pairs.difference(finished)))
