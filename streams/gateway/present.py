"""What holds now: the latest message of each slot, and what a race or a list is made of."""

from collections.abc import Iterable, Iterator

from schemas.gateway import RankingSummary
from schemas.pace import Pace
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.rankings import Ranking
from streams.export.field_heads import PartHead, RowHead
from streams.export.field_sheet import FieldSheet
from streams.gateway.told import Content, Kind, SheetHead, Slot, Told, ranking_summary

CLOSED = frozenset({"UNOFFICIAL", "OFFICIAL", "PROTESTED", "PROVISIONAL"})


class Present:
    """The latest message by slot, in the order in which they were told.

    Splits of a race leave when it is closed, and who was secure leaves when a later podium has them lower
    than was said: no message takes that back. Two topics have no common order, so what holds in the end must
    not depend on which of two messages came first.
    """

    def __init__(self, told: Iterable[Told] = ()) -> None:
        self._slots: dict[Slot, Told] = {}
        self._races: dict[str | None, dict[Slot, Told]] = {}
        self._fields: dict[str, FieldSheet] = {}
        for one in told:
            self.take(one)

    def copy(self) -> "Present":
        """Give another one with the same in it."""
        other = Present()
        other._slots = self._slots.copy()
        other._races = {race_id: held.copy() for race_id, held in self._races.items()}
        other._fields = {race_id: field.copy() for race_id, field in self._fields.items()}
        return other

    def take(self, told: Told) -> None:
        """Let a message replace what it replaces."""
        content = told.content
        if isinstance(content, RowHead | PartHead):
            self._fields.setdefault(content.race_id, FieldSheet()).take(content, told.payload)
            return
        if isinstance(content, Pace) and self._is_past(content):
            return
        of_race = self._races.setdefault(told.race_id, {})
        for held in (self._slots, of_race):
            held.pop(told.slot, None)
            held[told.slot] = told
        if isinstance(content, SheetHead) and content.status in CLOSED:
            self._forget(of_race, [slot for slot, one in of_race.items() if self._is_past(one.content)])
        elif isinstance(content, PodiumChanged):
            self._forget(of_race, [slot for slot, one in of_race.items() if no_longer_secure(one, content)])

    def _forget(self, of_race: dict[Slot, Told], slots: Iterable[Slot]) -> None:
        for slot in slots:
            del self._slots[slot], of_race[slot]

    def _is_past(self, content: Content) -> bool:
        """Say whether a split is of a race that was closed with it."""
        if not isinstance(content, Pace):
            return False
        told = self._slots.get(("standings", content.race_id))
        sheet = None if told is None else told.content
        return isinstance(sheet, SheetHead) and sheet.status in CLOSED and content.version <= sheet.version

    def told(self) -> Iterator[Told]:
        """Give all that holds, the earliest told first, but for the lines of races in parts."""
        return iter(self._slots.values())

    def told_of(self, race_ids: Iterable[str]) -> Iterator[Told]:
        """Give the same of some races, race by race, and what belongs to none."""
        for race_id in (*race_ids, None):
            yield from self._races.get(race_id, {}).values()

    def of(self, kind: Kind, race_id: str | None = None) -> list[Told]:
        """Give all that holds of one kind, of one race where told."""
        held = self._slots if race_id is None else self._races.get(race_id, {})
        return [one for one in held.values() if one.kind == kind]

    def standings(self, race_id: str) -> Told | None:
        """Give the standings of a race, which of one in parts are its front."""
        return self._slots.get(("standings", race_id))

    def needs(self, race_id: str) -> Told | None:
        """Give what is needed in a race."""
        return self._slots.get(("needs", race_id))

    def ranking(self, ranking_id: str) -> Told | None:
        """Give a ranking."""
        return self._slots.get(("ranking", ranking_id))

    def races(self) -> list[Told]:
        """Give the standings and fronts of all races, the latest told first."""
        return [one for one in self._slots.values() if isinstance(one.content, SheetHead)][::-1]

    def field(self, race_id: str) -> FieldSheet:
        """Give the lines of a race in parts; of any other race there are none."""
        return self._fields.get(race_id, FieldSheet())

    def fields(self) -> Iterable[tuple[str, FieldSheet]]:
        """Give the lines of all races in parts, by race id."""
        return self._fields.items()

    def rankings(self) -> list[RankingSummary]:
        """Give all rankings in a line each, by their ids."""
        found = [one.content for one in self.of("rankings") if isinstance(one.content, Ranking)]
        return sorted((ranking_summary(one) for one in found), key=lambda one: one.ranking_id)


def no_longer_secure(told: Told, podium: PodiumChanged) -> bool:
    """Say whether a message says of somebody what a later podium shows to be over."""
    secured = told.content
    if not isinstance(secured, PodiumSecured):
        return False
    ranks = {place.competitor.id: place.rank for place in podium.podium}
    return ranks.get(secured.competitor.id, secured.worst_rank + 1) > secured.worst_rank
