"""A race in parts for other systems: everybody in it, from Kafka or a file, or a word that some lack."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.long_race import RACE, announced_in_parts, skated_by
from streams.cli import run
from streams.errors import SlotritError
from streams.event_files import Line
from streams.export.race import in_file, on_kafka
from streams.export.whole import Whole
from tests.gateway.in_parts import front_of, in_one_message, told_by
from tests.gateway.telling import Heard
from tests.kafka.meeting import meeting
from tests.skating.a_race import Event, closed, raw, ruled

MANY = 300


def story() -> list[Event]:
    """Tell a race in two parts, of which two pairs skate, and a ruling after the closing."""
    skated = [*skated_by(1), *skated_by(2)]
    ended = [closed("OFFICIAL", 9_000, RACE), ruled("skater-2", "DQ", 9_001, race_id=RACE)]
    return [*announced_in_parts(MANY), *skated, *ended]


def written(said: Sequence[Heard], file: Path) -> Path:
    """Write what a race publishes into a file, a message a line."""
    file.write_bytes(b"".join(message.value + b"\n" for message in said))
    return file


def test_a_file_of_it_gives_everybody(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """As if the race had been told in one message, whatever the order and however often."""
    said, race = told_by(story())
    expected = "".join(Whole(in_one_message(front_of(said), race)).pieces("odf"))
    file = written([*said[::-1], *said[::3]], tmp_path / "field.jsonl")

    assert run(["export", RACE, "--format", "odf", "--from", str(file)]) == 0
    assert capsysbinary.readouterr().out.decode() == expected
    assert expected.count("<Result ") == MANY


def test_a_file_that_lacks_some_is_refused(tmp_path: Path) -> None:
    """Nobody takes a part of a result for all of it."""
    said, _ = told_by(list(announced_in_parts(MANY)))
    fewer = [message for message in said if b'"competitor_id":"skater-1' not in message.value]
    file = written(fewer, tmp_path / "field.jsonl")

    with pytest.raises(SlotritError, match=rf"of {RACE} there are the lines of 189 of 300 competitors"):
        in_file(RACE, file)


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """By file, line and field."""
    said, _ = told_by(list(announced_in_parts(3)))
    spoilt = said[1].value.replace(b'"version":', b'"old":')
    file = tmp_path / "field.jsonl"
    file.write_bytes(spoilt)

    with pytest.raises(SlotritError, match=r"field\.jsonl:1: .*version: .*; these are no standings"):
        in_file(RACE, file)


async def test_kafka_gives_everybody(kafka_address: str, tmp_path: Path) -> None:
    """Rows, parts and front from their topic, through a worker."""
    events = story()
    said, race = told_by(events)
    expected = in_one_message(front_of(said), race)
    lines = [Line("story", number, raw(each), "timing", RACE.encode()) for number, each in enumerate(events)]
    async with meeting(kafka_address, tmp_path / "log") as held:
        worker = held.start_worker()
        await held.publish(lines)
        await held.all_done()
        worker.terminate()
        await asyncio.to_thread(worker.wait, 30)

        found = await on_kafka(RACE, held.settings)

    assert "".join(found.pieces("odf")) == "".join(Whole(expected).pieces("odf"))
