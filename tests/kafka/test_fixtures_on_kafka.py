"""Every fixture through a real worker on a real broker comes to what it comes to in memory."""

import asyncio
from pathlib import Path

import pytest

from tests.kafka.meeting import FIXTURES, assert_equal, events, meeting


@pytest.mark.parametrize("fixture", sorted(path.stem for path in FIXTURES.glob("*.jsonl")))
async def test_a_worker_says_what_memory_says(fixture: str, kafka_address: str, tmp_path: Path) -> None:
    """Standings and podium are the same to the byte, records, pace, dead letters and boards as sets."""
    reference, timing = events(fixture)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        worker = held.start_worker()
        await asyncio.to_thread(held.replay, FIXTURES / f"{fixture}.jsonl")
        await held.all_done()
        worker.terminate()

        assert worker.wait(30) == 0
        await assert_equal(held, [*reference, *timing])
