"""The demo: a broker, the topics, a worker, a gateway, alerts, a replayed meeting, and live standings."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
import time
import webbrowser
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from streams.broker_connection import connected_admin
from streams.brokers import BrokerError, choose, running
from streams.caught_up import caught_up
from streams.demo.alerts import STATE, alerts_of, all_told, write_rules
from streams.demo.children import Child, child, environment, until_one_ends, until_said
from streams.demo.fixtures import fixture_path
from streams.errors import SlotritError
from streams.event_files import EventFiles, checked
from streams.publishing import Pace, Sent, publish
from streams.settings import Settings
from streams.topic_setup import create_topics, wanted_topics
from streams.watching.live import Watcher, watching
from streams.watching.showing import in_lines, on_screen, say
from streams.watching.words import final_words

WORKER_READY_WITHIN_S = 60.0
GATEWAY_READY_WITHIN_S = 60.0
ALL_READ_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to show, and how.

    `broker` is `auto`, `apache`, `tansu` or HOST:PORT. `stay` goes on until somebody leaves; without, it ends
    when everything has been replayed. `browser` opens the scoreboard.
    """

    broker: str
    fixture: str
    speed: float
    longest_pause_s: float
    stay: bool
    browser: bool


def run_demo(plan: Plan, settings: Settings, console: Console) -> None:
    """Show a replayed meeting live, and leave nothing behind: no process, no folder, no topic.

    On a terminal it is a screen, elsewhere a line for each change; scoreboard, graphics and API are served
    beside it. It cleans up also on Ctrl-C and SIGTERM.

    Args:
        plan: what to show.
        settings: of these the broker, how to log in to it, and the partitions.
        console: where to.

    Raises:
        SlotritError: where a broker cannot be had, or a process fails; then the end of its log has been
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
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slotrit-demo-")))
        say(console, "Starting a worker, a gateway and the alerts.")
        staff = await _staff(settings, folder, stack)
        for line in addresses(staff.url):
            say(console, line)
        if plan.browser:
            webbrowser.open(staff.url)
        async with watching(settings) as watcher:
            left = await _show(plan, settings, console, files, watcher, staff)
        for race in watcher.state.races.values():
            if race.standings is not None:
                for line in final_words(race.standings):
                    say(console, line)
        for line in alerts_of(staff.folder):
            say(console, line)
        if not left:
            say(console, f"{files.count} events replayed in {time.monotonic() - began:.0f} s.")


@dataclass(frozen=True, slots=True)
class Staff:
    """The processes of the demo, the gateway's address, and the folder of their files."""

    children: tuple[Child, ...]
    url: str
    folder: Path


async def _staff(settings: Settings, folder: Path, stack: AsyncExitStack) -> Staff:
    """Start a worker, a gateway and the alerts, and wait until the gateway listens."""
    variables = environment(settings)
    port = str(settings.gateway_port if _is_free(settings.gateway_port) else 0)
    rules = ["--rules", str(write_rules(folder)), "--state", str(folder / STATE)]
    told = (
        ("worker", ["worker"]),
        ("gateway", ["serve", "--host", "127.0.0.1", "--port", port]),
        ("alerts", ["alert", "--from-beginning", *rules]),
    )
    children = tuple(
        [
            await stack.enter_async_context(child(name, variables, folder, arguments))
            for name, arguments in told
        ]
    )
    url = await until_said(children[1], r"^Serving at (http://\S+)$", GATEWAY_READY_WITHIN_S)
    return Staff(children, url, folder)


def _is_free(port: int) -> bool:
    """Say whether a port can be listened on; the usual one makes an address that can be kept."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def addresses(url: str) -> list[str]:
    """Say where everything is."""
    return [
        f"Scoreboard  {url}/",
        f"Graphics    {url}/overlay/standings  {url}/overlay/pair  {url}/overlay/record",
        f"API         {url}/docs  {url}/api/stream",
    ]


def has_display() -> bool:
    """Say whether a browser would open in a window, and not in this terminal."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


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
        changed |= {"replication": 1, "security_protocol": "PLAINTEXT", "fenced": choice.kind == "apache"}
    settings = settings.model_copy(update=changed)
    if choice.kind == "yours":
        stack.push_async_callback(_remove_topics, settings)
    return settings


async def _show(
    plan: Plan, settings: Settings, console: Console, files: EventFiles, watcher: Watcher, staff: Staff
) -> bool:
    """Replay and watch at the same time, until it is over or a process fails.

    Returns:
        Whether the viewer left before everything had been replayed.
    """
    replayed, over = asyncio.Event(), asyncio.Event()

    def note() -> str:
        return f"{staff.url}  {'everything is replayed' if replayed.is_set() else ''}".rstrip()

    async with asyncio.TaskGroup() as group:
        showing = group.create_task(
            on_screen(watcher, console, over, note=note)
            if console.is_terminal
            else in_lines(watcher, console, over)
        )
        others = [
            group.create_task(until_one_ends(staff.children)),
            group.create_task(_replay(plan, settings, files, watcher, staff, replayed, over)),
        ]
        # When nobody looks any more, be it that everything was seen, nothing is to go on.
        showing.add_done_callback(lambda _: [other.cancel() for other in others])
    return not replayed.is_set()


async def _replay(
    plan: Plan,
    settings: Settings,
    files: EventFiles,
    watcher: Watcher,
    staff: Staff,
    replayed: asyncio.Event,
    over: asyncio.Event,
) -> None:
    """Publish everything, and tell once all of it was seen; then it is over, unless it is to stay."""
    pace = Pace(plan.speed, plan.longest_pause_s, WORKER_READY_WITHIN_S)
    await publish(files, settings, pace, Sent())
    if not await caught_up(settings, ("timing", "reference"), ALL_READ_WITHIN_S):
        raise SlotritError(f"the worker has not read everything after {ALL_READ_WITHIN_S:g} s")
    await caught_up(settings, ("performances",), ALL_READ_WITHIN_S)
    await watcher.until_read()
    await all_told(settings, staff.folder, ALL_READ_WITHIN_S)
    replayed.set()
    if not plan.stay:
        over.set()


async def _remove_topics(settings: Settings) -> None:
    """Take the topics of this demo off a broker that goes on without it."""
    try:
        async with connected_admin(settings.model_copy(update={"broker_timeout_s": 5.0})) as admin:
            await admin.delete_topics(list(wanted_topics(settings)))
    except SlotritError as error:
        sys.stderr.write(f"slotrit: the topics {settings.topic_prefix}* could not be deleted: {error}\n")
