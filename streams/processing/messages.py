"""What goes into a step and what comes out: bytes with a place, and bytes with a destination."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Literal

from schemas.model import Model

Header = tuple[str, bytes]

SOURCE = "slotrit"
"""The `ce_source` of everything that we publish."""

REASON_HEADER = "slotrit_reason"
"""The header of a dead letter that says why."""

CUT_HEADER = "slotrit_cut"
"""The header of a dead letter that has not all of its message: how much there was, and its digest."""

LARGEST_EVENT_BYTES = 1_048_576
"""What an event may have; a broker takes hardly more unless told to. Whoever raises that must not find out
what some megabytes of wrong values take here: each of them is a fault to be told."""

LARGEST_PUBLISHED_BYTES = 2_150_000
"""What a message of ours may have with its key and headers, and a row: less than our topics take, so that
none is ever sent that the broker refuses. A refused one would stop every worker in turn."""

_LONGEST_REASON, _LONGEST_TRACEBACK = 1_000, 20_000
"""In characters. A dead letter must not outgrow what a broker takes, or a bad message stops a worker."""

_CUT_VALUE, _CUT_KEY = 1_000_000, 1_000
"""How many bytes are kept of a value and a key that do not fit as they are."""

Stream = Literal[
    "timing",
    "reference",
    "performances",
    "results",
    "standings",
    "field",
    "podium",
    "pace",
    "records",
    "needs",
    "rankings",
    "dead-letters",
]
"""A topic by the name it has inside; `topics.py` gives it the one it has on the broker."""

_BETWEEN_STEPS: frozenset[Stream] = frozenset({"performances", "results"})


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it was consumed, and where it stood. `value` None is a tombstone."""

    stream: Stream
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...] = ()

    @property
    def place(self) -> str:
        """Name the place of origin, `skating.timing/3/1042`: topic (without a prefix), partition, offset."""
        return f"skating.{self.stream}/{self.partition}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Published:
    """One message to publish, complete to the byte.

    `placed_by` is the key whose partition it goes to, where that is not its own: what several keys tell of a
    race lies in one partition, which is one order.
    """

    stream: Stream
    key: bytes | None
    value: bytes
    headers: tuple[Header, ...]
    placed_by: bytes | None = None

    @property
    def size(self) -> int:
        """How many bytes it has, with key and headers."""
        size = len(self.value) + len(self.key or b"")
        for name, value in self.headers:
            size += len(name) + len(value)
        return size


def published(
    stream: Stream,
    key: str,
    message: Model,
    *,
    identity: str,
    at: datetime | None,
    cause: Received,
    value: bytes | None = None,
    placed_by: str | None = None,
) -> Published:
    """Seal a message of ours: its JSON, and CloudEvents 1.0 in headers (binary mode).

    Args:
        stream: where it goes.
        key: its Kafka key.
        message: a model with a `type`.
        identity: what makes it this message and no other of its type: its race, version and place among the
            messages of that version; from the state alone, so that an event handled twice gives the same.
        at: the `occurred_at` of the event that caused it; None where nothing tells.
        cause: the consumed message behind it; named in a header, never in the payload.
        value: its JSON, where that was written already.
        placed_by: the key whose partition it goes to, where that is not `key`.
    """
    kind: str = message.type  # type: ignore[attr-defined]
    return Published(
        stream=stream,
        key=key.encode(),
        value=message.model_dump_json().encode() if value is None else value,
        headers=(
            ("ce_specversion", b"1.0"),
            ("ce_id", f"{identity}/{kind}".encode()),
            ("ce_source", SOURCE.encode()),
            ("ce_type", kind.encode()),
            *((("ce_time", at.isoformat().encode()),) if at is not None else ()),
            ("content-type", b"application/json"),
            ("slotrit_cause", cause.place.encode()),
        ),
        placed_by=None if placed_by is None else placed_by.encode(),
    )


def dead_letter(received: Received, reason: str, traceback: str | None = None) -> Published:
    """Set a message aside as it came: its own key, bytes and headers, and in ours why and whence.

    Its `ce_id` is its place of origin, so that handling it twice gives one dead letter twice, not two. What
    one of our steps told another may stand there twice: its origin is that of the message behind it.

    A message that a topic of ours does not take is cut to its beginning, without its headers, and a header
    says so; the whole of it is still where it came from.
    """
    origin = _origin(received)
    own = (
        ("ce_specversion", b"1.0"),
        ("ce_id", b"dead-letter@" + origin),
        ("ce_source", SOURCE.encode()),
        ("ce_type", b"dead-letter"),
        (REASON_HEADER, _header(reason[:_LONGEST_REASON])),
        ("slotrit_cause", origin),
    )
    names = {name for name, _ in own} | {"slotrit_traceback"}
    trace = () if traceback is None else (("slotrit_traceback", _header(traceback[-_LONGEST_TRACEBACK:])),)
    theirs = tuple((name, value) for name, value in received.headers if name not in names)
    whole = Published("dead-letters", received.key, received.value or b"", theirs + own + trace)
    return whole if whole.size <= LARGEST_PUBLISHED_BYTES else _cut(whole, own + trace)


def _cut(letter: Published, own: tuple[Header, ...]) -> Published:
    key, value = letter.key or b"", letter.value
    told = f"key {len(key)} bytes, value {len(value)} bytes, sha256 {sha256(value).hexdigest()}"
    kept_key = None if letter.key is None else key[:_CUT_KEY]
    return replace(
        letter, key=kept_key, value=value[:_CUT_VALUE], headers=(*own, (CUT_HEADER, told.encode()))
    )


def _origin(received: Received) -> bytes:
    headers = dict(received.headers)
    if received.stream in _BETWEEN_STEPS and headers.get("ce_source") == SOURCE.encode():
        return headers.get("slotrit_cause", received.place.encode())
    return received.place.encode()


def _header(text: str) -> bytes:
    """Write a text down, whatever it quotes: half of a surrogate pair has no UTF-8."""
    return text.encode(errors="backslashreplace")
