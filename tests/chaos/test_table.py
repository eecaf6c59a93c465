"""What is printed."""

from bench.chaos.plan import KINDS, Fault
from bench.chaos.table import Injected, fault_lines, promise_lines, stream_lines
from bench.chaos.verdict import LIMITS, Counted, Promise


def test_each_kind_has_its_line() -> None:
    """Number, median and longest recovery, and what was said again or worse after faults of this kind."""
    injected = [
        Injected(Fault(1, "kill a worker", 0, 0), 1000, 2.0),
        Injected(Fault(2, "freeze a worker", 0, 9), 2000, None),
        Injected(Fault(3, "kill a worker", 0, 0), 3000, 4.0),
    ]

    lines = {
        line[:22].strip(): line[22:].split() for line in fault_lines(injected, {0: 3, 2: 4, -1: 1}, {1: 2})
    }

    assert set(lines) == {"fault", *KINDS, "before any", "all"}
    assert lines["kill a worker"] == ["2", "3.0", "s", "4.0", "s", "7", "0"]
    assert lines["freeze a worker"] == ["1", "-", "never", "0", "2"]
    assert lines["add a worker"] == ["0", "-", "-", "0", "0"]
    assert lines["all"] == ["3", "8", "2"]


def test_broken_promises_come_with_some_evidence() -> None:
    """What held is one line; what did not shows the first five things that say so."""
    lines = list(promise_lines([Promise("held"), Promise("broken", tuple("abcdefg"))]))

    assert lines[0] == "held    held"
    assert lines[1] == "BROKEN  broken"
    assert [line.strip() for line in lines[2:]] == ["a", "b", "c", "d", "e", "and 2 more"]


def test_each_stream_has_its_line_and_the_limits_stand_below() -> None:
    """How many messages there were, what was wrong with them, and what cannot be promised."""
    lines = list(stream_lines({"records": Counted(7, (1, 2, 3, 4), 5)}))

    assert lines[1].split()[:7] == ["records", "7", "1", "2", "3", "4", "5"]
    assert lines[1].endswith("the performances as they were read")
    assert lines[2:] == list(LIMITS)
