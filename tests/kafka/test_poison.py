"""Messages that nobody should have sent: none of them stops a worker, and none is lost."""

import asyncio
from pathlib import Path

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]

from streams.settings import kafka_client
from tests.kafka.meeting import assert_equal, events, meeting

FIXTURE = "2022-olympics-beijing"
RACE = b"2022-olympics-beijing/M1000/-"


async def test_poison_is_set_aside(kafka_address: str, tmp_path: Path) -> None:
    """Bytes that are no JSON, no key, a tombstone, the wrong partition, and as much as a broker takes."""
    reference, timing = events(FIXTURE)
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        worker = held.start_worker()
        await held.publish([*reference, *timing[:50]])
        producer = AIOKafkaProducer(**kafka_client(held.settings), max_request_size=1_100_000)
        await producer.start()
        topic = held.topic("timing")
        try:
            right = (await producer.send_and_wait(topic, b"\xff\xfe no JSON", key=RACE)).partition
            wrong = (right + 1) % held.settings.partitions
            await producer.send_and_wait(topic, timing[0].value, key=RACE, partition=wrong)
            await producer.send_and_wait(topic, timing[1].value)
            await producer.send_and_wait(topic, None, key=RACE)
            await producer.send_and_wait(topic, b"[" * 1_000_000, key=RACE)
            await producer.send_and_wait(topic, timing[2].value, key=b"another/M1000/-")
            await producer.send_and_wait(held.topic("reference"), b"{}", key=b"WR/M1000/")
        finally:
            await producer.stop()
        await held.publish(timing[50:])
        await held.all_done()
        letters = (await held.published())["dead-letters"]
        worker.terminate()

        assert await asyncio.to_thread(worker.wait, 40) == 0
        reasons = {dict(letter.headers)["slotrit_reason"].decode() for letter in letters}
        assert len(letters) == 7
        assert {reason.split(":")[0] for reason in reasons} >= {"key", "partition", "type", "value"}
        assert any(letter.value == b"[" * 1_000_000 for letter in letters)
        await assert_equal(held, [*reference, *timing], letters_too=False)
