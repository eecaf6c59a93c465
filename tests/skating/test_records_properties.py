"""What must hold for the boards whatever is skated, ruled and listed, and in whatever order it arrives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.performances import BoardEvent, Performance, RacePerformances, RecordUnlisted
from schemas.race import Competitor
from schemas.records import Holding, RecordMessage, RecordMissed, RecordRevoked
from schemas.reference import RECORD_KINDS, RecordKind, RecordListed, reference_key
from streams.skating.boards import Boards, assemble, final_boards, fold_boards, in_force
from streams.skating.boards_claims import RaceOnBoards, kept_races
from streams.skating.records import announce
from streams.skating.records_missed import Scrutiny, misses
from streams.skating.times import shown
from tests.skating.records_evening import DAY, GUN, KROL, listed, raced, skated

SKATERS = (
    KROL,
    Competitor(id="nuis", name="Kjeld Nuis", country="NED", birth_date=date(1989, 11, 10)),
    Competitor(id="stolz", name="Jordan Stolz", country="USA", birth_date=date(2004, 5, 21)),
    Competitor(id="eitrem", name="Sander Eitrem", country="NOR", birth_date=date(2002, 3, 31)),
)
# What is proved here is no speed, and a busy machine must not fail it.
unhurried = settings(deadline=None)

VENUES = ("salt-lake-city", "calgary")
ZONES = (UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=9)))

times_ms = st.integers(33_500, 33_560)
moments = st.builds(
    lambda minutes, zone: (GUN + timedelta(minutes=minutes)).astimezone(zone),
    st.integers(0, 30) | st.integers(-3_000, 20_000),
    st.sampled_from(ZONES),
)


@st.composite
def performances(draw: st.DrawFn) -> Performance:
    """Draw what somebody has to show: mostly a finish, close to those of others."""
    time_ms = draw(st.none() | times_ms | times_ms)
    opening_ms = draw(st.none() | st.integers(9_380, 9_420))
    return skated(
        draw(st.sampled_from(SKATERS)),
        time_ms,
        splits={} if opening_ms is None else {100: opening_ms},
        finished_at=None if time_ms is None else draw(moments),
        irm=draw(st.sampled_from((None, None, None, None, "DQ", "DNF"))),
    )


@st.composite
def race_messages(draw: st.DrawFn, race_id: str) -> list[BoardEvent]:
    """Draw the messages of one race; now and then its definition or status changes on the way."""
    fixed: dict[str, Any] = {"race_id": race_id, "olympic": draw(st.booleans())}
    messages: list[BoardEvent] = []
    for version in range(1, draw(st.integers(1, 6)) + 1):
        if version == 1 or draw(st.integers(0, 5)) == 0:
            fixed["venue_id"] = draw(st.sampled_from(VENUES))
            fixed["season"] = draw(st.sampled_from(("2021-22", "2020-21")))
            fixed["skated_on"] = draw(st.sampled_from((DAY, date(2021, 2, 1))))
            fixed["format"] = draw(st.sampled_from(("pairs", "pairs", "quartets", "team_sprint")))
        status = draw(st.sampled_from(("LIVE", "LIVE", "UNOFFICIAL", "OFFICIAL")))
        messages.append(
            raced(
                version,
                *draw(st.lists(performances(), max_size=3, unique_by=lambda each: each.competitor.id)),
                gone=tuple(draw(st.lists(st.sampled_from([each.id for each in SKATERS]), max_size=1))),
                status=status,
                closed_at=None if status == "LIVE" else draw(moments),
                cause=draw(st.sampled_from(("finish", "correction", "ruling"))),
                **fixed,
            )
        )
    return messages


@st.composite
def listings(draw: st.DrawFn) -> RecordListed | RecordUnlisted:
    """Draw a listing around the times that are skated, dated or not, or now and then a tombstone."""
    kind: RecordKind = draw(st.sampled_from(RECORD_KINDS))
    skater = draw(st.sampled_from(SKATERS))
    scopes = {"N": skater.country, "T": draw(st.sampled_from(VENUES)), "P": skater.id, "S": skater.id}
    books = listed(
        kind,
        scopes.get(kind[0]),
        draw(st.integers(9_390, 9_420) if kind == "OPENING" else times_ms),
        skater,
        set_on=draw(
            st.sampled_from((None, date(2019, 3, 9), date(2021, 2, 1), DAY, DAY + timedelta(days=1)))
        ),
        occurred_at=draw(st.none() | moments),
    )
    return RecordUnlisted(key=reference_key(books)) if draw(st.integers(0, 9)) == 0 else books


def merged(queues: Sequence[Sequence[BoardEvent]], turns: Sequence[int]) -> list[BoardEvent]:
    """Interleave queues; each turn takes the next event of the queue it names."""
    heads = [iter(queue) for queue in queues]
    return [next(heads[turn]) for turn in turns]


@st.composite
def concurrent(draw: st.DrawFn, ways: int = 1) -> tuple[list[BoardEvent], ...]:
    """Draw two or three races and the books, in so many interleavings."""
    races = [f"2021-wc{number}/M500/A" for number in range(1, draw(st.integers(2, 3)) + 1)]
    queues = [draw(race_messages(race_id)) for race_id in races] + [draw(st.lists(listings(), max_size=8))]
    turns = [number for number, queue in enumerate(queues) for _ in queue]
    return tuple(merged(queues, draw(st.permutations(turns))) for _ in range(ways))


def folded(events: Sequence[BoardEvent], boards: Boards | None = None) -> Boards:
    """Fold events, without telling anything."""
    boards = boards or Boards()
    for event in events:
        boards = fold_boards(boards, event)
    return boards


@unhurried
@given(concurrent(ways=2))
def test_boards_do_not_depend_on_how_races_and_books_interleave(ways: tuple[list[BoardEvent], ...]) -> None:
    """Two interleavings of the same queues end with the same records, sharers and marks."""
    one, other = ways
    assert final_boards(folded(one)) == final_boards(folded(other))


@unhurried
@given(concurrent())
def test_what_is_stored_is_enough(ways: tuple[list[BoardEvent], ...]) -> None:
    """After every event the boards made anew from listings and races are the boards that were folded."""
    boards = Boards()
    for event in ways[0]:
        boards = fold_boards(boards, event)
        assert assemble(boards.listings, boards.races) == boards


@unhurried
@given(concurrent())
def test_storing_and_reading_loses_nothing(ways: tuple[list[BoardEvent], ...]) -> None:
    """The listings, and each race for itself, survive JSON, so a state read back is the same state."""
    boards = folded(ways[0])
    books: TypeAdapter[Mapping[str, tuple[RecordListed, ...]]]
    books = TypeAdapter(Mapping[str, tuple[RecordListed, ...]])
    race_row = TypeAdapter(RaceOnBoards)
    listings_read = books.validate_json(books.dump_json(boards.listings))
    races_read = {
        race_id: race_row.validate_json(race_row.dump_json(race)) for race_id, race in boards.races.items()
    }
    assert assemble(listings_read, kept_races(races_read.items())) == boards


@unhurried
@given(concurrent(), performances())
def test_who_performs_and_withdraws_leaves_the_boards_as_they_were(
    ways: tuple[list[BoardEvent], ...], performance: Performance
) -> None:
    """A performance that comes and goes, or is ruled out for good, restores every record and mark."""
    boards = folded(ways[0])
    visitor = performance.competitor.model_copy(update={"id": "visitor"})
    there = performance.model_copy(update={"competitor": visitor})
    ruled_out = there.model_copy(update={"irm": "DQ"})
    race = {"race_id": "2021-wc9/M500/A"}
    came = fold_boards(boards, raced(1, there, **race))
    for left in (raced(2, gone=("visitor",), **race), raced(2, ruled_out, cause="ruling", **race)):
        assert final_boards(fold_boards(came, left)) == final_boards(boards)


@unhurried
@given(concurrent())
def test_what_comes_again_says_nothing(ways: tuple[list[BoardEvent], ...]) -> None:
    """Every message of a race once more, in any state after it, gives the same object and no messages."""
    boards = folded(ways[0])
    for event in ways[0]:
        if isinstance(event, RacePerformances):
            again = fold_boards(boards, event)
            assert again is boards
            assert announce(boards, again, event, openings=True) == ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a subscriber knows of a mark or a near miss."""

    type: str
    competitor: Competitor
    time_ms: int
    margin_ms: int
    previous: Holding | None
    status: str


