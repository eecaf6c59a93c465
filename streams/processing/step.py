"""What a step is, and how one message goes through it, the same in a worker, in memory and in the tests.

A step keeps a state per *group*: a race, or the boards of a discipline. A group is stored as one or more
rows, and a message changes at most one row, because only one record is atomic (see docs/exactly-once.md).
"""

import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from streams.processing.messages import (
    LARGEST_EVENT_BYTES,
    LARGEST_PUBLISHED_BYTES,
    Published,
    Received,
    Stream,
    dead_letter,
)

State = TypeVar("State")

_INPUTS: frozenset[Stream] = frozenset({"timing", "reference"})
_MOST_FAULTS = 20
"""How many faults of a message are told; who has made more of them has made the first ones."""


class UnusableError(Exception):
    """A message that cannot be used; the text says why, for the people who sent it."""


@dataclass(frozen=True, slots=True)
class Change(Generic[State]):
    """What one message did: the group's new state, which row of it changed, and what is to be published."""

    state: State
    row: str | None
    published: tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """One step of the pipeline, as plain functions.

    Attributes:
        name: what it is called, and its table with it.
        reads: the stream it consumes.
        gapless: whether offsets of that stream follow one another; not so where it is compacted.
        group: which group a message belongs to. Raises `UnusableError`.
        handle: folds one message into a group's state (None: nothing known yet). Raises `UnusableError`.
        group_of_row: which group a stored row belongs to.
        dump: one row of a state, as bytes.
        load: a state from all rows of its group.
        may_go: whether a group of many rows need not be held as a state while others are handled, because it
            is over; None where all are held.
    """

    name: str
    reads: Stream
    gapless: bool
    group: Callable[[Received], str]
    handle: Callable[[State | None, Received], Change[State]]
    group_of_row: Callable[[str], str]
    dump: Callable[[State, str], bytes]
    load: Callable[[Mapping[str, bytes]], State]
    may_go: Callable[[State], bool] | None = None


@dataclass(frozen=True, slots=True)
class Outcome(Generic[State]):
    """A `Change` of a known group, or a dead letter, which changes no state (`group` None).

    `bug` has the traceback where our own code failed on the message. `row` is the changed row as it is to be
    written, by its name; None where nothing changed.
    """

    group: str | None
    change: Change[State] | None
    published: tuple[Published, ...]
    bug: str | None = None
    row: tuple[str, bytes] | None = None


def run(step: Step[State], states: Callable[[str], State | None], received: Received) -> Outcome[State]:
    """Put one message through a step; whatever is wrong with it, or with us, it comes out as a dead letter.

    Args:
        step: the step.
        states: finds the state of a group, None for a new one.
        received: the message.
    """
    try:
        _refuse_large(received)
        group = step.group(received)
        change = step.handle(states(group), received)
        row = None if change.row is None else (change.row, step.dump(change.state, change.row))
        _refuse_growth(change.published, row)
    except UnusableError as unusable:
        return Outcome(None, None, (dead_letter(received, str(unusable)),))
    except Exception as bug:  # noqa: BLE001 - a bug on one message must not stop all others
        return failed(received, bug)
    return Outcome(group, change, change.published, row=row)


def _refuse_large(received: Received) -> None:
    size = len(received.value or b"")
    if received.stream in _INPUTS and size > LARGEST_EVENT_BYTES:
        raise UnusableError(f"value: must have at most {LARGEST_EVENT_BYTES} bytes, got {size}")


def _refuse_growth(messages: Iterable[Published], row: tuple[str, bytes] | None) -> None:
    """Refuse a message that makes more of a race or a ranking than a topic takes, before it does."""
    for message in messages:
        if message.size > LARGEST_PUBLISHED_BYTES:
            raise UnusableError(_too_large(f"message on {message.stream}", message.size))
    if row is not None and len(row[1]) > LARGEST_PUBLISHED_BYTES:
        raise UnusableError(_too_large("row to remember", len(row[1])))


def _too_large(what: str, size: int) -> str:
    return f"value: makes a {what} of {size} bytes, and no topic takes more than {LARGEST_PUBLISHED_BYTES}"


def failed(received: Received, bug: Exception) -> Outcome[Any]:
    """Make the outcome of a message on which our own code failed: set aside, with the traceback."""
    trace = "".join(traceback.format_exception(bug))
    reason = f"slotrit failed on this message: {type(bug).__name__}: {bug}"
    return Outcome(None, None, (dead_letter(received, reason, trace),), bug=trace)


def one_line(error: ValidationError) -> str:
    """Say in one line all that is wrong with a message: `time_ms: Input should be …, got 0`."""
    said = []
    for fault in error.errors(include_url=False)[:_MOST_FAULTS]:
        if fault["type"] == "union_tag_not_found":
            said.append("type: is missing")
            continue
        if fault["type"] == "union_tag_invalid":
            said.append(f"type: is not one of ours, got {fault['ctx']['tag']!r}")
            continue
        where = ".".join(str(part) for part in fault["loc"][1:] or fault["loc"])
        msg, got = fault["msg"].removeprefix("Value error, "), fault["input"]
        shown = f", got {got!r}" if isinstance(got, str | int | float | bool | None) else ""
        said.append(f"{where}: {msg}{shown}" if where else f"{msg}{shown}")
    if error.error_count() > _MOST_FAULTS:
        said.append(f"and {error.error_count() - _MOST_FAULTS} more faults")
    return "; ".join(said)
