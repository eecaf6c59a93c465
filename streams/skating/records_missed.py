"""Near misses: who came close to a record in a race, told once the race is closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.performances import RacePerformances
from schemas.reference import RecordKind
from streams.skating.boards import Boards, board_at, claims_of, concerned
from streams.skating.boards_claims import BoardKey, Claim, Order, closed_at, holding
from streams.skating.boards_walk import Board, Mark, reigning
from streams.skating.times import difference

NEAR: frozenset[RecordKind] = frozenset({"WR", "OR", "NR", "TR"})
"""The kinds of which a near miss is told (CONTRACT: `record.missed`)."""

NEAR_MS = 100
"""How much slower, in shown milliseconds, is still near."""


@dataclass(frozen=True, slots=True)
class Scrutiny:
    """What to look at again: in a race, these competitors on these boards; None stands for all."""

    race_id: str
    competitors: tuple[str, ...] | None
    keys: tuple[BoardKey, ...] | None


def scrutinies(before: Boards, after: Boards, race_event: RacePerformances | None) -> list[Scrutiny]:
    """List whose near misses the event of a race may have changed in that race itself.

    Nothing while it is not closed: then nothing is told, and what was told and vanishes is silent.
    """
    if race_event is None:
        return []
    race_id = race_event.race_id
    old, new = before.races.get(race_id), after.races[race_id]
    if closed_at(new) is None:
        return []
    whole = old is None or (old.status, old.closed_at) != (new.status, new.closed_at)
    return [Scrutiny(race_id, None if whole else concerned(old, new, race_event), None)]


def other_scrutinies(before: Boards, after: Boards, keys: Iterable[BoardKey]) -> list[Scrutiny]:
    """List the closed races that had another record in force on one of these boards when they closed."""
    found = []
    for key in keys:
        if key.kind not in NEAR:
            continue
        was, now = board_at(before, key), board_at(after, key)
        if was.reigns is not now.reigns:
            found += [
                Scrutiny(race_id, None, (key,))
                for race_id, race in after.races.facts()
                if _at(was, race.closed_at) != _at(now, race.closed_at)
            ]
    return found


def misses(boards: Boards, looked_at: Iterable[Scrutiny]) -> dict[tuple[BoardKey, str, str], Mark]:
    """Find the near misses among what is looked at, by board, race and competitor.

    A time misses the record in force at `closed_at`, the race's own times included, when it is 0.01 to 0.10 s
    slower in shown hundredths. `margin_ms` of such a mark is what was lacking, `previous` the record missed.
    """
    found = {}
    for look in looked_at:
        race = boards.races.get(look.race_id)
        closed = None if race is None else closed_at(race)
        if race is None or closed is None:
            continue
        records: dict[BoardKey, Claim | None] = {}
        for competitor_id in race.performances if look.competitors is None else look.competitors:
            for key, claim in claims_of(race, competitor_id).items():
                if key.kind not in NEAR or (look.keys is not None and key not in look.keys):
                    continue
                if key not in records:
                    records[key] = _at(board_at(boards, key), closed)
                miss = _miss(records[key], claim)
                if miss is not None:
                    found[key, race.race_id, competitor_id] = miss
    return found


def _miss(record: Claim | None, claim: Claim) -> Mark | None:
    if record is None:
        return None
    lacking_ms = difference(claim.time_ms, record.time_ms)
    if not 0 < lacking_ms <= NEAR_MS:
        return None
    return Mark(claim.holder, claim.time_ms, lacking_ms, holding(record), claim.order)


def _at(board: Board, closed: datetime | None) -> Claim | None:
    """Find the record that was in force when a race was closed; None also for one that is not."""
    if closed is None:
        return None
    behind_all_of_then = Order(closed, 2, "", "", 0)
    return reigning(board, behind_all_of_then)
