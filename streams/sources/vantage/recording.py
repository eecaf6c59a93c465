"""Read a recording line by line, and count what becomes of it."""

import gzip
import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple, TextIO

from streams.sources.vantage import wire
from streams.sources.vantage.copies import SENT_AGAIN, Copies, compared, fingerprint
from streams.sources.vantage.fold import step
from streams.sources.vantage.state import RaceKey, State, key_of


class Converted(NamedTuple):
    """An event of the contract as one line of JSON, without the line's end."""

    json: str


class Problem(NamedTuple):
    """Something in the recording that could not be converted."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(slots=True)
class Tally:
    """What became of a recording.

    Of the events `read` (lines that are not empty), `used` led to events of the contract, and each other one
    is in `dropped` by its reason. `converted` counts the events of the contract by type; `problems` what was
    complained of.
    """

    read: int = 0
    used: int = 0
    problems: int = 0
    converted: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        """Write the tally for a reader: totals, then what was converted and dropped, the most first."""
        total = sum(self.converted.values())
        yield f"read {self.read} events, {self.used} of them led to {total} events; {self.problems} problems"
        for name, count in sorted(self.converted.items(), key=lambda item: (-item[1], item[0])):
            yield f"  converted {count:6} {name}"
        for reason, count in sorted(self.dropped.items(), key=lambda item: (-item[1], item[0])):
            yield f"  dropped   {count:6} {reason}"


def foreseen(source: Path | TextIO) -> State:
    """Look through a whole recording for the heats to come, so that start lists are complete from the first.

    Args:
        source: A file or a stream of text, which is read twice then; so not standard input.

    Returns:
        What `convert_recording` is to begin with.

    Raises:
        OSError: The file cannot be opened.
    """
    races: dict[RaceKey, dict[int, wire.HeatActivated]] = {}
    with _opened(source) as (name, lines):
        for _, line in _numbered(lines, name, Tally()):
            if isinstance(line, Problem) or "HeatActivatedEvent" not in line:
                continue
            with suppress(wire.UnreadableError):
                event = wire.read(line)
                if isinstance(event, wire.HeatActivated):
                    races.setdefault(key_of(event), {})[event.heat.number] = event
    return State(foreseen=races)


def convert_recording(
    source: Path | TextIO, tally: Tally, state: State | None = None
) -> Iterator[Converted | Problem]:
    """Convert a recording, holding no more of it than one line.

    Args:
        source: A file, compressed if it ends in `.gz`; `-` is standard input. Or a stream of text.
        tally: Counts along; it is complete when the iterator ends.
        state: What is known before the first line: nothing, or what `foreseen` has found.

    Yields:
        Contract events in the order in which they are to be sent (timing and reference events mixed), and
        problems with file and line. A recording that breaks off, within a line or within the compressed
        file, is converted up to there, and that is a problem.

    Raises:
        OSError: The file cannot be opened.
    """
    with _opened(source) as (name, lines):
        state, copies = state or State(), Copies()
        for number, line in _numbered(lines, name, tally):
            if isinstance(line, Problem):
                yield line
                continue
            if not line.strip():
                continue
            tally.read += 1
            try:
                event = wire.read(line)
            except wire.UnreadableError as error:
                tally.problems += 1
                tally.dropped[_kind(error)] += 1
                yield Problem(name, number, str(error))
                continue
            if isinstance(event, str):
                tally.dropped[event] += 1
                continue
            copies, is_copy = compared(copies, event, fingerprint(json.loads(line)))
            if is_copy:
                tally.dropped[SENT_AGAIN] += 1
                continue
            done = step(state, event)
            state = done.state
            tally.used += bool(done.events)
            if not done.events:
                tally.dropped[done.why] += 1
            for said in done.events:
                tally.converted[said.type] += 1
                yield Converted(said.model_dump_json())
            tally.problems += len(done.problems)
            yield from (Problem(name, number, reason) for reason in done.problems)


def _kind(error: wire.UnreadableError) -> str:
    return "an event type never seen" if isinstance(error, wire.UnknownTypeError) else "unreadable"


@contextmanager
def _opened(source: Path | TextIO) -> Iterator[tuple[str, Iterable[str]]]:
    if not isinstance(source, Path):
        yield getattr(source, "name", "stream"), source
    elif str(source) == "-":
        lines = TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
        try:
            yield "<stdin>", lines
        finally:
            lines.detach()
    elif source.suffix == ".gz":
        with gzip.open(source, "rt", encoding="utf-8", errors="replace") as lines:
            yield str(source), lines
    else:
        with source.open(encoding="utf-8", errors="replace") as lines:
            yield str(source), lines


def _numbered(lines: Iterable[str], name: str, tally: Tally) -> Iterator[tuple[int, str | Problem]]:
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            yield number, line
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        tally.problems += 1
        yield number, Problem(name, number + 1, f"the compressed file breaks off here ({error})")
