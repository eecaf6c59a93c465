"""A race's life: which status it has, given when what last happened to it.

Theory of operation. Six kinds of event move a race through its statuses. Of each kind only the latest
instant is kept, and the status is found by playing those in the order of their instants through one table.
That is enough, because nothing that happens before the latest event of a kind outlives it: whatever a call
overrode, the last call overrides as well. So the status, like everything else in a race, does not depend on
the order of arrival (CONTRACT: status).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from schemas.race import ClosedStatus, Status

LifeEvent = Literal["called", "started", "measured", "paused", "resumed", "closed"]

ORDER: tuple[LifeEvent, ...] = ("called", "started", "measured", "paused", "resumed", "closed")
"""What comes first of things that happened at the same instant."""

_OPEN: tuple[Status, ...] = ("START_LIST", "LIVE", "INTERMEDIATE")
_CLOSED: tuple[ClosedStatus, ...] = ("UNOFFICIAL", "OFFICIAL", "PROTESTED", "PROVISIONAL")

TRANSITIONS: dict[LifeEvent, dict[Status, Status]] = {
    "called": dict.fromkeys((*_OPEN, *_CLOSED), "LIVE"),
    "started": dict.fromkeys((*_OPEN, *_CLOSED), "LIVE"),
    "measured": dict.fromkeys(_OPEN, "LIVE"),
    "paused": {"LIVE": "INTERMEDIATE"},
    "resumed": {"INTERMEDIATE": "LIVE"},
}
"""Where an event leads from each status; where it says nothing the status stays. `closed` sets its own."""


def status(life: Mapping[LifeEvent, datetime], closed_as: ClosedStatus | None) -> Status:
    """Find the status of a race from the latest instant of each kind of event."""
    now: Status = "START_LIST"
    for event in sorted(life, key=lambda event: (life[event], ORDER.index(event))):
        now = closed_as or now if event == "closed" else TRANSITIONS[event].get(now, now)
    return now


def is_closed(now: Status) -> bool:
    """Tell whether a race has ended, whatever its results are worth."""
    return now in _CLOSED
