"""A worker whose broker falls silent ends all the same, and says in one line why."""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kafka.meeting import Meeting, assert_equal, events, in_memory, meeting
from tests.kafka_presence import HostedBroker

FIXTURE = "torture"
TIMES = 20
"""How often the meeting is told, so that there is something in hand when the broker falls silent."""
SILENT_S = 7
"""How long a worker of these tests waits for an answer in a recovery; else 90 s."""
OVER_WITHIN_S = 180
FROZEN_S = 10.0
"""Longer than the session of these workers."""
LOOK_S = 0.1


def _told(held: Meeting) -> list[dict[str, Any]]:
    return [json.loads(line) for line in held.log.read_text().splitlines()]


async def test_a_broker_that_is_silent_in_a_recovery_ends_the_worker_in_one_line(
    private_kafka: Callable[[], HostedBroker], tmp_path: Path
) -> None:
    """It says what to do, nothing says it again with a traceback, and it does not say that it has started."""
    broker = await asyncio.to_thread(private_kafka)
    async with meeting(broker.address, tmp_path / "worker.log") as held:
        held.extra = {"BROKER_REQUEST_TIMEOUT": str(SILENT_S)}
        worker = held.start_odd_worker(
            "tests.kafka.signalling_worker", "_build_highwaters", "SIGSTOP", str(broker.pid)
        )
        try:
            code = await asyncio.to_thread(worker.wait, OVER_WITHIN_S)
        finally:
            os.kill(broker.pid, signal.SIGCONT)

        told = _told(held)
        crashes = [line for line in told if "SilentBrokerError" in json.dumps(line)]
        assert code == 1
        assert [(line["event"], line["step"]) for line in crashes] == [("worker.crash", "recovery")]
        assert f"did not answer for {SILENT_S} s" in crashes[0]["reason"]
        assert not [line for line in told if "exception" in line or line["event"] == "worker.started"]


async def test_a_broker_that_is_frozen_while_rows_are_read_is_waited_for(
    private_kafka: Callable[[], HostedBroker], tmp_path: Path
) -> None:
    """When it wakes up the worker goes on by itself, from all that was remembered."""
    reference, timing = events(FIXTURE)
    half = len(timing) // 2
    broker = await asyncio.to_thread(private_kafka)
    async with meeting(broker.address, tmp_path / "worker.log") as held:
        first = held.start_worker()
        await held.publish([*reference, *timing[:half]])
        await held.all_done()
        first.kill()
        first.wait()
        second = held.start_odd_worker(
            "tests.kafka.signalling_worker", "_seek_offsets", "SIGSTOP", str(broker.pid)
        )
        try:
            async with asyncio.timeout(OVER_WITHIN_S):
                while not _is_stopped(broker.pid):  # noqa: ASYNC110 - a process does not call
                    await asyncio.sleep(LOOK_S)
            await asyncio.sleep(FROZEN_S)
        finally:
            os.kill(broker.pid, signal.SIGCONT)
        await held.publish(timing[half:])
        await held.all_done()

        assert second.poll() is None
        await assert_equal(held, [*reference, *timing])


def _is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


async def test_a_worker_that_is_told_to_stop_does_not_wait_for_a_silent_broker_for_ever(
    private_kafka: Callable[[], HostedBroker], tmp_path: Path
) -> None:
    """What it has in hand comes again with the next worker; it says so and ends with 0."""
    reference, timing = events(FIXTURE)
    said = sum(message.stream == "standings" for message in in_memory([*reference, *timing]).messages)
    broker = await asyncio.to_thread(private_kafka)
    async with meeting(broker.address, tmp_path / "worker.log") as held:
        worker = held.start_worker()
        await held.publish([*reference, *timing])
        await held.until_said("standings", said)
        await held.publish(timing * TIMES)
        os.kill(broker.pid, signal.SIGSTOP)
        try:
            worker.terminate()
            code = await asyncio.to_thread(worker.wait, OVER_WITHIN_S)
        finally:
            os.kill(broker.pid, signal.SIGCONT)

        told = _told(held)
        assert code == 0
        assert [line["event"] for line in told[-2:]] == ["worker.cut_short", "worker.stopped"]
        assert "comes again with the next worker" in told[-2]["reason"]
        assert not [line for line in told if "exception" in line]
