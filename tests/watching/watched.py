"""A small race to watch: messages made by hand, with only what a test is about."""

from datetime import UTC, datetime
from typing import Any

from schemas.field import FieldRow, FieldTop
from schemas.pace import Pace
from schemas.podium import PodiumChange, PodiumChanged, PodiumPlace, PodiumSecured
from schemas.race import Competition, Competitor, RaceDefinition, Venue
from schemas.records import Holding, RecordRevoked, RecordSet
from schemas.standings import Entry, Standings

AT = datetime(2022, 2, 18, 16, 30, tzinfo=UTC)
RACE_ID = "2022-games/M1000/-"
KROL = Competitor(id="krol", name="Thomas Krol", country="NED")
DUBREUIL = Competitor(id="dubreuil", name="Laurent Dubreuil", country="CAN")
LORENTZEN = Competitor(id="lorentzen", name="Håvard Holmefjord Lorentzen", country="NOR")


def entry(competitor: Competitor, **known: Any) -> Entry:
    """Make a line of the sheet; without anything known the competitor is still to skate."""
    unknown: dict[str, Any] = {
        "rank": None,
        "rank_equal": False,
        "sort_order": known.get("rank") or 9,
        "pair": 1,
        "lane": "inner",
        "time_ms": None if known.get("time") is None else 1,
        "time": None,
        "thousandth": None,
        "behind_ms": None,
        "behind": None,
        "irm": None,
        "rule": None,
        "marks": (),
        "method": None,
        "unchecked": True,
        "splits": (),
        "points": None,
    }
    return Entry(competitor=competitor, **(unknown | known))


def standings(version: int, *entries: Entry, **known: Any) -> Standings:
    """Make a version of the standings."""
    race_id = known.pop("race_id", RACE_ID)
    competition, discipline, division = race_id.split("/")
    race = RaceDefinition(
        race_id=race_id,
        competition=Competition(
            id=competition,
            name="Winter Games",
            season="2021-22",
            venue=Venue(id="oval", name="Oval", country="CHN"),
        ),
        discipline=discipline,
        distance_m=int(discipline[1:]),
        format="pairs",
        division=division,
    )
    unknown: dict[str, Any] = {"status": "LIVE", "as_of": AT, "on_ice": (), "next": (), "remaining": 0}
    return Standings(race_id=race_id, version=version, race=race, entries=entries, **(unknown | known))


def front(version: int, *entries: Entry, competitors: int, **known: Any) -> FieldTop:
    """Make a version of the front of a race in parts."""
    whole = standings(version, *entries, **known)
    return FieldTop(**{**dict(whole), "type": "field.top"}, competitors=competitors)


def row(version: int, line: Entry) -> FieldRow:
    """Make the row of somebody in a race in parts."""
    return FieldRow(
        race_id=RACE_ID,
        version=version,
        as_of=AT,
        competitor_id=line.competitor.id,
        entry=line,
        order=(0, 67920),
    )


def pace(competitor: Competitor, **known: Any) -> Pace:
    """Make a split at 600 m."""
    unknown: dict[str, Any] = {
        "race_id": RACE_ID,
        "version": 3,
        "as_of": AT,
        "pair": 1,
        "distance_m": 600,
        "time_ms": 41234,
        "lap_ms": 25000,
        "rank_at_split": 1,
        "behind_leader_ms": -380,
        "ahead_of_ms": {"WR": -120},
        "projected_ms": 68000,
        "basis": "leader",
        "opponent_ms": None,
    }
    return Pace(competitor=competitor, **(unknown | known))


def record(competitor: Competitor, **known: Any) -> RecordSet:
    """Make a track record of 1:07.92, 0.50 better than an old one."""
    unknown: dict[str, Any] = {
        "kind": "TR",
        "scope": "oval",
        "discipline": "M1000",
        "race_id": RACE_ID,
        "version": 3,
        "as_of": AT,
        "time_ms": 67920,
        "time": "1:07.92",
        "margin_ms": 500,
        "previous": Holding(time_ms=68420, time="1:08.42", holder=DUBREUIL, set_on=None),
        "status": "provisional",
    }
    return RecordSet(competitor=competitor, **(unknown | known))


def revoked(competitor: Competitor) -> RecordRevoked:
    """Take the track record back."""
    return RecordRevoked(
        kind="TR",
        scope="oval",
        discipline="M1000",
        race_id=RACE_ID,
        version=5,
        as_of=AT,
        record=Holding(time_ms=67920, time="1:07.92", holder=competitor, set_on=None, race_id=RACE_ID),
        in_force=Holding(time_ms=68420, time="1:08.42", holder=DUBREUIL, set_on=None),
        cause="ruling",
    )


def podium(*competitors: Competitor) -> PodiumChanged:
    """Make a podium after a finish."""
    return PodiumChanged(
        race_id=RACE_ID,
        version=4,
        as_of=AT,
        changes=(PodiumChange(competitor=competitors[0], from_=None, to=1),),
        podium=tuple(
            PodiumPlace(rank=rank, rank_equal=False, competitor=one, time_ms=67920, time="1:07.92")
            for rank, one in enumerate(competitors, start=1)
        ),
        cause="finish",
    )


def secured(competitor: Competitor) -> PodiumSecured:
    """Make a gold certain."""
    return PodiumSecured(race_id=RACE_ID, version=5, as_of=AT, competitor=competitor, worst_rank=1)
