"""What is in hand is published, then remembered, then handled, in order; nothing is after a failure."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from faust.types import TP

from streams.agents.delivery import ENOUGH, IN_HAND, Delivery, Work
from streams.operating.metrics import Read
from streams.processing.messages import Published

PARTITION = TP("skating.timing", 0)


@dataclass
class Broker:
    """A broker that acknowledges when it is told to, and writes down what happened in which order."""

    happened: list[str] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    refuses: str | None = None
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.answers.set()

    async def write(self, remember: Sequence[Work], publish: Sequence[Work]) -> None:
        """Take the rows of some messages, and what others say."""
        for work in remember:
            if work.row is not None:
                name, sealed = work.row
                await self._acknowledged(f"remembered {name}={sealed.decode()} in {work.tp.partition}")
        for work in publish:
            for message in work.published:
                await self._acknowledged(f"published {message.value.decode()}")

    def handled(self, work: Work) -> None:
        """Note how far things are."""
        self.happened.append(f"handled {work.tp.partition}:{work.next_offset}")

    async def failed(self, failure: Exception) -> None:
        """Note what went wrong."""
        self.failure = failure

    async def _acknowledged(self, what: str) -> None:
        await self.answers.wait()
        if what == self.refuses:
            raise ConnectionError(what)
        self.happened.append(what)

    def delivery(self) -> Delivery:
        """Make a delivery to this broker."""
        return Delivery(self.write, self.handled, self.failed)


def work(offset: int, *said: str, row: str | None = None) -> Work:
    """Make the outcome of the message at an offset."""
    published = tuple(Published("standings", b"race", text.encode(), ()) for text in said)
    row_of = None if row is None else ("race", row.encode())
    return Work(PARTITION, offset + 1, published, row_of, Read("races", "handled", 0.0))


async def test_publish_then_remember_then_handled() -> None:
    """No row is written before everything is published, nothing is handled before its row is written."""
    broker = Broker()
    delivery = broker.delivery()

    delivery.put(work(4, "v1", "podium", row="s1"))
    delivery.put(work(5))
    delivery.put(work(6, "v2", row="s2"))
    await delivery.empty()

    assert broker.happened == [
        "published v1",
        "published podium",
        "published v2",
        "remembered race=s1 in 0",
        "remembered race=s2 in 0",
        "handled 0:5",
        "handled 0:6",
        "handled 0:7",
    ]
    await delivery.close()


async def test_rows_are_written_with_what_comes_after_them() -> None:
    """A row waits for what came of its own message, and for nothing else."""
    broker = Broker()
    broker.answers.clear()
    delivery = broker.delivery()
    delivery.put(work(4, "v1", row="s1"))
    await asyncio.sleep(0)
    delivery.put(work(5, "v2", row="s2"))
    broker.answers.set()
    await delivery.empty()

    assert broker.happened == [
        "published v1",
        "remembered race=s1 in 0",
        "published v2",
        "handled 0:5",
        "remembered race=s2 in 0",
        "handled 0:6",
    ]
    await delivery.close()


async def test_nothing_is_handled_while_the_broker_is_silent() -> None:
    """What is on its way is not committed."""
    broker = Broker()
    broker.answers.clear()
    delivery = broker.delivery()
    delivery.put(work(0, "v1", row="s1"))
    for _ in range(5):
        await asyncio.sleep(0)

    assert broker.happened == []

    broker.answers.set()
    await delivery.empty()
    assert broker.happened[-1] == "handled 0:1"
    await delivery.close()


async def test_a_failed_send_stops_everything_behind_it() -> None:
    """No row of the batch is written, nothing is handled, and the worker is told to crash."""
    broker = Broker(refuses="published v2")
    delivery = broker.delivery()
    delivery.put(work(0, "v1", row="s1"))
    delivery.put(work(1, "v2", row="s2"))
    await delivery.empty()

    assert isinstance(broker.failure, ConnectionError)
    assert not [what for what in broker.happened if not what.startswith("published")]
    await delivery.close()


async def test_a_failed_changelog_write_is_a_broken_promise_too() -> None:
    """What could not be remembered is not handled."""
    broker = Broker(refuses="remembered race=s1 in 0")
    delivery = broker.delivery()
    delivery.put(work(0, "v1", row="s1"))
    await delivery.empty()

    assert isinstance(broker.failure, ConnectionError)
    assert "handled 0:1" not in broker.happened
    await delivery.close()


async def test_a_worker_that_is_far_ahead_waits() -> None:
    """There is room for so many messages in hand, and then none until they are delivered."""
    broker = Broker()
    broker.answers.clear()
    delivery = broker.delivery()
    for offset in range(IN_HAND + 1):
        delivery.put(work(offset, "v"))
    waiting = asyncio.create_task(delivery.room())
    await asyncio.sleep(0)

    assert not waiting.done()

    broker.answers.set()
    await waiting
    await delivery.close()


async def test_who_is_behind_writes_many_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may wait does, until there is enough of it; here it may for an hour, as the test may be slow."""
    monkeypatch.setattr("streams.agents.delivery.HELD_S", 3600.0)
    broker = Broker()
    delivery = broker.delivery()
    for offset in range(ENOUGH - 1):
        delivery.put(work(offset, f"v{offset}"), more=True)
        await asyncio.sleep(0)
    early = list(broker.happened)

    delivery.put(work(ENOUGH - 1, "the last"), more=True)
    await delivery.empty()

    assert (early, len(broker.happened)) == ([], 2 * ENOUGH)
    await delivery.close()


async def test_what_may_wait_does_not_wait_where_nothing_more_comes() -> None:
    """An agent may be cancelled with more to come; and the last message of many waits for no other."""
    broker = Broker()
    delivery = broker.delivery()
    delivery.put(work(0, "v0"), more=True)
    delivery.put(work(1, "v1"))
    async with asyncio.timeout(5):
        while len(broker.happened) < 4:  # noqa: ASYNC110 - the broker does not call
            await asyncio.sleep(0)
        delivery.put(work(2, "v2"), more=True)
        while len(broker.happened) < 6:  # noqa: ASYNC110 - alike
            await asyncio.sleep(0.01)

    assert broker.happened[-2:] == ["published v2", "handled 0:3"]
    await delivery.close()


async def test_who_waits_until_nothing_is_in_hand_waits_for_no_more() -> None:
    """In a rebalance nothing more comes."""
    broker = Broker()
    delivery = broker.delivery()
    delivery.put(work(0, "v0"), more=True)

    await delivery.empty()

    assert broker.happened == ["published v0", "handled 0:1"]
    await delivery.close()
