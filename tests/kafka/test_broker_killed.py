"""A broker that is killed in mid-race and comes back: nothing is missing."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from tests.kafka.meeting import Meeting, assert_equal, events, in_memory, meeting
from tests.kafka_presence import HostedBroker

FIXTURE = "torture"


async def _started_again(held: Meeting, worker: subprocess.Popen[bytes]) -> NoReturn:
    """Start the worker again whenever it has ended: it may long after the broker is back."""
    while True:
        if worker.poll() is not None:
            worker = held.start_worker()
        await asyncio.sleep(0.2)


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
        restarting = asyncio.create_task(_started_again(held, worker))
        await held.all_done()
        restarting.cancel()

        await assert_equal(held, [*reference, *timing])
