"""Sinks on this machine: a file of JSON lines, and the terminal."""

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import TextIO

from streams.alerts.answers import DELIVERED, Answer, refused
from streams.alerts.outbox import Parcel
from streams.alerts.sinks import Send
from streams.alerts.sinks.lines import readable


def file(path: Path) -> Send:
    """Make a sink of a file: a line of JSON for each word, safe on the disk before it counts as delivered."""

    async def send(parcel: Parcel) -> Answer:
        try:
            await asyncio.to_thread(_append, path, parcel.body)
        except OSError as error:
            return refused(f"cannot be written to: {error.strerror or error}")
        return DELIVERED

    return send


def _append(path: Path, line: bytes) -> None:
    """Append a whole line or nothing; one that somebody else left unfinished is ended first."""
    with path.open("ab+", buffering=0) as out:
        end = out.seek(0, os.SEEK_END)
        begun = b""
        if end > 0:
            out.seek(end - 1)
            begun = b"" if out.read(1) == b"\n" else b"\n"
        whole = memoryview(begun + line + b"\n")
        try:
            while whole:
                whole = whole[out.write(whole) :]
            os.fsync(out.fileno())
        except OSError:
            out.truncate(end)
            raise


def terminal(out: TextIO) -> Send:
    """Make a sink of standard output: two readable lines for each word.

    A reader that has gone away raises BrokenPipeError: there is nobody left to run for.
    """

    async def send(parcel: Parcel) -> Answer:
        # Written at once: a later failure must not be taken for that of another word.
        out.write("".join(f"{line}\n" for line in readable(parcel.body, datetime.now().astimezone())))
        out.flush()
        return DELIVERED

    return send
