"""What an evening costs, counted instead of timed: messages, bytes and rows for the events of the fixtures.

Two made-up races in parts, which no fixture has, are counted too. A change that says more, or remembers more,
than before fails here, on any machine. Where that is wanted, write down the new count, and say in the commit
why it is worth it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench.long_race import RACE, announced_in_parts, skated_by
from streams.event_files import read_events
from streams.processing.messages import Received, Stream
from streams.processing.pipeline import Pipeline
from streams.processing.step import Outcome
from tests.skating.a_race import Event, closed, raw

FIXTURES = Path(__file__).parents[2] / "fixtures"
SLACK = 1.01
"""By how much bytes may grow without anybody having to say so: a name that is longer, a digit more."""


Told = tuple[Stream, bytes | None, bytes]
"""A message as it is sent to an input topic: which one, key and value."""


@dataclass(frozen=True, slots=True)
class Work:
    """What events led to: messages by topic and their bytes, rows written to changelogs and theirs."""

    events: int
    messages: dict[str, int]
    message_bytes: int
    rows: int
    row_bytes: int


class Counted:
    """All steps, and a count of what comes of the events that are put through them."""

    def __init__(self) -> None:
        self._pipeline = Pipeline(openings=False, observer=self._count)
        self._forget()

    def work(self, told: Iterable[Told]) -> Work:
        """Put events through all steps, and tell what they alone led to."""
        self._forget()
        events = 0
        for stream, key, value in told:
            events += 1
            for _ in self._pipeline.feed(stream, key, value):
                pass
        return Work(events, dict(self._messages), self._message_bytes, self._rows, self._row_bytes)

    def _forget(self) -> None:
        self._messages: Counter[str] = Counter()
        self._message_bytes = self._rows = self._row_bytes = 0

    def _count(self, _: Received, outcome: Outcome[Any]) -> None:
        self._messages.update(message.stream for message in outcome.published)
        self._message_bytes += sum(len(message.value) for message in outcome.published)
        if outcome.row is not None:
            self._rows += 1
            self._row_bytes += len(outcome.row[1])


def counted(fixture: str) -> Work:
    """Put a fixture through all steps, and count."""
    lines = sorted(read_events([FIXTURES / f"{fixture}.jsonl"]), key=lambda line: line.stream != "reference")
    return Counted().work((line.stream, line.key, line.value) for line in lines)


def within_slack(found: Work, known: Work) -> bool:
    """Compare messages and rows to the number, bytes but for a hundredth."""
    return (found.events, found.messages, found.rows) == (known.events, known.messages, known.rows) and all(
        before / SLACK < now < before * SLACK
        for now, before in ((found.message_bytes, known.message_bytes), (found.row_bytes, known.row_bytes))
    )


WRITTEN_DOWN: dict[str, Work] = {
    "2021-22-season": Work(
        405,
        {
            "needs": 85,
            "pace": 274,
            "performances": 323,
            "podium": 112,
            "rankings": 102,
            "records": 150,
            "results": 163,
            "standings": 345,
        },
        2214705,
        885,
        2154062,
    ),
    "2021-okt-heerenveen": Work(
        193,
        {
            "needs": 17,
            "pace": 168,
            "performances": 175,
            "podium": 15,
            "rankings": 13,
            "results": 31,
            "standings": 179,
        },
        2404984,
        397,
        3067446,
    ),
    "2021-wc1-tomaszow": Work(
        462,
        {
            "needs": 102,
            "pace": 332,
            "performances": 362,
            "podium": 77,
            "rankings": 142,
            "records": 27,
            "results": 154,
            "standings": 381,
        },
        5699280,
        964,
        6337912,
    ),
    "2021-wc3-salt-lake-city": Work(
        808,
        {
            "needs": 132,
            "pace": 623,
            "performances": 670,
            "podium": 106,
            "rankings": 209,
            "records": 62,
            "results": 383,
            "standings": 693,
        },
        11412716,
        1836,
        12573667,
    ),
    "2022-olympics-beijing": Work(
        170,
        {"needs": 36, "pace": 120, "performances": 126, "podium": 18, "results": 64, "standings": 138},
        3037831,
        358,
        3708991,
    ),
    "torture": Work(
        272,
        {
            "dead-letters": 22,
            "needs": 52,
            "pace": 147,
            "performances": 183,
            "podium": 46,
            "records": 35,
            "results": 87,
            "standings": 188,
        },
        1695704,
        495,
        2002217,
    ),
}


@pytest.mark.parametrize("fixture", sorted(WRITTEN_DOWN))
def test_an_evening_costs_no_more_than_was_written_down(fixture: str) -> None:
    """Messages and rows to the number, bytes but for a hundredth; less has to be written down too."""
    assert within_slack(counted(fixture), WRITTEN_DOWN[fixture])


def test_every_fixture_is_counted() -> None:
    """A new meeting gets its line."""
    assert {file.stem for file in FIXTURES.glob("*.jsonl")} == set(WRITTEN_DOWN)


PAIRS = 50
"""How many pairs skate of a race in parts; the shorter one has twice as many."""


def told(events: Iterable[Event]) -> Iterator[Told]:
    """Write events of the race for measuring down as they are sent."""
    for event in events:
        yield "timing", RACE.encode(), raw(event)


@pytest.mark.parametrize(
    ("competitors", "announcement", "closing"),
    [
        (
            200,
            Work(2, {"field": 202}, 132_745, 2, 19_530),
            Work(1, {"field": 2}, 159_765, 1, 475),
        ),
        (
            2_000,
            Work(9, {"field": 2_009}, 1_267_466, 9, 197_245),
            Work(1, {"field": 9}, 843_360, 1, 475),
        ),
    ],
)
def test_an_event_of_a_race_in_parts_costs_the_same_however_large_it_is(
    competitors: int, announcement: Work, closing: Work
) -> None:
    """Nobody pays for everybody: only who announces a list, or closes the race, which tells it in parts."""
    counted = Counted()
    announced = counted.work(told(announced_in_parts(competitors)))
    skated = counted.work(told(event for pair in range(1, PAIRS + 1) for event in skated_by(pair)))
    over = counted.work(told([closed("OFFICIAL", 100_000, RACE)]))

    assert within_slack(announced, announcement)
    assert within_slack(skated, Work(450, {"field": 800, "podium": 50}, 19_158_240, 450, 88_872))
    assert within_slack(over, closing)
