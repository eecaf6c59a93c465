"""Publishing a season at a steady pace, through whatever happens to the brokers."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from bench.chaos.arrival import Arrival
from streams.broker_connection import reason
from streams.errors import SlotritError
from streams.settings import Settings, kafka_client
from streams.topics import STREAMS, on_broker

_IN_FLIGHT = 500
_GIVE_UP_S = 120.0
_ASK_AGAIN_S = 0.05


async def publish(
    settings: Settings,
    arrivals: Iterable[Arrival],
    per_s: float,
    allowed: Callable[[], float] = lambda: float("inf"),
) -> int:
    """Publish all, at most so many a second, and wait until two brokers have each; give how many.

    Args:
        settings: where the brokers are.
        arrivals: what to publish, in this order.
        per_s: how many a second at most, over all: what was held up is made up for.
        allowed: tells how many may have been published by now; asked again until it allows the next.

    Raises:
        SlotritError: one could not be delivered within 120 s.
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
            while count >= allowed():  # noqa: ASYNC110 - a plan does not call
                await asyncio.sleep(_ASK_AGAIN_S)
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
    except KafkaError as error:
        raise SlotritError(f"event {count} could not be published: {reason(error)}") from None
    finally:
        with suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(_GIVE_UP_S):
                await producer.stop()
    return count
