"""A broker that is killed in mid-race and comes back: nothing is missing."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests.kafka.meeting import assert_equal, events, in_memory, meeting
from tests.kafka_presence import HostedBroker

FIXTURE = "torture"


async def test_a_broker_that_is_killed_in_mid_race(
    private_kafka: Callable[[], HostedBroker], tmp_path: Path
) -> None:
    """The worker waits for it or ends and is started again; either way the evening comes out as in memory."""
    reference, timing = events(FIXTURE)
    whole = sum(message.stream == "standings" for message in in_memory([*reference, *timing]).messages)
    broker = await asyncio.to_thread(private_kafka)
    async with meeting(broker.address, tmp_path / "worker.log") as held:
        worker = held.start_worker()
        await held.publish(reference)
        await held.done("reference", "performances")
        await held.publish(timing)
        await held.until_said("standings", whole // 3)
        broker.kill()
        await asyncio.to_thread(broker.start)
        if worker.poll() is not None:
            held.start_worker()
        await held.all_done()

        await assert_equal(held, [*reference, *timing])
