"""Live input on a real broker: connections that drop, processes that are killed, and the same standings."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any, Literal

import pytest
from structlog.testing import capture_logs

from streams.event_files import Line, read_events
from streams.ingest import Told, ingest, packed, unpacked
from streams.reconnecting import Patience
from streams.settings import Settings
from streams.sources.vantage import Converted, Tally, convert_recording
from streams.sources.vantage.live import Heard, Live, hear
from tests.kafka.meeting import Meeting, meeting
from tests.sources import tape
from tests.sources.last_standings import final
from tests.sources.live_server import LiveServer, serving
from tests.sources.synthetic import evening

EVENING = evening()
RESTARTED = next(
    place
    for place, line in enumerate(EVENING)
    if line["typeName"] == "HeatStartedEvent" and line["heat"]["number"] == 1 and place > 5
)
MID_RACE = [RESTARTED + 4, RESTARTED + 30]
PATIENCE_S = 40.0
HURRIED = Patience(first_pause_s=0.02, longest_pause_s=0.1, silence_s=5.0)


def converted(source: str | Path, folder: Path) -> list[Line]:
    """Convert a recording and read what comes of it as a replay does."""
    tally = Tally()
    recording = source if isinstance(source, Path) else StringIO(source)
    lines = [each.json for each in convert_recording(recording, tally) if isinstance(each, Converted)]
    file = folder / "converted.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return list(read_events([file]))


async def published(held: Meeting) -> list[Line]:
    """Read back both input topics."""
    found: list[Line] = []
    streams: tuple[Literal["reference", "timing"], ...] = ("reference", "timing")
    for stream in streams:
        topic = held.topic(stream)
        found.extend(
            Line(topic, message.offset, message.value, stream, message.key)
            for message in await held.read(topic)
        )
    return found


def ids(lines: Sequence[Line]) -> list[str]:
    """Give the ids of the timing events."""
    return [json.loads(line.value)["event_id"] for line in lines if line.stream == "timing"]


async def until_heard(server: LiveServer, settings: Settings, recording: Path | None = None) -> Told:
    """Ingest until the server has said everything and all of it was handled."""
    stop, told = asyncio.Event(), Told()
    server.finished.clear()
    working = asyncio.create_task(
        ingest(server.url, settings, stop=stop, told=told, recording=recording, patience=HURRIED)
    )
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.wait(
            {working, asyncio.create_task(server.finished.wait())}, return_when=asyncio.FIRST_COMPLETED
        )
        stop.set()
        await working
    return told


async def test_dropped_connections_change_nothing(kafka_address: str, tmp_path: Path) -> None:
    """Two connections lost in mid-race, after a false start, leave the standings and say nothing twice."""
    recording = tmp_path / "evening.jsonl.gz"
    async with meeting(kafka_address, tmp_path / "log") as held, serving(EVENING, drops=MID_RACE) as server:
        told = await until_heard(server, held.settings, recording)
        found = await published(held)

    assert told.connections == server.connections == 3
    assert told.copies > 5
    assert len(ids(found)) == len(set(ids(found)))
    assert final(found) == final(converted(tape.text(EVENING), tmp_path))
    assert final(converted(recording, tmp_path)) == final(found)


async def test_what_is_sent_again_to_a_new_process_changes_nothing(
    kafka_address: str, tmp_path: Path
) -> None:
    """A process that begins when all is over, and hears the last heat again, publishes nothing."""
    async with meeting(kafka_address, tmp_path / "log") as held, serving(EVENING) as server:
        await until_heard(server, held.settings)
        before = await published(held)
        told = await until_heard(server, held.settings)
        after = await published(held)

    assert told.copies > 30
    assert (told.published, len(after)) == (0, len(before))


async def test_a_process_that_is_killed_goes_on(kafka_address: str, tmp_path: Path) -> None:
    """Killed with SIGKILL three times in mid-race, its successors end with the same standings."""
    places = [RESTARTED + 5, RESTARTED + 25, RESTARTED + 60]
    async with (
        meeting(kafka_address, tmp_path / "log") as held,
        serving(EVENING, drops=[RESTARTED + 12]) as server,
    ):
        for place in places:
            server.reached[place] = asyncio.Event()
            server.go_on.clear()
            process = _started(held, server.url, tmp_path)
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await server.reached[place].wait()
                process.send_signal(signal.SIGKILL)
            finally:
                process.kill()
                process.communicate()
            server.abandoned += 1
            del server.reached[place]
            server.go_on.set()
        await until_heard(server, held.settings)
        found = await published(held)

    assert len(ids(found)) == len(set(ids(found)))
    assert final(found) == final(converted(tape.text(EVENING), tmp_path))


async def test_it_completes_what_it_was_in_the_middle_of_saying(kafka_address: str, tmp_path: Path) -> None:
    """Where only the first event of a message was published, the others follow when it starts again."""
    until = next(place for place, line in enumerate(EVENING) if line["typeName"] == "HeatActivatedEvent") + 1
    async with (
        meeting(kafka_address, tmp_path / "whole") as whole,
        meeting(kafka_address, tmp_path / "torn") as torn,
    ):
        async with serving(EVENING[:until]) as server:
            await until_heard(server, whole.settings)
        records = await whole.read(whole.topic("timing"))
        first = min(records, key=lambda record: record.timestamp)
        await _send_raw(torn, first)
        async with serving(EVENING[:until]) as server:
            told = await until_heard(server, torn.settings)
        found = await published(torn)
        expected = await published(whole)

    assert told.completed > 0
    assert sorted(ids(found)) == sorted(ids(expected))
    assert sorted(line.value for line in found) == sorted(line.value for line in expected)


async def test_garbage_is_named_once_and_passed_over(kafka_address: str, tmp_path: Path) -> None:
    """Messages that are no events are named once a connection, and what is between them is published."""
    garbage = ["{", "[1]", '{"typeName": 3}', '{"typeName": "HeatStartedEvent"}']
    async with meeting(kafka_address, tmp_path / "log") as held:
        with capture_logs() as logs:
            async with serving(EVENING[:12], drops=[8], garbage=garbage) as server:
                told = await until_heard(server, held.settings)
        found = await published(held)

    assert told.unreadable == 2 * len(garbage)
    assert sum("cannot be read" in entry["event"] for entry in logs) == 2
    assert final(found) == final(converted(tape.text(EVENING[:12]), tmp_path))


async def test_a_message_that_our_code_fails_on_stops_nothing(
    kafka_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in the conversion costs one message: it is logged with its traceback, and the others go on."""

    def fails_once(live: Live, text: str, now: datetime) -> Heard:
        if "HeatClearedEvent" in text:
            raise ZeroDivisionError
        return hear(live, text, now)

    monkeypatch.setattr("streams.ingest.hear", fails_once)
    async with meeting(kafka_address, tmp_path / "log") as held:
        with capture_logs() as logs:
            async with serving(EVENING[:12]) as server:
                told = await until_heard(server, held.settings)
        found = await published(held)

    assert told.problems == 1
    assert [entry["exc_info"] for entry in logs if entry["log_level"] == "error"] == [True]
    without = [line for line in EVENING[:12] if line["typeName"] != "HeatClearedEvent"]
    assert final(found) == final(converted(tape.text(without), tmp_path))


