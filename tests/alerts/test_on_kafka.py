"""On Apache Kafka: an evening with workers, a dispatcher that is killed, and topics that come and go."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from structlog.testing import capture_logs

from schemas.model import Model
from streams.alerts.dispatcher import Office, dispatch
from streams.alerts.dry_run import dry_run
from streams.alerts.rules_file import read_rules
from streams.alerts.state_file import connected
from streams.broker_connection import connected_admin
from streams.processing.messages import Stream
from streams.settings import Settings
from streams.topic_setup import create_topics, wanted_topics
from tests.alerts.hook import SIGNED_WITH, Hook, hook
from tests.alerts.newsroom import DUBREUIL, KROL, podium, record, revoked
from tests.kafka.meeting import FIXTURES, Meeting, events, meeting
from tests.kafka_presence import HostedBroker
from tests.watching.watched import entry, standings

PATIENCE_S = 60.0
SLOTRIT = Path(sys.executable).with_name("slotrit")
RULES = """
[retry]
first_s = 0.05
longest_s = 0.2

[[sinks]]
name = "desk"
type = "webhook"
url = "{url}"
secret = "{secret}"
timeout_s = 2

[[sinks]]
name = "chat"
type = "apprise"
url = "{apprise}"

[[sinks]]
name = "log"
type = "file"
path = "alerts.jsonl"

[[rules]]
sink = ["desk", "log"]
kind = ["WR", "NR", "TR"]
venue = "twin-tracks"
podium = "decided"

