"""A small race to tell stories about: its events as the contract writes them, and all that comes of them."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from schemas.podium import PodiumChange, PodiumChanged, PodiumSecured
from schemas.standings import Entry, Standings
from streams.processing.messages import REASON_HEADER, Published
from streams.processing.pipeline import Pipeline

Event = dict[str, Any]

RACE = "2021-wc1/M500/A"
TEN = datetime(2021, 11, 12, 10, 0, tzinfo=UTC)
LANES = ("inner", "outer", "inner2", "outer2")


def instant(second: float) -> str:
    """Write the moment this many seconds after ten."""
    return (TEN + timedelta(seconds=second)).isoformat()


def event(kind: str, second: float, race_id: str = RACE, **fields: Any) -> Event:
    """Write an event of this type, which happened this many seconds after ten."""
    return {"type": kind, "race_id": race_id, "occurred_at": instant(second), **fields}


def competitor(name: str, **more: Any) -> Event:
    """Write a Dutch competitor."""
    return {"id": name, "name": name.title(), "country": "NED", **more}


def lines(*pairs: str) -> list[Event]:
    """Write a start list, `lines("ann bea", "- cor")`: pairs from 1, lanes in order, `-` for an empty one."""
    return [
        {"pair": pair, "lane": lane, "competitor": competitor(name)}
        for pair, names in enumerate(pairs, start=1)
        for lane, name in zip(LANES, names.split(), strict=False)
        if name != "-"
    ]


def scheduled(*pairs: str, second: float = 0, **more: Any) -> Event:
    """Write the definition of a race over 500 m with these pairs."""
    race_id = more.pop("race_id", RACE)
    competition, discipline, division = race_id.split("/")
    venue = {"id": "tomaszow", "name": "Arena Lodowa", "country": "POL", "track_length_m": 400}
    meeting = {"id": competition, "name": "World Cup 1", "season": "2021-22", "series": "world_cup"}
    digits = discipline[1:]
    definition: Event = {
        "competition": {**meeting, "venue": venue},
        "discipline": discipline,
        "distance_m": int(digits) if digits.isdigit() else None,
        "format": "pairs",
        "division": division,
        "start_list": lines(*pairs),
    }
    return event("race.scheduled", second, race_id, **definition | more)


def pursuit(*pairs: str) -> Event:
    """Write the definition of a men's team pursuit, eight laps."""
    race_id = "2021-wc1/MTP/A"
    return scheduled(*pairs, race_id=race_id, format="team_pursuit", distance_m=3200)


def mass_start(names: str, laps: int = 4) -> Event:
    """Write the definition of a mass start: everyone is pair 1, without lanes."""
    start_list = [{"pair": 1, "competitor": competitor(name)} for name in names.split()]
    shape: Event = {"format": "mass_start", "distance_m": laps * 400, "start_list": start_list}
    return scheduled(race_id="2021-wc1/MMS/A", **shape)


def passing(name: str, pair: int, time_ms: int, second: float, **more: Any) -> Event:
    """Write a measurement, of a finish by the optical line unless told otherwise."""
    what: Event = {"pair": pair, "competitor_id": name, "time_ms": time_ms}
    where: Event = {"distance_m": 500, "method": "optical"}
    return event("passing.recorded", second, **what | where | more)


def deleted(name: str, second: float, **more: Any) -> Event:
    """Write the deletion of a finish, in all pairs and by all methods unless told otherwise."""
    what: Event = {"competitor_id": name, "distance_m": 500}
    return event("passing.deleted", second, **what | more)


def ruled(name: str, irm: str | None, second: float, **more: Any) -> Event:
    """Write a ruling."""
    return event("result.ruled", second, competitor_id=name, irm=irm, **more)


def pair(what: str, number: int, second: float, **more: Any) -> Event:
    """Write that a pair was called, started, cleared or confirmed."""
    needed: Event = {"started": {"started_at": instant(second)}, "cleared": {"reason": "restart"}}
    extra: Event = needed.get(what, {})
    return event(f"pair.{what}", second, pair=number, **extra | more)


