"""How long to wait before each event of a replay, from when the events occurred."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from pydantic import AwareDatetime, TypeAdapter, ValidationError

INSTANT: TypeAdapter[AwareDatetime] = TypeAdapter(AwareDatetime)
DISBELIEF_S = 600.0
"""An event this much later than the one after it has a wrong instant, or the one after it came very late;
either way it is no reason to wait."""


def instant(value: object) -> float | None:
    """Read an `occurred_at` as seconds since 1970; None for what is no RFC 3339 instant with an offset."""
    if not isinstance(value, str):
        return None
    try:
        return INSTANT.validate_python(value).timestamp()
    except (ValidationError, OverflowError):
        return None


def pauses(instants: Iterable[float | None], speed: float, longest_s: float | None) -> list[float]:
    """Say how many seconds to wait before each event.

    The clock of a replay only goes forward: an event that occurred before an earlier one of the file follows
    without a pause. One without a valid instant too, and it does not move the clock; nor does a lone instant
    far in the future.

    Args:
        instants: when the events occurred, in the order of the file, in seconds.
        speed: how many times faster than it happened, above 0; infinite for no pauses.
        longest_s: no pause is longer than this many seconds.
    """
    listed = list(instants)
    believed = _believed(listed)
    waits = []
    clock: float | None = None
    for at in believed:
        wait = 0.0
        if at is not None:
            if clock is not None and at > clock:
                wait = (at - clock) / speed
            clock = at if clock is None else max(clock, at)
        waits.append(wait if longest_s is None else min(wait, longest_s))
    return waits


def _believed(instants: Sequence[float | None]) -> list[float | None]:
    known = [(place, at) for place, at in enumerate(instants) if at is not None]
    wild = {place for (place, at), (_, after) in pairwise(known) if at - after > DISBELIEF_S}
    return [None if place in wild else at for place, at in enumerate(instants)]
