"""The consumer's thread at the end of a worker (see `fetching.py`); what it fetches is tested on Kafka."""

import asyncio
import logging
import time
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from streams.agents.fetching import PromptThread
from streams.agents.shell import worker_consumer
from streams.app import LEADERS_ANEW_MS, create_app
from streams.settings import Settings


def _thread() -> PromptThread:
    thread = worker_consumer(create_app(Settings(brokers=("127.0.0.1:9092",))))._thread  # noqa: SLF001 - Faust's
    assert isinstance(thread, PromptThread)
    return thread


async def test_who_leads_is_asked_every_now_and_then() -> None:
    """Where nobody asks, a recovery stands still until aiokafka's own five minutes are over.

    It looks for the position to read from at the broker that led before, is told each time that it is wrong,
    and asks nobody who leads now.
    """
    thread = _thread()

    consumer = thread._create_consumer(loop=asyncio.get_running_loop())  # noqa: SLF001 - Faust's
    thread.thread_loop.close()
    await consumer.stop()

    assert consumer._client._metadata_max_age_ms == LEADERS_ANEW_MS <= 5_000  # noqa: SLF001 - aiokafka's


async def test_a_worker_that_reads_much_is_not_said_to_do_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """It is an hour old, Kafka has more than was fetched, and Faust's monitor knows of no message."""
    thread = _thread()
    state = SimpleNamespace(timestamp=time.time() * 1000, highwater=400, position=100)
    assignment = SimpleNamespace(active=True, state_value=lambda _: state)
    subscriptions = SimpleNamespace(subscription=SimpleNamespace(assignment=assignment))
    client: Any = SimpleNamespace(_fetcher=SimpleNamespace(_subscriptions=subscriptions))
    thread._consumer = client  # noqa: SLF001 - Faust's
    topics: Any = thread.app.topics
    topics._acking_topics.add("skating.timing")  # noqa: SLF001 - as after a start
    thread.time_started = 0.0

    with caplog.at_level(logging.WARNING):
        thread.verify_event_path(3600.0, TP("skating.timing", 0))
    thread.thread_loop.close()

    assert caplog.records == []


async def test_a_thread_that_has_ended_can_be_stopped() -> None:
    """In a crash it ends by itself, and its loop with it; Faust told of an error when it was stopped."""
    thread = _thread()
    thread._started.set()  # noqa: SLF001 - as after a start
    thread._shutdown.set()  # noqa: SLF001 - as after its end
    thread.thread_loop.close()

    await thread.stop()

    assert thread.should_stop
