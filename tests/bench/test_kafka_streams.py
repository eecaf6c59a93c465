"""The peer in Kafka Streams does the worker's job: the same standings, as they come out of memory."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.chaos.season import season
from streams.app import COMMIT_EVERY_S
from streams.brokers.java import INSTALL_MAVEN, find_maven
from streams.event_files import Line
from streams.processing.messages import Stream
from streams.processing.pipeline import Pipeline
from tests.kafka.meeting import FIXTURES, Meeting, events, meeting

PEER = Path(__file__).parents[2] / "bench" / "peers" / "kafka_streams"
JAR = PEER / "target" / "kafka-streams-peer.jar"
SHORT_LIVED = "-XX:TieredStopAtLevel=1"
BUILT_WITHIN_S, READY_WITHIN_S, STOPPED_WITHIN_S = 300, 60, 30

Said = tuple[bytes | None, bytes, bytes]
"""The key, the `ce_id` and the value of a message."""


@pytest.fixture(scope="session")
def peer() -> Path:
    """Build the peer, and give its jar."""
    maven = find_maven()
    if maven is None:
        lacks = f"there is no mvn to build the peer in Kafka Streams; {INSTALL_MAVEN}"
        if os.environ.get("REQUIRE_KAFKA", "") not in {"", "0"}:
            pytest.fail(f"REQUIRE_KAFKA is set and {lacks}", pytrace=False)
        pytest.skip(lacks)
    command = [maven, "-q", "-B", "--no-transfer-progress", "-Dstyle.color=never", "package"]
    # Maven is over before a good compiler has paid off.
    environment = {**os.environ, "MAVEN_OPTS": f"{os.environ.get('MAVEN_OPTS', '')} {SHORT_LIVED}"}
    built = subprocess.run(
        command,
        cwd=PEER,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILT_WITHIN_S,
    )
    assert built.returncode == 0, built.stdout
    return JAR


@asynccontextmanager
async def running(jar: Path, held: Meeting, state: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the peer on a meeting's topics, in its consumer group; it is ready, and killed in the end."""
    with held.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *("java", SHORT_LIVED, "-jar", str(jar), "--threads", "1"),
            *("--brokers", ",".join(held.settings.brokers or ())),
            *("--prefix", held.settings.topic_prefix, "--app-id", held.settings.app_id),
            *("--state-dir", str(state), "--session-timeout-s", str(int(held.settings.session_timeout_s))),
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None
        said = await asyncio.wait_for(process.stdout.readline(), READY_WITHIN_S)
        assert said == b"ready\n", held.log.read_text()[-4000:]
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def generated(events_of_it: int) -> list[Line]:
    """Make a small season, with everything that operators and wires do to it."""
    arrivals = season(seed=11, events=events_of_it, concurrent=5)
    return [Line("season", number, each.value, "timing", each.key) for number, each in enumerate(arrivals, 1)]


def in_memory(lines: Iterable[Line]) -> dict[Stream, list[Said]]:
    """Tell what the worker's steps say without a broker."""
    pipeline = Pipeline(openings=False)
    said: dict[Stream, list[Said]] = {"standings": [], "dead-letters": []}
    for line in lines:
        for message in pipeline.feed(line.stream, line.key, line.value):
            if message.stream in said:
                said[message.stream].append((message.key, dict(message.headers)["ce_id"], message.value))
    return said


def once(messages: Sequence[Any]) -> list[Said]:
    """Tell what is in a topic, what came again left out; under one `ce_id` there is one message."""
    seen: dict[bytes, Said] = {}
    for message in messages:
        identity = dict(message.headers)["ce_id"]
        said = seen.setdefault(identity, (message.key, identity, message.value))
        assert said == (message.key, identity, message.value)
    return list(seen.values())


def by_key(messages: Sequence[Said]) -> dict[bytes | None, list[tuple[bytes, bytes]]]:
    """Put messages in order under their keys."""
    found: dict[bytes | None, list[tuple[bytes, bytes]]] = {}
    for key, identity, value in messages:
        found.setdefault(key, []).append((identity, value))
    return found


def set_aside(messages: Sequence[Said]) -> list[tuple[bytes, bytes]]:
    """Tell which messages were set aside, in no order, as often as they came."""
    return sorted((key or b"", value) for key, _, value in messages)


def test_it_commits_as_often_as_a_worker() -> None:
    """Java cannot take the figure from where it is defined."""
    options = (PEER / "src/main/java/org/slotrit/peer/Options.java").read_text(encoding="utf-8")

    assert f"COMMIT_INTERVAL_MS_CONFIG, {COMMIT_EVERY_S * 1000:.0f})" in options


async def test_it_says_the_same_as_memory(peer: Path, kafka_address: str, tmp_path: Path) -> None:
    """Of every fixture and of a generated season, byte for byte, and it sets the same messages aside."""
    _, recorded = events(*sorted(path.stem for path in FIXTURES.glob("*.jsonl")))
    lines = [*recorded, *generated(800)]
    async with meeting(kafka_address, tmp_path / "peer.log") as held:
        async with running(peer, held, tmp_path / "state") as process:
            await held.publish(lines)
            await held.done("timing")
            process.terminate()
            await asyncio.wait_for(process.wait(), STOPPED_WITHIN_S)
        standings = await held.read(held.topic("standings"))
        letters = await held.read(held.topic("dead-letters"))

    expected = in_memory(lines)
    assert by_key(once(standings)) == by_key(expected["standings"])
    assert set_aside(once(letters)) == set_aside(expected["dead-letters"])


async def test_it_goes_on_after_a_kill(peer: Path, kafka_address: str, tmp_path: Path) -> None:
    """Killed in the middle, and started again on its stores, it says nothing else, and last the same."""
    lines = generated(600)
    expected = by_key(in_memory(lines)["standings"])
    async with meeting(kafka_address, tmp_path / "peer.log") as held:
        async with running(peer, held, tmp_path / "state") as process:
            await held.publish(lines[:400])
            await held.until_said("standings", 200)
            process.kill()
        async with running(peer, held, tmp_path / "state"):
            await held.publish(lines[400:])
            await held.done("timing")
        said = by_key(once(await held.read(held.topic("standings"))))

    assert {key: messages[-1] for key, messages in said.items()} == {
        key: messages[-1] for key, messages in expected.items()
    }
    for key, messages in said.items():
        assert [each for each in expected[key] if each in messages] == messages
