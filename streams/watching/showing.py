"""Showing what is watched: on a screen with keys, or as plain lines."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live

from streams.errors import SlotritError
from streams.settings import Settings
from streams.watching.live import Watcher, watching
from streams.watching.picker import Picker, pressed
from streams.watching.screen import Screen, sight
from streams.watching.terminal import SUSPEND, has_keys, pressed_keys
from streams.watching.words import final_words, plain_lines


def run_watch(
    settings: Settings, console: Console, *, race_id: str | None = None, once: bool = False
) -> None:
    """Do what `watch` does, from outside of an event loop.

    Raises:
        KeyboardInterrupt: on Ctrl-C, and on SIGTERM or a closed terminal where there was a screen.
    """
    try:
        asyncio.run(watch(settings, console, race_id=race_id, once=once))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def watch(
    settings: Settings, console: Console, *, race_id: str | None = None, once: bool = False
) -> None:
    """Show live standings until interrupted: a screen on a terminal, else a line for each change.

    Args:
        settings: where the broker is.
        console: where to.
        race_id: only this race; all where None.
        once: show the races as they stand, and end.

    Raises:
        SlotritError: where the broker does not answer or has not the topics, and with `once` where there
            are no standings.
    """
    async with watching(settings, race_id) as watcher:
        while not watcher.caught_up:
            await watcher.poll()
        races = [race.standings for race in watcher.state.races.values() if race.standings is not None]
        if once or not console.is_terminal:
            if once and not races:
                raise SlotritError(f"there are no standings of {race_id or 'any race'} yet")
            for standings in races:
                for line in final_words(standings):
                    say(console, line)
        if once:
            return
        if console.is_terminal:
            showing = asyncio.ensure_future(on_screen(watcher, console))
            with _cancelled_by_signals(showing):
                await showing
        else:
            await in_lines(watcher, console)


@contextmanager
def _cancelled_by_signals(showing: asyncio.Future[bool]) -> Iterator[None]:
    """Cancel it on SIGTERM and when the terminal is closed, so that that is put back on the way out."""
    loop, numbers = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, showing.cancel)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def on_screen(
    watcher: Watcher,
    console: Console,
    until: asyncio.Event | None = None,
    *,
    note: Callable[[], str] = lambda: "",
) -> bool:
    """Keep the terminal showing the races, until an event is set or for ever; then leave it as it was.

    Where standard input is a terminal too, keys choose the race that is large (see `picker.py`). `note` gives
    a line above everything, none where it is empty.

    Returns:
        Whether the viewer has left, by the key for it.
    """
    picker = Picker() if has_keys(sys.stdin) else None
    while True:
        picker, suspended = await _shown(watcher, console, until, picker, note)
        if not suspended:
            return picker is not None and picker.left
        # Stopped as Ctrl-Z would have done, but with the terminal put back; here we go on when continued.
        signal.raise_signal(signal.SIGTSTP)


async def _shown(
    watcher: Watcher,
    console: Console,
    until: asyncio.Event | None,
    picker: Picker | None,
    note: Callable[[], str],
) -> tuple[Picker | None, bool]:
    """Show the races until it is time to end or the viewer leaves or suspends us.

    Returns:
        The viewer's choices, and whether we are to be suspended.
    """
    with Live(console=console, screen=True, auto_refresh=False) as live, _keys(picker) as queue:
        reading = asyncio.ensure_future(watcher.poll())
        key = asyncio.ensure_future(queue.get())
        try:
            while True:
                now = time.monotonic()
                above = note()
                live.update(
                    Screen(watcher.state, now, cut_off=watcher.cut_off, picker=picker, note=above),
                    refresh=True,
                )
                # What was read before the end is still to be seen.
                if until is not None and until.is_set():
                    break
                await asyncio.wait({reading, key}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done():
                    reading.result()
                    reading = asyncio.ensure_future(watcher.poll())
                if key.done() and picker is not None:
                    if key.result() == SUSPEND:
                        return picker, True
                    height = console.size.height - watcher.cut_off - bool(above)
                    picker = pressed(picker, key.result(), sight(watcher.state, picker, height))
                    if picker.left:
                        break
                    key = asyncio.ensure_future(queue.get())
        finally:
            reading.cancel()
            key.cancel()
    return picker, False


@contextmanager
def _keys(picker: Picker | None) -> Iterator[asyncio.Queue[str]]:
    """Read keys where somebody can press some."""
    if picker is None:
        yield asyncio.Queue()
    else:
        with pressed_keys(sys.stdin) as queue:
            yield queue


async def in_lines(watcher: Watcher, console: Console, until: asyncio.Event | None = None) -> None:
    """Write a line for each change, until an event is set or for ever; on standard error who is missing."""
    cut_off = False
    while until is None or not until.is_set():
        for before, message in await watcher.poll():
            for line in plain_lines(before, message):
                say(console, line)
        if cut_off != watcher.cut_off:
            cut_off = watcher.cut_off
            told = "does not answer, waiting for it" if cut_off else "answers again"
            sys.stderr.write(f"slotrit: the broker {told}\n")


def say(console: Console, line: str) -> None:
    """Write a line as it is: no wrapping, no markup, no colours of a highlighter."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)
