"""A worker that is told to stop in its first recovery leaves nothing behind."""

import asyncio
import json
from pathlib import Path

import pytest

from streams.broker_connection import connected_admin
from tests.kafka.meeting import Meeting, meeting


async def _members(held: Meeting) -> int:
    """Say how many members the group of the workers has."""
    async with connected_admin(held.settings) as admin:
        (told,) = await admin.describe_consumer_groups([held.settings.app_id])
    ((_, _, _, _, _, members, *_),) = told.groups
    return len(members)


@pytest.mark.parametrize("step", ["_build_highwaters", "on_recovery_completed"])
async def test_it_leaves_the_group(step: str, kafka_address: str, tmp_path: Path) -> None:
    """Else the next worker waits for its partitions until the session of this one is over."""
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        worker = held.start_odd_worker("tests.kafka.signalling_worker", step, "SIGTERM")

        assert await asyncio.to_thread(worker.wait, 120) == 0
        assert await _members(held) == 0
        (told,) = [json.loads(line) for line in held.log.read_text().splitlines()]
        assert (told["event"], told["crashed"]) == ("worker.stopped", False)
