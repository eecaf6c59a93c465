"""The podium of a race, folded from its messages, and whether anybody can still change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

from schemas.podium import PodiumCause, PodiumChanged, PodiumPlace, PodiumSecured
from streams.alerts.telling import Said


@dataclass(frozen=True, slots=True)
class Podium:
    """Who stands on it, why it changed last, and by competitor the lowest rank that is possible."""

    places: tuple[PodiumPlace, ...] = ()
    cause: PodiumCause = "finish"
    worst: Mapping[str, int] = field(default_factory=dict)


PODIUM: TypeAdapter[Podium] = TypeAdapter(Podium)
"""Writes a podium down and reads it back."""


def with_message(podium: Podium, news: PodiumChanged | PodiumSecured) -> Podium:
    """Fold a message in.

    What was secured stays known through changes: it is not said again of those who keep their place.
    """
    if isinstance(news, PodiumSecured):
        return replace(podium, worst={**podium.worst, news.competitor.id: news.worst_rank})
    return replace(podium, places=news.podium, cause=news.cause)


def decided(podium: Podium) -> Said | None:
    """Give the podium as it is told once nobody still to skate can change it; None before, and if empty.

    Then everybody on it is secured at exactly the rank they have, which is so only when nobody is to come.
    """
    places = podium.places
    if not places or any(podium.worst.get(place.competitor.id) != place.rank for place in places):
        return None
    return Said("podium", ", ".join(f"{place.rank} {place.competitor.id}" for place in places))
