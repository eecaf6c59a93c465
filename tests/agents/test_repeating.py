"""What is repeated while a broker is away is said now and then; all else is said as ever."""

import io
import json
import logging
from typing import Any

import structlog

from streams.agents.repeating import SAY_AGAIN_AFTER_S, Repeated
from streams.logging import configure_logging


class Worker:
    """What a worker logs, on a clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0
        self._out = io.StringIO()
        configure_logging("json", "INFO", self._out)
        for handler in logging.getLogger().handlers:
            handler.addFilter(Repeated(lambda: self.now))

    def lines(self) -> list[dict[str, Any]]:
        """Give what was written."""
        return [json.loads(line) for line in self._out.getvalue().splitlines()]


def test_what_is_repeated_is_said_now_and_then() -> None:
    """Of the client and of our own writing with it, each for itself."""
    worker = Worker()
    client, speaking = logging.getLogger("aiokafka.client"), structlog.get_logger("streams.agents.speaking")

    for worker.now in (0.0, 0.1, 0.2, SAY_AGAIN_AFTER_S + 0.05):
        client.error("Unable connect to node with id %s", 1)
        speaking.warning("broker.silent", node=1)

    assert [line["event"] for line in worker.lines()] == [
        "Unable connect to node with id 1",
        "broker.silent",
    ] * 2


def test_what_differs_is_no_repetition() -> None:
    """Another node, or another logger."""
    worker = Worker()

    for node in (1, 2):
        logging.getLogger("aiokafka.client").error("Unable connect to node with id %s", node)
        structlog.get_logger("streams.agents.speaking").warning("broker.silent", node=node)
    logging.getLogger("aiokafka").error("Unable connect to node with id %s", 1)

    assert len(worker.lines()) == 5


def test_what_others_say_twice_is_said_twice() -> None:
    """Two messages that cannot be used are two."""
    worker = Worker()

    for _ in range(2):
        structlog.get_logger("streams.agents.shell").warning("message.unusable", reason="no key")

    assert len(worker.lines()) == 2
