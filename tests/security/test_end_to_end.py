"""A meeting over TLS: each command has its own user, who may do nothing else, and no log has a secret."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.admin import NewTopic  # type: ignore[import-untyped]
from aiokafka.errors import TopicAuthorizationFailedError  # type: ignore[import-untyped]

from streams.broker_connection import connected_admin
from streams.gateway.gate import new_token
from streams.replay import replay_to_directory
from streams.settings import kafka_client
from tests.security.granting import owner
from tests.security.guarded import GOOD, SECRET
from tests.security.installation import FIXTURES, PREFIX, Installation
from tests.security.writes import noting_writes, seen

EVENTS = FIXTURES / "torture.jsonl"
RACE = "torture/M500/-"

# The hook is one that nobody answers at: what is wrong there is told without its address and its secrets.
ALERTS = f"""
[[sinks]]
name = "desk"
type = "file"
path = "told.jsonl"

[[sinks]]
name = "hook"
type = "webhook"
url = "http://{SECRET}-user:{SECRET}-in-url@127.0.0.1:9/?token={SECRET}-in-query"
secret = "{SECRET}-that-signs"
headers = {{ X-Key = "{SECRET}-in-header" }}

[[rules]]
name = "podiums"
podium = "decided"
"""


def asked(address: str, path: str, token: str) -> bytes:
    """Ask the gateway for something."""
    request = urllib.request.Request(f"{address}{path}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - ours
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - ours
        body: bytes = answer.read()
    return body


def test_a_meeting_and_not_one_secret(
    guarded: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Topics, worker, replay, gateway, alerts, terminal and export agree with the replay in memory, at DEBUG.

    They write nowhere but where they are told to, so they run on a read-only file system.
    """
    variables, writes = noting_writes(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    out, recording = tmp_path / "sheet.json", tmp_path / "recording.jsonl"
    rules, state = tmp_path / "alerts.toml", tmp_path / "alerts.sqlite3"
    rules.write_text(ALERTS, "utf-8")
    files = (f"--rules={rules}", f"--state={state}")
    token, hashed = new_token()
    replay_to_directory([EVENTS], tmp_path / "in-memory", openings=False)
    lines = (tmp_path / "in-memory/standings.jsonl").read_text("utf-8").splitlines()
    expected = [json.loads(line) for line in lines if json.loads(line)["race_id"] == RACE][-1]
    first = len(guarded.said)
    loud = {"log_level": "DEBUG", "gateway_tokens": hashed}

    with guarded.running("worker", "worker", **loud) as worker:
        worker.until("worker.started")
        told = guarded.ran(
            "timing", "replay", str(EVENTS), "--kafka", guarded.doors[GOOD], "--speed", "max", **loud
        )
        assert told.stderr == ""
        guarded.ran("viewer", "export", RACE, "--format", "json", "--out", str(out), **loud)
        watched = guarded.ran("viewer", "watch", "--once", **loud)
        with guarded.running("viewer", "alert", "--from-beginning", *files, **loud) as alerts:
            alerts.until('"event": "delivered"')
            alerts.until("not delivered, trying again")
        pending = guarded.ran("viewer", "alert", "--pending", *files, **loud).stdout
        letters = guarded.ran("duty", "dead-letters", "list", **loud).stdout
        guarded.ran("duty", "record", "--until-end", "--out", str(recording), **loud)
        with guarded.running("viewer", "serve", "--port", "0", **loud) as gateway:
            address = gateway.until("Serving at ").split()[-1]
            gateway.until("gateway.read")
            served = json.loads(asked(address, f"/api/races/{RACE}/standings", token))
            with pytest.raises(urllib.error.HTTPError, match="401"):
                asked(address, f"/api/races/{RACE}/standings", "wrong")
    configured = guarded.ran("viewer", "config", **loud).stdout

    assert served == expected
    assert len(json.loads(out.read_bytes())) == len(expected["entries"])
    assert "OFFICIAL" in watched.stdout
    assert ("waiting  hook" in pending, "42 was never in a start list" in letters) == (True, True)
    alerted = map(json.loads, (tmp_path / "told.jsonl").read_text("utf-8").splitlines())
    podium = next(one["podium"] for one in alerted if one["subject"] == f"podium/{RACE}")
    assert [one["competitor"] for one in podium] == [one["competitor"] for one in expected["entries"][:4]]
    assert "sasl_password" in configured
    said = "".join(guarded.said[first:])
    assert "worker.started" in said
    assert SECRET not in said
    assert token not in said
    opened = {f"open {file}" for file in (out, recording, tmp_path / "told.jsonl", f"{state}.lock")}
    assert seen(writes) == opened | {f"sqlite3.connect {state}", f"os.mkdir {tmp_path}"}


async def test_a_worker_may_only_use_its_own_topics(guarded: Installation) -> None:
    """It neither writes nor sees another's topic, and neither writes what it reads nor reads what it says."""
    foreign = "of-somebody-else"
    async with owner(guarded.doors[GOOD], guarded.authority) as admin:
        await admin.create_topics([NewTopic(foreign, 1, 1)])
    client = kafka_client(guarded.settings("worker"))

    async with AIOKafkaProducer(**client) as producer:
        for topic in (foreign, f"{PREFIX}skating.timing"):
            with pytest.raises(TopicAuthorizationFailedError):
                await producer.send_and_wait(topic, b"{}")
    async with AIOKafkaConsumer(**client, auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition(f"{PREFIX}skating.standings", 0)])
        with pytest.raises(TopicAuthorizationFailedError):
            await consumer.getone()
    async with connected_admin(guarded.settings("worker")) as seeing:
        assert foreign not in await seeing.list_topics()
