"""A large race holds up nobody: it is read, told and settled in bites, counted by the rounds of the loop."""

import asyncio
import gc
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from aiokafka import TopicPartition  # type: ignore[import-untyped]
from aiokafka.structs import ConsumerRecord  # type: ignore[import-untyped]

from bench.long_race import RACE, announced_in_parts
from streams.export.whole import LINES
from streams.gateway import reading
from streams.gateway.channels import Channels
from streams.gateway.metrics import Metrics
from streams.gateway.positions import LETTERS
from streams.gateway.present import Present
from streams.gateway.reading import Reader
from streams.gateway.serve import new_channels
from streams.gateway.told import Told, read
from streams.gateway.turns import BITE, unswept
from streams.settings import Settings
from streams.topics import STREAMS
from tests.gateway.in_parts import told_by
from tests.gateway.telling import NOW, Heard, channels_of, gateway, heard
from tests.skating.a_race import closed

MANY = 1_000


@cache
def a_tour() -> Sequence[Heard]:
    """Give what a race of a thousand tells a gateway: a row for each, and at the closing four parts."""
    said, _ = told_by([*announced_in_parts(MANY), closed("OFFICIAL", 9_000, RACE)])
    return said


@dataclass(slots=True)
class Topics:
    """Kafka as a reader asks it, with one partition a topic, which gives all that there is at once."""

    records: Mapping[TopicPartition, list[Any]]
    ends: dict[TopicPartition, int] = field(default_factory=dict)
    read: dict[TopicPartition, int] = field(default_factory=dict)

    async def beginning_offsets(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """Say where partitions begin."""
        return dict.fromkeys(places, 0)

    async def end_offsets(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """Say where they end for now."""
        return {place: self.ends.get(place, len(self.records[place])) for place in places}

    async def position(self, place: TopicPartition) -> int:
        """Say how far one was read."""
        return self.read[place]

    def seek(self, place: TopicPartition, offset: int) -> None:
        """Read on from somewhere."""
        self.read[place] = offset

    def assign(self, places: Sequence[TopicPartition]) -> None:
        """Take all there are."""
        assert set(places) == set(self.records)

    async def getmany(self, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        """Give what has not been read."""
        await asyncio.sleep(timeout_ms / 100_000)
        found = {}
        for place, end in (await self.end_offsets(list(self.records))).items():
            found[place] = self.records[place][self.read[place] : end]
            self.read[place] = max(end, self.read[place])
        return found


def topics(messages: Sequence[Heard], at: float) -> Topics:
    """Put messages into topics, written at some moment in seconds since 1970."""
    records: dict[TopicPartition, list[Any]] = {
        TopicPartition(STREAMS[stream].name, 0): [] for stream in LETTERS
    }
    for message in messages:
        place = TopicPartition(STREAMS[message.stream].name, 0)
        key, headers = "".join(map(str, message.told().slot)).encode(), [("ce_id", message.identity.encode())]
        records[place].append(
            ConsumerRecord(
                place.topic, 0, message.offset, int(at * 1000), 0, key, message.value, None, 0, 0, headers
            )
        )
    return Topics(records)


class Read(Reader):
    """A reader of topics that are no broker's."""

    def __init__(self, channels: Channels, there: Topics) -> None:
        super().__init__(Settings(), channels, Metrics())
        self.there = there

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[Any]:
        self._places = {
            place: reading._Place(stream, 0)  # noqa: SLF001 - what the real one makes of Kafka's answer
            for stream in LETTERS
            for place in self.there.records
            if place.topic == STREAMS[stream].name
        }
        yield self.there


@dataclass(slots=True)
class Rounds:
    """How often the loop went round, and the most bytes of messages worked on between two rounds."""

    count: int = 0
    most: int = 0
    _now: int = 0

    def worked(self, size: int) -> None:
        """Count what was worked on."""
        self._now += size
        self.most = max(self.most, self._now)

    async def go(self) -> None:
        """Go round for ever."""
        while True:
            self.count, self._now = self.count + 1, 0
            await asyncio.sleep(0)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rounds]:
    """Count rounds, and what is read, told and settled in each, for the length of a block."""
    rounds = Rounds()
    take = Present.take

    def reads(stream: Any, partition: int, offset: int, value: bytes, at: float) -> Told | None:
        rounds.worked(len(value))
        return read(stream, partition, offset, value, at)

    def takes(present: Present, told: Told) -> None:
        rounds.worked(len(told.payload))
        take(present, told)

    task = asyncio.ensure_future(rounds.go())
    with monkeypatch.context() as patched:
        patched.setattr(reading, "read", reads)
        patched.setattr(Present, "take", takes)
        yield rounds
    task.cancel()


async def until_told(channels: Channels, count: int) -> None:
    """Wait until so many messages have been told or have settled."""
    async with asyncio.timeout(40):
        while not channels.ready or channels.history.positions.get(("f", 0), 0) < count:  # noqa: ASYNC110 - nobody calls
            await asyncio.sleep(0.001)


def field_size(messages: Sequence[Heard]) -> int:
    """Give the size of all messages, in bytes."""
    return sum(len(message.value) for message in messages)


def bite_of(messages: Sequence[Heard]) -> int:
    """Give what may be worked on between two rounds: two bites, each with all of its last message."""
    return 2 * (BITE + max(len(message.value) for message in messages))


@pytest.mark.parametrize("age_s", [0.0, 100_000.0])
async def test_a_large_race_is_read_at_the_start_in_bites(
    age_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is to be told one by one or has settled long ago."""
    said, channels = a_tour(), new_channels(Settings())
    reader = Read(channels, topics(said, time.time() - age_s))

    with counted(monkeypatch) as rounds:
        task = asyncio.ensure_future(reader.read_for_ever())
        await until_told(channels, 1)
        task.cancel()

    assert channels.live.present.field(RACE).count() == MANY
    assert (channels.history.first == channels.history.end) == bool(age_s)
    assert rounds.most <= bite_of(said) < field_size(said) / 3
    assert rounds.count > field_size(said) / BITE


async def test_what_comes_at_once_later_is_taken_in_bites_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a worker catches up, or a race is closed; a delayed channel tells it in bites as well."""
    said, channels = a_tour(), new_channels(Settings())
    there = topics(said, time.time())
    there.ends = {place: min(2, len(records)) for place, records in there.records.items()}
    task = asyncio.ensure_future(Read(channels, there).read_for_ever())
    await until_told(channels, 1)
    late = await channels.with_delay(0.1)
    keeping = asyncio.ensure_future(channels.keep_time())

    with counted(monkeypatch) as rounds:
        there.ends = {}
        await until_told(channels, len([one for one in said if one.stream == "field"]))
        async with asyncio.timeout(40):
            while late.told_to < channels.history.end:
                await late.news()
    task.cancel()
    keeping.cancel()

    assert channels.live.present.field(RACE).count() == late.present.field(RACE).count() == MANY
    assert rounds.most <= bite_of(said)


@pytest.mark.parametrize("form", ["csv", "flat", "odf"])
async def test_a_large_race_is_written_in_bites(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some lines, others' turn, some lines; a search too lets others have theirs."""
    async with gateway(a_tour()) as held:
        with counted(monkeypatch) as rounds:
            before = rounds.count
            answer = await held.get(f"/api/races/{RACE}/sheet?format={form}")
            for _ in range(2):
                again = await held.get(f"/api/races/{RACE}/standings?format={form}")

    assert answer.status == 200
    assert again.body == answer.body
    assert rounds.count - before > MANY / LINES


async def test_while_everything_is_read_anew_what_was_there_is_shown() -> None:
    """Half a race is never shown, nor none, with or without a delay."""
    said, channels = a_tour(), new_channels(Settings())
    reader = Read(channels, topics(said, time.time() - 10))
    first = asyncio.ensure_future(reader.read_for_ever())
    await until_told(channels, 1)
    first.cancel()
    generation, late = channels.history.generation, await channels.with_delay(1)
    again = asyncio.ensure_future(reader.read_for_ever())

    seen = set()
    async with asyncio.timeout(40):
        while late.generation == generation:
            seen |= {one.present.field(RACE).count() for one in (channels.live, await channels.with_delay(1))}
            await asyncio.sleep(0)
    again.cancel()

    assert seen == {MANY}
    assert channels.live.present.field(RACE).count() == late.present.field(RACE).count() == MANY


async def test_two_who_ask_for_the_same_delay_at_once_are_told_all() -> None:
    """The second does not get what the first has half of."""
    channels = new_channels(Settings())
    for message in a_tour():
        channels.history.take(message.told(NOW - 10**9), message.identity)
    channels.set_ready()

    async def lines() -> int:
        return (await channels.with_delay(30)).present.field(RACE).count()

    assert set(await asyncio.gather(lines(), lines())) == {MANY}


async def test_who_follows_late_is_woken_though_somebody_else_asked_first() -> None:
    """What a request has told is news for the stream with the same delay."""
    messages = heard("torture")
    channels = channels_of(())
    late = await channels.with_delay(0.1)
    news = asyncio.ensure_future(late.news())
    await asyncio.sleep(0)
    channels.history.take(messages[0].told(time.time() - 1), messages[0].identity)

    await channels.with_delay(0.1)

    async with asyncio.timeout(1):
        await news


async def test_a_stream_is_opened_where_messages_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the loop's own thread: in another one it would meet them halfway."""
    threads = []
    with_delay = Channels.with_delay

    async def noted(channels: Channels, delay_s: float) -> Any:
        threads.append(threading.current_thread())
        return await with_delay(channels, delay_s)

    async with gateway(heard("torture")) as held:
        monkeypatch.setattr(Channels, "with_delay", noted)
        async with held.http.get(f"{held.url}/api/stream") as answer:
            assert answer.status == 200

    assert threads == [threading.current_thread()]


def test_what_was_read_is_not_gone_through_again() -> None:
    """The collector of garbage is as it was, and leaves what the block has made alone."""
    frozen = gc.get_freeze_count()

    with unswept():
        assert not gc.isenabled()
        kept = [[number] for number in range(1_000)]

    assert gc.isenabled()
    assert gc.get_freeze_count() >= frozen + len(kept)
    gc.unfreeze()
