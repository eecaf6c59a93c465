"""Faust's own end of a recovery loses what is delivered meanwhile; ours does not (see `recovery.py`)."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]
from faust.tables.recovery import Recovery
from faust.types import TP
from mode.utils.queues import FlowControlEvent, ThrowableQueue

from streams.agents.recovery import HeldFlowRecovery, SilentBrokerError

INPUT = TP("skating.timing", 0)


class Worker:
    """What a recovery has to do with, reduced to one event that is there to be fetched.

    As in the real consumer, an event is delivered to the stream's queue as soon as the partition is resumed
    and the flow is open, and the flow control empties the queues when it resumes.
    """

    def __init__(self) -> None:
        self.queue: list[str] = []
        self.on_broker = ["the gun"]
        self.resumed = False
        self.flows = True
        self.conf = SimpleNamespace(broker_request_timeout=10, stream_recovery_delay=0)
        self.consumer = self
        self.flow_control = SimpleNamespace(resume=self.queue.clear)
        self.consumer_generation_id = 1
        self.in_recovery = True
        self.on_rebalance_complete = SimpleNamespace(send=self.perform_seek)
        self.assignor = SimpleNamespace(assigned_standbys=dict)
        self._fetcher = SimpleNamespace(maybe_start=self.perform_seek)

    def _deliver(self) -> None:
        if self.resumed and self.flows:
            self.queue.extend(self.on_broker)
            self.on_broker.clear()

    def assignment(self) -> set[TP]:
        """Give the partitions that this worker has."""
        return {INPUT}

    def resume_partitions(self, _: set[TP]) -> None:
        """Begin to fetch."""
        self.resumed = True

    async def perform_seek(self) -> None:
        """Take a moment, in which the fetcher does its work."""
        await asyncio.sleep(0)
        self._deliver()

    def stop_flow(self) -> None:
        """Deliver nothing."""
        self.flows = False

    def resume_flow(self) -> None:
        """Deliver again."""
        self.flows = True

    def on_rebalance_end(self) -> None:
        """Hear that the group is balanced."""


async def _recovered(kind: type[Recovery], generation: int = 1) -> Worker:
    worker = Worker()
    tables: Any = SimpleNamespace(
        values=list, on_actives_ready=list, on_standbys_ready=list, changelog_topics=()
    )
    app: Any = worker
    recovery = kind(app, tables)
    await recovery.on_recovery_completed(generation)
    await worker.perform_seek()
    return worker


async def test_an_event_that_comes_during_recovery_is_delivered() -> None:
    """With the flow held, the event reaches the queue after it was emptied, and stays there."""
    worker = await _recovered(HeldFlowRecovery)

    assert worker.queue == ["the gun"]


async def test_without_the_mend_it_vanishes() -> None:
    """Faust delivers it first and empties the queue then; when this fails, the mend may be needed no more."""
    worker = await _recovered(Recovery)

    assert worker.queue == []
    assert worker.on_broker == []


@pytest.mark.parametrize("kind", [HeldFlowRecovery])
async def test_a_recovery_that_breaks_off_leaves_the_flow_closed(kind: type[Recovery]) -> None:
    """Where the group is rebalancing again, the next recovery opens the flow, not this one."""
    worker = await _recovered(kind, generation=0)

    assert worker.queue == []
    assert worker.on_broker == ["the gun"]


async def _never() -> None:
    await asyncio.sleep(3600)


async def _given_up(by: type[Exception]) -> None:
    raise by


@pytest.mark.parametrize(
    "waiting", [_never, partial(_given_up, KafkaTimeoutError), partial(_given_up, TimeoutError)]
)
async def test_a_broker_that_is_silent_during_a_recovery_crashes_the_worker(
    waiting: Callable[[], Coroutine[Any, Any, None]],
) -> None:
    """Faust takes it for the end of the worker and never recovers again, which nobody would notice.

    Kafka's client waits as long for an answer as Faust does, and either may give up first.
    """
    app: Any = Worker()
    recovery = HeldFlowRecovery(app, SimpleNamespace(values=list, changelog_topics=()))  # type: ignore[arg-type]

    with pytest.raises(SilentBrokerError, match="did not answer for 10 s"):
        await recovery._wait(waiting(), timeout=0.01)  # noqa: SLF001 - as Faust calls it


async def test_rows_of_a_partition_that_goes_are_not_restored() -> None:
    """Faust would put them into the table of another partition, and read on behind them later."""
    app: Any = Worker()
    waiting: ThrowableQueue[str] = ThrowableQueue(flow_control=FlowControlEvent())
    waiting.put_nowait("a row of a partition that is another worker's from now on")
    recovery = HeldFlowRecovery(app, SimpleNamespace(changelog_queue=waiting, changelog_topics=()))  # type: ignore[arg-type]

    await recovery.on_rebalance(set(), {INPUT}, set(), generation_id=0)

    assert waiting.empty()
