"""Reaching a broker: a bounded wait, one clear line where nobody answers, and none of the client's noise."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from streams.acls import Role
from streams.errors import SlotritError
from streams.refusals import refusal
from streams.settings import Settings, kafka_client

RETRY_S = 0.25
"""How long to wait before the next attempt to reach a broker that does not answer."""


class LastWords(logging.Handler):
    """Keeps the last complaint of a library instead of printing it, and when it came.

    `at` is on the clock of `time.monotonic`, `error` the exception that the complaint is about, if any.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.message = ""
        self.error: BaseException | None = None
        self.at = float("-inf")

    def emit(self, record: logging.LogRecord) -> None:
        """Remember what the record says."""
        self.message = record.getMessage().splitlines()[0] if record.getMessage() else ""
        told = record.args if isinstance(record.args, tuple) else ()
        self.error = next((one for one in told if isinstance(one, BaseException)), None)
        self.at = time.monotonic()


@contextmanager
def quiet_client() -> Iterator[LastWords]:
    """Keep aiokafka from writing its warnings about a broker between our lines, for the length of a block.

    What it complains of last is often the only hint of a wrong password or certificate, so it is kept. Blocks
    may overlap, as two tasks do; it is quiet until the last of them ends, and who began last listens.
    """
    log = logging.getLogger("aiokafka")
    words = LastWords()
    words.addFilter(lambda _: log.handlers[-1] is words)
    log.addHandler(words)
    log.propagate = False
    try:
        yield words
    finally:
        log.removeHandler(words)
        log.propagate = not any(isinstance(other, LastWords) for other in log.handlers)


@asynccontextmanager
async def connected_admin(settings: Settings, role: Role | None = None) -> AsyncIterator[AIOKafkaAdminClient]:
    """Connect an admin client; a broker that is not there yet has `broker_timeout_s` to appear.

    One that refuses us, or whose certificate is not to be trusted, is not asked again.

    Args:
        settings: where the broker is, and how to log in.
        role: what the command does, for what is said of an ACL that it lacks.

    Raises:
        SlotritError: where no broker is configured, none answers in time, it refuses us, or it stops
            answering within the block.
    """
    arguments = kafka_client(settings)
    with quiet_client() as words:
        client = await _reached(settings, arguments, words)
        try:
            yield client
        except (KafkaError, TimeoutError) as error:
            told = refusal(error, settings, role) or refusal(words.error, settings, role)
            raise SlotritError(told or f"{_at(settings)} stopped answering: {reason(error)}") from None
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
            refused = refusal(words.error, settings)
            if refused is not None:
                raise SlotritError(refused) from None
            if asyncio.get_running_loop().time() + RETRY_S >= deadline:
                raise SlotritError(
                    f"{_at(settings)} does not answer (waited {settings.broker_timeout_s:g} s): "
                    f"{words.message or reason(error)}; check that it runs, that the address is right, and "
                    f"that {settings.security_protocol} is spoken there (security_protocol)"
                ) from None
            await asyncio.sleep(RETRY_S)
        else:
            return client


def failure(
    doing: str, error: BaseException, words: LastWords, settings: Settings, role: Role | None = None
) -> SlotritError:
    """Make the one line for what a client raised: what was refused or, if nothing was, what failed and why.

    Args:
        doing: what failed, such as `publishing`.
        error: what the client raised.
        words: what it last complained of.
        settings: where the broker is, and as whom we came.
        role: what the command does.
    """
    told = refusal(error, settings, role) or refusal(words.error, settings, role)
    return SlotritError(told or f"{doing} failed: {words.message or reason(error)}")


def _at(settings: Settings) -> str:
    return f"the Kafka broker at {','.join(settings.brokers or ())}"


def reason(error: BaseException) -> str:
    """Say in one line what a library's exception says; its name where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
