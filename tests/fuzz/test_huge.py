"""What is huge, deep or strange: set aside or taken, in bounded time and memory, at every step."""

import json
import subprocess
import sys
import time
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest

from bench.taken import peak_mb
from schemas.standings import Standings
from streams.errors import SlotritError
from streams.event_files import parsed
from streams.processing.messages import LARGEST_PUBLISHED_BYTES, REASON_HEADER
from streams.processing.pipeline import Pipeline
from streams.sources.vantage import Problem, Tally, convert_recording, live, wire
from tests.fuzz.huge import BOOKS, REFUSED, TAKEN
from tests.skating.a_race import RACE, TEN, passing, raw, scheduled, told_raw

SLOWEST_S = 5.0
"""Seconds of processor time for a message, whatever it is: many times what any of them takes."""

MOST_MEMORY_MB = 700
"""What a process may take that has handled all of them, among them 10 MB in one piece, several times over."""


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_set_aside(name: str) -> None:
    """With a short reason, and the race goes on as if nothing had come."""
    value = REFUSED[name]()
    began = time.thread_time()
    out = told_raw(
        (RACE.encode(), each)
        for each in (raw(scheduled("ann bea")), value, raw(passing("ann", 1, 35_000, 2)))
    )
    assert time.thread_time() - began < SLOWEST_S
    (letter,) = out.by_event[1]
    assert letter.stream == "dead-letters"
    assert letter.size <= LARGEST_PUBLISHED_BYTES
    assert letter.value == value[: len(letter.value)]
    assert 0 < len(dict(letter.headers)[REASON_HEADER]) <= 4_000
    assert [message.version for message in out.standings] == [1, 2]


@pytest.mark.parametrize("name", TAKEN)
def test_it_is_taken(name: str) -> None:
    """It is a sound measurement, whatever else there is in it; of a key that comes twice the last counts."""
    value = TAKEN[name]()
    began = time.thread_time()
    out = told_raw((RACE.encode(), each) for each in (raw(scheduled("ann bea")), value))
    assert time.thread_time() - began < SLOWEST_S
    assert out.reasons == []
    assert out.sheet == ["1 ann 35.00", "- bea"]


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_is_set_aside(name: str) -> None:
    """A table, a definition or a listing without end."""
    bugs: list[str] = []
    pipeline = Pipeline(openings=True, on_bug=bugs.append)
    value = BOOKS[name]()
    began = time.thread_time()
    (letter,) = pipeline.feed("reference", b"key", value)
    assert time.thread_time() - began < SLOWEST_S
    assert (letter.stream, letter.value, bugs) == ("dead-letters", value, [])


@pytest.mark.parametrize("key", [b"k" * 3_000_000, b"\xff" * 1_000, b"\x00", b"", "\u202e".encode() * 1_000])
def test_a_key_is_set_aside(key: bytes) -> None:
    """Under whatever key a message comes, it is said what the key must be."""
    out = told_raw([(key, raw(scheduled("ann bea")))])
    (letter,) = out.by_event[0]
    assert letter.size <= LARGEST_PUBLISHED_BYTES
    assert out.reasons[0].startswith("key: must be the race_id")


def test_a_full_start_list_with_names_as_long_as_may_be_is_a_race() -> None:
    """Of 250 with ids and names of 200 characters, all that they may be: standings that a topic takes."""
    lines = [
        {
            "pair": pair,
            "lane": "inner",
            "competitor": {"id": f"{pair}{'金' * 190}", "name": "\x01" * 200, "country": "NED"},
        }
        for pair in range(1, 251)
    ]
    out = told_raw([(RACE.encode(), raw(scheduled() | {"start_list": lines}))])
    assert out.reasons == []
    (value,) = out.values("standings")
    assert len(Standings.model_validate_json(value).entries) == 250


@pytest.mark.parametrize("name", [*REFUSED, *TAKEN])
def test_other_readers_say_what_is_wrong(name: str) -> None:
    """What Vantage sends, in a recording and live, and a line of a file: an error of ours, or none."""
    value = {**REFUSED, **TAKEN}[name]()
    text = value.decode(errors="replace")
    began = time.thread_time()
    assert all(isinstance(each, Problem) for each in convert_recording(StringIO(text), Tally()))
    with pytest.raises(wire.UnreadableError):
        live.hear(live.Live(), text, TEN)
    with suppress(SlotritError):
        parsed(value, "file:1")
    assert time.thread_time() - began < SLOWEST_S


def test_all_of_it_takes_little_memory() -> None:
    """In a process of its own, which may not take more; 6 MB of faults took 3 GB once."""
    program = "import tests.fuzz.test_huge as huge; huge.take_all()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert json.loads(done.stdout) < MOST_MEMORY_MB


def take_all() -> None:
    """Handle everything here in one pipeline, and print what it took at most, in MB."""
    pipeline = Pipeline(openings=True)
    for stream, cases in (("timing", REFUSED), ("timing", TAKEN), ("reference", BOOKS)):
        for make in cases.values():
            for _ in pipeline.feed("timing" if stream == "timing" else "reference", RACE.encode(), make()):
                pass
    print(peak_mb())  # noqa: T201 - for who started it
