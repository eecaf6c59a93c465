"""When the broker does not let a worker do what it has to: it ends, with one line however the client says it.

A refusal comes up in many places: in a fetch, in a send, in a commit, in a thread of Faust's, or in the
group's coordinator, where nobody looks as long as there are no partitions. Each has its own traceback, and
after some of them nothing goes on and nothing ends. So all of them are looked at from one place.
"""

import asyncio
import logging

from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.agents.commits import HandledConsumer
from streams.agents.worker_app import WorkerApp
from streams.refusals import not_granted

LOOK_S = 0.2
_WORDS = ("not authorized", "unauthorized", "authorizationfailed")


async def until_refused(app: WorkerApp) -> KafkaError:
    """Wait until the broker has refused something, and give what it said."""
    while (refused := refused_of(app)) is None:  # noqa: ASYNC110 - it is not told, it looks
        await asyncio.sleep(LOOK_S)
    return refused


def refused_of(app: WorkerApp) -> KafkaError | None:
    """Give what the broker has refused a worker; None where nothing."""
    consumer = app._consumer  # noqa: SLF001 - asked for `consumer`, it would make one
    if isinstance(consumer, HandledConsumer) and (found := consumer.refused_of()) is not None:
        return found
    return not_granted(app.crash_reason)


class Unsaid(logging.Filter):
    """Leaves out what libraries say of a refusal, since the worker says it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        if record.name == "streams.app":
            return True
        if record.exc_info and not_granted(record.exc_info[1]) is not None:
            return False
        said = record.getMessage().lower()
        return not any(words in said for words in _WORDS)