[[rules]]
sink = "chat"
kind = "NRJ"
"""


@dataclass(slots=True)
class Dispatcher:
    """The command as a process, started and killed as often as one likes."""

    environment: dict[str, str]
    folder: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its log is appended to the one before it."""
        with (self.folder / "alert.log").open("ab") as log:
            self.running = subprocess.Popen(
                [SLOTRIT, "alert", "--rules", "rules.toml", "--state", "state", "--from-beginning"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def end(self, how: signal.Signals) -> int:
        """End it with a signal, and give its return code."""
        assert self.running is not None
        self.running.send_signal(how)
        return self.running.wait(timeout=PATIENCE_S)


@asynccontextmanager
async def dispatching(held: Meeting, folder: Path) -> AsyncIterator[Dispatcher]:
    """Have a dispatcher for a meeting, not started yet."""
    told = held.settings
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLOTRIT_")} | {
        "SLOTRIT_BROKERS": ",".join(told.brokers or ()),
        "SLOTRIT_TOPIC_PREFIX": told.topic_prefix,
    }
    dispatcher = Dispatcher(environment, folder)
    try:
        yield dispatcher
    finally:
        if dispatcher.running is not None and dispatcher.running.poll() is None:
            dispatcher.end(signal.SIGKILL)


def believed(words: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Give what somebody believes who was told these words, and drops repeats by their id."""
    known: dict[str, Any] = {}
    for told in {told["id"]: told for told in reversed(words)}.values().__reversed__():
        if told["alert"] == "retraction":
            # Who might have been told, when a dispatcher was killed, hears the retraction too.
            known.pop(told["subject"], None)
        elif "podium" in told:
            known[told["subject"]] = [place["competitor"]["id"] for place in told["podium"]]
        else:
            known[told["subject"]] = f"{told['message']['type']} {told['message']['time']}"
    return known


def titles(served: Hook) -> list[str]:
    """Give the headlines that the desk has accepted."""
    return [told["title"] for told in served.once]


def chatted(served: Hook) -> set[str]:
    """Give the headlines that came through Apprise, whose form has no id."""
    return {got.told["title"] for got in served.accepted if got.path.endswith("/apprise")}


def logged(folder: Path) -> list[dict[str, Any]]:
    """Read the file of alerts."""
    file = folder / "alerts.jsonl"
    return (
        [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    )


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    async with asyncio.timeout(PATIENCE_S):
        while not happened():  # noqa: ASYNC110 - another process does not call
            await asyncio.sleep(0.02)


async def test_an_evening_with_a_dispatcher_that_is_killed(kafka_address: str, tmp_path: Path) -> None:
    """A world record is told, and withdrawn after the ruling, once each; in the end all know what holds."""
    reference, timing = events("torture")
    ruling = next(
        place
        for place, line in enumerate(timing)
        if b'"result.ruled"' in line.value and b"ned-teun-postma" in line.value
    )
    async with (
        meeting(kafka_address, tmp_path / "workers.log") as held,
        hook() as served,
        dispatching(held, tmp_path) as dispatcher,
    ):
        chat = served.url.replace("http:", "json:") + "/apprise"
        text = RULES.format(url=served.url, secret=SIGNED_WITH, apprise=chat)
        (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
        held.start_worker()
        dispatcher.start()
        await held.publish(reference)
        await held.done("reference")
        served.answers.extend([503, -1, 503])
        await publish_and_kill(held, timing[:ruling], dispatcher)
        await until(lambda: "World record, men's 500 m: Teun Postma (NED) 33.55" in titles(served))
        assert dispatcher.end(signal.SIGKILL) == -signal.SIGKILL
        # The record falls while nobody dispatches, and the next dispatcher dies while it cannot deliver.
        served.answers.extend([503] * 5)
        await held.publish(timing[ruling:])
        await held.all_done()
        dispatcher.start()
        await until(lambda: not served.answers)
        dispatcher.end(signal.SIGKILL)
        dispatcher.start()
        expected = expectation(tmp_path / "rules.toml")
        await until(lambda: believed(served.once) == believed(expected["desk"]))
        await until(lambda: chatted(served) == {told["title"] for told in expected["chat"]})
        await until(lambda: believed(logged(tmp_path)) == believed(expected["log"]))
        assert dispatcher.end(signal.SIGTERM) == 0

    record_of_postma = "record/WR/-/M500/torture/M500/-/ned-teun-postma"
    falling = [told for told in served.once if told["subject"] == record_of_postma]
    assert [told["alert"] for told in falling] == ["record", "retraction"]
    assert (tmp_path / "alert.log").read_text().endswith("everything has been delivered\n")
    command = [str(SLOTRIT), "alert", "--rules", "rules.toml", "--state", "state", "--pending"]
    done = await asyncio.to_thread(
        lambda: subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    )
    assert (done.returncode, done.stdout) == (0, "everything has been delivered\n")


async def publish_and_kill(held: Meeting, lines: Sequence[Any], dispatcher: Dispatcher) -> None:
    """Publish piece by piece, and kill the dispatcher after each, in whatever it is doing then."""
    piece = len(lines) // 4
    for begin in range(0, len(lines), piece):
        await held.publish(lines[begin : begin + piece])
        await held.done("timing", "performances")
        dispatcher.end(signal.SIGKILL)
        dispatcher.start()


def expectation(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Give what each sink is told where nothing goes wrong, worked out in memory."""
    told: dict[str, list[dict[str, Any]]] = {"desk": [], "chat": [], "log": []}
    for sending in dry_run([FIXTURES / "torture.jsonl"], read_rules(file), openings=False):
        told[sending.sink].append(sending.body)
    return told


def settings_for(address: str) -> Settings:
    """Give settings with topics that no other test uses."""
    name = f"test-{uuid4().hex[:8]}"
    return Settings(
        brokers=(address,), topic_prefix=f"{name}.", app_id=name, partitions=1, broker_timeout_s=5
    )


async def say(settings: Settings, *messages: Model) -> None:
    """Publish as a worker does: the same message has the same id wherever it stands."""
    async with AIOKafkaProducer(bootstrap_servers=list(settings.brokers or ())) as producer:
        for message in messages:
            kind = str(message.type)  # type: ignore[attr-defined]
            stream: Stream = "standings" if kind == "standings" else "podium" if kind[0] == "p" else "records"
            value = message.model_dump_json().encode()
            ce_id = f"{message.version}/{kind}".encode()  # type: ignore[attr-defined]
            await producer.send_and_wait(
                f"{settings.topic_prefix}skating.{stream}", value, key=b"k", headers=[("ce_id", ce_id)]
            )


@asynccontextmanager
async def at_work(settings: Settings, office: Office, *, everything: bool = False) -> AsyncIterator[None]:
    """Dispatch for the length of a block, in this process; `everything` tells history too."""
    stop = asyncio.Event()
    working = asyncio.create_task(dispatch(settings, office, tells_history=everything, stop=stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(PATIENCE_S):
            await working


def office_of(served: Hook, folder: Path, rule: str = "") -> Office:
    """Make a newsroom with one webhook and one rule."""
    file = folder / "rules.toml"
    file.write_text(
        f'[retry]\nfirst_s = 0.05\nlongest_s = 0.2\n[[sinks]]\nname = "desk"\ntype = "webhook"\n'
        f'url = "{served.url}"\nsecret = "{SIGNED_WITH}"\ntimeout_s = 2\n[[rules]]\n{rule}\n',
        encoding="utf-8",
    )
    return Office(read_rules(file), folder, folder / "state")


def has_begun(office: Office) -> bool:
    """Say whether the dispatcher has written down where its first start begins."""
    if not office.state.exists():
        return False
    with connected(office.state, make=True) as db:
        return bool(db.execute("SELECT count(*) FROM positions").fetchone()[0])


KROLS, DUBREUILS = record(KROL, version=3), record(DUBREUIL, version=4)
SHEET = standings(1, entry(KROL), race_id=KROLS.race_id)


async def test_history_is_not_told_and_what_comes_is(kafka_address: str, tmp_path: Path) -> None:
    """At the first start; later starts go on where the one before ended, and tell what came meanwhile."""
    settings = settings_for(kafka_address)
    await create_topics(settings)
    await say(settings, SHEET, KROLS)
    async with hook() as served:
        office = office_of(served, tmp_path)
        async with at_work(settings, office):
            await until(lambda: has_begun(office))
            await say(settings, DUBREUILS, DUBREUILS)
            await served.until(1)
        await say(settings, revoked(DUBREUIL, version=5), revoked(KROL, version=6), record(KROL, version=7))
        async with at_work(settings, office):
            await served.until(3)

    assert [(told["alert"], told["message"]["version"]) for told in served.once] == [
        ("record", 4),
        ("retraction", 5),
        ("record", 7),
    ]


async def test_a_venue_is_waited_for(kafka_address: str, tmp_path: Path) -> None:
    """Topics have no common order: a record that comes before its race's standings is not passed over."""
    settings = settings_for(kafka_address)
    await create_topics(settings)
    async with (
        hook() as served,
        at_work(settings, office_of(served, tmp_path, 'venue = "oval"'), everything=True),
    ):
        await say(settings, record(KROL, race_id="cup/M1000/-", version=3))
        await say(settings, standings(1, entry(KROL), race_id="cup/M1000/-"))
        await served.until(1)

    assert "at Winter Games, Oval" in served.once[0]["text"]


async def test_a_race_without_standings_holds_nothing_up(
    kafka_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while it is told without a venue; that is logged once for each race."""
    monkeypatch.setattr("streams.alerts.following.LONGEST_WAIT_FOR_A_RACE_S", 0.1)
    settings = settings_for(kafka_address)
    await create_topics(settings)
    with capture_logs() as logs:
        async with hook() as served, at_work(settings, office_of(served, tmp_path), everything=True):
            await say(settings, KROLS)
            await served.until(1)
            await say(settings, DUBREUILS)
            await served.until(2)

    assert [line["races"] for line in logs if line["event"].startswith("there are no standings")] == [
        [KROLS.race_id]
    ]


@pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
async def test_a_topic_that_is_made_anew_is_read_from_its_beginning(
    kafka_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, running: bool
) -> None:
    """Though it has as many messages as the old one had; what is the same as before is not told again."""
    monkeypatch.setattr("streams.alerts.reading.CHECK_S", 0.3)
    settings = settings_for(kafka_address)
    await create_topics(settings)
    async with hook() as served:
        office = office_of(served, tmp_path)
        with capture_logs() as logs:
            async with at_work(settings, office, everything=True):
                await say(settings, SHEET, KROLS)
                await served.until(1)
                await say(settings, revoked(KROL, version=4))
                await served.until(2)
                if running:
                    await made_anew(settings)
                    await say(settings, SHEET, KROLS, DUBREUILS)
                    await served.until(3)
            if not running:
                await made_anew(settings)
                await say(settings, SHEET, KROLS, DUBREUILS, podium(KROL, version=6))
                async with at_work(settings, office):
                    await served.until(3)

    assert [(told["alert"], told["message"]["version"]) for told in served.once][2:] == [("record", 4)]
    anew = [line for line in logs if line["event"].startswith("the topic was made anew")]
    assert f"{settings.topic_prefix}skating.records" in {line["topic"] for line in anew}


async def made_anew(settings: Settings) -> None:
    """Delete the topics and create them again."""
    async with connected_admin(settings) as admin:
        await admin.delete_topics(list(wanted_topics(settings)))
        async with asyncio.timeout(PATIENCE_S):
            while any(name.startswith(settings.topic_prefix) for name in await admin.list_topics()):  # noqa: ASYNC110 - a broker does not call
                await asyncio.sleep(0.05)
    await create_topics(settings)


async def test_a_broker_that_is_away_is_waited_for(
    private_kafka: Callable[[], HostedBroker], tmp_path: Path
) -> None:
    """At the start and later; what is due goes out meanwhile, and each trouble is named once."""
    broker = private_kafka()
    settings = settings_for(broker.address)
    await create_topics(settings)
    await say(settings, SHEET)
    async with hook() as served:
        office = office_of(served, tmp_path)
        served.answers.extend([503] * 1000)
        async with at_work(settings, office, everything=True):
            await say(settings, KROLS)
            await served.until(1, accepted=False)
        broker.kill()
        with capture_logs() as logs:
            async with at_work(settings, office):
                served.answers.clear()
                await served.until(1)
                await until(lambda: any(line["event"] == "cannot read, trying again" for line in logs))
                await asyncio.to_thread(broker.start)
                await say(settings, DUBREUILS)
                await served.until(2)
                broker.kill()
                await until(lambda: any("waiting for it" in line["event"] for line in logs))
                await asyncio.to_thread(broker.start)
                await say(settings, revoked(DUBREUIL, version=5))
                await served.until(3)
                await until(lambda: any(line["event"] == "the broker answers again" for line in logs))

    assert [told["alert"] for told in served.once] == ["record", "record", "retraction"]
    said = [line["event"] for line in logs if line["event"] != "delivered"]
    assert said == [
        "cannot read, trying again",
        "reading again",
        "the broker does not answer, waiting for it",
        "the broker answers again",
    ]
