"""Messages larger than our topics take, on a broker that takes them: none stops a worker."""

import asyncio
from pathlib import Path

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]
from aiokafka.errors import MessageSizeTooLargeError  # type: ignore[import-untyped]

from streams.broker_connection import connected_admin
from streams.event_files import Line
from streams.processing.messages import (
    CUT_HEADER,
    LARGEST_EVENT_BYTES,
    LARGEST_PUBLISHED_BYTES,
    Stream,
)
from streams.settings import kafka_client
from streams.topic_setup import INPUTS
from streams.topics import on_broker
from tests.fuzz.huge import crowds
from tests.kafka.meeting import PATIENCE_S, Meeting, assert_equal, events, meeting
from tests.skating.a_race import raw

FIXTURE = "2022-olympics-beijing"
RACE = b"2022-olympics-beijing/M1000/-"
HUGE = 10_000_000


async def _take_huge(held: Meeting) -> None:
    """Let the input topics take what our own do not, as an operator may."""
    async with connected_admin(held.settings) as admin:
        for topic in INPUTS:
            name = on_broker(topic.name, held.settings.topic_prefix)
            configs = {"max.message.bytes": str(HUGE * 2), "cleanup.policy": topic.cleanup}
            await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs)])


async def _sent(producer: AIOKafkaProducer, topic: str, key: bytes, value: bytes) -> None:
    """Send a message, as soon as the broker has heard that it may."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await producer.send_and_wait(topic, value, key=key, headers=[("from", b"h" * 1_000)])
            except MessageSizeTooLargeError:
                await asyncio.sleep(0.1)
            else:
                return


async def test_a_message_of_ten_megabytes_is_set_aside(kafka_address: str, tmp_path: Path) -> None:
    """White space, faults, a race that outgrows what a topic takes: dead letters, and the others go on."""
    reference, timing = events(FIXTURE)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        await _take_huge(held)
        worker = held.start_worker()
        await held.publish([*reference, *timing[:50]])
        growing = [
            Line("crowds", number, raw(event), "timing", event["race_id"].encode())
            for number, event in enumerate(crowds(20), start=1)
        ]
        producer = AIOKafkaProducer(**kafka_client(held.settings), max_request_size=HUGE * 2)
        await producer.start()
        try:
            huge: tuple[tuple[Stream, bytes, bytes], ...] = (
                ("timing", RACE, timing[0].value.ljust(HUGE)),
                ("timing", RACE, b'{"type":"sprint.scored","points":[' + b"1," * (HUGE // 2) + b"1]}"),
                ("timing", b"k" * HUGE, b"{}"),
                ("reference", b"WR/M1000/", b"[" * HUGE),
            )
            for stream, key, value in huge:
                await _sent(producer, held.topic(stream), key, value)
        finally:
            await producer.stop()
        await held.publish([*growing, *timing[50:]])
        await held.all_done()
        letters = (await held.published())["dead-letters"]
        worker.terminate()

        assert await asyncio.to_thread(worker.wait, 40) == 0
        cut = [letter for letter in letters if CUT_HEADER in dict(letter.headers)]
        assert sorted(len(letter.value) for letter in cut) == [2, 1_000_000, 1_000_000, 1_000_000]
        assert len({dict(letter.headers)["slotrit_cause"] for letter in cut}) == 4
        reasons = [dict(letter.headers)["slotrit_reason"].decode() for letter in letters if letter not in cut]
        assert any(f"no topic takes more than {LARGEST_PUBLISHED_BYTES}" in reason for reason in reasons)
        assert {reason.partition(":")[0] for reason in reasons} == {"value", "competitor_id"}
        assert all(len(letter.value) <= LARGEST_EVENT_BYTES for letter in letters if letter not in cut)
        await assert_equal(held, [*reference, *timing, *growing], letters_too=False)
