"""Which pairs are on the ice and which are to come, kept up event by event.

A sheet finds them by going through everybody. Here it is counted by pair how many are still to finish in it,
and the pairs that are out there, and those that wait, stand on a ladder each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from streams.skating.counting import Skated
from streams.skating.ladder import Ladder
from streams.skating.race import Race
from streams.skating.roster import put_all

Moved = tuple[Skated | None, Skated | None]
"""What somebody had to show, and has now; None is nothing."""


@dataclass(frozen=True, slots=True)
class Ice:
    """Pairs of a race: in how many finishes each is still waited for, which are out there, which wait."""

    to_finish: Mapping[int, int]
    on_ice: Ladder[tuple[int]]
    waiting: Ladder[tuple[int]]


def is_on_ice(race: Race, pair: int) -> bool:
    """Tell whether a pair that misses a finish is out there: not before a closing, nor already confirmed."""
    since = race.pairs[pair].on_ice_since
    closed, confirmed = race.life.get("closed"), race.pairs[pair].confirmed
    return since is not None and all(over is None or since > over for over in (closed, confirmed))


def ice(race: Race, present: Iterable[Skated]) -> Ice:
    """Look through everybody once.

    Args:
        race: the race.
        present: what everybody has to show.
    """
    to_finish: dict[int, int] = {}
    for each in present:
        for pair in each.to_skate:
            to_finish[pair] = to_finish.get(pair, 0) + 1
    by_place: dict[str | None, list[tuple[int]]] = {"ice": [], "waiting": [], None: []}
    for pair in to_finish:
        by_place[_place(race, to_finish, pair)].append((pair,))
    return Ice(put_all({}, to_finish), Ladder(by_place["ice"]), Ladder(by_place["waiting"]))


def ice_after(before: Ice, was: Race, race: Race, moved: Iterable[Moved], pair: int | None) -> Ice:
    """Give the pairs after an event.

    Args:
        before: as they were.
        was: the race as it was.
        race: the race with the event folded in.
        moved: whoever has something else to show.
        pair: the pair that the event is about, where it is about one.
    """
    more: dict[int, int] = {}
    for then, now in moved:
        for each in then.to_skate if then is not None else ():
            more[each] = more.get(each, 0) - 1
        for each in now.to_skate if now is not None else ():
            more[each] = more.get(each, 0) + 1
    counted = {each: before.to_finish.get(each, 0) + by for each, by in more.items() if by}
    pairs = {*counted, *(() if pair is None else (pair,))}
    if was.life.get("closed") != race.life.get("closed"):
        pairs.update(each for (each,) in before.on_ice)
    to_finish, on_ice, waiting = put_all(before.to_finish, counted), before.on_ice, before.waiting
    for each in sorted(pairs):
        gone, come = _place(was, before.to_finish, each), _place(race, to_finish, each)
        on_ice = on_ice.moved(_if(gone == "ice", each), _if(come == "ice", each))
        waiting = waiting.moved(_if(gone == "waiting", each), _if(come == "waiting", each))
    return Ice(to_finish, on_ice, waiting)


def _if(is_there: bool, pair: int) -> tuple[int] | None:
    return (pair,) if is_there else None


def _place(race: Race, to_finish: Mapping[int, int], pair: int) -> Literal["ice", "waiting"] | None:
    if not to_finish.get(pair):
        return None
    if race.pairs[pair].on_ice_since is None:
        return "waiting"
    return "ice" if is_on_ice(race, pair) else None
