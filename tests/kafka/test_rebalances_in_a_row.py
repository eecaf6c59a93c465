"""A worker gets over any number of rebalances, however quickly one is done (streams/agents/fetching.py)."""

import asyncio
from pathlib import Path

from faust.contrib.asgi import faust_app_running

from streams.agents.shell import worker_consumer
from streams.agents.worker_app import WorkerApp
from streams.app import create_app
from tests.kafka.meeting import assert_equal, events, meeting

FIXTURE = "torture"
REBALANCES = 12
OVER_WITHIN_S = 20.0


async def _rebalance(app: WorkerApp) -> None:
    """Have the group balance itself anew, and wait until the worker takes messages again.

    A group of one is done in some milliseconds, while the consumer's thread still waits for messages.
    """
    rebalanced = app.rebalancing_count
    coordinator = worker_consumer(app)._thread._ensure_consumer()._coordinator  # noqa: SLF001 - as a broker would
    worker_consumer(app)._thread.thread_loop.call_soon_threadsafe(coordinator.request_rejoin)  # noqa: SLF001
    async with asyncio.timeout(OVER_WITHIN_S):
        while app.rebalancing_count == rebalanced or app.life.recovering:  # noqa: ASYNC110 - Faust does not call
            await asyncio.sleep(0.01)


async def test_every_rebalance_is_got_over(kafka_address: str, tmp_path: Path) -> None:
    """Between two of them something is remembered, so that each has something to restore."""
    reference, timing = events(FIXTURE)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        app = create_app(held.settings)
        await held.publish(reference)
        async with faust_app_running(app, stop_timeout=30):
            await held.done("reference", "performances")
            share = len(timing) // REBALANCES
            for number in range(REBALANCES):
                part = slice(number * share, None if number == REBALANCES - 1 else (number + 1) * share)
                await held.publish(timing[part])
                await held.all_done()
                await _rebalance(app)
            await held.all_done()

        await assert_equal(held, [*reference, *timing])
