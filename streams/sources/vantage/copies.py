"""Which messages of a new connection are copies of what a former one brought.

Whoever connects is first sent again, unchanged and in their order, the messages about the heats on the ice
since each was put there; then what is new. The same happens within a connection when the competition or a
distance is activated again, so that an activation is what copies are expected after, in a recording too.

Nothing in a message tells a copy. Most say when they happened, so that the fold knows them again; that the
clock was reset says no moment, and a copy of it would void all that was measured since the restart. So what
is sent of a heat is compared, in order, with what is known of it: whatever stands further on in there is a
copy. Where copies are left out, because somebody sends a present state instead of its history, that finds the
next one all the same. Copies of a heat begin with its activation, and the first message that stands nowhere
ends them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, NamedTuple

from streams.sources.vantage import wire

HeatKey = tuple[str, str, int, int]
"""Competition, distance, round and number."""

SENT_AGAIN = "sent again on a new connection"
"""Why a copy leads to nothing."""

_PAST = -1


@dataclass(frozen=True, slots=True)
class Copies:
    """The messages that are known of each heat, and how far into them the copies have come.

    A heat missing in `reached` has not been heard of since copies are expected; `_PAST` is behind them all.
    """

    known: Mapping[HeatKey, tuple[bytes, ...]] = field(default_factory=dict)
    reached: Mapping[HeatKey, int] = field(default_factory=dict)


class Compared(NamedTuple):
    """What is known after a message, and whether the message was a copy."""

    copies: Copies
    is_copy: bool


def fingerprint(message: Mapping[str, Any]) -> bytes:
    """Give what two messages share if they say the same, whenever they were received."""
    said = {name: value for name, value in message.items() if name != "_time"}
    return sha256(json.dumps(said, sort_keys=True).encode()).digest()[:16]


def reconnected(copies: Copies) -> Copies:
    """Expect copies again, because a connection begins."""
    return replace(copies, reached={})


def compared(copies: Copies, event: wire.Event, print_: bytes) -> Compared:
    """Tell whether a message is a copy, and remember it if it is none.

    Args:
        copies: What is known so far.
        event: The message as it was read; only those about a heat are compared.
        print_: Its `fingerprint`.
    """
    if not isinstance(event, wire.HeatEvent):
        return Compared(reconnected(copies), is_copy=False)
    key = _key(event)
    known = copies.known.get(key, ())
    activation = isinstance(event, wire.HeatActivated)
    reached = copies.reached.get(key, 0 if known and activation else _PAST)
    if reached != _PAST and print_ in known[reached:]:
        place = known.index(print_, reached) + 1
        return Compared(replace(copies, reached={**copies.reached, key: place}), is_copy=True)
    reached = reached if activation else _PAST
    return Compared(
        replace(remembered(copies, event, print_), reached={**copies.reached, key: reached}), is_copy=False
    )


def remembered(copies: Copies, event: wire.Event, print_: bytes) -> Copies:
    """Remember a message that is known to be no copy."""
    if not isinstance(event, wire.HeatEvent):
        return copies
    key = _key(event)
    return replace(copies, known={**copies.known, key: (*copies.known.get(key, ()), print_)})


def _key(event: wire.HeatEvent) -> HeatKey:
    return event.competition_id, event.distance_id, event.heat.round, event.heat.number
