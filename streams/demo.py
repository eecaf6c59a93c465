"""Everything at once on this machine: a broker, the topics, a worker, a replayed meeting, live standings."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rich.console import Console

import streams
from streams.broker_connection import connected_admin
from streams.brokers import BrokerError, choose, running
from streams.brokers.process import exited, last_lines, spawn, stop
from streams.caught_up import caught_up
from streams.errors import SlotritError
from streams.event_files import EventFiles, checked
from streams.publishing import Pace, Sent, publish
from streams.settings import ENV_PREFIX, Settings
from streams.topic_setup import create_topics, wanted_topics
from streams.watching.live import Watcher, watching
from streams.watching.showing import in_lines, on_screen, say
from streams.watching.words import final_words

WORKER_READY_WITHIN_S = 60.0
ALL_READ_WITHIN_S = 60.0
LAST_LOOK_S = 5.0
"""How long the final standings stay on the screen before it is left."""
WORKER_CHECK_S = 600.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to show: which broker (`auto`, `apache`, `tansu` or HOST:PORT), which fixture, and how fast."""

    broker: str
    fixture: str
    speed: float
    longest_pause_s: float


def fixture_path(name: str) -> Path:
    """Find a fixture by its name, in a checkout or in an installed wheel; or take a file as it is.

    Raises:
        SlotritError: where there is none; the message names those that there are.
    """
    package = Path(streams.__file__).parent
    folders = [folder for folder in (package.parent / "fixtures", package / "fixtures") if folder.is_dir()]
    for folder in folders:
        if (folder / f"{name}.jsonl").is_file():
            return folder / f"{name}.jsonl"
    if Path(name).is_file():
        return Path(name)
    there = sorted({file.stem for folder in folders for file in folder.glob("*.jsonl")})
    raise SlotritError(f"--fixture: there is no {name}; there are {', '.join(there)}")


def run_demo(plan: Plan, settings: Settings, console: Console) -> None:
    """Show a replayed meeting live, and leave nothing behind: no process, no folder, no topic.

    On a terminal it is a screen, elsewhere a line for each change. It ends when the fixture has been
    replayed and its last standings were seen, and cleans up also on Ctrl-C and SIGTERM.

    Args:
        plan: what to show.
        settings: of these the broker, how to log in to it, and the partitions.
        console: where to.

    Raises:
        SlotritError: where a broker cannot be had, or the worker fails; then the end of its log has been
            written to standard error.
        KeyboardInterrupt: on Ctrl-C and on SIGTERM, after cleaning up.
    """
    with checked([fixture_path(plan.fixture)]) as files:
        try:
            completed = asyncio.run(_interruptible(plan, settings, console, files))
        except BrokerError as error:
            for note in getattr(error, "__notes__", ()):
                sys.stderr.write(f"{note}\n")
            raise SlotritError(str(error)) from None
    if not completed:
        raise KeyboardInterrupt


async def _interruptible(plan: Plan, settings: Settings, console: Console, files: EventFiles) -> bool:
    """Treat SIGTERM and a closed terminal as Ctrl-C: cancel, so that everything is cleaned up on the way out.

    Returns:
        Whether the demo came to its end.
    """
    task = asyncio.ensure_future(_demo(plan, settings, console, files))
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return False
    except BaseExceptionGroup as group:
        raise _first(group) from None
    return True


