"""Replaying files in memory: the steps that the workers run, without a broker."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from streams.errors import SlotritError
from streams.event_files import EventFiles, Line, checked
from streams.processing.messages import REASON_HEADER, Published, Stream
from streams.processing.pipeline import Pipeline

OUTPUTS: tuple[Stream, ...] = (
    "standings",
    "field",
    "podium",
    "pace",
    "records",
    "needs",
    "rankings",
    "dead-letters",
)
"""What is written, each to the file of its name; what the steps only tell each other is not."""


@dataclass(slots=True)
class Summary:
    """What a replay did: events read, messages by output, dead letters, and failures of our own code."""

    events: int = 0
    published: dict[Stream, int] = field(default_factory=dict)
    dead_letters: int = 0
    bugs: int = 0
    tracebacks: list[str] = field(default_factory=list)


def in_replay_order(files: EventFiles) -> Iterator[Line]:
    """Yield reference events first, then timing, as a replay to Kafka publishes them."""
    for stream in ("reference", "timing"):
        yield from (line for line in files if line.stream == stream)


def replay_to_directory(
    paths: Sequence[Path],
    out: Path,
    *,
    openings: bool,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Replay files in memory and write what each output topic would get, one message a line.

    A file appears under its name only once it is complete.

    Args:
        paths: the files, `-` for standard input.
        out: the directory; it is made where it does not exist.
        openings: whether fastest openings are announced like records.
        progress: called with events done and events in all.

    Raises:
        SlotritError: for a file that cannot be read or a line that is no JSON object, before anything is
            written; or where the directory cannot be written to.
    """
    summary = Summary()

    def failed(trace: str) -> None:
        summary.bugs += 1
        summary.tracebacks.append(trace)

    with checked(paths) as files:
        try:
            out.mkdir(parents=True, exist_ok=True)
            with ExitStack() as open_files:
                written = {
                    stream: open_files.enter_context(_partial(out, stream).open("wb")) for stream in OUTPUTS
                }
                pipeline = Pipeline(openings=openings, on_bug=failed)
                for line in in_replay_order(files):
                    for message in pipeline.feed(line.stream, line.key, line.value):
                        _write(written, message, summary)
                    summary.events += 1
                    if progress is not None:
                        progress(summary.events, files.count)
            for stream in OUTPUTS:
                _partial(out, stream).replace(out / f"{stream}.jsonl")
        except OSError as error:
            raise SlotritError(f"{out}: cannot be written to: {error.strerror or error}") from None
    return summary


def _partial(out: Path, stream: Stream) -> Path:
    return out / f"{stream}.jsonl.partial"


def _write(written: Mapping[Stream, BinaryIO], message: Published, summary: Summary) -> None:
    if message.stream not in written:
        return
    summary.published[message.stream] = summary.published.get(message.stream, 0) + 1
    value = message.value
    if message.stream == "dead-letters":
        summary.dead_letters += 1
        value = _dead(message)
    written[message.stream].write(value + b"\n")


def _dead(message: Published) -> bytes:
    """Write a dead letter as `{reason, message}`, the message as it was in the file."""
    reason = next((value for name, value in message.headers if name == REASON_HEADER), b"")
    return b'{"reason":%s,"message":%s}' % (
        json.dumps(reason.decode(), ensure_ascii=False).encode(),
        message.value,
    )
