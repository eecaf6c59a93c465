"""What holds now: the latest message of each slot, and what a race or a list is made of."""

from collections.abc import Iterable, Iterator

from schemas.gateway import RankingSummary
from schemas.pace import Pace
from schemas.podium import PodiumChanged, PodiumSecured
from schemas.rankings import Ranking
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
        self._paces: dict[str, set[Slot]] = {}
        self._secured: dict[str, set[Slot]] = {}
        for one in told:
            self.take(one)

    def take(self, told: Told) -> None:
        """Let a message replace what it replaces."""
        content = told.content
        if isinstance(content, Pace) and self._is_past(content):
            return
        self._slots.pop(told.slot, None)
        self._slots[told.slot] = told
        if isinstance(content, Pace):
            self._paces.setdefault(content.race_id, set()).add(told.slot)
        elif isinstance(content, SheetHead):
            paces = self._paces.get(content.race_id, set())
            past = {slot for slot in paces if self._is_past(self._slots[slot].content)}
            paces -= past
            self._forget(past)
        elif isinstance(content, PodiumSecured):
            self._secured.setdefault(content.race_id, set()).add(told.slot)
        elif isinstance(content, PodiumChanged):
            self._forget(self._no_longer_secure(content))

    def _is_past(self, content: Content) -> bool:
        """Say whether a split is of a race that was closed with it."""
        if not isinstance(content, Pace):
            return False
        told = self._slots.get(("standings", content.race_id))
        sheet = None if told is None else told.content
        return isinstance(sheet, SheetHead) and sheet.status in CLOSED and content.version <= sheet.version

    def _no_longer_secure(self, podium: PodiumChanged) -> set[Slot]:
        places = {place.competitor.id: place.rank for place in podium.podium}
        known = self._secured.get(podium.race_id, set())
        lost = set()
        for slot in known:
            secured = self._slots[slot].content
            if isinstance(secured, PodiumSecured):
                rank = places.get(secured.competitor.id)
                if rank is None or rank > secured.worst_rank:
                    lost.add(slot)
        known -= lost
        return lost

    def _forget(self, slots: Iterable[Slot]) -> None:
        for slot in slots:
            self._slots.pop(slot, None)

    def told(self) -> Iterator[Told]:
        """Give all that holds, the earliest told first."""
        return iter(self._slots.values())

    def of(self, kind: Kind, race_id: str | None = None) -> list[Told]:
        """Give all that holds of one kind, of one race where told."""
        return [
            one
            for one in self._slots.values()
            if one.kind == kind and (race_id is None or one.race_id == race_id)
        ]

    def standings(self, race_id: str) -> Told | None:
        """Give the standings of a race."""
        return self._slots.get(("standings", race_id))

    def needs(self, race_id: str) -> Told | None:
        """Give what is needed in a race."""
        return self._slots.get(("needs", race_id))

    def ranking(self, ranking_id: str) -> Told | None:
        """Give a ranking."""
        return self._slots.get(("ranking", ranking_id))

    def races(self) -> list[Told]:
        """Give the standings of all races, the latest told first."""
        return self.of("standings")[::-1]

    def rankings(self) -> list[RankingSummary]:
        """Give all rankings in a line each, by their ids."""
        found = [one.content for one in self.of("rankings") if isinstance(one.content, Ranking)]
        return sorted((ranking_summary(one) for one in found), key=lambda one: one.ranking_id)
