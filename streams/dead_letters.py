"""Reading what was set aside: which messages, why, and all that is needed to mend and send them again."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from streams.errors import SlotritError
from streams.processing.messages import REASON_HEADER
from streams.settings import Settings
from streams.topic_reading import reading
from streams.topics import STREAMS, on_broker


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that was set aside.

    Attributes:
        cause: where it stood, `skating.timing/3/1042`: topic (without a prefix), partition, offset.
        at: when it was set aside.
        key: its key; None where it had none.
        reason: why, in one line.
        traceback: where our own code failed on it; None where the message is at fault.
        headers: those that it came with.
        value: its bytes, as they came.
    """

    cause: str
    at: datetime
    key: bytes | None
    reason: str
    traceback: str | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes


OURS = frozenset(
    {"ce_specversion", "ce_id", "ce_source", "ce_type", REASON_HEADER, "slotrit_cause", "slotrit_traceback"}
)
"""Headers that say why and whence; all others came with the message."""


def dead_letters(settings: Settings, cause: str | None = None) -> list[Letter]:
    """Read all that was set aside until now, oldest first; what was published twice is there once.

    Args:
        settings: where the broker is.
        cause: only of the message that stood there.

    Raises:
        SlotritError: where the broker does not answer, or nothing was set aside of `cause`.
    """
    found = asyncio.run(_read(settings))
    if cause is None:
        return found
    chosen = [letter for letter in found if letter.cause == cause]
    if not chosen:
        raise SlotritError(
            f"nothing was set aside of {cause}: `slotrit dead-letters list` says of what something was"
        )
    return chosen


async def _read(settings: Settings) -> list[Letter]:
    seen: dict[tuple[Any, ...], Letter] = {}
    topic = on_broker(STREAMS["dead-letters"].name, settings.topic_prefix)
    async with reading(settings, [topic], role="operator") as there:
        async for message in there.what_is_there():
            letter = letter_of(message)
            seen.setdefault((letter.cause, letter.key, letter.reason, letter.value), letter)
    return list(seen.values())


def letter_of(message: Any) -> Letter:
    """Read one record of the topic."""
    headers = dict(message.headers)
    trace = headers.get("slotrit_traceback")
    return Letter(
        cause=headers.get("slotrit_cause", b"").decode(errors="replace"),
        at=datetime.fromtimestamp(message.timestamp / 1000, UTC),
        key=message.key,
        reason=headers.get(REASON_HEADER, b"").decode(errors="replace"),
        traceback=None if trace is None else trace.decode(errors="replace"),
        headers=tuple((name, value) for name, value in message.headers if name not in OURS),
        value=message.value or b"",
    )


def in_a_line(letter: Letter) -> str:
    """Give a line for a list: when, where it stood, its key, why."""
    key = "(no key)" if letter.key is None else _shown(letter.key)
    at = letter.at.strftime("%Y-%m-%d %H:%M:%SZ")
    return f"{at}  {letter.cause}  {key}  {_safe(letter.reason)}"


def in_full(letter: Letter) -> str:
    """Give all that is known, in lines, for people: what cannot be shown is escaped."""
    lines = [
        f"stood at   {letter.cause}",
        f"set aside  {letter.at.isoformat(timespec='milliseconds')}",
        f"key        {'(none)' if letter.key is None else _shown(letter.key)}",
        f"reason     {_safe(letter.reason)}",
        *(f"header     {_safe(name)}: {_shown(value)}" for name, value in letter.headers),
        f"value      {_shown(letter.value)}",
    ]
    if letter.traceback is not None:
        lines += ["traceback", *(f"    {_safe(line)}" for line in letter.traceback.splitlines())]
    return "\n".join(lines)


def _shown(raw: bytes) -> str:
    return _safe(raw.decode(errors="backslashreplace"))


def _safe(text: str) -> str:
    """Escape what a terminal would obey: whoever sent it is not known."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
