"""One board: its claims in the order in which they were made, and which of them were records.

All of it follows from the set of listings and performances, so a claim that comes late, changes or goes
re-evaluates everything after it. A walk is only made where that can have changed anything.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from operator import attrgetter

from schemas.race import Competitor
from schemas.records import Holding
from schemas.reference import RecordKind, RecordListed
from streams.skating.boards_claims import BoardKey, Claim, Order, booked, holding
from streams.skating.season import listing_season, season_start
from streams.skating.times import difference, shown

FIRST_IS_LISTED: frozenset[RecordKind] = frozenset({"PB", "SB"})
"""The kinds of which a first time is in force silently; of the others what is not listed is unknown."""

_ONE_DAY = timedelta(days=1)
_order = attrgetter("order")


@dataclass(frozen=True, slots=True)
class Mark:
    """A performance that broke (`margin_ms` > 0) or met (0, shown hundredths) the record `previous`."""

    competitor: Competitor
    time_ms: int
    margin_ms: int
    previous: Holding
    order: Order = field(compare=False)


MarkKey = tuple[str, str]
"""Names a mark on its board: the race and the competitor."""


@dataclass(frozen=True, slots=True)
class Board:
    """A board: `entries` are the claims from races in their order, the rest is what a walk over them found.

    `reigns` are the claims that came into force, one after the other; `sharing` those that met the last of
    them; `marks` the records set and equalled in races.
    """

    entries: tuple[Claim, ...] = ()
    reigns: tuple[Claim, ...] = ()
    sharing: tuple[Claim, ...] = ()
    marks: Mapping[MarkKey, Mark] = field(default_factory=dict)


Swap = tuple[Claim | None, Claim | None]
"""A claim from a race that goes, and the one that comes in its place."""


def walked(
    key: BoardKey,
    entries: tuple[Claim, ...],
    history: tuple[RecordListed, ...],
    days: Iterable[date] = (),
) -> Board:
    """Walk the claims of a board in their order and find which were records (RULES: records).

    Compared are shown hundredths: faster than what is in force sets, same equals and shares, slower is
    nothing. `entries` must be in order, `history` is what was listed on the board. Which season's a season's
    best is follows from the days of its entries, and of `days` where it has none.
    """
    listings = counting(key, history, [*days, *(entry.set_on for entry in entries)])
    reigns: list[Claim] = []
    sharing: list[Claim] = []
    marks: dict[MarkKey, Mark] = {}
    for claim in sorted(chain(_placed(listings, entries), entries), key=_order):
        if not reigns:
            if claim.listing is not None or key.kind in FIRST_IS_LISTED:
                reigns.append(claim)
            continue
        margin_ms = difference(reigns[-1].time_ms, claim.time_ms)
        if margin_ms < 0 or (margin_ms == 0 and claim.order.restated):
            continue
        if claim.race_id is not None:
            mark = Mark(claim.holder, claim.time_ms, margin_ms, holding(reigns[-1]), claim.order)
            marks[claim.race_id, claim.holder.id] = mark
        if margin_ms == 0:
            sharing.append(claim)
        else:
            reigns.append(claim)
            sharing.clear()
    return Board(entries, tuple(reigns), tuple(sharing), marks)


def _placed(listings: tuple[RecordListed, ...], entries: tuple[Claim, ...]) -> list[Claim]:
    """Place the listings among the performances.

    One that is a performance we have stands right behind it, where it is no rival to it. Of the others that
    have no day only the last listed counts, since it replaced those before it.
    """
    holders = {listing.holder.id for listing in listings}
    theirs = [entry for entry in entries if entry.order.holder_id in holders]
    dated: list[Claim] = []
    undated: list[Claim] = []
    for listing in listings:
        claim = booked(listing)
        skated = next((entry for entry in theirs if _restates(listing, entry)), None)
        if skated is not None:
            dated.append(replace(claim, order=skated.order._replace(restated=1)))
        else:
            (undated if listing.set_on is None else dated).append(claim)
    return dated + undated[-1:]


def _restates(listing: RecordListed, entry: Claim) -> bool:
    if not _names(listing, entry):
        return False
    skated_at = entry.order.at
    if listing.set_on is not None:
        return abs(listing.set_on - skated_at.date()) <= _ONE_DAY
    return listing.occurred_at is not None and listing.occurred_at > skated_at


def _names(listing: RecordListed, entry: Claim) -> bool:
    return listing.holder.id == entry.order.holder_id and shown(listing.time_ms) == shown(entry.time_ms)


def swapped(key: BoardKey, board: Board, swaps: Iterable[Swap], history: tuple[RecordListed, ...]) -> Board:
    """Take claims from races off a board and put others on, and walk it again where that matters.

    A claim slower than what was in force at its moment changes nothing else, and most are. A season's best,
    whose days say which listings count, has so few claims that it is always walked.
    """
    entries = list(board.entries)
    matters = key.kind == "SB"
    for gone, come in swaps:
        if gone is not None:
            del entries[bisect_left(entries, gone.order, key=_order)]
            matters = matters or _was_record(board, gone) or any(_names(each, gone) for each in history)
        if come is not None:
            entries.insert(bisect_left(entries, come.order, key=_order), come)
            matters = (
                matters or _is_record(key.kind, board, come) or any(_names(each, come) for each in history)
            )
    if matters:
        return walked(key, tuple(entries), history)
    return replace(board, entries=tuple(entries))


def _was_record(board: Board, claim: Claim) -> bool:
    return (claim.order.race_id, claim.order.holder_id) in board.marks or claim in board.reigns


def _is_record(kind: RecordKind, board: Board, claim: Claim) -> bool:
    record = reigning(board, claim.order)
    if record is None:
        return kind in FIRST_IS_LISTED
    return difference(record.time_ms, claim.time_ms) >= 0


def reigning(board: Board, before: Order) -> Claim | None:
    """Give the claim that is in force on a board just before a place in its order, None if nothing is."""
    behind = bisect_left(board.reigns, before, key=_order)
    return board.reigns[behind - 1] if behind else None


def relisted(history: tuple[RecordListed, ...], listing: RecordListed) -> tuple[RecordListed, ...]:
    """Add a listing to the history of its board.

    It replaces that of the same holder and day, as a correction. One without a day comes last, and that one
    counts; earlier ones stay in the history, because the new one may be a performance of ours, which had the
    earlier ones to beat. The same time without a day, listed again, was known since it was first listed.
    """
    if listing.set_on is not None:
        named = (listing.holder.id, listing.set_on)
        if any((each.holder.id, each.set_on) == named for each in history):
            return tuple(listing if (each.holder.id, each.set_on) == named else each for each in history)
        return (*history, listing)
    same = [each for each in history if _undated(each) == _undated(listing)]
    known = [each.occurred_at for each in (*same, listing)]
    first = None if None in known else min(at for at in known if at is not None)
    others = tuple(each for each in history if each not in same)
    return (*others, listing.model_copy(update={"occurred_at": first}))


def _undated(listing: RecordListed) -> tuple[str, int, int | None] | None:
    """Name what a listing without a day says; a season's best says it of one season."""
    if listing.set_on is not None:
        return None
    season = listing_season(listing) if listing.kind == "SB" else None
    return (listing.holder.id, shown(listing.time_ms), season)


def counting(
    key: BoardKey, history: tuple[RecordListed, ...], days: Iterable[date | None]
) -> tuple[RecordListed, ...]:
    """Give those of a board's listings that count on it: for SB those of the season in which `days` fall.

    One that names no day itself counts for every season.
    """
    if key.kind != "SB":
        return history
    seasons = {None, *(season_start(day) for day in days if day is not None)}
    return tuple(each for each in history if listing_season(each) in seasons)
