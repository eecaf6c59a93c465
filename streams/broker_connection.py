"""Reaching a broker: a bounded wait, one clear line where nobody answers, and none of the client's noise."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.errors import SlotritError
from streams.settings import Settings, kafka_client

RETRY_S = 0.25
"""How long to wait before the next attempt to reach a broker that does not answer."""


class LastWords(logging.Handler):
    """Keeps the last complaint of a library instead of printing it, and when it came.

    `at` is on the clock of `time.monotonic`.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.message = ""
        self.at = float("-inf")

    def emit(self, record: logging.LogRecord) -> None:
        """Remember what the record says."""
        self.message = record.getMessage().splitlines()[0] if record.getMessage() else ""
        self.at = time.monotonic()


@contextmanager
def quiet_client() -> Iterator[LastWords]:
    """Keep aiokafka from writing its warnings about a broker between our lines, for the length of a block.

    What it complains of last is often the only hint of a wrong password or certificate, so it is kept.
    """
    log = logging.getLogger("aiokafka")
    found = (list(log.handlers), log.propagate)
    words = LastWords()
    log.handlers[:] = [words]
    log.propagate = False
    try:
        yield words
    finally:
        log.handlers[:], log.propagate = found


@asynccontextmanager
async def connected_admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Connect an admin client; a broker that is not there yet has `broker_timeout_s` to appear.

    Raises:
        SlotritError: where no broker is configured, none answers in time, or it stops answering within the
            block.
    """
    arguments = kafka_client(settings)
    with quiet_client() as words:
        client = await _reached(settings, arguments, words)
        try:
            yield client
        except (KafkaError, TimeoutError) as error:
            raise SlotritError(f"{_at(settings)} stopped answering: {reason(error)}") from None
        finally:
            await client.close()


async def _reached(settings: Settings, arguments: dict[str, Any], words: LastWords) -> AIOKafkaAdminClient:
    deadline = asyncio.get_running_loop().time() + settings.broker_timeout_s
    while True:
        client = AIOKafkaAdminClient(
            **arguments, request_timeout_ms=max(1, int(settings.broker_timeout_s * 1000))
        )
        try:
            async with asyncio.timeout_at(deadline):
                await client.start()
        except (KafkaError, OSError, TimeoutError) as error:
            await client.close()
            if asyncio.get_running_loop().time() + RETRY_S >= deadline:
                raise SlotritError(
                    f"{_at(settings)} does not answer (waited {settings.broker_timeout_s:g} s): "
                    f"{words.message or reason(error)}; check that it runs and that the address is right"
                ) from None
            await asyncio.sleep(RETRY_S)
        else:
            return client


def _at(settings: Settings) -> str:
    return f"the Kafka broker at {','.join(settings.brokers or ())}"


def reason(error: BaseException) -> str:
    """Say in one line what a library's exception says; its name where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
