"""The processes of a demo: our own commands, each with a log, stopped with the demo."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import streams
from streams.brokers.process import exited, last_lines, spawn, stop
from streams.errors import SlotritError
from streams.settings import ENV_PREFIX, Settings

CHECK_S = 600.0
READ_LOG_S = 0.05


@dataclass(frozen=True, slots=True)
class Child:
    """A process of ours, what it is called to people, and the file that it writes to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def environment(settings: Settings) -> dict[str, str]:
    """Give the variables that make our commands read the topics of a demo, and find our code."""
    told = {
        "BROKERS": ",".join(settings.brokers or ()),
        "TOPIC_PREFIX": settings.topic_prefix,
        "APP_ID": settings.app_id,
        "SECURITY_PROTOCOL": settings.security_protocol,
        "FENCED": str(settings.fenced).lower(),
        "LOG_FORMAT": "json",
    }
    home = str(Path(streams.__file__).parents[1])
    path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
    return {f"{ENV_PREFIX}{name}": value for name, value in told.items()} | {
        "PYTHONPATH": path,
        "PYTHONUNBUFFERED": "1",
    }


@asynccontextmanager
async def child(
    name: str, variables: Mapping[str, str], folder: Path, arguments: Sequence[str]
) -> AsyncIterator[Child]:
    """Run a subcommand of ours for the length of a block.

    Args:
        name: what it is called to people, and its log in the folder.
        variables: what it is told by its environment.
        folder: where it logs.
        arguments: the subcommand, and what it is given.
    """
    log = folder / f"{name}.log"
    env = shutil.which("env") or "/usr/bin/env"
    told = [f"{variable}={value}" for variable, value in variables.items()]
    process = spawn([env, *told, sys.executable, "-m", "streams.cli", *arguments], log)
    try:
        yield Child(name, process, log)
    finally:
        await stop(process)


async def until_one_ends(children: Sequence[Child]) -> None:
    """Wait until one of them ends by itself, which none ever should, and fail.

    Raises:
        SlotritError: when one has; the end of its log has been written to standard error.
    """
    waiting = {asyncio.ensure_future(_until_ended(one)): one for one in children}
    try:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    ended = next(iter(done))
    one = waiting[ended]
    sys.stderr.writelines(f"{line}\n" for line in last_lines(one.log))
    raise SlotritError(f"the {one.name} ended with code {ended.result()}; the end of its log is above")


async def _until_ended(one: Child) -> int:
    code = None
    while code is None:
        code = await exited(one.process, CHECK_S)
    return code


async def until_said(one: Child, pattern: str, within_s: float) -> str:
    """Wait until a process has written a line, and give what the pattern's first group found in it.

    Raises:
        SlotritError: where it ends, or has not written one in time; the end of its log has been written to
            standard error.
    """
    wanted = re.compile(pattern, re.MULTILINE)
    deadline = asyncio.get_running_loop().time() + within_s
    while True:
        found = wanted.search(one.log.read_text(encoding="utf-8", errors="replace"))
        if found is not None:
            return found[1]
        if one.process.poll() is not None or asyncio.get_running_loop().time() > deadline:
            sys.stderr.writelines(f"{line}\n" for line in last_lines(one.log))
            raise SlotritError(f"the {one.name} did not start; the end of its log is above")
        await asyncio.sleep(READ_LOG_S)
