"""Handing on without a task: what need not wait is done at once, and what has to goes on like any other."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from mode import Service
from mode.utils.locks import Event

from streams.agents.draining import Rest, hand_on


def begun(coroutine: Coroutine[Any, Any, Any]) -> Rest:
    """Run a coroutine until it has to wait for the first time."""
    return Rest(coroutine, coroutine.send(None))


async def test_what_has_to_wait_goes_on_to_its_end() -> None:
    """As often as it waits, with what it waited for, and what it gives is given."""
    one, other = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def waiting() -> str:
        await one.wait()
        return str(await other)

    task = asyncio.ensure_future(begun(waiting()))
    one.set()
    await asyncio.sleep(0)
    other.set_result("v1")

    assert await task == "v1"


async def test_what_fails_after_waiting_fails() -> None:
    """Also where it is what it waited for that failed."""
    answer = asyncio.get_running_loop().create_future()
    task = asyncio.ensure_future(begun(asyncio.wait_for(answer, None)))
    answer.set_exception(ConnectionError("gone"))

    with pytest.raises(ConnectionError, match="gone"):
        await task


async def test_who_is_told_to_break_off_may_tidy_up() -> None:
    """A coroutine that is cancelled where it waits hears so, and can wait again while it ends."""
    said: list[str] = []

    async def tidy() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            said.append("tidied up")

    task = asyncio.ensure_future(begun(tidy()))
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert said == ["tidied up"]


class Reader(Service):
    """What a consumer of Faust's is to whoever hands on: a callback, and a flow that may be stopped."""

    def __init__(self, stream: "Stream") -> None:
        super().__init__()
        self.callback = stream.take
        self.suspend_flow = Event()


@dataclass
class Stream:
    """Takes messages while it has room, and waits for room where it has none."""

    room: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[str] = field(default_factory=list)

    async def take(self, message: str) -> None:
        """Take a message."""
        await self.room.wait()
        self.taken.append(message)


async def test_a_message_for_which_there_is_room_is_taken_at_once() -> None:
    """Nobody else gets a turn in between."""
    stream = Stream()
    stream.room.set()
    turns: list[int] = []
    asyncio.get_running_loop().call_soon(turns.append, 1)

    await hand_on(Reader(stream), "v1")  # type: ignore[arg-type]

    assert (stream.taken, turns) == (["v1"], [])


async def test_a_message_waits_for_room() -> None:
    """It is taken as soon as there is some, and nothing after it before."""
    stream = Stream()
    handing = asyncio.create_task(hand_on(Reader(stream), "v1"))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    assert not handing.done()

    stream.room.set()
    await handing

    assert stream.taken == ["v1"]


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_message_is_dropped_where_the_flow_is_stopped(at_once: bool) -> None:
    """Whether it was stopped before or while there was no room; Kafka has it, and it is read again."""
    stream = Stream()
    reader = Reader(stream)
    if at_once:
        reader.suspend_flow.set()
    handing = asyncio.create_task(hand_on(reader, "v1"))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    reader.suspend_flow.set()
    await handing
    stream.room.set()
    await asyncio.sleep(0)

    assert stream.taken == []
