"""A race in parts through the standings step: what a subscriber puts together is the sheet."""

from collections.abc import Iterable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.long_race import RACE, announced_in_parts, skated_by
from schemas.field import FieldPart
from schemas.timing import TIMING
from streams.event_files import Line
from streams.processing.ledger import Ledger
from streams.processing.messages import Published, Received
from streams.processing.standings import STANDINGS, AnyRace
from streams.skating.fold import Refused, fold
from tests.processing.crashing import Broker, Crash, Worker, opened
from tests.processing.read_in_parts import Subscriber, drawn, hold_against_the_sheet
from tests.skating.a_race import (
    Event,
    closed,
    competitor,
    event,
    lines,
    pair,
    passing,
    raw,
    reskate,
    ruled,
    scheduled,
)
from tests.skating.meetings import Made, races
from tests.skating.test_field import in_parts

unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


class Step:
    """The standings step with its rows, and what it says, event by event."""

    def __init__(self) -> None:
        self.ledger: Ledger[AnyRace] = Ledger(STANDINGS)
        self.rows: dict[str, bytes] = {}
        self.offset = 0

    def hear(self, each: Event) -> tuple[Published, ...]:
        """Hear one event; our own code never fails on it, and it writes no more than one row."""
        received = Received("timing", 0, self.offset, str(each["race_id"]).encode(), raw(each))
        self.offset += 1
        outcome = self.ledger.handle(received)
        assert outcome is not None
        assert outcome.bug is None, outcome.bug
        if outcome.row is not None:
            self.rows.update([outcome.row])
        self.ledger.settle(outcome, received)
        return outcome.published

    def restart(self) -> None:
        """Forget everything but the rows."""
        self.ledger = Ledger(STANDINGS)
        self.ledger.restore(self.rows.items())


@unhurried
@given(races())
def test_what_a_subscriber_puts_together_is_the_sheet(made: Made) -> None:
    """After every event, of any race; and of a closing the whole result, places and all."""
    step, heard, race = Step(), Subscriber(), None
    for each in in_parts(made.story):
        heard.read(step.hear(each))
        folded = fold(race, TIMING.validate_json(raw(each)))
        moved = not isinstance(folded, Refused) and folded is not race
        race = race if isinstance(folded, Refused) else folded
        assert race is not None
        hold_against_the_sheet(heard, race)
        if each["type"] == "race.closed" and moved:
            assert heard.result == list(drawn(race).entries)


@unhurried
@given(races(), st.data())
def test_a_restart_says_the_same_bytes(made: Made, data: st.DataObject) -> None:
    """A step that reads its rows anew goes on with the same messages, ids and rows as one that never did."""
    told = list(in_parts(made.story))
    one, other = Step(), Step()
    for each in told:
        assert one.hear(each) == other.hear(each)
        if data.draw(st.booleans()):
            other.restart()

    assert one.rows == other.rows


EVENING: tuple[Event, ...] = (
    *announced_in_parts(12, lines=5),
    *skated_by(1),
    *skated_by(2),
    ruled("skater-3", "DQ", 700, race_id=RACE),
    reskate("skater-1", 6, 710) | {"race_id": RACE},
    pair("cleared", 2, 720, race_id=RACE),
    event("race.paused", 730, RACE, reason="delay"),
    event("start_list.added", 740, RACE, part=2, start_list=lines("- new")),
    passing("skater-1", 6, 60_000, 750, race_id=RACE, distance_m=1000),
    closed("UNOFFICIAL", 760, RACE),
    passing("skater-0", 1, 59_000, 770, race_id=RACE, distance_m=1000, method="photo_finish"),
    closed("OFFICIAL", 780, RACE),
)


def evening(*story: Event) -> list[Line]:
    """Write a story as lines of a file."""
    return [
        Line("story", number, raw(each), "timing", str(each["race_id"]).encode())
        for number, each in enumerate(story, start=1)
    ]


def test_a_pair_that_several_lists_made_is_told_in_the_same_order_after_a_restart() -> None:
    """Rows of one event have their places in it: a restart may not change them."""
    one, other = Step(), Step()
    for each in (
        scheduled(race_id=RACE, sheet="parts"),
        event("start_list.added", 1, RACE, part=2, start_list=lines("ann cor", "dee eva")),
        event("start_list.added", 2, RACE, part=1, start_list=lines("bea dee", "ann -")),
    ):
        assert one.hear(each) == other.hear(each)
    other.restart()
    confirmed = pair("confirmed", 2, 3, race_id=RACE)

    said = one.hear(confirmed)

    assert [message.key for message in said] == [
        RACE.encode(),
        *(f"{RACE} row {name}".encode() for name in ("ann", "dee", "eva")),
    ]
    assert other.hear(confirmed) == said


def test_every_gap_of_an_evening_in_parts() -> None:
    """Wherever the worker dies, topics (each message once) and tables end as if it had not."""
    lines_read = evening(*EVENING, scheduled("ann bea"), passing("ann", 1, 35_000, 1))
    expected = opened(lines_read)
    whole = Worker(expected)
    whole.work()

    for gap in range(whole.gaps):
        survived = opened(lines_read)
        died = _dies(survived, gap)
        Worker(survived).work()

        assert died
        assert survived.said() == expected.said(), gap
        assert survived.remembered() == expected.remembered(), gap


