"""Up to where on Kafka a stream has been told: the ids of its events.

An id names the next offset of every partition that has been told of, so it means the same in every gateway,
also in one that was started later: whoever comes back with it gets what is missing, and nothing twice. Two
partitions have no common order, so one number would not do.
"""

import re
from collections.abc import Mapping
from typing import TypeAlias

from streams.processing.messages import Stream

LETTERS: dict[Stream, str] = {
    "standings": "s", "field": "f", "podium": "p", "pace": "t", "records": "r", "rankings": "k", "needs": "n",
}  # fmt: skip
"""The topics that a gateway reads, each with its letter in an id."""

Place: TypeAlias = tuple[str, int]
"""A partition: the letter of its topic and its number."""

Positions: TypeAlias = Mapping[Place, int]
"""The next offset by partition; what is not in it has nothing told yet."""

LONGEST = 100_000
"""An id longer than this, in characters, is none of ours: 10,000 partitions fit."""

_PART = re.compile(r"([sfptrkn])(\d{1,6})\.(\d{1,19})")


def written(positions: Positions) -> str:
    """Write positions as the id of an event: `p0.17,s0.138`."""
    return ",".join(f"{letter}{number}.{offset}" for (letter, number), offset in sorted(positions.items()))


def read(text: str) -> Positions | None:
    """Read the id of an event; None where it is none of ours."""
    if not text or len(text) > LONGEST:
        return None
    found: dict[Place, int] = {}
    for part in text.split(","):
        matched = _PART.fullmatch(part)
        if matched is None:
            return None
        found[matched[1], int(matched[2])] = int(matched[3])
    return found


def latest(one: Positions, other: Positions) -> Positions:
    """Give the further of two positions, partition by partition."""
    return {place: max(one.get(place, 0), other.get(place, 0)) for place in {**one, **other}}


def covers(one: Positions, other: Positions) -> bool:
    """Say whether everything up to `other` is also before `one`."""
    return all(one.get(place, 0) >= offset for place, offset in other.items())
