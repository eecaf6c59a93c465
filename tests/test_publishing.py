"""Publishing to a real broker: order, headers, and waiting for the workers."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer  # type: ignore[import-untyped]

from streams.errors import SlotritError
from streams.event_files import Line, checked
from streams.publishing import LARGEST_BYTES, Pace, Sent, input_headers, publish, replay_to_kafka
from streams.settings import Settings
from streams.topic_setup import create_topics

LISTED = (
    '{"type": "record.listed", "kind": "WR", "discipline": "M500", "time_ms": 33610,'
    ' "holder": {"id": "1", "name": "A", "country": "RUS"}}'
)


def called(pair: int, race: str = "cup/M500/A") -> str:
    """Write an event of a race."""
    return (
        f'{{"type": "pair.called", "race_id": "{race}", "pair": {pair},'
        f' "occurred_at": "2021-11-12T17:00:{pair % 60:02}Z"}}'
    )


def settings_for(address: str) -> Settings:
    """Give settings with topics and a group that no other test uses."""
    name = f"test-{uuid4().hex[:8]}"
    return Settings(brokers=(address,), topic_prefix=f"{name}.", app_id=name, partitions=2)


@asynccontextmanager
async def reading(
    settings: Settings, *topics: str, group: str | None = None
) -> AsyncIterator[AIOKafkaConsumer]:
    """Read topics from their beginning."""
    consumer = AIOKafkaConsumer(
        *(settings.topic_prefix + topic for topic in topics),
        bootstrap_servers=list(settings.brokers or ()),
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


def line(value: str, number: int = 1) -> Line:
    """Make a timing line."""
    return Line("f", number, value.encode(), "timing", None)


def test_an_event_with_an_id_keeps_it() -> None:
    """Source and event_id make the ce_id, so that it is the same wherever the event stands."""
    headers = dict(
        input_headers(
            line('{"type": "pair.called", "source": "line camera", "event_id": "7", "occurred_at": "x"}')
        )
    )

    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": b"line camera/7",
        "ce_source": b"line%20camera",
        "ce_type": b"pair.called",
        "content-type": b"application/json",
    }


def test_an_event_without_an_id_has_one_of_its_content_and_place() -> None:
    """The same line twice in a file is two events, the same file again gives the same ids."""
    one, again, other = (dict(input_headers(line(called(1), number)))["ce_id"] for number in (1, 1, 2))

    assert one == again != other
    assert dict(input_headers(line(called(1))))["ce_time"] == b"2021-11-12T17:00:01Z"


def test_what_has_no_type_is_no_cloud_event() -> None:
    """Only its content type is told."""
    assert input_headers(line('{"type": 5}')) == (("content-type", b"application/json"),)


async def test_events_arrive_in_order_reference_events_in_their_topic(
    kafka_address: str, tmp_path: Path
) -> None:
    """Every race's events come out as they stood, keyed by race, records apart and keyed by board."""
    settings = settings_for(kafka_address)
    races = ("cup/M500/A", "cup/W500/A")
    lines = [called(pair, race) for pair in range(1, 301) for race in races]
    (tmp_path / "f.jsonl").write_text("\n".join([*lines[:100], LISTED, *lines[100:]]), encoding="utf-8")
    await create_topics(settings)
    sent = Sent()

    with checked([tmp_path / "f.jsonl"]) as files:
        await publish(files, settings, Pace(math.inf, wait_for_workers_s=None), sent)

    assert sent == Sent(reference=1, timing=600)
    arrived: dict[bytes, list[bytes]] = {}
    async with reading(settings, "skating.timing", "skating.reference") as consumer:
        for _ in range(601):
            message: Any = await asyncio.wait_for(consumer.getone(), 10)
            arrived.setdefault(message.key, []).append(message.value)
            assert "ce_id" in dict(message.headers)
    assert arrived.pop(b"WR/M500/") == [LISTED.encode()]
    assert arrived == {
        race.encode(): [called(pair, race).encode() for pair in range(1, 301)] for race in races
    }


async def test_timing_waits_until_the_workers_have_read_the_reference_events(
    kafka_address: str, tmp_path: Path
) -> None:
    """No timing event is there before the group has committed the records."""
    settings = settings_for(kafka_address)
    (tmp_path / "f.jsonl").write_text(f"{called(1)}\n{LISTED}\n", encoding="utf-8")
    await create_topics(settings)
    timing_before_commit: list[Any] = []

    async def worker() -> None:
        async with (
            reading(settings, "skating.reference", group=settings.app_id) as records,
            reading(settings, "skating.timing") as timing,
        ):
            await records.getone()
            timing_before_commit.extend((await timing.getmany(timeout_ms=500)).values())
            await records.commit()
            assert (await timing.getone()).value == called(1).encode()

    working = asyncio.create_task(worker())
    with checked([tmp_path / "f.jsonl"]) as files:
        await publish(files, settings, Pace(math.inf, wait_for_workers_s=30), Sent())
    await asyncio.wait_for(working, 30)

    assert timing_before_commit == []


async def test_where_no_worker_reads_it_says_so_and_goes_on(
    kafka_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the bounded wait there is a warning, and the events are published."""
    settings = settings_for(kafka_address)
    (tmp_path / "f.jsonl").write_text(f"{called(1)}\n{LISTED}\n", encoding="utf-8")
    await create_topics(settings)
    sent = Sent()

    with checked([tmp_path / "f.jsonl"]) as files:
        await publish(files, settings, Pace(math.inf, wait_for_workers_s=0.5), sent)

    assert sent == Sent(reference=1, timing=1)
    assert "no worker has read the 1 events so far within 0.5 s" in capsys.readouterr().err


def test_missing_topics_are_an_error_before_anything_is_published(kafka_address: str, tmp_path: Path) -> None:
    """The message says which command creates them."""
    (tmp_path / "f.jsonl").write_text(called(1), encoding="utf-8")

    with pytest.raises(
        SlotritError, match=r"lacks the topic .*skating\.timing and 1 more: run `slotrit topics`"
    ):
        replay_to_kafka(
            [tmp_path / "f.jsonl"],
            settings_for(kafka_address),
            speed=math.inf,
            longest_pause_s=None,
            wait=False,
        )


def test_an_event_that_is_too_large_is_refused_before_anything_is_published(tmp_path: Path) -> None:
    """File and line are named, and no broker is asked."""
    large = called(1)[:-1] + f', "source": "{"x" * LARGEST_BYTES}"}}'
    (tmp_path / "f.jsonl").write_text(f"{called(1)}\n{large}\n", encoding="utf-8")

    with pytest.raises(SlotritError, match=r"f\.jsonl:2: must be at most 1000000 bytes long, got 1000"):
        replay_to_kafka([tmp_path / "f.jsonl"], Settings(), speed=math.inf, longest_pause_s=None, wait=False)


async def test_a_broker_that_dies_is_one_line(private_kafka: Any, tmp_path: Path) -> None:
    """The event that could not be delivered is named, after a bounded wait."""
    broker = private_kafka()
    settings = settings_for(broker.address).model_copy(update={"broker_timeout_s": 2.0})
    (tmp_path / "f.jsonl").write_text(f"{called(1)}\n{called(3)}\n", encoding="utf-8")
    await create_topics(settings)

    def dies(done: int, _: int) -> None:
        if done == 1:
            broker.kill()

    with (
        checked([tmp_path / "f.jsonl"]) as files,
        pytest.raises(SlotritError, match=r"f\.jsonl:2: could not be delivered: "),
    ):
        await publish(files, settings, Pace(wait_for_workers_s=None), Sent(), progress=dies)
