"""The boards of one discipline: every record there is, and what it would be had something not counted.

What must be stored are `listings` and `races`; an event changes either the listings or one race. Everything
else is derived from them, kept so that an event costs little, and made anew by `assemble`. Races are skated
at the same time and listings come when they come: the boards depend on what there is, never on what came
first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from schemas.performances import BoardEvent, RacePerformances, RecordUnlisted
from schemas.race import Competitor
from schemas.records import Holding
from schemas.reference import RECORD_KINDS, RecordKind, RecordListed, reference_key
from streams.skating.boards_claims import (
    BoardKey,
    Claim,
    RaceOnBoards,
    Races,
    claims,
    holding,
    kept_races,
    keys,
    under_way,
)
from streams.skating.boards_walk import Board, Mark, Swap, relisted, swapped, walked


@dataclass(frozen=True, slots=True)
class Boards:
    """The state of a discipline.

    `listings` are the histories of the books by `kind/discipline/scope`, `races` what races have to show.
    The `boards` are derived from them, and so is `waiting`: the races under way in which somebody is to come.
    """

    listings: Mapping[str, tuple[RecordListed, ...]] = field(default_factory=dict)
    races: Races = field(default_factory=kept_races)
    boards: Mapping[BoardKey, Board] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InForce:
    """A record in force, and its cumulative splits in milliseconds by metres, the finish included."""

    record: Holding
    splits: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class FinalBoard:
    """A board for comparison: what is in force, who else holds it, and the records set and equalled in races.

    `shared_by` and `marks` are in the order in which they were skated.
    """

    key: BoardKey
    in_force: Holding
    shared_by: tuple[Holding, ...]
    marks: tuple[tuple[str, Mark], ...]


def assemble(listings: Mapping[str, tuple[RecordListed, ...]], races: Races) -> Boards:
    """Make the state of a discipline from what was stored of it."""
    bare = Boards(listings=listings, races=races)
    entries: dict[BoardKey, list[Claim]] = {_board_key(listed): [] for listed in listings}
    for race in races.values():
        for performance in race.performances.values():
            for key, claim in claims(race, performance).items():
                entries.setdefault(key, []).append(claim)
    boards = {
        key: walked(key, tuple(sorted(found, key=lambda claim: claim.order)), _history(bare, key))
        for key, found in entries.items()
        if found or key.kind != "SB"
    }
    waiting = frozenset(name for name, race in races.items() if _waits(race))
    return replace(bare, boards=boards, waiting=waiting)


def _waits(race: RaceOnBoards) -> bool:
    return under_way(race) and bool(race.to_come)


def fold_boards(boards: Boards, event: BoardEvent) -> Boards:
    """Fold an event of this discipline into its boards.

    Returns:
        The very same object where the event changes nothing: a message of a race that is not later, in
        (`version`, `place`), than one folded before, a listing listed already, a board not listed at all.
    """
    if isinstance(event, RacePerformances):
        return _with_race(boards, event)
    return _with_listing(boards, event)


def _with_listing(boards: Boards, event: RecordListed | RecordUnlisted) -> Boards:
    if isinstance(event, RecordListed):
        name = reference_key(event)
        history = relisted(boards.listings.get(name, ()), event)
    else:
        name, history = event.key, ()
    if history == boards.listings.get(name, ()):
        return boards
    listings = {other: listed for other, listed in boards.listings.items() if other != name}
    if history:
        listings[name] = history
    after = replace(boards, listings=listings)
    return replace(after, boards=_rewalked(after, listing_keys(boards, name)))


def _with_race(boards: Boards, event: RacePerformances) -> Boards:
    old = boards.races.get(event.race_id)
    if old is not None and (event.version, event.place) <= (old.version, old.place):
        return boards
    new = _raced(old, event)
    waiting = boards.waiting | {new.race_id} if _waits(new) else boards.waiting - {new.race_id}
    after = replace(boards, races=boards.races.put(new.race_id, new), waiting=waiting)
    swaps: dict[BoardKey, list[Swap]] = {}
    for competitor_id in concerned(old, new, event):
        gone, come = claims_of(old, competitor_id), claims_of(new, competitor_id)
        for key in {**gone, **come}:
            if gone.get(key) != come.get(key):
                swaps.setdefault(key, []).append((gone.get(key), come.get(key)))
    if not swaps:
        return after
    found = dict(boards.boards)
    for key, swap in swaps.items():
        _put(after, found, key, swapped(key, board_at(after, key), swap, _history(after, key)))
    return replace(after, boards=found)


def _raced(old: RaceOnBoards | None, event: RacePerformances) -> RaceOnBoards:
    performances = {} if old is None else dict(old.performances)
    for performance in event.changed:
        performances[performance.competitor.id] = performance
    for competitor_id in event.gone:
        performances.pop(competitor_id, None)
    return RaceOnBoards(
        race_id=event.race_id,
        version=event.version,
        place=event.place,
        discipline=event.discipline,
        distance_m=event.distance_m,
        format=event.format,
        course=event.course,
        season=event.season,
        olympic=event.olympic,
        venue_id=event.venue_id,
        skated_on=event.skated_on,
        status=event.status,
        closed_at=event.closed_at,
        performances=performances,
        to_come=event.to_come if event.to_come is not None else () if old is None else old.to_come,
        heard_until=event.as_of if old is None else max(event.as_of, old.heard_until),
    )


def concerned(old: RaceOnBoards | None, new: RaceOnBoards, event: RacePerformances) -> tuple[str, ...]:
    """List the competitors of a race whose claims an event may have changed: all if the race itself did."""
    if old is None or _context(old) == _context(new):
        named = [performance.competitor.id for performance in event.changed]
        return tuple(dict.fromkeys((*named, *event.gone)))
    return tuple({**old.performances, **new.performances})


def _context(race: RaceOnBoards) -> tuple[object, ...]:
    return (
        race.distance_m,
        race.format,
        race.course,
        race.season,
        race.olympic,
        race.venue_id,
        race.skated_on,
    )


def claims_of(race: RaceOnBoards | None, competitor_id: str) -> dict[BoardKey, Claim]:
    """Give what a competitor claims with what was skated in a race; nothing where there is no such race."""
    return {} if race is None else claims(race, race.performances.get(competitor_id))


def listing_keys(boards: Boards, name: str) -> list[BoardKey]:
    """List the boards that a listing's key `kind/discipline/scope` is about: of SB those of every season."""
    key = _board_key(name)
    if key.kind != "SB":
        return [key]
    seasons = sorted({race.season for _, race in boards.races.facts()})
    return [BoardKey("SB", key.scope, season) for season in seasons]