def _dies(broker: Broker, gap: int) -> bool:
    try:
        Worker(broker, crash_in_gap=gap).work()
    except Crash:
        return True
    return False


def told(messages: Iterable[Published]) -> list[str]:
    """Write which messages came: their topics and keys without the race."""
    return [f"{each.stream}:{(each.key or b'').decode().removeprefix(RACE)}" for each in messages]


def test_an_event_tells_the_front_and_a_row() -> None:
    """And writes one row, named after what it is about; what changes nothing tells and writes nothing."""
    step = Step()
    for each in announced_in_parts(4):
        step.hear(each)
    first = passing("skater-0", 1, 16_500, 30, race_id=RACE, distance_m=200)

    assert told(step.hear(first)) == ["field:", "field: row skater-0"]
    assert told(step.hear(first)) == []
    assert sorted(step.rows) == [f"{RACE} list 1", f"{RACE} race", f"{RACE} skater skater-0"]
    assert told(step.hear(pair("called", 2, 40, race_id=RACE))) == ["field:"]
    finish = passing("skater-0", 1, 68_500, 90, race_id=RACE, distance_m=1000)
    assert told(step.hear(finish)) == ["field:", "field: row skater-0", "podium:"]
    assert told(step.hear(closed("OFFICIAL", 100, RACE))) == ["field:", "field: part 1"]


def test_who_is_taken_off_the_list_has_no_line_any_more() -> None:
    """A row says so; who was measured keeps theirs."""
    step, heard = Step(), Subscriber()
    for each in announced_in_parts(4):
        heard.read(step.hear(each))
    heard.read(step.hear(passing("skater-0", 1, 16_500, 30, race_id=RACE, distance_m=200)))
    heard.read(step.hear(event("start_list.added", 50, RACE, part=1, start_list=lines("- skater-3"))))

    assert [entry.competitor.id for entry in heard.in_order] == ["skater-0", "skater-3"]
    assert heard.lines["skater-1"][1:] == (None, ())


def test_of_a_large_race_nobody_behind_the_front_makes_it_told_again() -> None:
    """Of 600: who finishes as the last tells a row; the result has three parts, of 250, 250 and 100."""
    step, heard = Step(), Subscriber()
    for each in announced_in_parts(600):
        heard.read(step.hear(each))
    for number in range(1, 60):
        for each in skated_by(number):
            heard.read(step.hear(each))
    late = passing("skater-599", 300, 99_000, 50_000, race_id=RACE, distance_m=1000)

    messages = step.hear(late)
    assert told(messages) == ["field: row skater-599"]
    heard.read(messages)
    line = heard.lines["skater-599"][1]
    assert line is not None
    assert (line.rank, line.sort_order) == (119, 119)
    assert [len(part.lines) for part in _closed(step, heard)] == [250, 250, 100]
    assert heard.result[118] == line
    assert [entry.competitor.id for entry in heard.result] == [each.competitor.id for each in heard.in_order]


def _closed(step: Step, heard: Subscriber) -> list[FieldPart]:
    heard.read(step.hear(closed("OFFICIAL", 60_000, RACE)))
    return [part for _, part in sorted(heard.parts.items())]


def test_a_definition_that_moves_everybody_tells_parts() -> None:
    """A course with other lines: everybody who was measured at those has another line, in parts for 502."""
    step, heard = Step(), Subscriber()
    for each in announced_in_parts(502):
        step.hear(each)
    for number in range(1, 252):
        heard.read(
            step.hear(passing(f"skater-{2 * number - 2}", number, 16_500, 30, race_id=RACE, distance_m=200))
        )
        heard.read(
            step.hear(passing(f"skater-{2 * number - 1}", number, 16_500, 30, race_id=RACE, distance_m=200))
        )
    again = scheduled(race_id=RACE, distance_m=1000, sheet="parts", second=40)
    again["competition"]["venue"]["track_length_m"] = 250

    messages = step.hear(again)
    assert told(messages) == ["field:", "field: part 1", "field: part 2", "field: part 3"]
    heard.read(messages)
    assert all(entry.splits == () for entry in heard.result)


def test_no_message_is_larger_than_every_topic_takes() -> None:
    """Of teams with long names fewer lines go into a part and into the front; of neither one is lost."""
    step, heard = Step(), Subscriber()
    step.hear(scheduled(race_id=RACE, distance_m=1000, sheet="parts"))
    members = [{"id": f"{number:0200}", "name": "N" * 200} for number in range(20)]
    for part in range(2):
        teams = [
            {"pair": number, "competitor": competitor(f"{number:0200}", members=members)}
            for number in range(100 * part + 1, 100 * part + 101)
        ]
        heard.read(step.hear(event("start_list.added", 0, RACE, part=part + 1, start_list=teams)))
    messages = step.hear(closed("OFFICIAL", 999, RACE))
    heard.read(messages)

    assert [message.size < 1_000_000 for message in messages] == [True] * 4
    assert len(heard.result) == 200
    assert heard.top is not None
    assert 90 <= len(heard.top.entries) < 100
    assert list(heard.top.entries) == heard.result[: len(heard.top.entries)]
