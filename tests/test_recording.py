"""Recording topics of a real broker, and replaying what was recorded."""

import asyncio
import gzip
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest

from streams.cli import run
from streams.errors import SlotritError
from streams.event_files import read_events
from streams.recording import INPUTS, lines_of, record
from tests.kafka.meeting import Meeting, events, meeting

FIXTURE = "2022-olympics-beijing"


async def recorded(held: Meeting, out: Path, *topics: str) -> Counter[str]:
    """Record what is there."""
    counts: Counter[str] = Counter()
    await record(held.settings, out, counts, stop=asyncio.Event(), topics=topics or INPUTS, until_end=True)
    return counts


async def test_a_recording_replays_as_the_meeting_did(kafka_address: str, tmp_path: Path) -> None:
    """What was published and recorded, replayed onto fresh topics, is byte for byte what was published."""
    async with (
        meeting(kafka_address, tmp_path / "log") as first,
        meeting(kafka_address, tmp_path / "again") as again,
    ):
        reference, timing = events(FIXTURE)
        await first.publish([*reference, *timing])
        out = tmp_path / "evening.jsonl.gz"
        counts = await recorded(first, out)
        lines = list(read_events([out]))
        await again.publish(lines)

        assert sum(counts.values()) == len(reference) + len(timing)
        streams: tuple[Literal["reference", "timing"], ...] = ("reference", "timing")
        for stream in streams:
            topic = first.topic(stream)
            before = {(record.key, record.value) for record in await first.read(topic)}
            after = {(record.key, record.value) for record in await again.read(again.topic(stream))}
            assert before == after


async def test_a_recording_goes_on_until_told_to_stop(kafka_address: str, tmp_path: Path) -> None:
    """What comes while it records is recorded too, and what was there before is not, if so told."""
    _, timing = events(FIXTURE)
    out, stop, counts = tmp_path / "live.jsonl", asyncio.Event(), Counter[str]()
    async with meeting(kafka_address, tmp_path / "log") as held:
        await held.publish(timing[:3])
        working = asyncio.create_task(record(held.settings, out, counts, stop=stop, from_now=True))
        while not out.exists() and not working.done():  # noqa: ASYNC110 - a file does not call
            await asyncio.sleep(0.01)
        await held.publish(timing[3:8])
        async with asyncio.timeout(30):
            while sum(counts.values()) < 5 and not working.done():  # noqa: ASYNC110 - a count does not call
                await asyncio.sleep(0.01)
        stop.set()
        await working

    assert [line.value for line in read_events([out])] == [line.value for line in timing[3:8]]


async def test_what_cannot_be_replayed_is_kept_as_a_comment(kafka_address: str, tmp_path: Path) -> None:
    """A message that is no JSON object does not keep the others from being replayed."""
    _, timing = events(FIXTURE)
    out = tmp_path / "odd.jsonl"
    async with meeting(kafka_address, tmp_path / "log", partitions=1) as held:
        odd = type(timing[0])("odd", 1, b"\xff{", "timing", b"odd")
        await held.publish([timing[0], odd, timing[1]])
        counts = await recorded(held, out, "skating.timing")

    assert list(counts.values()) == [3]
    assert [line.value for line in read_events([out])] == [line.value for line in timing[:2]]
    assert b"no JSON object, base64: /3s=" in out.read_bytes()


async def test_errors_are_told_before_anything_is_written(kafka_address: str, tmp_path: Path) -> None:
    """A file that exists and a topic that does not are named."""
    there = tmp_path / "there.jsonl"
    there.write_text("mine", encoding="utf-8")
    async with meeting(kafka_address, tmp_path / "log") as held:
        with pytest.raises(SlotritError, match=r"there\.jsonl: exists already; name another file"):
            await recorded(held, there)
        with pytest.raises(SlotritError, match=r"the broker has no topic .*skating\.curling"):
            await recorded(held, tmp_path / "new.jsonl", "skating.curling")

    assert there.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "new.jsonl").exists()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b'{"a": 1}', [b'# skating.timing 2 7 2031-02-08T13:00:00.123+00:00 "k"', b'{"a": 1}']),
        (
            b'{"a":\n1}\r\n',
            [b'# skating.timing 2 7 2031-02-08T13:00:00.123+00:00 "k"', b'{"a": 1}'],
        ),
        (None, [b'# skating.timing 2 7 2031-02-08T13:00:00.123+00:00 "k" deleted']),
    ],
)
def test_each_message_says_where_and_when_it_was(value: bytes | None, expected: list[bytes]) -> None:
    """Place, time and key come first, in a line that a replay skips; a message is one line."""
    message = SimpleNamespace(
        topic="skating.timing", partition=2, offset=7, timestamp=1928322000123, key=b"k", value=value
    )

    assert list(lines_of(message)) == expected


def test_a_compressed_recording_can_be_read_after_a_flush(tmp_path: Path) -> None:
    """What was flushed into a compressed file is in it, whatever comes after."""
    out = tmp_path / "x.jsonl.gz"
    with gzip.open(out, "xb") as file:
        file.write(b"{}\n")
        file.flush()
        with gzip.open(out) as half:
            assert half.readline() == b"{}\n"


@pytest.mark.parametrize("command", [["ingest"], ["ingest", "vantage"], ["record"], ["export"]])
def test_the_commands_have_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """--help explains and returns 0."""
    assert run([*command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: slotrit {' '.join(command)}")
