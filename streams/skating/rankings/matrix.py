"""The selection matrix: a list of places, so many tickets, and what is certain of each name on the way.

How it is read. The places are walked from the top. A name that is new takes one of the tickets. A name that
has one already does not need another: its place passes on, the ticket stays in the pot, and a place further
down gets in for it. So 15 places can be walked for nine tickets (RULES: selection matrix).

What is certain. A place is *settled* once its race is closed, or once the selectors have named somebody. All
others may still go to a new name, to one that has a ticket, or to any name that may still skate for it. A
name is `in` when it has a ticket even if every open place above takes one, `out` when the tickets above are
gone wherever it may still come, and `waiting` in between. What is skated at the moment is shown, but settles
nothing: nobody is told that he goes to the Games by the first pair. Dead heats still to come are not reckoned
with.

Ties. Who shares a rank shares its place, each new name with a ticket, and the ranks that are skipped are
places without a name. Where fewer tickets are left than new names share a place, they wait: a list cannot
decide that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.race import Competitor
from schemas.rankings import MatrixPlace, RankingEntry, RankingPart, State
from schemas.results import RaceResults
from streams.skating.life import is_closed
from streams.skating.order import ranks


@dataclass(frozen=True, slots=True)
class _Held:
    """A place of the matrix, by its number: its race where there is one, and who has it for now."""

    number: int
    place: MatrixPlace
    race: RaceResults | None
    names: Mapping[str, Competitor]
    settled: bool


def matrix_entries(
    places: Sequence[MatrixPlace], tickets: int, races: Sequence[RaceResults]
) -> tuple[RankingEntry, ...]:
    """List everybody who has a place, as it stands, by the first one, with what is certain.

    Args:
        places: the places in their order.
        tickets: how many different names get in.
        races: those that count, also those that have not begun.
    """
    walked = [_held(number, place, races) for number, place in enumerate(places, start=1)]
    competitors = {name: each for held in reversed(walked) for name, each in held.names.items()}
    holding = {name: [held for held in walked if name in held.names] for name in sorted(competitors)}
    ranked = ranks(holding, lambda name: holding[name][0].number)
    return tuple(
        RankingEntry(
            rank=rank,
            rank_equal=equal,
            competitor=competitors[name],
            value=str(holding[name][0].number),
            state=_state(walked, tickets, name),
            parts=tuple(_part(held) for held in holding[name]),
        )
        for name, rank, equal in ranked
    )


def _held(number: int, place: MatrixPlace, races: Sequence[RaceResults]) -> _Held:
    """Find who has a place; a discipline of which several races count stands for none of them."""
    if place.designated:
        chosen = place.competitor
        names = {} if chosen is None else {chosen.id: chosen}
        return _Held(number, place, None, names, settled=chosen is not None)
    found = [each for each in races if place.race_id in (None, each.race_id)]
    if place.discipline is not None:
        found = [each for each in found if each.race.discipline == place.discipline]
    if len(found) != 1:
        return _Held(number, place, None, {}, settled=False)
    (race,) = found
    there = {each.competitor.id: each.competitor for each in race.results if each.rank == place.rank}
    return _Held(number, place, race, there, settled=is_closed(race.status))


def _state(walked: Sequence[_Held], tickets: int, name: str) -> State:
    """Say what is certain of a name."""
    first = next((held for held in walked if held.settled and name in held.names), None)
    if first is not None:
        above = [held for held in walked if held.number < first.number]
        at_most = len({*_settled_names(above), *first.names}) + _open_tickets(above)
        if at_most <= tickets:
            return "in"
    may_have = (held for held in walked if held is first or _may_take(held, name))
    if any(len(_settled_names(walked[: held.number - 1])) < tickets for held in may_have):
        return "waiting"
    return "out"


def _settled_names(above: Sequence[_Held]) -> set[str]:
    return {name for held in above if held.settled for name in held.names}


def _open_tickets(above: Sequence[_Held]) -> int:
    """Give how many tickets places may take, at most, that are not settled: one each."""
    return sum(not held.settled for held in above)


def _may_take(held: _Held, name: str) -> bool:
    """Tell whether a name may still come to a place that is not settled: as one who skates that race."""
    if held.settled:
        return False
    return held.race is None or any(each.competitor.id == name for each in held.race.results)


def _part(held: _Held) -> RankingPart:
    return RankingPart(
        race_id=held.race.race_id if held.race is not None else None,
        rank=held.place.rank,
        value=str(held.number),
    )
