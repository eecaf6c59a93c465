"""The peers in Python publish the worker's very bytes, also where one is killed on the way."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]

from bench.chaos.arrival import Arrival
from bench.chaos.reading import messages
from bench.long_race import RACE, announced_in_parts, skated_by
from bench.offered import Offered, expected, offered
from bench.outputs import hold_against, once
from bench.peers.at_work import at_work
from bench.peers.bare import together
from bench.peers.starting import PEERS
from streams.agents.placing import belongs_in
from streams.errors import SlotritError
from streams.processing.messages import Published, Stream
from streams.settings import Settings
from streams.topics import STREAMS
from tests.skating.a_race import raw

EVENTS, FIRST = 160, 80
SESSION_S = 6.0
READS: tuple[Stream, ...] = ("reference", "timing", "performances", "results")


async def killed_on_the_way(name: str, address: str, folder: Path) -> None:
    """Let a peer do everything, kill it in the middle, and hold what it published against memory."""
    given = offered(EVENTS)
    given = Offered(given.reference[:40], given.timing)
    should = expected("everything", given)
    async with at_work(PEERS[name], "everything", address, folder, session_s=SESSION_S) as working:
        first = working.start()
        await working.publish(given.reference)
        await working.committed(READS)
        await working.publish(given.timing[:FIRST])
        await working.committed(READS)
        first.kill()
        first.wait()
        working.processes.remove(first)
        working.start()
        await working.publish(given.timing[FIRST:])
        await working.committed(READS)
        await hold_against(working.settings, should, bytes_of=frozenset(should), since={})
        last = should["standings"][-1]
        should["standings"][-1] = replace(last, value=last.value + b" ")
        with pytest.raises(SlotritError, match=r"^standings of b'.*should be"):
            await hold_against(working.settings, should, bytes_of=frozenset({"standings"}), since={})


async def test_peers_publish_the_same_bytes_across_a_kill(kafka_address: str, tmp_path: Path) -> None:
    """What each remembers survives SIGKILL; all that it says is what the steps say in memory."""
    names = [name for name, peer in PEERS.items() if peer.to_the_byte and peer.lacks() is None]
    assert {"ours", "bare"} <= {*names}
    await asyncio.gather(*(killed_on_the_way(name, kafka_address, tmp_path) for name in names))


async def in_one_partition(name: str, address: str, folder: Path) -> None:
    """Let a peer do races in parts, and hold them against memory and their partition."""
    meetings = [f"bench-{number}" for number in range(6)]
    told = [
        Arrival("timing", RACE.replace("bench", name).encode(), raw(each).replace(b"bench", name.encode()))
        for name in meetings
        for each in (*announced_in_parts(6, lines=4), *skated_by(1))
    ]
    should = expected("standings", Offered((), tuple(told)))
    async with at_work(
        PEERS[name], "standings", address, folder, partitions=4, session_s=SESSION_S
    ) as working:
        working.start()
        await working.publish(told)
        await working.committed(("timing",))
        # Where it came from is another place with four partitions than with one.
        found = await partitions_of(working.settings, "field")
    assert {key: values for (_, key), values in found.items()} == by_key(should["field"])
    assert len({partition for partition, _ in found}) > 1
    assert all(partition == belongs_in(key.partition(b" ")[0], 4) for partition, key in found)


def by_key(messages: Iterable[Published]) -> dict[bytes, list[bytes]]:
    """Give values by key, in order."""
    found: dict[bytes, list[bytes]] = {}
    for message in messages:
        found.setdefault(message.key or b"", []).append(message.value)
    return found


async def partitions_of(settings: Settings, stream: Stream) -> dict[tuple[int, bytes], list[bytes]]:
    """Read the values of a stream by partition and key, in order."""
    found: dict[tuple[int, bytes], list[bytes]] = {}
    for partition in range(settings.partitions):
        async for message in messages(settings, STREAMS[stream].name, partition):
            found.setdefault((partition, message.key), []).append(message.value)
    return found


@pytest.mark.parametrize("name", ["ours", "bare", "quix"])
async def test_a_peer_puts_a_race_in_parts_into_one_partition(
    name: str, kafka_address: str, tmp_path: Path
) -> None:
    """Whatever the keys of its messages are, it is that of the race."""
    if (lacks := PEERS[name].lacks()) is not None:
        pytest.skip(lacks)
    await in_one_partition(name, kafka_address, tmp_path)


async def test_rows_of_a_fetch_are_one_batch_or_none_is_left_out() -> None:
    """What stands for rows that are not written must arrive with them, or not at all."""
    producer = AIOKafkaProducer(max_batch_size=1_000)
    many = [(0, f"race-{number % 3}", b"row %d" % number) for number in range(100)]
    batch = together(producer, many, 1_000)
    assert batch is not None
    assert batch.record_count() == 3

    # With what a batch has besides, these are too much for one, though their own bytes are not.
    assert together(producer, [(0, f"race-{number}", b"x" * 320) for number in range(3)], 1_000) is None
    await producer.stop()


def test_what_comes_again_must_be_the_same() -> None:
    """A repetition is dropped; another content under the same identity is a failure."""
    said = (b"key", b"value", (("ce_id", b"race@1.0/standings"),))

    assert once([said, said]) == [said]
    with pytest.raises(SlotritError, match=r"^race@1.0/standings was published with two contents$"):
        once([said, (b"key", b"other", said[2])])