Name = tuple[str, str | None, str, str]


def heeded(known: Mapping[Name, Known], messages: Sequence[RecordMessage]) -> dict[Name, Known]:
    """Apply messages as a subscriber would; taking away what was never told is an error."""
    now = dict(known)
    for message in messages:
        if isinstance(message, RecordRevoked):
            del now[message.kind, message.scope, message.race_id, message.record.holder.id]
            continue
        name = (message.kind, message.scope, message.race_id, message.competitor.id)
        told = Known(
            type=message.type,
            competitor=message.competitor,
            time_ms=message.time_ms,
            margin_ms=message.margin_ms,
            previous=message.previous,
            status=message.status,
        )
        assert now.get(name) != told
        now[name] = told
    return now


def standing(boards: Boards) -> Iterator[tuple[Name, Known]]:
    """List the marks of the boards as a subscriber should know them."""
    for board in final_boards(boards):
        for race_id, mark in board.marks:
            official = boards.races[race_id].status == "OFFICIAL"
            yield (
                (board.key.kind, board.key.scope, race_id, mark.competitor.id),
                Known(
                    type="record.set" if mark.margin_ms else "record.equalled",
                    competitor=mark.competitor,
                    time_ms=mark.time_ms,
                    margin_ms=mark.margin_ms,
                    previous=mark.previous,
                    status="official" if official else "provisional",
                ),
            )


