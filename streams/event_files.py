"""Reading files of contract events: checked as a whole before the first line is used."""

import codecs
import gzip
import shutil
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal, cast

from pydantic import ValidationError
from pydantic_core import from_json

from schemas.reference import REFERENCE, reference_key
from streams.errors import SlotritError

STANDARD_INPUT = Path("-")
GZIP_MAGIC = b"\x1f\x8b"
REFERENCE_FAMILIES = ("record.", "points_table.", "ranking.")
"""What a `type` begins with that goes to `skating.reference`; everything else is timing, also the unknown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One JSON object of a file, and the input topic it goes to.

    `number` counts from 1. `value` is the line as it was, without surrounding white space. `key` is None
    for a timing event without a `race_id`.
    """

    file: str
    number: int
    value: bytes
    stream: Literal["timing", "reference"]
    key: bytes | None

    @property
    def place(self) -> str:
        """Where the line stood, `FILE:NUMBER`."""
        return f"{self.file}:{self.number}"


@dataclass(frozen=True, slots=True)
class EventFiles:
    """Checked files, which can be read as often as needed, in the order of the command line.

    Files are read as streams and never held in memory. `files` has each one's name for people and the path
    to read, `count` is the number of events in all of them.
    """

    files: tuple[tuple[str, Path], ...]
    count: int

    def __iter__(self) -> Iterator[Line]:
        """Yield every line that is not empty and no comment."""
        for name, path in self.files:
            yield from _lines(name, path)


@contextmanager
def checked(paths: Sequence[Path]) -> Iterator[EventFiles]:
    """Check files as a whole and keep them readable for the length of a block.

    What can be read only once, standard input and named pipes, is copied to a temporary file, which is gone
    after the block.

    Raises:
        SlotritError: for a file that cannot be read (missing, a directory, gzip that was cut off) or a line
            that is no JSON object, as `FILE:LINE: REASON`.
    """
    with ExitStack() as copies:
        files = tuple((_shown(path), _readable(path, copies)) for path in paths)
        yield EventFiles(files, sum(1 for name, path in files for _ in _lines(name, path)))


def _readable(path: Path, copies: ExitStack) -> Path:
    """Give a path that can be opened more than once."""
    name = _shown(path)
    try:
        if path == STANDARD_INPUT:
            return _copied(sys.stdin.buffer, copies)
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SlotritError(f"{name}: is a directory; name the files in it")
        if stat.S_ISREG(mode):
            return path
        with path.open("rb") as pipe:
            return _copied(pipe, copies)
    except OSError as error:
        raise SlotritError(f"{name}: cannot be read: {error.strerror or error}") from None


def _copied(source: BinaryIO, copies: ExitStack) -> Path:
    copy = Path(copies.enter_context(tempfile.TemporaryDirectory(prefix="slotrit-"))) / "input"
    with copy.open("wb") as file:
        shutil.copyfileobj(source, file)
    return copy


def read_events(paths: Sequence[Path]) -> Iterator[Line]:
    """Check files as a whole, then yield their lines; `-` is standard input.

    `.jsonl`, and gzip whatever it is called. Empty lines and lines that begin with `#` are skipped. A
    duplicate key counts the last time it stands there, as it does for the workers; NaN and Infinity are no
    JSON.

    Raises:
        SlotritError: before the first line is yielded, as `checked` does.
    """
    with checked(paths) as files:
        yield from files


def _shown(path: Path) -> str:
    return "standard input" if path == STANDARD_INPUT else str(path)


def _lines(name: str, path: Path) -> Iterator[Line]:
    number = 0
    try:
        with _opened(path) as file:
            for number, raw in enumerate(file, start=1):
                value = (raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw).strip()
                if value and not value.startswith(b"#"):
                    yield _line(name, number, value)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SlotritError(f"{name}:{number + 1}: the gzip data is damaged or cut off: {error}") from None
    except OSError as error:
        raise SlotritError(f"{name}: cannot be read: {error.strerror or error}") from None


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        compressed = file.read(2) == GZIP_MAGIC
    return cast("BinaryIO", gzip.open(path, "rb") if compressed else path.open("rb"))


def _line(name: str, number: int, value: bytes) -> Line:
    event = parsed(value, f"{name}:{number}")
    kind = event.get("type")
    if isinstance(kind, str) and kind.startswith(REFERENCE_FAMILIES):
        return Line(name, number, value, "reference", _reference_key(value))
    race_id = event.get("race_id")
    key = race_id.encode() if isinstance(race_id, str) and race_id else None
    return Line(name, number, value, "timing", key)


def parsed(value: bytes, place: str) -> dict[str, object]:
    """Parse a line that must be a JSON object.

    Raises:
        SlotritError: where it is none, as `PLACE: REASON`.
    """
    try:
        value.decode()
    except UnicodeDecodeError as error:
        raise SlotritError(f"{place}: is no UTF-8: {error.reason} at byte {error.start + 1}") from None
    try:
        event = from_json(value, allow_inf_nan=False)
    except ValueError as error:
        # The parser sees one line and always says line 1.
        reason = str(error).replace(" at line 1 column ", " at column ")
        raise SlotritError(f"{place}: is no JSON: {reason}") from None
    if not isinstance(event, dict):
        raise SlotritError(f"{place}: must be a JSON object, got {_NAMES.get(type(event), 'null')}")
    return event


_NAMES = {list: "an array", str: "a string", int: "a number", float: "a number", bool: "a truth value"}


def _reference_key(value: bytes) -> bytes:
    """Key a reference event; an invalid one too, because the broker takes nothing keyless for compaction.

    Its key is one that no valid event has, made from its content, so that it supersedes nobody and sending
    it again leaves one.
    """
    try:
        return reference_key(REFERENCE.validate_json(value)).encode()
    except ValidationError:
        return b"invalid/" + sha256(value).hexdigest()[:16].encode()
