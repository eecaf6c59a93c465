"""Keys from a real terminal, in this process."""

import asyncio
import os
import pty
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from streams.watching.terminal import has_keys, pressed_keys


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """Give the two ends of a terminal: where keys are pressed, and where they are read."""
    keyboard, screen = pty.openpty()
    with os.fdopen(screen, encoding="utf-8") as source:
        yield keyboard, source
    os.close(keyboard)


async def test_keys_come_one_by_one(terminal: tuple[int, TextIO]) -> None:
    """Without Enter, and with an arrow that comes in two pieces."""
    keyboard, source = terminal

    with pressed_keys(source) as queue:
        os.write(keyboard, b"j\x1b")
        assert await queue.get() == "j"
        os.write(keyboard, b"[A\n")
        assert [await queue.get(), await queue.get()] == ["up", "enter"]


async def test_esc_alone_comes_after_a_moment(terminal: tuple[int, TextIO]) -> None:
    """Nobody has to press it twice."""
    keyboard, source = terminal

    with pressed_keys(source) as queue:
        os.write(keyboard, b"\x1b")
        async with asyncio.timeout(10):
            assert await queue.get() == "escape"


async def test_the_terminal_is_put_back_whatever_happens(terminal: tuple[int, TextIO]) -> None:
    """After an exception, too, lines are read again and keys are echoed."""
    _, source = terminal
    before = termios.tcgetattr(source)

    def fall() -> None:
        with pressed_keys(source):
            assert not termios.tcgetattr(source)[3] & (termios.ICANON | termios.ECHO)
            raise RuntimeError("thin ice")

    with pytest.raises(RuntimeError, match="thin ice"):
        fall()

    assert termios.tcgetattr(source) == before


async def test_a_terminal_that_goes_is_no_longer_read() -> None:
    """A window that was closed keeps nobody busy, and leaving it is no error."""
    keyboard, screen = pty.openpty()
    with os.fdopen(screen, encoding="utf-8") as source, pressed_keys(source):
        os.close(keyboard)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not asyncio.get_running_loop().remove_reader(screen)


def test_there_are_no_keys_in_a_file_nor_in_somebody_elses_terminal(
    tmp_path: Path, terminal: tuple[int, TextIO]
) -> None:
    """Reading from a terminal in whose foreground we are not would stop us."""
    with (tmp_path / "file").open("w+") as file:
        assert not has_keys(file)
    assert not has_keys(file)
    assert not has_keys(terminal[1])
