"""`slotrit serve` as a process: how it starts, what it refuses, and how it ends."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from streams.brokers.ports import free_ports
from streams.settings import Settings
from streams.topic_setup import create_topics
from tests.gateway.telling import heard
from tests.gateway.test_reading import send, settings_for

NOBODY = f"127.0.0.1:{free_ports(1)[0]}"


def environment(settings: Settings) -> dict[str, str]:
    """Give what a process has to know to read the topics of a test."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLOTRIT_")},
        "SLOTRIT_BROKERS": ",".join(settings.brokers or ()),
        "SLOTRIT_TOPIC_PREFIX": settings.topic_prefix,
        "SLOTRIT_APP_ID": settings.app_id,
        "SLOTRIT_BROKER_TIMEOUT_S": "0.5",
        "SLOTRIT_LOG_FORMAT": "json",
    }


@contextmanager
def serving(settings: Settings, log: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the gateway for the length of a block, and give the process and its address."""
    command = [str(Path(sys.executable).with_name("slotrit")), "serve", "--port", "0", *arguments]
    with log.open("w") as told:
        process = subprocess.Popen(
            command, env=environment(settings), stdout=subprocess.PIPE, stderr=told, text=True
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.fullmatch(r"Serving at (http://\S+)\n", line)
        assert found is not None, log.read_text()
        yield process, found[1]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(url: str) -> tuple[int, bytes]:
    """Ask, and give status and body."""
    try:
        with urlopen(url, timeout=10) as answer:  # noqa: S310 - a gateway of this test
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_gateway_serves_what_is_on_kafka_and_ends_when_told(kafka_address: str, tmp_path: Path) -> None:
    """Ready in seconds; on SIGTERM its streams hear goodbye, and it returns 0 with nothing odd in its log."""
    settings = settings_for(kafka_address)
    asyncio.run(create_topics(settings))
    asyncio.run(send(settings, heard("2022-olympics-beijing")))
    log = tmp_path / "log"

    with serving(settings, log) as (process, url):
        while ask(f"{url}/readyz")[0] != 200:
            pass
        races = json.loads(ask(f"{url}/api/races")[1])
        with urlopen(f"{url}/api/stream?kind=races", timeout=20) as stream:  # noqa: S310 - a gateway of this test
            lines = [stream.readline() for _ in range(9)]
            process.send_signal(signal.SIGTERM)
            rest = stream.read()
        code = process.wait(timeout=20)

    assert [race["status"] for race in races] == ["OFFICIAL"]
    assert b"event: snapshot\n" in lines
    assert b"event: goodbye\n" in rest
    assert code == 0
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event["event"] for event in events] == ["gateway.read"]


def test_a_gateway_without_kafka_lives_and_says_so(tmp_path: Path) -> None:
    """It is alive, not ready, and stale; the reason is in its log once."""
    log = tmp_path / "log"
    with serving(Settings(brokers=(NOBODY,)), log) as (process, url):
        alive, ready = ask(f"{url}/healthz"), ask(f"{url}/readyz")
        while not json.loads(ask(f"{url}/healthz")[1])["stale"]:
            pass
        races = ask(f"{url}/api/races")
        page = ask(f"{url}/")
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=20)

    assert (alive[0], ready[0], races[0], page[0]) == (200, 503, 503, 200)
    assert code == 0
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["event"] for one in told] == ["gateway.kafka_away"]
    assert NOBODY in told[0]["reason"]


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("--host", "0.0.0.0"), "can be reached from outside this machine"),  # noqa: S104 - refused
        (("--host", "no.such.host.invalid", "--open"), "no.such.host.invalid is no address here"),
        (("--host", "203.0.113.7", "--open"), "203.0.113.7:8080 cannot be listened on"),
        (("--broker", ""), "--broker: must be HOST:PORT"),
    ],
)
def test_what_cannot_be_served_is_one_line(arguments: tuple[str, ...], wrong: str) -> None:
    """It says what to do, and returns 1."""
    command = [str(Path(sys.executable).with_name("slotrit")), "serve", *arguments]
    done = subprocess.run(
        command,
        env=environment(Settings(brokers=(NOBODY,))),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert wrong in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    """Two gateways on one port would be two truths at one address."""
    settings = Settings(brokers=(NOBODY,))
    with serving(settings, tmp_path / "log") as (_, url):
        port = url.rpartition(":")[2]
        command = [str(Path(sys.executable).with_name("slotrit")), "serve", "--port", port]
        done = subprocess.run(
            command, env=environment(settings), capture_output=True, text=True, check=False, timeout=30
        )

    assert done.returncode == 1
    assert done.stderr.endswith("choose another with --port\n")
