"""The output topic `skating.podium`: who stands where, and who cannot be pushed off any more."""

from typing import Literal

from pydantic import Field

from schemas.model import Instant, Model
from schemas.race import Competitor, RaceId

PodiumCause = Literal["finish", "correction", "ruling", "reskate"]


class PodiumChange(Model):
    """One competitor's move; a place is 1, 2, 3 or null for none."""

    competitor: Competitor
    from_: int | None = Field(alias="from")
    to: int | None


class PodiumPlace(Model):
    """One step of the podium as it stands."""

    rank: int
    rank_equal: bool
    competitor: Competitor
    time_ms: int | None
    time: str | None


class PodiumChanged(Model):
    """The first three are no longer the same; `podium` has more than three when they are tied."""

    type: Literal["podium.changed"] = "podium.changed"
    race_id: RaceId
    version: int
    as_of: Instant
    changes: tuple[PodiumChange, ...]
    podium: tuple[PodiumPlace, ...]
    cause: PodiumCause


class PodiumSecured(Model):
    """Nobody still to skate can push `competitor` below `worst_rank`, which is 1, 2 or 3."""

    type: Literal["podium.secured"] = "podium.secured"
    race_id: RaceId
    version: int
    as_of: Instant
    competitor: Competitor
    worst_rank: int
