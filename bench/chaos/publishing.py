"""Publishing a season at a steady pace, through whatever happens to the brokers."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from bench.chaos.season import Arrival
from streams.settings import Settings, kafka_client
from streams.topics import STREAMS, on_broker

_IN_FLIGHT = 500
_GIVE_UP_S = 120.0


async def publish(settings: Settings, arrivals: Iterable[Arrival], per_s: float) -> int:
    """Publish all, at most so many a second, and wait until two brokers have each; give how many.

    Raises:
        KafkaError: one could not be delivered within 120 s.
    """
    producer = AIOKafkaProducer(
        **kafka_client(settings),
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        request_timeout_ms=int(_GIVE_UP_S * 1000),
    )
    await producer.start()
    flying: deque[asyncio.Future[Any]] = deque()
    count = 0
    began = time.monotonic()
    try:
        for arrival in arrivals:
            early_s = began + count / per_s - time.monotonic()
            if early_s > 0:
                await asyncio.sleep(early_s)
            topic = on_broker(STREAMS[arrival.stream].name, settings.topic_prefix)
            flying.append(await producer.send(topic, arrival.value, key=arrival.key))
            count += 1
            while len(flying) > _IN_FLIGHT or (flying and flying[0].done()):
                await flying.popleft()
        while flying:
            await flying.popleft()
    finally:
        with suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(_GIVE_UP_S):
                await producer.stop()
    return count
