"""What a worker says of its end: a broken promise once, everything else as ever."""

import asyncio
import io
import json
import logging
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]

from streams.agents.crashing import Crashes
from streams.agents.positions import MessagesLostError
from streams.agents.recovery import SilentBrokerError
from streams.logging import configure_logging

GAP = MessagesLostError("skating.timing partition 5: expected offset 380, got 400: 20 messages are missing")


def _logged(level: str = "INFO") -> tuple[Crashes, io.StringIO]:
    out, crashes = io.StringIO(), Crashes()
    configure_logging("json", level, out)
    if level != "DEBUG":
        for handler in logging.getLogger().handlers:
            handler.addFilter(crashes)
    return crashes, out


def _lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _repeats(name: str, failure: BaseException) -> None:
    """Log an exception as Faust and mode do."""
    told = (type(failure), failure, failure.__traceback__)
    logging.getLogger(name).error("Crashed reason=%r", failure, exc_info=told)


@pytest.mark.parametrize("failure", [GAP, KafkaTimeoutError(), SilentBrokerError("Kafka did not answer")])
def test_a_broken_promise_is_one_line(failure: Exception) -> None:
    """With step and reason and without a traceback, however often libraries come back to it."""
    crashes, out = _logged()

    crashes.tell("races", failure)
    _repeats("mode.services", failure)
    _repeats("faust.agents.actor", failure)
    crashes.tell("races", type(failure)("the agent that was started again"))
    _repeats("faust.agents.actor", asyncio.CancelledError())

    (line,) = _lines(out)
    assert (line["event"], line["step"], line["level"]) == ("worker.crash", "races", "error")
    assert line["reason"].startswith(type(failure).__name__)
    assert line["reason"].endswith(str(failure))
    assert line["reason"].count(type(failure).__name__) == 1
    assert "exception" not in line


def test_a_bug_has_its_traceback() -> None:
    """And each one, since no two need be the same."""
    crashes, out = _logged()

    for number in (1, 2):
        try:
            raise RuntimeError(f"bug {number}")  # noqa: TRY301 - as from anywhere
        except RuntimeError as bug:
            crashes.tell("boards", bug)

    lines = _lines(out)
    assert [line["reason"] for line in lines] == ["RuntimeError: bug 1", "RuntimeError: bug 2"]
    assert all("Traceback" in line["exception"] for line in lines)


def test_what_was_not_told_is_not_hidden() -> None:
    """Another exception, also one of the same kind or that came of it, and what was cancelled elsewhere."""
    crashes, out = _logged()
    _repeats("faust.agents.actor", asyncio.CancelledError())
    crashes.tell("races", GAP)
    of_it = RuntimeError("came of it")
    of_it.__context__ = GAP

    for other in (MessagesLostError("elsewhere"), of_it):
        _repeats("mode.services", other)
    _repeats("mode.services", asyncio.CancelledError())
    logging.getLogger("faust").error("said without an exception")

    assert len(_lines(out)) == 6


def test_each_step_says_what_it_broke() -> None:
    """Two that lose Kafka are two lines."""
    crashes, out = _logged()

    crashes.tell("races", KafkaTimeoutError())
    crashes.tell("boards", KafkaTimeoutError())
    crashes.tell("boards", GAP)

    assert [line["step"] for line in _lines(out)] == ["races", "boards", "boards"]


def test_who_wants_everything_has_the_traceback() -> None:
    """At DEBUG a broken promise too shows where it was noticed."""
    crashes, out = _logged("DEBUG")
    try:
        raise GAP
    except MessagesLostError as gap:
        crashes.tell("races", gap)

    assert "Traceback" in _lines(out)[0]["exception"]
