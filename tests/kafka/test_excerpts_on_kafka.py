"""A real evening, converted and replayed through Kafka, ends with the official results."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.kafka.meeting import Meeting, meeting

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "recordings"
EXCERPTS = Path(__file__).parents[3] / "shared" / "data" / "vantage"
ABSENT = f"the excerpts of a real evening are not in {EXCERPTS}"

Row = tuple[int | None, str, str | None, str | None]


def _convert(recording: Path, out: Path) -> None:
    command = [str(Path(sys.executable).with_name("slotrit")), "convert", "vantage", str(recording)]
    with out.open("wb") as events:
        assert subprocess.run(command, stdout=events, check=False).returncode == 0


async def _last_standings(held: Meeting, recording: Path, out: Path) -> list[dict[str, Any]]:
    """Convert a recording and replay it with the commands, and give the last entries of its one race."""
    await asyncio.to_thread(_convert, recording, out)
    held.start_worker()
    await asyncio.to_thread(held.replay, out)
    await held.all_done()
    found = await held.published()
    assert found["dead-letters"] == []
    last = json.loads(found["standings"][-1].value)
    entries: list[dict[str, Any]] = last["entries"]
    return entries


def _row(entry: dict[str, Any]) -> Row:
    return entry["rank"], entry["competitor"]["name"].split()[-1], entry["time"], entry["thousandth"]


@pytest.mark.skipif(not EXCERPTS.is_dir(), reason=ABSENT)
async def test_the_womens_1000_m(kafka_address: str, tmp_path: Path) -> None:
    """Leerdam, Kachanova, Shikhova; Scholz before Wójcik by thousandths; Vorobyova withdrawn."""
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        entries = await _last_standings(held, EXCERPTS / "w1000.jsonl.gz", tmp_path / "events.jsonl")

    rows = [_row(entry) for entry in entries]
    assert rows[:3] == [
        (1, "Leerdam", "1:13.67", None),
        (2, "Kachanova", "1:13.90", None),
        (3, "Shikhova", "1:14.48", None),
    ]
    assert rows[14:16] == [(15, "Scholz", "1:19.24", "2"), (16, "Wójcik", "1:19.24", "8")]
    assert (entries[-1]["irm"], rows[-1]) == ("WDR", (None, "Vorobyova", None, None))


@pytest.mark.skipif(not EXCERPTS.is_dir(), reason=ABSENT)
async def test_the_mens_team_pursuit(kafka_address: str, tmp_path: Path) -> None:
    """The Netherlands, Russia, Norway; the finish of 0.0 s that led for half a minute never led here."""
    async with meeting(kafka_address, tmp_path / "worker.log") as held:
        entries = await _last_standings(held, EXCERPTS / "mtp.jsonl.gz", tmp_path / "events.jsonl")

    assert [(entry["competitor"]["country"], entry["time"]) for entry in entries[:3]] == [
        ("NED", "3:40.63"),
        ("RUS", "3:42.48"),
        ("NOR", "3:43.39"),
    ]
