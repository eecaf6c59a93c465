"""What is said again and again while a broker is away: once, and once more every now and then.

Each client in a worker tries several times a second to reach a broker that is gone, and says so each time.
That was two hundred lines a second, among which nobody finds the one that counts.
"""

import logging
import time
from collections.abc import Callable

SAY_AGAIN_AFTER_S = 10.0
_SPEAKERS = ("aiokafka", "streams.agents.speaking")
_KEPT = 1_000
"""How many different lines are kept in mind."""


class Repeated(logging.Filter):
    """Leaves out what Kafka's client, or whoever writes with it, has said within `SAY_AGAIN_AFTER_S`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Know of nothing that was said.

        Args:
            clock: gives monotonic seconds.
        """
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        if not record.name.startswith(_SPEAKERS):
            return True
        now, said = self._clock(), (record.name, _words(record))
        if now - self._said.get(said, float("-inf")) < SAY_AGAIN_AFTER_S:
            return False
        if len(self._said) >= _KEPT:
            self._said.clear()
        self._said[said] = now
        return True


def _words(record: logging.LogRecord) -> str:
    """Give what a record says; our own lines come as fields, with the time among them."""
    if isinstance(record.msg, dict):
        return repr({name: told for name, told in record.msg.items() if name != "timestamp"})
    return record.getMessage()
