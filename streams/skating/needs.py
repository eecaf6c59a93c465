"""What is needed: the slowest times with which somebody still to come leads, is third, or breaks a record.

Theory of operation. Ranks go by thousandths, records by shown hundredths (RULES: times and ties, records). So
every need is worked out as the slowest whole millisecond that does it, and only then put in hundredths.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import zip_longest

from schemas.needs import CompetitorNeeds, Need
from schemas.performances import ToCome
from schemas.reference import RecordKind
from streams.skating.boards import Boards, board_at
from streams.skating.boards_claims import BoardKey, Claim, RaceOnBoards, keys, under_way
from streams.skating.course import too_fast
from streams.skating.podium import STEPS
from streams.skating.times import shown, text

_HUNDREDTH_MS = 10
_SAMALOG_M = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(4_096)
def need(slowest_ms: int) -> Need:
    """Write down the slowest time that does it, in milliseconds, with what may be shown of it.

    A shown hundredth stands for its ten thousandths, so it does it for certain only where the last of them
    still does.
    """
    sure_ms, last_ms = shown(slowest_ms - (_HUNDREDTH_MS - 1)), shown(slowest_ms)
    return Need(
        time_ms=slowest_ms,
        time=text(sure_ms),
        thousandths_at=None if sure_ms == last_ms else text(last_ms),
    )


def race_needs(boards: Boards, race_id: str) -> tuple[CompetitorNeeds, ...]:
    """Say what everybody still to come in a race needs, in skating order.

    Returns:
        Nothing for a race that is not known or not under way, and for a mass start, whose order is not one
        of times.
    """
    return tuple(_each_needs(boards, race_id))


def needs_are(boards: Boards, race_id: str, entries: Sequence[CompetitorNeeds]) -> bool:
    """Tell whether these are the needs in a race; the first that is another says no, and mostly all are."""
    return all(told == there for told, there in zip_longest(entries, _each_needs(boards, race_id)))


def _each_needs(boards: Boards, race_id: str) -> Iterator[CompetitorNeeds]:
    race = boards.races.get(race_id)
    if race is None or not under_way(race):
        return
    best = sorted(
        (performance.time_ms, competitor_id)
        for competitor_id, performance in race.performances.items()
        if performance.time_ms is not None and performance.irm is None
    )
    known: dict[BoardKey, Claim | None] = {}
    for coming in race.to_come:
        yield _needs(boards, race, coming, best[: STEPS + 1], known)


def concerned_races(before: Boards, after: Boards, race_id: str | None) -> tuple[str, ...]:
    """Name the races whose needs an event may have changed: its own first, then the others by name.

    A split changes no needs, and most events are splits. A finish, its correction and a ruling on it change
    the boards, and with them the needs of any race under way.

    Args:
        before: the boards before the event.
        after: the boards after it.
        race_id: the race the event is about, None for a listing.
    """
    own = () if race_id is None or _stakes(before, race_id) == _stakes(after, race_id) else (race_id,)
    if before.boards is after.boards:
        return own
    return tuple(dict.fromkeys((*own, *sorted(after.waiting))))


def samalog_need(own_points: int, rival_points: int, distance_m: int) -> Need | None:
    """Give the slowest time over the next distance with which a skater gets in front of a rival.

    Points are thousandths of a point: of each distance the seconds of the *shown* time per 500 m, truncated
    to three decimals, then summed; the lowest sum wins (RULES: samalog). Equal sums share a rank, so in front
    is at least a thousandth less.

    Args:
        own_points: the skater's points before this distance.
        rival_points: the points to get below: the rival's sum with this distance in it, or with a time that
            is expected of the rival.
        distance_m: the distance that is to be skated, in metres.

    Returns:
        None where no time does it, or only one that takes more than 20 m/s on average.
    """
    may_score = rival_points - own_points
    # The shown time in hundredths, times 10 ms, times 500 m, must stay below `may_score` times the distance.
    hundredths = (may_score * distance_m - 1) // (_HUNDREDTH_MS * _SAMALOG_M)
    slowest_ms = hundredths * _HUNDREDTH_MS + _HUNDREDTH_MS - 1
    return None if too_fast(distance_m, shown(slowest_ms)) else need(slowest_ms)


def _needs(
    boards: Boards,
    race: RaceOnBoards,
    coming: ToCome,
    best: Sequence[tuple[int, str]],
    known: dict[BoardKey, Claim | None],
) -> CompetitorNeeds:
    name = coming.competitor.id
    first = race.performances.get(name)
    own_ms = None if first is None else first.time_ms
    others = [time_ms for time_ms, competitor_id in best if competitor_id != name]
    return CompetitorNeeds(
        competitor=coming.competitor,
        pair=coming.pair,
        lane=coming.lane,
        to_lead=_to_lead(own_ms, others),
        to_podium=_to_podium(own_ms, others),
        records=_to_break(boards, race, coming, known),
    )


def _to_lead(own_ms: int | None, others: Sequence[int]) -> Need | None:
    if not others or (own_ms is not None and own_ms < others[0]):
        return None
    return need(others[0] - 1)


def _to_podium(own_ms: int | None, others: Sequence[int]) -> Need | None:
    if len(others) < STEPS or (own_ms is not None and own_ms <= others[STEPS - 1]):
        return None
    return need(others[STEPS - 1])


def _to_break(
    boards: Boards, race: RaceOnBoards, coming: ToCome, known: dict[BoardKey, Claim | None]
) -> dict[RecordKind, Need]:
    """Give what the records take: a first time that is no record itself is slower than that in any case.

    `known` collects the records found, since most are the same for all who are still to come.
    """
    found: dict[RecordKind, Need] = {}
    for key in keys(race, coming.competitor):
        if key not in known:
            known[key] = _in_force(boards, key, race.heard_until)
        record = known[key]
        if record is None or _is_own(record, race, coming):
            continue
        slowest_ms = shown(record.time_ms) - 1
        if not too_fast(race.distance_m, slowest_ms):
            found[key.kind] = need(slowest_ms)
    return found


def _in_force(boards: Boards, key: BoardKey, until: datetime) -> Claim | None:
    """Find the record that somebody who finishes next has to break: books of a later day say nothing yet."""
    found = None
    for claim in board_at(boards, key).reigns:
        if claim.listing is not None and claim.order.at > until:
            break
        found = claim
    return found


def _is_own(record: Claim, race: RaceOnBoards, coming: ToCome) -> bool:
    """Tell whether it is the first time of who skates again: a better one only takes its place."""
    return (record.race_id, record.holder.id) == (race.race_id, coming.competitor.id)


def _stakes(boards: Boards, race_id: str) -> tuple[object, ...] | None:
    """Give what a race's needs follow from, but for the boards, which change with every finish that does.

    Of the moment only the day, in UTC, since that is from when books count.
    """
    race = boards.races.get(race_id)
    if race is None or not under_way(race):
        return None
    day = (race.heard_until - _EPOCH).days
    where = (race.distance_m, race.format, race.season, race.olympic, race.venue_id, race.skated_on)
    return race.to_come, day, where
