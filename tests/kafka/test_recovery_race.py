"""Events that arrive while tables are being restored are not lost (streams/agents/recovery.py tells why)."""

import asyncio
from pathlib import Path
from typing import Any

from faust.contrib.asgi import faust_app_running

from streams.app import create_app
from tests.kafka.meeting import Meeting, assert_equal, events, meeting

FIXTURE = "torture"
SLOW_SEEK_S = 4.0
"""How long a restarted worker takes to seek: the window in which what is fetched is thrown away.

Long enough for a fetch on a busy machine; Faust lets one wait 1.5 s."""


async def _interrupted(held: Meeting) -> None:
    """Let a worker do half a meeting, and have the other half waiting when the next one starts."""
    reference, timing = events(FIXTURE)
    half = len(timing) // 2
    worker = held.start_worker()
    await held.publish(reference)
    await held.done("reference", "performances")
    await held.publish(timing[:half])
    await held.all_done()
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 40) == 0
    await held.publish(timing[half:])


def _app_that_seeks_slowly(held: Meeting) -> Any:
    app = create_app(held.settings)
    seek = app.consumer.perform_seek

    async def slow_seek() -> None:
        await seek()
        await asyncio.sleep(SLOW_SEEK_S)

    app.consumer.perform_seek = slow_seek  # type: ignore[method-assign]
    return app


async def test_what_arrives_during_recovery_is_handled(kafka_address: str, tmp_path: Path) -> None:
    """With the flow held until the streams are ready, the second half comes out as in memory."""
    reference, timing = events(FIXTURE)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        await _interrupted(held)
        app = _app_that_seeks_slowly(held)

        async with faust_app_running(app, stop_timeout=30):
            await held.all_done()

        await assert_equal(held, [*reference, *timing])