@unhurried
@given(concurrent())
def test_who_follows_the_messages_knows_the_marks(ways: tuple[list[BoardEvent], ...]) -> None:
    """After every event, what was told adds up to the marks of the boards, and nothing is told twice."""
    boards, known = Boards(), dict[Name, Known]()
    for event in ways[0]:
        after = fold_boards(boards, event)
        told = announce(boards, after, event, openings=True)
        known = heeded(known, [each for each in told if not isinstance(each, RecordMissed)])
        boards = after
        assert known == dict(standing(boards))


@unhurried
@given(concurrent())
def test_who_follows_the_messages_knows_the_near_misses(ways: tuple[list[BoardEvent], ...]) -> None:
    """After every event, every near miss there is was told as it is; those that vanished are not missed."""
    boards, known = Boards(), dict[Name, Known]()
    for event in ways[0]:
        after = fold_boards(boards, event)
        near = [
            each for each in announce(boards, after, event, openings=True) if each.type == "record.missed"
        ]
        known = heeded(known, near)
        boards = after
        missed = misses(boards, [Scrutiny(race_id, None, None) for race_id in boards.races])
        names = {(key.kind, key.scope, race_id, who) for key, race_id, who in missed}
        known = {name: told for name, told in known.items() if name in names}
        assert {name: told.margin_ms for name, told in known.items()} == {
            (key.kind, key.scope, race_id, who): mark.margin_ms
            for (key, race_id, who), mark in missed.items()
        }


@unhurried
@given(st.lists(performances(), max_size=12), times_ms)
def test_the_record_in_force_is_the_fastest_there_is(shown_by: list[Performance], listed_ms: int) -> None:
    """With a record in the books, what is in force is the fastest of it and of all finishes that count."""
    started = [
        raced(1, replaced, race_id=f"2021-wc{number}/M500/A") for number, replaced in enumerate(shown_by)
    ]
    boards = folded([listed("WR", None, listed_ms), *started])
    counting = [each.time_ms for each in shown_by if each.time_ms is not None and each.irm is None]
    record = in_force(boards, "WR", None)
    assert record is not None
    assert shown(record.record.time_ms) == min(shown(time_ms) for time_ms in (listed_ms, *counting))


@unhurried
@given(concurrent())
def test_the_same_events_say_the_same(ways: tuple[list[BoardEvent], ...]) -> None:
    """From a state that was stored and read in another order of its rows, an event says the very same."""
    boards = Boards()
    for event in ways[0]:
        shuffled = assemble(
            dict(reversed(list(boards.listings.items()))),
            kept_races(
                (race_id, replace(race, performances=dict(reversed(list(race.performances.items())))))
                for race_id, race in reversed(list(boards.races.items()))
            ),
        )
        after = fold_boards(boards, event)
        told = announce(boards, after, event, openings=True)
        if after is not boards:
            assert announce(shuffled, fold_boards(shuffled, event), event, openings=True) == told
        assert datetime.min.replace(tzinfo=UTC) not in {message.as_of for message in told}
        boards = after