def reskate(name: str, number: int, second: float) -> Event:
    """Write that somebody may skate again as this pair."""
    return event("reskate.granted", second, competitor_id=name, pair=number)


def sprint(lap: int, second: float, **points: int) -> Event:
    """Write the points of a sprint of the mass start."""
    return event("sprint.scored", second, "2021-wc1/MMS/A", lap=lap, points=points)


def lap(name: str, number: int, time_ms: int, second: float) -> Event:
    """Write that somebody completed this many laps of the mass start."""
    return passing(name, 1, time_ms, second, race_id="2021-wc1/MMS/A", distance_m=number * 400)


def closed(status: str, second: float, race_id: str = RACE) -> Event:
    """Write that the race has ended."""
    return event("race.closed", second, race_id, status=status)


class Told(NamedTuple):
    """What each event made the steps publish, in order."""

    by_event: tuple[tuple[Published, ...], ...]

    def values(self, *streams: str) -> list[bytes]:
        """Give the messages of some outputs, to the byte."""
        return [each.value for told in self.by_event for each in told if each.stream in streams]

    @property
    def standings(self) -> list[Standings]:
        """Give all standings messages."""
        return [Standings.model_validate_json(value) for value in self.values("standings")]

    @property
    def sheet(self) -> list[str]:
        """Write the last sheet: `1 ann 35.00`, `2= bea 35.10`, `- cor`, `DQ dee`."""
        return [written(entry) for entry in self.standings[-1].entries]

    @property
    def podium(self) -> list[PodiumChanged | PodiumSecured]:
        """Give all podium messages."""
        return [
            PodiumChanged.model_validate_json(value)
            if b'"type":"podium.changed"' in value
            else PodiumSecured.model_validate_json(value)
            for value in self.values("podium")
        ]

    @property
    def moves(self) -> list[str]:
        """Write the podium changes: `finish: ann -1`, `correction: bea 21, ann 12` (`-` for no place)."""
        return [
            f"{message.cause}: {', '.join(_move(each) for each in message.changes)}"
            for message in self.podium
            if isinstance(message, PodiumChanged)
        ]

    @property
    def sure(self) -> list[str]:
        """Write who has secured what: `ann 2`."""
        return [
            f"{message.competitor.id} {message.worst_rank}"
            for message in self.podium
            if isinstance(message, PodiumSecured)
        ]

    @property
    def reasons(self) -> list[str]:
        """Give the reasons of all dead letters."""
        return [
            dict(each.headers)[REASON_HEADER].decode()
            for told in self.by_event
            for each in told
            if each.stream == "dead-letters"
        ]

    def entry(self, name: str) -> Entry:
        """Give somebody's line on the last sheet."""
        return next(entry for entry in self.standings[-1].entries if entry.competitor.id == name)


def _move(change: PodiumChange) -> str:
    return f"{change.competitor.id} {change.from_ or '-'}{change.to or '-'}"


def written(entry: Entry) -> str:
    """Write a line of the sheet."""
    place = entry.irm or (f"{entry.rank}{'=' if entry.rank_equal else ''}" if entry.rank else "-")
    return " ".join(filter(None, (place, entry.competitor.id, entry.time)))


def raw(story: Mapping[str, Any]) -> bytes:
    """Write an event down as it comes over Kafka."""
    return json.dumps(story).encode()


def told(*story: Event) -> Told:
    """Tell a story to all steps, each event with its race as the key; none may make our own code fail."""
    return told_raw((str(each["race_id"]).encode(), raw(each)) for each in story)


def told_raw(story: Iterable[tuple[bytes | None, bytes | None]]) -> Told:
    """Tell a story of keys and values as they are."""
    bugs: list[str] = []
    pipeline = Pipeline(openings=True, on_bug=bugs.append)
    out = tuple(tuple(pipeline.feed("timing", key, value)) for key, value in story)
    assert bugs == []
    return Told(out)
