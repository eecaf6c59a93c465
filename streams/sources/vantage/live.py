"""A live connection: messages as they come, each with the moment of its receipt, made into contract events.

What a recording has in `_time` is our clock here, and never goes back, whatever the clock does. An event that
is told apart by the moment of its receipt would be another one after a restart; so what is known must survive
one. `Heard.journal` is what has to be kept for that: the messages since the last time that led to something.
It is to be kept together with the first event that it led to, in one record, so that neither exists without
the other. `restored` folds the kept messages again and comes to the very same events, with the same ids; what
was never kept led to nothing that anybody knows of, and comes again with the next connection.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from schemas.timing import TimingEvent
from streams.sources.vantage import wire
from streams.sources.vantage.copies import SENT_AGAIN, Copies, compared, fingerprint, reconnected, remembered
from streams.sources.vantage.fold import step
from streams.sources.vantage.state import ContractEvent, State

_TICK = timedelta(microseconds=1)
_KNOWN = "known already"


@dataclass(frozen=True, slots=True)
class Live:
    """What is known: the fold's state, the messages of each heat, the last receipt.

    `unkept` holds messages that changed what is known but have led to no event yet.
    """

    state: State = field(default_factory=State)
    copies: Copies = field(default_factory=Copies)
    last: datetime | None = None
    unkept: tuple[str, ...] = ()


class Heard(NamedTuple):
    """What one message leads to.

    `line` is the message as a recording keeps it, None for a copy. `journal` is what has to be kept with the
    first timing event, empty without one. `problems` are sentences on what could not be converted, `why` says
    why there are no `events`.
    """

    live: Live
    line: str | None = None
    events: tuple[ContractEvent, ...] = ()
    journal: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    why: str = ""


class Restored(NamedTuple):
    """What was known when the last message was kept, and the events that this one led to."""

    live: Live
    last_events: tuple[ContractEvent, ...] = ()


def connected(live: Live) -> Live:
    """Begin a connection: what is known is sent again first."""
    return replace(live, copies=reconnected(live.copies))


def hear(live: Live, text: str, now: datetime) -> Heard:
    """Take in one message of the connection.

    Args:
        live: What is known.
        text: The message, a JSON object; a `_time` in it is not believed.
        now: The moment of its receipt.

    Raises:
        wire.UnreadableError: It is no event that can be read; nothing has changed.
    """
    received = now.astimezone(UTC) if live.last is None else max(now.astimezone(UTC), live.last + _TICK)
    message = _object(text)
    stamped = {"_time": received.isoformat(timespec="microseconds")} | {
        name: value for name, value in message.items() if name != "_time"
    }
    line = json.dumps(stamped, ensure_ascii=False)
    if not line.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in line):
        raise wire.UnreadableError("holds half a character, which no other system can be sent")
    event = wire.read(line)
    live = replace(live, last=received)
    if isinstance(event, str):
        return Heard(live, line, why=event)
    copies, is_copy = compared(live.copies, event, fingerprint(message))
    if is_copy:
        return Heard(replace(live, copies=copies), why=SENT_AGAIN)
    done = step(live.state, event)
    events = tuple(map(identified, done.events))
    tells = bool(events) or done.why != _KNOWN
    changes = isinstance(event, wire.HeatEvent) and done.state is not live.state
    unkept = (*live.unkept, line) if tells or changes else live.unkept
    journal = unkept if any(isinstance(said, TimingEvent) for said in events) else ()
    live = Live(done.state, copies, received, () if journal else unkept)
    return Heard(live, line, events, journal, done.problems, done.why)


def restored(journals: Iterable[tuple[str, ...]]) -> Restored:
    """Come to know again what was known, from everything that was kept, in whatever order.

    Raises:
        wire.UnreadableError: A kept line is none of ours.
    """
    found = Restored(Live())
    for journal in sorted(filter(None, journals), key=lambda lines: _received(lines[0])):
        for line in journal:
            event = wire.read(line)
            if isinstance(event, str):
                continue
            live = found.live
            copies = remembered(live.copies, event, fingerprint(_object(line)))
            done = step(live.state, event)
            found = Restored(Live(done.state, copies, event.recorded_at), tuple(map(identified, done.events)))
    return found


def identified(event: ContractEvent) -> ContractEvent:
    """Give an event its `event_id`, made from all that it says, so that the same fact has the same id."""
    return event.model_copy(update={"event_id": sha256(event.model_dump_json().encode()).hexdigest()[:32]})


def _object(text: str) -> dict[str, object]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise wire.UnreadableError(f"no JSON ({error})") from error
    if not isinstance(message, dict):
        raise wire.UnreadableError("no JSON object")
    return message


def _received(line: str) -> str:
    return str(_object(line).get("_time"))
