"""An evening of 500 m races to tell the boards about, and short sentences for what they say of it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.performances import BoardEvent, Performance, RacePerformances
from schemas.race import Competitor
from schemas.records import RecordMessage, RecordRevoked
from schemas.reference import RecordKind, RecordListed
from streams.skating.boards import Boards, fold_boards
from streams.skating.records import announce
from streams.skating.times import text

DAY = date(2021, 12, 4)
GUN = datetime(2021, 12, 4, 13, 0, tzinfo=UTC)
RACE = "2021-wc3/M500/A"
LATER_RACE = "2021-wc4/M500/A"

KROL = Competitor(id="krol", name="Thomas Krol", country="NED")
NUIS = Competitor(id="nuis", name="Kjeld Nuis", country="NED")
GAO = Competitor(id="gao", name="Tingyu Gao", country="CHN")
KULIZHNIKOV = Competitor(id="kulizhnikov", name="Pavel Kulizhnikov", country="RUS")


def skated(competitor: Competitor, time_ms: int | None, minute: int = 0, **more: Any) -> Performance:
    """Give a performance of an evening, finished some minutes after the first gun."""
    fields: dict[str, Any] = {
        "competitor": competitor,
        "pair": 1,
        "lane": "inner",
        "splits": {},
        "time_ms": time_ms,
        "finished_at": None if time_ms is None else GUN + timedelta(minutes=minute),
        "irm": None,
    }
    return Performance(**{**fields, **more})


def raced(version: int, *changed: Performance, **more: Any) -> RacePerformances:
    """Give a message of a race on the ice; what is not said is as in a World Cup in Salt Lake City."""
    fields: dict[str, Any] = {
        "race_id": RACE,
        "version": version,
        "place": 0,
        "as_of": GUN + timedelta(hours=1, seconds=version),
        "discipline": "M500",
        "distance_m": 500,
        "format": "pairs",
        "course": (100, 500),
        "season": "2021-22",
        "olympic": False,
        "venue_id": "salt-lake-city",
        "skated_on": DAY,
        "status": "LIVE",
        "closed_at": None,
        "cause": "finish",
        "changed": changed,
        "gone": (),
        "passed": (),
    }
    return RacePerformances(**{**fields, **more})


def listed(
    kind: RecordKind, scope: str | None, time_ms: int, holder: Competitor = KULIZHNIKOV, **more: Any
) -> RecordListed:
    """Give a listing of a 500 m record, set in March 2019 unless told otherwise."""
    fields: dict[str, Any] = {
        "kind": kind,
        "discipline": "M500",
        "scope": scope,
        "time_ms": time_ms,
        "holder": holder,
        "set_on": date(2019, 3, 9),
    }
    return RecordListed(**{**fields, **more})


def heard(
    events: Iterable[BoardEvent], *, openings: bool = False
) -> tuple[Boards, list[tuple[RecordMessage, ...]]]:
    """Fold events into empty boards, and give the boards with the messages of each event."""
    boards = Boards()
    messages = []
    for event in events:
        after = fold_boards(boards, event)
        messages.append(announce(boards, after, event, openings=openings))
        boards = after
    return boards, messages


def said(*events: BoardEvent, openings: bool = False) -> list[str]:
    """Say in short sentences what the last of these events announces."""
    _, messages = heard(events, openings=openings)
    return [sentence(message) for message in messages[-1]]


def sentence(message: RecordMessage) -> str:
    """Write a message like `set WR krol 33.60 -0.01 of 33.61 provisional`."""
    what = message.type.removeprefix("record.")
    board = message.kind if message.scope is None else f"{message.kind}/{message.scope}"
    if isinstance(message, RecordRevoked):
        now = "none" if message.in_force is None else message.in_force.time
        return f"{what} {board} {message.record.holder.id} {message.record.time} now {now} {message.cause}"
    previous = "none" if message.previous is None else message.previous.time
    margin = text(message.margin_ms)
    return f"{what} {board} {message.competitor.id} {message.time} {margin} of {previous} {message.status}"
