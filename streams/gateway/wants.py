"""What a stream was asked for: kinds, races, disciplines, competitors."""

from collections.abc import Sequence
from dataclasses import dataclass

from streams.export.field_heads import PartHead, RowHead
from streams.gateway.frames import Event, Frames
from streams.gateway.told import BY_NAME, KINDS, Kind, SheetHead, Told

MOST_NAMES = 100
"""How many races, disciplines or competitors one stream may name."""


@dataclass(frozen=True, slots=True)
class Wants:
    """The kinds, and of what belongs to a race the races and disciplines; empty for all.

    `races` and `rankings` are lists, which a chosen race does not narrow. `competitors` narrow the rows of
    races in parts and nothing else; whoever names some gets their lines out of parts as well, as rows.
    """

    kinds: frozenset[Kind] = frozenset(KINDS) - BY_NAME
    races: frozenset[str] = frozenset()
    disciplines: frozenset[str] = frozenset()
    competitors: frozenset[str] = frozenset()

    def includes(self, told: Told) -> bool:
        """Say whether a message is wanted as it is."""
        if told.kind not in self.kinds:
            return False
        if told.race_id is None:
            return True
        content = told.content
        if (
            isinstance(content, RowHead)
            and self.competitors
            and content.competitor_id not in self.competitors
        ):
            return False
        return self._of_race(told.race_id) and self._of_discipline(told)

    def includes_race(self, told: Told) -> bool:
        """Say whether the race of standings is wanted in one line."""
        return isinstance(told.content, SheetHead) and "races" in self.kinds and self._of_discipline(told)

    def named_in(self, told: Told) -> list[str]:
        """Name the competitors whose lines in a part are wanted as rows."""
        part = told.content
        if not self.competitors or "field.row" not in self.kinds or not isinstance(part, PartHead):
            return []
        if not (self._of_race(part.race_id) and self._of_discipline(told)):
            return []
        return sorted(name for name in self.competitors if name in part.lines)

    def includes_lines(self, race_id: str) -> bool:
        """Say whether the lines of a race in parts are wanted, as rows or in parts."""
        discipline = race_id.split("/")[1]
        return self._of_race(race_id) and (not self.disciplines or discipline in self.disciplines)

    def _of_race(self, race_id: str) -> bool:
        return not self.races or race_id in self.races

    def _of_discipline(self, told: Told) -> bool:
        return not self.disciplines or told.discipline in self.disciplines

    def events(self, frames: Frames) -> list[Event]:
        """Give the events that a message is for this stream; the last one has the id."""
        told = frames.told
        whole = self.includes(told)
        events = [frames.race(alone=not whole)] if self.includes_race(told) else []
        if names := self.named_in(told):
            return frames.rows(names, whole=whole)
        return [*events, frames.whole()] if whole else events


def wants(
    kinds: Sequence[str],
    races: Sequence[str],
    disciplines: Sequence[str],
    competitors: Sequence[str] = (),
) -> Wants:
    """Read what a stream is asked for; kinds may be several in one text, with commas.

    Where no kind is named it is all but the rows and parts of races in parts; naming a competitor names rows.

    Raises:
        ValueError: for a kind that there is not, or too many names; the message is for whoever asked.
    """
    asked = [name.strip() for several in kinds for name in several.split(",") if name.strip()]
    unknown = [name for name in asked if name not in KINDS]
    if unknown:
        raise ValueError(f"kind: there is no {unknown[0][:40]!r}; there are {', '.join(KINDS)}")
    if max(len(races), len(disciplines), len(competitors)) > MOST_NAMES:
        raise ValueError(f"race, discipline, competitor: must be at most {MOST_NAMES} each")
    usual = frozenset(KINDS) - BY_NAME | (frozenset({"field.row"}) if competitors else frozenset())
    return Wants(
        frozenset(kind for kind in KINDS if (kind in asked if asked else kind in usual)),
        frozenset(races),
        frozenset(disciplines),
        frozenset(competitors),
    )