def _first(error: BaseException) -> BaseException:
    """Give what went wrong first where several tasks failed together."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def _demo(plan: Plan, settings: Settings, console: Console, files: EventFiles) -> None:
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        settings = await _with_broker(plan, settings, console, stack)
        await create_topics(settings)
        say(console, "Starting a worker.")
        worker = await stack.enter_async_context(_worker(settings))
        async with watching(settings) as watcher:
            left = await _show(plan, settings, console, files, watcher, worker)
        for race in watcher.state.races.values():
            if race.standings is not None:
                for line in final_words(race.standings):
                    say(console, line)
        if not left:
            say(console, f"{files.count} events replayed in {time.monotonic() - began:.0f} s.")


async def _with_broker(plan: Plan, settings: Settings, console: Console, stack: AsyncExitStack) -> Settings:
    """Choose a broker, start it where wanted, and give settings for topics that only this demo has."""
    configured = ",".join(settings.brokers) if settings.brokers else None
    choice = await asyncio.to_thread(choose, configured, plan.broker)
    say(console, choice.reason)
    address = choice.address
    if choice.kind != "yours":
        broker = await stack.enter_async_context(running(choice.kind, say=lambda line: say(console, line)))
        address = broker.address
    name = f"slotrit-demo-{uuid4().hex[:8]}"
    changed: dict[str, object] = {
        "brokers": tuple((address or "").split(",")),
        "topic_prefix": f"{name}.",
        "app_id": name,
    }
    if choice.kind != "yours":
        changed |= {"replication": 1, "security_protocol": "PLAINTEXT"}
    settings = settings.model_copy(update=changed)
    if choice.kind == "yours":
        stack.push_async_callback(_remove_topics, settings)
    return settings


@dataclass(frozen=True, slots=True)
class Worker:
    """The worker's process, and the file that it logs to."""

    process: subprocess.Popen[bytes]
    log: Path


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncIterator[Worker]:
    """Run `slotrit worker` in a process of its own for the length of a block."""
    told = {
        "BROKERS": ",".join(settings.brokers or ()),
        "TOPIC_PREFIX": settings.topic_prefix,
        "APP_ID": settings.app_id,
        "SECURITY_PROTOCOL": settings.security_protocol,
        "LOG_FORMAT": "json",
    }
    variables = [f"{ENV_PREFIX}{name}={value}" for name, value in told.items()]
    home = str(Path(streams.__file__).parents[1])
    variables.append(f"PYTHONPATH={os.pathsep.join(filter(None, [home, os.environ.get('PYTHONPATH')]))}")
    with tempfile.TemporaryDirectory(prefix="slotrit-demo-") as folder:
        log = Path(folder) / "worker.log"
        env = shutil.which("env") or "/usr/bin/env"
        process = spawn([env, *variables, sys.executable, "-m", "streams.cli", "worker"], log)
        try:
            yield Worker(process, log)
        finally:
            await stop(process)


async def _show(
    plan: Plan,
    settings: Settings,
    console: Console,
    files: EventFiles,
    watcher: Watcher,
    worker: Worker,
) -> bool:
    """Replay and watch at the same time, until the last standings were seen or the worker fails.

    Returns:
        Whether the viewer left before, by the key for it.
    """
    seen = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        show = on_screen if console.is_terminal else in_lines
        showing = group.create_task(show(watcher, console, seen))
        others = [
            group.create_task(until_worker_ends(worker)),
            group.create_task(_replay(plan, settings, console, files, watcher, seen)),
        ]
        # When nobody looks any more, be it that the last standings were seen, nothing is to go on.
        showing.add_done_callback(lambda _: [other.cancel() for other in others])
    return not seen.is_set()


async def _replay(
    plan: Plan, settings: Settings, console: Console, files: EventFiles, watcher: Watcher, seen: asyncio.Event
) -> None:
    """Publish everything, and tell once the last standings were seen."""
    pace = Pace(plan.speed, plan.longest_pause_s, WORKER_READY_WITHIN_S)
    await publish(files, settings, pace, Sent())
    if not await caught_up(settings, ("timing", "reference"), ALL_READ_WITHIN_S):
        raise SlotritError(f"the worker has not read everything after {ALL_READ_WITHIN_S:g} s")
    await caught_up(settings, ("performances",), ALL_READ_WITHIN_S)
    await watcher.until_read()
    if console.is_terminal:
        await asyncio.sleep(LAST_LOOK_S)
    seen.set()


async def until_worker_ends(worker: Worker) -> None:
    """Wait until the worker ends by itself, which it never should, and fail.

    Raises:
        SlotritError: when it has; the end of its log has been written to standard error.
    """
    code = None
    while code is None:
        code = await exited(worker.process, WORKER_CHECK_S)
    sys.stderr.writelines(f"{line}\n" for line in last_lines(worker.log))
    raise SlotritError(f"the worker ended with code {code}; the end of its log is above")


async def _remove_topics(settings: Settings) -> None:
    """Take the topics of this demo off a broker that goes on without it."""
    try:
        async with connected_admin(settings.model_copy(update={"broker_timeout_s": 5.0})) as admin:
            await admin.delete_topics(list(wanted_topics(settings)))
    except SlotritError as error:
        sys.stderr.write(f"slotrit: the topics {settings.topic_prefix}* could not be deleted: {error}\n")
