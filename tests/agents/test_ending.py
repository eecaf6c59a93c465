"""A worker ends when it is told to, whatever it waits for (see `ending.py`)."""

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest
from mode.utils.locks import Event
from structlog.testing import capture_logs

from streams.agents import ending


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_worker_that_waits_for_its_broker_ends_when_it_is_told_to(number: signal.Signals) -> None:
    """With 0 and a word, as later on; in a container that has no init SIGTERM did nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        worker = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("slotrit"),
            "worker",
            env={
                **os.environ,
                "SLOTRIT_BROKERS": f"127.0.0.1:{silent.getsockname()[1]}",
                "SLOTRIT_BROKER_TIMEOUT_S": "120",
                "SLOTRIT_LOG_FORMAT": "json",
            },
            stderr=asyncio.subprocess.PIPE,
        )
        connection, _ = await asyncio.to_thread(silent.accept)
        with connection:
            worker.send_signal(number)
            async with asyncio.timeout(60):
                _, said = await worker.communicate()

    (line,) = said.splitlines()
    told = json.loads(line)
    assert (worker.returncode, told["event"], told["crashed"]) == (0, "worker.stopped", False)


async def test_what_is_done_before_anybody_stops_it_is_done() -> None:
    """And what fails then, fails."""

    async def fails() -> None:
        raise ConnectionError("gone")

    assert await ending.done_before(Event(), asyncio.sleep(0))
    with pytest.raises(ConnectionError, match="gone"):
        await ending.done_before(Event(), fails())


async def test_a_stop_that_fails_is_told_where_no_crash_was() -> None:
    """After a crash it has been."""

    async def fails() -> None:
        raise ConnectionError("gone")

    assert await ending.stopped(asyncio.create_task(fails()), crashed=True)
    with pytest.raises(ConnectionError, match="gone"):
        await ending.stopped(asyncio.create_task(fails()), crashed=False)


async def test_a_stop_that_takes_too_long_is_waited_for_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it does not end when it is cancelled."""
    monkeypatch.setattr(ending, "STOP_TIMEOUT_S", 0.01)
    answers = asyncio.Event()

    async def deaf() -> None:
        while not answers.is_set():
            try:
                await answers.wait()
            except asyncio.CancelledError:
                continue

    stopping = asyncio.create_task(deaf())
    with capture_logs() as told:
        in_time = await ending.stopped(stopping, crashed=False)
    answers.set()
    await stopping

    assert not in_time
    assert [line["event"] for line in told] == ["worker.cut_short"]
