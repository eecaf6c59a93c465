"""The peers in Python publish the worker's very bytes, also where one is killed on the way."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bench.offered import Offered, expected, offered
from bench.outputs import hold_against, once
from bench.peers.at_work import at_work
from bench.peers.starting import PEERS
from streams.errors import SlotritError
from streams.processing.messages import Stream

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


def test_what_comes_again_must_be_the_same() -> None:
    """A repetition is dropped; another content under the same identity is a failure."""
    said = (b"key", b"value", (("ce_id", b"race@1.0/standings"),))

    assert once([said, said]) == [said]
    with pytest.raises(SlotritError, match=r"^race@1.0/standings was published with two contents$"):
        once([said, (b"key", b"other", said[2])])
