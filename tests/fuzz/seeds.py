"""What fuzzing begins with: the lines of our own fixtures and recording, made into a target's inputs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.fuzz.decoding import FIXTURES, WAYS, known

_RECORDING = Path(__file__).parents[2] / "fixtures" / "recordings" / "vantage-synthetic.jsonl"
_PIECES = ((12, 12), (6, 4))
"""How many lines of the recording a piece of it has, and how far apart such pieces begin."""

_REFERENCE = (b'"type":"record.', b'"type":"points_table.', b'"type":"ranking.')


def for_decoding() -> Iterator[bytes]:
    """Give a line of each kind and length of the fixtures, and what the steps tell each other of them."""
    lines = [line for path in FIXTURES for line in path.read_bytes().splitlines() if line.startswith(b"{")]
    for line in _various(lines):
        is_reference = any(name in line.replace(b" ", b"") for name in _REFERENCE)
        yield bytes([WAYS.index("reference" if is_reference else "timing")]) + line
    for stream, told in known().between.items():
        yield from (bytes([WAYS.index(stream)]) + value for value in _various(told))
    for line in _RECORDING.read_bytes().splitlines():
        yield bytes([WAYS.index("vantage")]) + line


def _various(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give one line of each type and length."""
    seen = set()
    for line in lines:
        kind = line.replace(b" ", b"").partition(b'"type":"')[2].partition(b'"')[0]
        if (kind, len(line) // 64) not in seen:
            seen.add((kind, len(line) // 64))
            yield line


def for_folding() -> Iterator[bytes]:
    """Give some bytes of which every choice is made somewhere."""
    for start in range(16):
        yield bytes((start * 16 + number * 37) % 256 for number in range(192))


def for_converting() -> Iterator[bytes]:
    """Give pieces of the recording as they are, after its first lines, and some choices."""
    lines = _RECORDING.read_bytes().splitlines()
    for length, step in _PIECES:
        for first in range(0, len(lines), step):
            yield b"\x01" + b"\n".join((*lines[:3], *lines[first : first + length]))
    for start in range(16):
        yield bytes(((start * 16 + number * 37) % 256) & ~1 if number == 0 else (start + number * 37) % 256
                    for number in range(96))  # fmt: skip