def _board_key(name: str) -> BoardKey:
    kind, _, scope = name.split("/", 2)
    return BoardKey(_KINDS[kind], scope or None)


_NOTHING = Board()
"""A board on which nothing is listed, and nobody has skated."""

_KINDS: dict[str, RecordKind] = {str(kind): kind for kind in RECORD_KINDS}


def _history(boards: Boards, key: BoardKey) -> tuple[RecordListed, ...]:
    if not boards.listings:
        return ()
    return boards.listings.get(f"{key.kind}/{_discipline(boards)}/{key.scope or ''}", ())


def _discipline(boards: Boards) -> str:
    for name in boards.listings:
        return name.split("/", 2)[1]
    for _, race in boards.races.facts():
        return race.discipline
    return ""


def _rewalked(boards: Boards, these: list[BoardKey]) -> dict[BoardKey, Board]:
    found = dict(boards.boards)
    for key in these:
        entries = found[key].entries if key in found else ()
        _put(boards, found, key, walked(key, entries, _history(boards, key)))
    return found


def _put(boards: Boards, found: dict[BoardKey, Board], key: BoardKey, board: Board) -> None:
    if board.entries or (key.kind != "SB" and _history(boards, key)):
        found[key] = board
    else:
        found.pop(key, None)


def board_at(boards: Boards, key: BoardKey) -> Board:
    """Give a board; a season's best that nobody has skated yet is made of the books of that season."""
    board = boards.boards.get(key)
    if board is not None:
        return board
    history = _history(boards, key)
    if not history:
        return _NOTHING
    days = [race.skated_on for _, race in boards.races.facts() if race.season == key.season]
    return walked(key, (), history, days)


def in_force(
    boards: Boards,
    kind: RecordKind,
    scope: str | None,
    season: str | None = None,
    *,
    without: tuple[str, str] | None = None,
) -> InForce | None:
    """Give the record in force now on a board, with its splits where they are known.

    Args:
        boards: the boards of the discipline.
        kind: the kind of record.
        scope: null, a country, a venue or a competitor, as the kind has it.
        season: as the race writes it; needed for SB and passed over for the others.
        without: a race and a competitor, whose own performance there is passed over.

    Returns:
        None where no record is known. Without known splits only the finish is in `splits`.
    """
    claim = _claim_in_force(boards, BoardKey(kind, scope, season if kind == "SB" else None), without)
    return None if claim is None else InForce(holding(claim), _splits(boards, kind, claim))


def _claim_in_force(boards: Boards, key: BoardKey, without: tuple[str, str] | None) -> Claim | None:
    reigns = board_at(boards, key).reigns
    return next((each for each in reversed(reigns) if (each.race_id, each.holder.id) != without), None)


def _splits(boards: Boards, kind: RecordKind, claim: Claim) -> dict[int, int]:
    splits: dict[int, int] = {}
    if claim.listing is not None:
        splits.update(claim.listing.splits or {})
    elif claim.race_id is not None:
        splits.update(boards.races[claim.race_id].performances[claim.holder.id].splits)
    distance_m = _distance_m(boards)
    if distance_m is not None and kind != "OPENING":
        splits[distance_m] = claim.time_ms
    return splits


def splits_in_force_for(
    boards: Boards, race: RaceOnBoards, competitor: Competitor
) -> dict[RecordKind, Mapping[int, int]]:
    """Give the splits of every record in force that a competitor of a race can break, the highest first.

    What the competitor has set in this very race is passed over: a photo finish is held against the record
    that the optical time has broken, not against that time. Without known splits only the finish is there.
    """
    own = race.race_id, competitor.id
    found = ((key.kind, _claim_in_force(boards, key, own)) for key in keys(race, competitor))
    return {kind: _splits(boards, kind, claim) for kind, claim in found if claim is not None}


def _distance_m(boards: Boards) -> int | None:
    """Give the distance of the discipline; a team's is known from a race of it only."""
    digits = _discipline(boards)[1:]
    if digits.isdigit():
        return int(digits)
    return next((race.distance_m for _, race in boards.races.facts()), None)


def final_boards(boards: Boards) -> tuple[FinalBoard, ...]:
    """List what is in force on each board, in the order of kinds, scopes and seasons; for comparisons."""
    ordered = sorted(boards.boards, key=board_order)
    return tuple(
        FinalBoard(
            key=key,
            in_force=holding(board.reigns[-1]),
            shared_by=tuple(holding(claim) for claim in board.sharing),
            marks=tuple((race_id, mark) for (race_id, _), mark in board.marks.items()),
        )
        for key in ordered
        if (board := boards.boards[key]).reigns
    )


def board_order(key: BoardKey) -> tuple[int, str, str]:
    """Give the place of a board among all, the highest kind first; for sorting."""
    return (RECORD_KINDS.index(key.kind), key.scope or "", key.season or "")
