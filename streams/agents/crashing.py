"""What a worker says of its end: one line for a broken promise, the whole story for a bug of ours.

Faust and mode log an exception once for each service that it passes through, with its traceback, and the
agent that they start again meets the same gap. Whoever is on duty then looks for the one line that counts. So
what was told here is not told again by them; whatever was not, they say as ever.
"""

import asyncio
import logging

import structlog
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.agents.positions import MessagesLostError
from streams.agents.recovery import SilentBrokerError
from streams.agents.voices import OvertakenError, UnfencedError

BROKEN_PROMISES = (MessagesLostError, OvertakenError, UnfencedError, SilentBrokerError, KafkaError)
"""What ends a worker through no fault of its code: the message says it all, a traceback adds nothing."""

log = structlog.get_logger(__name__)


class Crashes(logging.Filter):
    """Tells why a worker ends and, as a filter of handlers, leaves out what libraries say of it again."""

    def __init__(self) -> None:
        super().__init__()
        self._told: list[BaseException] = []
        self._kinds: set[tuple[str, type[Exception]]] = set()

    def tell(self, step: str, failure: Exception) -> None:
        """Say that a step ends the worker, and why; a broken promise once for each step and kind.

        The traceback is there where it is a bug, and where everything is wanted (log level DEBUG).
        """
        is_promise = isinstance(failure, BROKEN_PROMISES)
        self._told.append(failure)
        if is_promise and (step, type(failure)) in self._kinds:
            return
        self._kinds.add((step, type(failure)))
        name, said = type(failure).__name__, str(failure)
        reason = said if said.startswith(name) else f"{name}: {said}"
        in_full = not is_promise or logging.getLogger().level <= logging.DEBUG
        log.error("worker.crash", step=step, reason=reason, exc_info=failure if in_full else None)

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written: not what was told, nor the end of the agents after it."""
        if record.name == __name__ or not record.exc_info:
            return True
        failure = record.exc_info[1]
        if isinstance(failure, asyncio.CancelledError):
            # Once one agent has crashed, Faust cancels the others, and calls that a crash of each.
            return not (self._told and record.name == "faust.agents.actor")
        return not any(failure is each for each in self._told)
