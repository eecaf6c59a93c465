"""What an evening costs, counted instead of timed: messages, bytes and rows for the events of the fixtures.

A change that says more, or remembers more, than before fails here, on any machine. Where that is wanted,
write down the new count, and say in the commit why it is worth it.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from streams.event_files import read_events
from streams.processing.messages import Received
from streams.processing.pipeline import Pipeline
from streams.processing.step import Outcome

FIXTURES = Path(__file__).parents[2] / "fixtures"
SLACK = 1.01
"""By how much bytes may grow without anybody having to say so: a name that is longer, a digit more."""


@dataclass(frozen=True, slots=True)
class Work:
    """What events led to: messages by topic and their bytes, rows written to changelogs and theirs."""

    events: int
    messages: dict[str, int]
    message_bytes: int
    rows: int
    row_bytes: int


def counted(fixture: str) -> Work:
    """Put a fixture through all steps, and count."""
    lines = sorted(read_events([FIXTURES / f"{fixture}.jsonl"]), key=lambda line: line.stream != "reference")
    messages: Counter[str] = Counter()
    message_bytes = rows = row_bytes = 0

    def count(_: Received, outcome: Outcome[Any]) -> None:
        nonlocal message_bytes, rows, row_bytes
        messages.update(message.stream for message in outcome.published)
        message_bytes += sum(len(message.value) for message in outcome.published)
        if outcome.row is not None:
            rows, row_bytes = rows + 1, row_bytes + len(outcome.row[1])

    pipeline = Pipeline(openings=False, observer=count)
    for line in lines:
        for _ in pipeline.feed(line.stream, line.key, line.value):
            pass
    return Work(len(lines), dict(messages), message_bytes, rows, row_bytes)


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
    found, known = counted(fixture), WRITTEN_DOWN[fixture]

    assert (found.events, found.messages, found.rows) == (known.events, known.messages, known.rows)
    for now, before in ((found.message_bytes, known.message_bytes), (found.row_bytes, known.row_bytes)):
        assert before / SLACK < now < before * SLACK


def test_every_fixture_is_counted() -> None:
    """A new meeting gets its line."""
    assert {file.stem for file in FIXTURES.glob("*.jsonl")} == set(WRITTEN_DOWN)
