"""What a stream was asked for: kinds, races, disciplines."""

from collections.abc import Sequence
from dataclasses import dataclass

from streams.gateway.frames import Event, Frames
from streams.gateway.history import Entry
from streams.gateway.told import KINDS, Kind, Told

MOST_NAMES = 100
"""How many races or disciplines one stream may name."""


@dataclass(frozen=True, slots=True)
class Wants:
    """The kinds, and of what belongs to a race the races and disciplines; empty for all.

    `races` and `rankings` are lists, which a chosen race does not narrow.
    """

    kinds: frozenset[Kind] = frozenset(KINDS)
    races: frozenset[str] = frozenset()
    disciplines: frozenset[str] = frozenset()

    def includes(self, told: Told) -> bool:
        """Say whether a message is wanted as it is."""
        if told.kind not in self.kinds:
            return False
        if told.race_id is None:
            return True
        return (not self.races or told.race_id in self.races) and self._of_discipline(told)

    def includes_race(self, told: Told) -> bool:
        """Say whether the race of standings is wanted in one line."""
        return told.kind == "standings" and "races" in self.kinds and self._of_discipline(told)

    def _of_discipline(self, told: Told) -> bool:
        return not self.disciplines or told.discipline in self.disciplines

    def events(self, frames: Frames) -> list[Event]:
        """Give the events that a message is for this stream; the last one has the id."""
        told = frames.told
        whole = self.includes(told)
        events = [frames.race(alone=not whole)] if self.includes_race(told) else []
        return [*events, frames.whole()] if whole else events

    def wanted(self, entry: Entry) -> bool:
        """Say whether anything of an entry is wanted."""
        return self.includes(entry.told) or self.includes_race(entry.told)


def wants(kinds: Sequence[str], races: Sequence[str], disciplines: Sequence[str]) -> Wants:
    """Read what a stream is asked for; kinds may be several in one text, with commas.

    Raises:
        ValueError: for a kind that there is not, or too many names; the message is for whoever asked.
    """
    asked = [name.strip() for several in kinds for name in several.split(",") if name.strip()]
    unknown = [name for name in asked if name not in KINDS]
    if unknown:
        raise ValueError(f"kind: there is no {unknown[0][:40]!r}; there are {', '.join(KINDS)}")
    if max(len(races), len(disciplines)) > MOST_NAMES:
        raise ValueError(f"race, discipline: must be at most {MOST_NAMES} each")
    return Wants(
        frozenset(kind for kind in KINDS if not asked or kind in asked),
        frozenset(races),
        frozenset(disciplines),
    )
