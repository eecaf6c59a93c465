"""What writing costs a worker, counted instead of timed: requests, batches and rows for so many events.

As in `tests/processing/test_counted_work.py`: a change that asks more of the broker than before fails here,
on any machine. The broker is one that takes everything at once.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.protocol.produce import ProduceRequest  # type: ignore[import-untyped]
from aiokafka.record.default_records import DefaultRecordBatch  # type: ignore[import-untyped]
from faust.types import TP

from bench.long_race import RACE, announced, skated_by
from streams.agents import delivery, speaking
from streams.agents.shell import Shell, run
from streams.app import create_app
from streams.settings import Settings
from tests.skating.a_race import raw

RACES, COMPETITORS = 5, 20
EVENTS = RACES * (1 + 9 * COMPETITORS // 2)
"""Each race is announced, and of every pair nine events are told."""


@dataclass
class Counting:
    """A client whose broker takes everything; counts requests, and in each its batches and records."""

    requests: int = 0
    batches: int = 0
    messages: int = 0
    rows: int = 0
    cluster: Any = field(default_factory=lambda: SimpleNamespace(leader_for_partition=lambda _: 0))

    async def send(self, _: int, request: ProduceRequest) -> Any:
        """Count a request, and acknowledge all of it."""
        self.requests += 1
        topics = request._topics  # noqa: SLF001 - as it goes over the wire
        for topic, partitions in topics:
            for _partition, content in partitions:
                self.batches += 1
                count = sum(1 for _ in DefaultRecordBatch(bytearray(content)))
                if topic.endswith("changelog"):
                    self.rows += count
                else:
                    assert not topic.endswith("dead-letters")
                    self.messages += count
        taken = [(topic, [(partition, 0) for partition, _ in partitions]) for topic, partitions in topics]
        return SimpleNamespace(topics=taken)


class Fetched:
    """The events of some races as a stream gives them: all at once, or each after the one before."""

    def __init__(self, shell: Shell, *, at_once: bool) -> None:
        self._shell, self._at_once = shell, at_once
        self._left = EVENTS
        self.channel = SimpleNamespace(queue=SimpleNamespace(qsize=self._waiting))

    def _waiting(self) -> int:
        return self._left if self._at_once else 0

    async def events(self) -> AsyncIterator[Any]:
        """Give them one after the other."""
        for offset, (key, event) in enumerate(races()):
            self._left -= 1
            message = SimpleNamespace(
                tp=TP(self._shell.source.get_topic_name(), 0),
                partition=0,
                offset=offset,
                key=key,
                value=event,
                headers=[],
                timestamp=0.0,
            )
            yield SimpleNamespace(message=message)
            if not self._at_once:
                await self._shell.delivery.empty()


def races() -> Iterator[tuple[bytes, bytes]]:
    """Write down races from their announcement to the last pair, an event of each in turn."""
    pairs = range(1, COMPETITORS // 2 + 1)
    for event in [announced(COMPETITORS), *(each for pair in pairs for each in skated_by(pair))]:
        for race in range(RACES):
            name = b"bench-%d" % race
            yield RACE.encode().replace(b"bench", name), raw(event).replace(b"bench", name)


async def written(monkeypatch: pytest.MonkeyPatch, *, at_once: bool) -> Counting:
    """Take the races through the agent of the standings, and count what it writes."""
    client = Counting()

    async def connected(*_: object) -> Counting:
        return client

    async def confirmed() -> bool:
        return True

    # Where a machine is slow, what is held for more is not to leave sooner for that.
    monkeypatch.setattr(delivery, "HELD_S", 600.0)
    monkeypatch.setattr(speaking, "_connected", connected)
    app = create_app(Settings(brokers=("127.0.0.1:9",), partitions=1, fenced=False))
    shell = app.shells["races"]
    finished: list[delivery.Work] = []
    shell.delivery.handled = finished.append
    shell.positions.begin(0, 0)
    shell.speaker.assigned([0], confirmed)
    async with asyncio.timeout(300):
        await run(shell, Fetched(shell, at_once=at_once))  # type: ignore[arg-type]
        await shell.delivery.empty()
    await shell.delivery.close()
    assert [work.next_offset for work in finished] == [*range(1, EVENTS + 1)]
    return client


async def test_at_a_steady_pace_an_event_takes_a_request_for_its_messages_and_one_for_its_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever it says, all of it goes together, a batch a topic; so it is told of at once."""
    client = await written(monkeypatch, at_once=False)

    assert (client.requests, client.batches, client.messages, client.rows) == (860, 1_380, 950, 455)


async def test_who_is_behind_takes_a_request_for_a_hundred_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """More where a batch is full; with the rows of the hundred before, of a race the last alone.

    Of the last hundred, behind whom fewer wait, what comes goes as it comes.
    """
    client = await written(monkeypatch, at_once=True)

    assert (client.requests, client.batches, client.messages, client.rows) == (12, 41, 950, 40)
