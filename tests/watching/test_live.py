"""Watching a real broker: what was there, what comes, and a topic that is made anew."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition  # type: ignore[import-untyped]
from rich.console import Console

from streams.broker_connection import LastWords, connected_admin
from streams.errors import SlotritError
from streams.settings import Settings
from streams.topic_setup import create_topics, wanted_topics
from streams.watching.live import Watcher, watching
from streams.watching.showing import in_lines, on_screen, watch
from streams.watching.state import Message
from tests.kafka_presence import HostedBroker
from tests.watching.watched import DUBREUIL, KROL, RACE_ID, entry, front, podium, row, standings

FIRST = standings(1, entry(KROL), status="START_LIST")
FINISHED = standings(2, entry(KROL, rank=1, time="1:07.92", unchecked=False), status="OFFICIAL")


def settings_for(address: str) -> Settings:
    """Give settings with topics that no other test uses."""
    name = f"test-{uuid4().hex[:8]}"
    return Settings(brokers=(address,), topic_prefix=f"{name}.", app_id=name, partitions=1)


@asynccontextmanager
async def publishing(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    """Publish messages as a worker would."""
    async with AIOKafkaProducer(bootstrap_servers=list(settings.brokers or ())) as producer:
        yield producer


async def send(producer: AIOKafkaProducer, settings: Settings, *messages: Message) -> None:
    """Publish messages to the topics of their types."""
    for message in messages:
        topic = "podium" if message.type.startswith("podium") else "standings"
        await producer.send_and_wait(
            f"{settings.topic_prefix}skating.{topic}",
            message.model_dump_json().encode(),
            key=message.race_id.encode(),
        )


async def test_once_shows_races_as_they_stand_and_ends(kafka_address: str) -> None:
    """Only the latest version is told; a race that nobody knows is a failure."""
    settings = settings_for(kafka_address)
    await create_topics(settings)
    out = io.StringIO()

    with pytest.raises(SlotritError, match=r"^there are no standings of any race yet$"):
        await watch(settings, Console(file=out), once=True)
    async with publishing(settings) as producer:
        await send(producer, settings, FIRST, FINISHED)
    await watch(settings, Console(file=out), once=True)
    with pytest.raises(SlotritError, match=r"^there are no standings of cup/M500/A yet$"):
        await watch(settings, Console(file=out), race_id="cup/M500/A", once=True)

    assert out.getvalue().splitlines() == [
        "Men 1000 m, Winter Games: OFFICIAL",
        "  1. Thomas Krol NED 1:07.92",
    ]


async def test_of_a_race_in_parts_the_front_is_told_and_how_many_there_are(kafka_address: str) -> None:
    """Its rows are passed over, also where one is the last that there is; then what comes is told as ever."""
    settings = settings_for(kafka_address)
    await create_topics(settings)
    out, then = io.StringIO(), io.StringIO()
    krol, done = entry(KROL, rank=1, time="1:07.92"), asyncio.Event()

    async with publishing(settings) as producer:
        topic = f"{settings.topic_prefix}skating.field"
        key = RACE_ID.encode()
        for told in (front(1, competitors=20_000), front(2, krol, competitors=20_000, on_ice=(41,))):
            await producer.send_and_wait(topic, told.model_dump_json().encode(), key=key)
        for line in (row(2, krol), row(3, entry(DUBREUIL))):
            name = f"{RACE_ID} row {line.competitor_id}".encode()
            await producer.send_and_wait(topic, line.model_dump_json().encode(), key=name)
        async with asyncio.timeout(30):
            await watch(settings, Console(file=out), once=True)
        async with watching(settings) as watcher:
            telling = asyncio.create_task(in_lines(watcher, Console(file=then), done))
            await watcher.until_read()
            after = front(4, krol, competitors=20_000, on_ice=(41,), status="OFFICIAL")
            await producer.send_and_wait(topic, after.model_dump_json().encode(), key=key)
            await watcher.until_read()
            done.set()
            await telling

    assert out.getvalue().splitlines() == [
        "Men 1000 m, Winter Games: LIVE",
        "  1. Thomas Krol NED 1:07.92 *",
        "  1 of 20,000 shown",
    ]
    assert then.getvalue().splitlines()[-1] == f"16:30:00 {RACE_ID}  OFFICIAL"
    assert f"16:30:00 {RACE_ID}  on the ice: pair 41" in then.getvalue().splitlines()


async def test_changes_are_lines_where_there_is_no_terminal(kafka_address: str) -> None:
    """Each change is told once, in the order of its topic, also when it is sent twice."""
    settings = settings_for(kafka_address)
    await create_topics(settings)
    out = io.StringIO()
    done = asyncio.Event()

    async with watching(settings) as watcher, publishing(settings) as producer:
        telling = asyncio.create_task(in_lines(watcher, Console(file=out), done))
        await send(producer, settings, FIRST, FIRST, FINISHED, FIRST, FINISHED)
        await watcher.until_read()
        await send(producer, settings, podium(KROL), podium(KROL))
        await watcher.until_read()
        done.set()
        await telling

    assert out.getvalue().splitlines() == [
        f"16:30:00 {RACE_ID}  Men 1000 m, Winter Games: START_LIST",
        f"16:30:00 {RACE_ID}  OFFICIAL",
        f"16:30:00 {RACE_ID}  1. Thomas Krol NED 1:07.92",
        f"16:30:00 {RACE_ID}  podium: 1 Thomas Krol",
    ]


async def test_what_is_read_as_the_end_comes_is_still_drawn() -> None:
    """The end may come between the reading and the drawing."""
    out, done = io.StringIO(), asyncio.Event()

    class Ending:
        async def getmany(self, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
            assert timeout_ms
            done.set()
            read = SimpleNamespace(offset=0, key=RACE_ID.encode(), value=FINISHED.model_dump_json().encode())
            return {TopicPartition("skating.standings", 0): [read]}

    watcher = Watcher(Ending(), LastWords(), None, {})
    await on_screen(watcher, Console(file=out, force_terminal=True, width=80, height=20), done)

    assert "Thomas Krol" in out.getvalue()


async def test_the_screen_is_left_as_it_was(kafka_address: str) -> None:
    """On a terminal the races are drawn on the alternate screen, which is left at the end."""
    settings = settings_for(kafka_address)
    await create_topics(settings)
    out = io.StringIO()
    done = asyncio.Event()

    async with watching(settings) as watcher, publishing(settings) as producer:
        showing = asyncio.create_task(
            on_screen(watcher, Console(file=out, force_terminal=True, width=80, height=20), done)
        )
        await send(producer, settings, FINISHED)
        await watcher.until_read()
        done.set()
        await showing

    assert "\x1b[?1049h" in out.getvalue()
    assert "Thomas Krol" in out.getvalue()
    assert out.getvalue().rstrip().endswith(("\x1b[?1049l", "\x1b[?25h"))


async def test_a_topic_that_is_made_anew_is_watched_from_its_beginning(kafka_address: str) -> None:
    """Versions that start again from 1 in a new topic are shown, though a higher one had been seen."""
    settings = settings_for(kafka_address)
    await create_topics(settings)
    async with publishing(settings) as producer:
        await send(producer, settings, FIRST, FINISHED)

    async with watching(settings) as watcher:
        while not watcher.caught_up:
            await watcher.poll()
        async with connected_admin(settings) as admin:
            await admin.delete_topics(list(wanted_topics(settings)))
            while any(name.startswith(settings.topic_prefix) for name in await admin.list_topics()):
                await watcher.poll()
        await create_topics(settings)
        async with publishing(settings) as producer:
            await send(producer, settings, FIRST)
        async with asyncio.timeout(20):
            while (race := watcher.state.races.get(RACE_ID)) is None or race.standings != FIRST:
                await watcher.poll()


async def test_a_broker_that_goes_and_comes_back_is_waited_for(
    private_kafka: Callable[[], HostedBroker], capsys: pytest.CaptureFixture[str]
) -> None:
    """The watcher says that nobody answers, once, and goes on when somebody does."""
    broker = private_kafka()
    settings = settings_for(broker.address)
    await create_topics(settings)
    out = io.StringIO()
    done = asyncio.Event()
    err = ""

    async with watching(settings) as watcher:
        telling = asyncio.create_task(in_lines(watcher, Console(file=out), done))
        broker.kill()
        while "does not answer, waiting for it" not in err:
            await asyncio.sleep(0.05)
            err += capsys.readouterr().err
        await asyncio.to_thread(broker.start)
        async with publishing(settings) as producer:
            await send(producer, settings, FINISHED)
        while "answers again" not in err or "Thomas Krol" not in out.getvalue():
            await asyncio.sleep(0.05)
            err += capsys.readouterr().err
        done.set()
        await telling

    assert err.splitlines() == [
        "slotrit: the broker does not answer, waiting for it",
        "slotrit: the broker answers again",
    ]


async def test_a_broker_without_topics_is_one_line(kafka_address: str) -> None:
    """The message says which command creates them."""
    with pytest.raises(SlotritError, match=r"lacks the topic .*skating\.standings and 4 more: run `slotrit"):
        await watch(settings_for(kafka_address), Console(file=io.StringIO()))