async def test_it_stops_cleanly_when_told_to(kafka_address: str, tmp_path: Path) -> None:
    """On SIGTERM everything heard is delivered, one line says what was done, and the code is 0."""
    async with meeting(kafka_address, tmp_path / "log") as held, serving(EVENING) as server:
        process = _started(held, server.url, tmp_path, "--record", str(tmp_path / "live.jsonl"))
        try:
            async with asyncio.timeout(PATIENCE_S):
                await server.finished.wait()
                await held.until_said("timing", len(ids(converted(tape.text(EVENING), tmp_path))))
            process.terminate()
            _, err = await asyncio.to_thread(process.communicate, timeout=20)
        finally:
            process.kill()
        found = await published(held)

    assert process.returncode == 0
    assert b"events published, 1 problems" in err.splitlines()[-1]
    assert final(converted(tmp_path / "live.jsonl", tmp_path)) == final(found)


def test_a_journal_survives_its_packing() -> None:
    """What is put into a header comes out of it; anything else is refused."""
    assert unpacked(packed(['{"a": "é"}', "{}"])) == ('{"a": "é"}', "{}")
    with pytest.raises(ValueError, match="Error"):
        unpacked(b"no zlib")


async def _send_raw(held: Meeting, record: Any) -> None:
    from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]  # noqa: PLC0415

    from streams.settings import kafka_client  # noqa: PLC0415

    producer = AIOKafkaProducer(**kafka_client(held.settings))
    await producer.start()
    try:
        await producer.send_and_wait(
            held.topic("timing"), record.value, key=record.key, headers=list(record.headers)
        )
    finally:
        await producer.stop()


def _started(held: Meeting, url: str, folder: Path, *more: str) -> "subprocess.Popen[bytes]":
    told = held.settings
    environment = {
        **os.environ,
        "SLOTRIT_BROKERS": ",".join(told.brokers or ()),
        "SLOTRIT_TOPIC_PREFIX": told.topic_prefix,
        "SLOTRIT_LOG_FORMAT": "json",
    }
    command = [str(Path(sys.executable).with_name("slotrit")), "ingest", "vantage", url, *more]
    return subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.PIPE)
