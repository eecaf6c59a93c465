"""What the consumer asks Kafka for, without one (see `commits.py`)."""

import asyncio
import gc
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]
from faust.types import TP

from streams.agents.commits import HandledConsumer
from streams.agents.shell import worker_consumer
from streams.app import create_app
from streams.settings import Settings

TIMING, RESULTS = TP("skating.timing", 0), TP("skating.results", 0)


@dataclass
class Thread:
    """Stands for the consumer's thread: knows where partitions end, and what it was asked."""

    asked: list[set[TP]] = field(default_factory=list)
    silent: bool = False

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Answer, unless Kafka is silent."""
        self.asked.append(set(partitions))
        await asyncio.sleep(0)
        if self.silent:
            raise KafkaTimeoutError
        return {tp: len(tp.topic) for tp in partitions}


def _consumer(thread: Any) -> HandledConsumer:
    consumer = worker_consumer(create_app(Settings(brokers=("127.0.0.1:9092",))))
    consumer._thread.thread_loop.close()  # noqa: SLF001 - Faust's
    consumer._thread = thread  # noqa: SLF001 - alike
    return consumer


async def test_ends_that_are_asked_for_together_are_one_question() -> None:
    """Each gets those that it asked for; who asks later asks anew, as ends move."""
    thread = Thread()
    consumer = _consumer(thread)

    together = tuple(await asyncio.gather(consumer.highwaters(TIMING), consumer.highwaters(RESULTS, TIMING)))
    later = await consumer.highwaters(RESULTS)

    assert together == ({TIMING: 14}, {TIMING: 14, RESULTS: 15})
    assert later == {RESULTS: 15}
    assert thread.asked == [{TIMING, RESULTS}, {RESULTS}]


async def test_silence_is_for_all_who_asked_and_for_nobody_after_them() -> None:
    """Each step tells that it could not go on; the next question is a new one."""
    thread = Thread(silent=True)
    consumer = _consumer(thread)

    told = await asyncio.gather(
        consumer.highwaters(TIMING), consumer.highwaters(RESULTS), return_exceptions=True
    )
    thread.silent = False

    assert [type(one) for one in told] == [KafkaTimeoutError, KafkaTimeoutError]
    assert await consumer.highwaters(TIMING) == {TIMING: 14}


async def test_who_no_longer_waits_takes_the_answer_from_nobody() -> None:
    """A rebalance breaks off one step while others go on."""
    consumer = _consumer(Thread())
    one = asyncio.create_task(consumer.highwaters(TIMING))
    other = asyncio.create_task(consumer.highwaters(RESULTS))
    await asyncio.sleep(0)

    one.cancel()

    assert await other == {RESULTS: 15}
    with pytest.raises(asyncio.CancelledError):
        await one


async def test_silence_that_nobody_waits_for_any_more_is_no_error() -> None:
    """Faust gives up at about the same time, and the worker has told of it by then."""
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
    consumer = _consumer(Thread(silent=True))
    asking = asyncio.create_task(consumer.highwaters(TIMING))
    await asyncio.sleep(0)

    asking.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    gc.collect()

    assert complaints == []
