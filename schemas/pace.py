"""The output topic `skating.pace`: how a skater does against the leader, the opponent and the records."""

from typing import Literal

from schemas.model import Instant, Model
from schemas.race import Competitor, RaceId
from schemas.reference import RecordKind

Basis = Literal["finish", "leader", "field", "record", "laps"]
"""How a finish was projected: measured; as the leader, the finishers or a record went on; from own laps."""


class Pace(Model):
    """One skater at one split; all times in milliseconds.

    `rank_at_split` is among everybody measured there so far. `behind_leader_ms` is negative when ahead of the
    best other finisher. `ahead_of_ms` has a record in force per kind, positive when ahead of it.
    `opponent_ms` is positive when behind the other of the pair, null while that one has not passed.
    """

    type: Literal["pace"] = "pace"
    race_id: RaceId
    version: int
    as_of: Instant
    competitor: Competitor
    pair: int
    distance_m: int
    time_ms: int
    lap_ms: int | None
    rank_at_split: int
    behind_leader_ms: int | None
    ahead_of_ms: dict[RecordKind, int]
    projected_ms: int | None
    basis: Basis | None
    opponent_ms: int | None
