"""What a step remembers: of races long over the row only, and the state again when somebody asks."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from streams.processing.in_parts import InParts
from streams.processing.ledger import Ledger, unseal
from streams.processing.messages import Published, Received
from streams.processing.standings import STANDINGS, AnyRace, Shown
from streams.skating.race import Race
from tests.skating.a_race import Event, closed, event, lines, passing, raw, ruled, scheduled

RACES = tuple(f"c{number}/M500/A" for number in range(6))


def evening(race_id: str) -> tuple[Event, ...]:
    """Tell a race from its start list to its end."""
    return (
        scheduled("ann bea", race_id=race_id),
        passing("ann", 1, 35_000, 1, race_id=race_id),
        passing("bea", 1, 35_010, 2, race_id=race_id),
        closed("OFFICIAL", 3, race_id),
    )


class Worker:
    """A ledger with its table; each outcome is published, written and settled."""

    def __init__(self, at_hand: int) -> None:
        self.ledger: Ledger[AnyRace] = Ledger(STANDINGS, at_hand=at_hand)
        self.table: dict[str, bytes] = {}
        self.offset = 0

    def hear(self, each: Event) -> tuple[Published, ...]:
        """Hear an event, and say what came of it."""
        received = Received("timing", 0, self.offset, each["race_id"].encode(), raw(each))
        self.offset += 1
        outcome = self.ledger.handle(received)
        assert outcome is not None
        assert outcome.bug is None
        row = self.ledger.row(outcome, received)
        if row is not None:
            self.table.update([row])
        self.ledger.settle(outcome, received)
        return outcome.published


def stories() -> Iterator[Event]:
    """Tell all races, then rule on each, then tell again what was told."""
    for race_id in RACES:
        yield from evening(race_id)
    for race_id in RACES:
        yield ruled("ann", "DQ", 10, race_id=race_id)
    for race_id in RACES:
        yield from evening(race_id)


def states() -> int:
    """Count the states of races that are in memory."""
    gc.collect()
    return sum(isinstance(each, Shown) for each in gc.get_objects())


@pytest.mark.parametrize("at_hand", [1, 2, 5])
def test_a_race_that_left_memory_goes_on_as_if_it_had_not(at_hand: int) -> None:
    """A ruling long after the end gives the very bytes, ids and rows, and so do all events told again."""
    few, all_ = Worker(at_hand), Worker(1_000)
    for each in stories():
        assert few.hear(each) == all_.hear(each)
        assert few.table == all_.table
    assert few.ledger.states() == all_.ledger.states()


def test_only_so_many_races_are_at_hand() -> None:
    """However many there were; of the others there are the bytes that the table has, and no copy of them."""
    before = states()
    worker = Worker(2)
    for race_id in RACES:
        for each in evening(race_id):
            worker.hear(each)
    assert states() - before == 2
    row = worker.table[RACES[0]]
    assert sum(held is row for held in gc.get_referents(*gc.get_referents(worker.ledger.__dict__))) == 1


def test_the_race_that_was_handled_last_stays() -> None:
    """A race that goes on while others come by is not read anew at every event."""
    worker = Worker(2)
    worker.hear(evening(RACES[0])[0])
    state = weakref.ref(_state(worker, RACES[0]).row.race.skaters["ann"].competitor)
    for race_id in RACES[1:]:
        worker.hear(evening(race_id)[0])
        _state(worker, RACES[0])
    gc.collect()
    assert state() is not None


def _state(worker: Worker, race_id: str) -> Shown:
    state = worker.ledger.state(race_id)
    assert isinstance(state, Shown)
    return state


def in_parts(race_id: str) -> tuple[Event, ...]:
    """Tell a race in parts from its start list to its end."""
    ann_and_bea = event("start_list.added", 0, race_id, part=1, start_list=lines("ann bea"))
    return (scheduled(race_id=race_id, sheet="parts"), ann_and_bea, *evening(race_id)[1:])


def test_of_races_in_parts_a_closed_one_is_let_go_of() -> None:
    """As soon as another is handled; the open ones stay, and a ruling on a closed one reads it anew."""
    one, other = RACES[:2]
    worker, unmoved = Worker(1), Worker(1)
    for each in in_parts(one):
        assert worker.hear(each) == unmoved.hear(each)
    closed_race = weakref.ref(_in_parts(worker, one).skaters["ann"].competitor)
    for each in in_parts(other)[:3]:
        worker.hear(each)
    gc.collect()
    assert closed_race() is None
    open_race = weakref.ref(_in_parts(worker, other).skaters["ann"].competitor)
    unmoved.offset = worker.offset

    assert worker.hear(ruled("ann", "DQ", 10, race_id=one)) == unmoved.hear(
        ruled("ann", "DQ", 10, race_id=one)
    )
    gc.collect()
    assert open_race() is not None
    head = f"{one} "
    assert {name: row for name, row in worker.table.items() if name.startswith(head)} == unmoved.table


def _in_parts(worker: Worker, race_id: str) -> Race:
    state = worker.ledger.state(race_id)
    assert isinstance(state, InParts)
    return state.everybody.race


def test_a_restored_ledger_reads_rows_when_they_are_needed() -> None:
    """A start with a season's races parses none of them, and remembers up to where all is done."""
    worker = Worker(2)
    for race_id in RACES:
        for each in evening(race_id):
            worker.hear(each)
    before = states()
    restored: Ledger[AnyRace] = Ledger(STANDINGS, at_hand=2)
    restored.restore(worker.table.items())
    assert states() == before
    assert restored.done(0) == worker.offset - 1
    assert restored.state(RACES[0]) == worker.ledger.state(RACES[0])
    assert restored.state("nobody/M500/A") is None


def test_a_row_that_cannot_be_read_is_not_taken_for_no_race() -> None:
    """Every event of it is set aside as a failure of ours; to begin it anew would lose what was skated."""
    worker = Worker(2)
    for each in evening(RACES[0]):
        worker.hear(each)
    head, _, _ = worker.table[RACES[0]].partition(b"\n")
    worker.ledger.restore([(RACES[0], head + b"\n{}")])
    for offset in (worker.offset, worker.offset + 1):
        value = raw(scheduled("ann bea", race_id=RACES[0], second=offset))
        outcome = worker.ledger.handle(Received("timing", 0, offset, RACES[0].encode(), value))
        assert outcome is not None
        assert outcome.bug is not None
        assert outcome.row is None


def test_a_row_is_sealed_with_the_place_of_its_message() -> None:
    """The largest offset among the rows tells what is done."""
    worker = Worker(2)
    for each in evening(RACES[0]):
        worker.hear(each)
    stored = unseal(worker.table[RACES[0]])
    assert (stored.partition, stored.offset) == (0, 3)
