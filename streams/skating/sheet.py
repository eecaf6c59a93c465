"""The sheet of a race: what the standings say at a moment, without version and time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.race import Status
from schemas.standings import Entry
from streams.skating import life
from streams.skating.counting import Skated
from streams.skating.ice import is_on_ice
from streams.skating.lines import Lines, lines
from streams.skating.race import Race
from streams.skating.touched import everybody

__all__ = ["Sheet", "everybody", "sheet"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a standings message says, but for its version and its time.

    `drawn` are the entries with what they were drawn from; the next sheet takes over what is still right.
    """

    status: Status
    entries: tuple[Entry, ...]
    on_ice: tuple[int, ...]
    next: tuple[int, ...]
    remaining: int
    drawn: Lines | None = field(default=None, compare=False, repr=False)


def sheet(race: Race, present: Sequence[Skated], before: Sheet | None = None) -> Sheet:
    """Draw up the sheet of a race from what everybody has to show.

    Args:
        race: the race.
        present: what everybody has to show.
        before: a sheet of this race as it was, of which what is still right is taken over.
    """
    drawn = lines(race, present, None if before is None else before.drawn)
    to_skate = sorted({pair for each in present for pair in each.to_skate})
    return Sheet(
        status=life.status(race.life, race.closed_as),
        entries=drawn.entries,
        on_ice=tuple(pair for pair in to_skate if is_on_ice(race, pair)),
        next=tuple(pair for pair in to_skate if race.pairs[pair].on_ice_since is None),
        remaining=sum(bool(each.to_skate) for each in present),
        drawn=drawn,
    )
