"""Stop a worker in every gap of publish, remember and commit, start another: the same is said, each once."""

from pathlib import Path

import pytest

from streams.event_files import Line, read_events
from tests.processing.crashing import Broker, Crash, Worker, opened

FIXTURES = Path(__file__).parents[2] / "fixtures"
SHORT = 45
"""So many timing events make a short evening, which can be run once for each of its gaps."""


def _events(fixture: str) -> list[Line]:
    return list(read_events([FIXTURES / f"{fixture}.jsonl"]))


def _short_evening() -> list[Line]:
    lines = _events("torture")
    timing = [line for line in lines if line.stream == "timing"]
    reference = [line for line in lines if line.stream == "reference"]
    return reference[:6] + timing[:SHORT]


def _uninterrupted(lines: list[Line]) -> tuple[Broker, int]:
    broker = opened(lines)
    worker = Worker(broker)
    worker.work()
    return broker, worker.gaps


def _crashed_in(lines: list[Line], *gaps: int) -> Broker:
    broker = opened(lines)
    for gap in gaps:
        with pytest.raises(Crash):
            Worker(broker, crash_in_gap=gap).work()
    Worker(broker).work()
    return broker


def test_every_gap_of_a_short_evening() -> None:
    """Wherever the worker dies, topics (each message once) and tables end as if it had not."""
    lines = _short_evening()
    expected, gaps = _uninterrupted(lines)

    for gap in range(gaps):
        survived = _crashed_in(lines, gap)

        assert survived.said() == expected.said(), gap
        assert survived.remembered() == expected.remembered(), gap


def test_two_crashes_at_the_same_event() -> None:
    """A worker that dies again while it repeats what the last one was doing changes nothing either."""
    lines = _short_evening()
    expected, gaps = _uninterrupted(lines)

    # Who takes over at the very end has fewer than four gaps left to die in.
    for gap in range(0, gaps - 4, 3):
        for again in range(4):
            survived = _crashed_in(lines, gap, again)

            assert survived.said() == expected.said(), (gap, again)


def test_gaps_all_over_a_long_evening() -> None:
    """A dozen gaps spread over a whole fixture, each in a run of its own."""
    lines = _events("torture")
    expected, gaps = _uninterrupted(lines)

    for gap in range(7, gaps, gaps // 12):
        assert _crashed_in(lines, gap).said() == expected.said(), gap


@pytest.mark.parametrize("fixture", sorted(path.stem for path in FIXTURES.glob("*.jsonl")))
def test_a_restart_before_every_event(fixture: str) -> None:
    """A worker that is started anew for every single event says what one that never stopped says."""
    lines = _events(fixture)
    expected, _ = _uninterrupted(lines)
    broker = opened(lines)
    while Worker(broker).work_once():
        pass

    assert broker.said() == expected.said()
