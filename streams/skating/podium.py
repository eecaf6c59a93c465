"""The podium: who moved on it and why, and who cannot be pushed off any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from schemas.podium import PodiumCause, PodiumChange, PodiumPlace
from schemas.race import Competitor
from schemas.standings import Entry
from schemas.timing import PassingRecorded, RaceClosed, ResultRuled, SprintScored, TimingEvent
from streams.skating.counting import Skated, counting
from streams.skating.life import is_closed
from streams.skating.race import Race
from streams.skating.sheet import Sheet

STEPS = 3
"""Places 1, 2 and 3; more people where they are tied."""


@dataclass(frozen=True, slots=True)
class Secured:
    """A competitor whom nobody still to skate can push below this rank."""

    competitor: Competitor
    worst_rank: int


def podium(race: Race, sheet: Sheet) -> tuple[PodiumPlace, ...]:
    """Give the podium as it stands.

    That of a mass start is empty until its final sprint is scored, or the race is closed: before, the
    sprints on the way would put somebody on it who only led in points (RULES: mass start).
    """
    if not _decided(race, sheet):
        return ()
    full = race.course[-1]
    return tuple(
        PodiumPlace(
            rank=entry.rank,
            rank_equal=entry.rank_equal,
            competitor=entry.competitor,
            time_ms=entry.time_ms,
            time=entry.time,
        )
        for entry in sheet.entries[: _tied_with_the_last_step(sheet.entries)]
        if entry.rank is not None and entry.splits and entry.splits[-1].distance_m == full
    )


def changes(before: Sequence[PodiumPlace], after: Sequence[PodiumPlace]) -> tuple[PodiumChange, ...]:
    """Tell who came, went or moved: those on it now in their order, then those who left."""
    old, new = _places(before), _places(after)
    competitors = {place.competitor.id: place.competitor for place in (*before, *after)}
    moved = [
        name for name in (*new, *(name for name in old if name not in new)) if old.get(name) != new.get(name)
    ]
    return tuple(
        PodiumChange(competitor=competitors[name], from_=old.get(name), to=new.get(name)) for name in moved
    )


def secured(
    race: Race, sheet: Sheet, present: Sequence[Skated], steps: Sequence[PodiumPlace] | None = None
) -> tuple[Secured, ...]:
    """List who has a podium place for certain, as far as those still to skate are concerned.

    Each of those could come in front of everybody, so the worst rank is the present one plus their number.
    Who is in front already and may skate again can push nobody further down.

    Args:
        race: the race.
        sheet: its sheet.
        present: what everybody has to show.
        steps: the podium, where it is known already.
    """
    steps = podium(race, sheet) if steps is None else steps
    if not steps or sum(1 for each in present if each.to_skate and each.ranked is None) >= STEPS:
        return ()
    rank_of = {entry.competitor.id: entry.rank for entry in sheet.entries}
    waiting = {each.competitor.id: rank_of[each.competitor.id] for each in present if each.to_skate}
    found = []
    for place in steps:
        threats = sum(
            rank is None or rank >= place.rank
            for name, rank in waiting.items()
            if name != place.competitor.id
        )
        if place.rank + threats <= STEPS:
            found.append(Secured(place.competitor, place.rank + threats))
    return tuple(found)


def cause(before: Race | None, after: Race, event: TimingEvent) -> PodiumCause:
    """Name what kind of event moved things: a finish, a correction, a ruling, or the finish of a reskate."""
    match event:
        case ResultRuled():
            return "ruling"
        case SprintScored() | RaceClosed():
            return "finish"
        case PassingRecorded():
            skater = None if before is None else before.skaters.get(event.competitor_id)
            if before is None or skater is None or event.pair not in skater.attempts:
                return "finish"
            if counting(before, skater, event.pair, event.distance_m) is not None:
                return "correction"
            return "reskate" if after.skaters[event.competitor_id].attempts[event.pair].reskate else "finish"
        case _:
            return "correction"


def _decided(race: Race, sheet: Sheet) -> bool:
    return not race.is_mass_start or len(race.course) in race.sprints or is_closed(sheet.status)


def _tied_with_the_last_step(entries: Sequence[Entry]) -> int:
    return sum(1 for _ in takewhile(lambda entry: entry.rank is not None and entry.rank <= STEPS, entries))


def _places(places: Sequence[PodiumPlace]) -> Mapping[str, int]:
    return {place.competitor.id: place.rank for place in places}
