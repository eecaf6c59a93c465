"""Child processes: started on a leash, waited for without blocking the event loop, always stopped."""

import asyncio
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from streams.brokers.failure import BrokerError

LEASH = Path(__file__).with_name("leash.py")
POLL_S = 0.02
STOP_WITHIN_S = 10.0


def spawn(command: Sequence[str], output: Path) -> subprocess.Popen[bytes]:
    """Start a command that dies with this process, its output appended to a file.

    To be called from the thread that runs the event loop (leash.py says why). The command gets a session of
    its own, so that Ctrl-C in a terminal reaches only this process, which then stops its children in order.

    Args:
        command: The program with its full path, and its arguments.
        output: Where standard output and standard error go.

    Raises:
        BrokerError: The program cannot be started.
    """
    leashed = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *command]
    try:
        with output.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - the command is ours
                leashed, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
    except OSError as error:
        raise BrokerError(f"{command[0]}: cannot be started: {error.strerror}") from error


async def exited(process: subprocess.Popen[bytes], within_s: float) -> int | None:
    """Wait for a process to end.

    Returns:
        Its return code, negative for a signal; None if it still runs after `within_s` seconds.
    """
    deadline = time.monotonic() + within_s
    # Nothing portable tells an event loop of any thread that a child ended, so it is asked.
    while (code := process.poll()) is None and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(POLL_S)
    return code


async def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process: SIGTERM, and SIGKILL when it has not gone after 10 s or when the wait is cancelled."""
    try:
        process.terminate()
        await exited(process, STOP_WITHIN_S)
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process at once with SIGKILL, and reap it; does nothing where it is gone already."""
    process.kill()
    process.wait()


async def completed(command: Sequence[str], output: Path, within_s: float) -> int | None:
    """Run a command to its end; it is killed when it takes longer than `within_s` seconds or on cancellation.

    Returns:
        Its return code, or None if it had to be killed.

    Raises:
        BrokerError: The program cannot be started.
    """
    process = spawn(command, output)
    try:
        return await exited(process, within_s)
    finally:
        kill(process)


def last_lines(log: Path, count: int = 20) -> tuple[str, ...]:
    """Read the last lines of a log; empty where there is none yet."""
    try:
        with log.open(encoding="utf-8", errors="replace") as lines:
            return tuple(line.rstrip() for line in deque(lines, maxlen=count))
    except FileNotFoundError:
        return ()
