"""Messages that are huge, deep or strange, as whoever sends them may make them: by mistake, or not."""

import json
from collections.abc import Callable, Iterator, Mapping

from tests.skating.a_race import RACE, Event, competitor, event, instant, passing, raw, ruled, scheduled

MEGABYTES_10 = 10_000_000
DEEP = 100_000
MANY_DIGITS = 100_000
CROWD = 250
LONG = "x" * 200


def _with(field: str, value: str, story: Event | None = None) -> bytes:
    """Write an event with a field that is JSON as it stands, which no writer of JSON might write."""
    told = passing("ann", 1, 35_000, 1) if story is None else story
    return json.dumps(told | {field: "@"}).replace('"@"', value).encode(errors="surrogatepass")


def _lines(count: int) -> list[Event]:
    return [{"pair": pair, "competitor": competitor(f"n{pair}")} for pair in range(1, count + 1)]


REFUSED: Mapping[str, Callable[[], bytes]] = {
    "10 MB of white space": lambda: raw(passing("ann", 1, 35_000, 1)).ljust(MEGABYTES_10),
    "10 MB of one text": lambda: _with("source", '"' + "x" * MEGABYTES_10 + '"'),
    "10 MB of numbers": lambda: _with(
        "marks", "[" + "1," * (MEGABYTES_10 // 2) + "1]", ruled("ann", "DQ", 1)
    ),
    "1 MB of numbers": lambda: _with("marks", "[" + "1," * 500_000 + "1]", ruled("ann", "DQ", 1)),
    "1 MB of wrong points": lambda: raw(
        event("sprint.scored", 1, lap=1, points=dict.fromkeys(map(str, range(80_000)), ""))
    ),
    "10 MB of brackets": lambda: b"[" * MEGABYTES_10,
    "arrays 100,000 deep": lambda: _with("newer", "[" * DEEP + "]" * DEEP),
    "objects 100,000 deep": lambda: _with("newer", '{"a":' * DEEP + "1" + "}" * DEEP),
    "100,000 digits": lambda: _with("time_ms", "9" * MANY_DIGITS),
    "4,000 digits": lambda: _with("time_ms", "9" * 4_000),
    "4,000 digits of a pair": lambda: _with("pair", "9" * 4_000),
    "100,000 digits behind the point": lambda: _with("time_ms", "1." + "9" * MANY_DIGITS),
    "100,000 digits in a field of nobody's": lambda: _with("newer", "9" * MANY_DIGITS),
    "NaN": lambda: _with("time_ms", "NaN"),
    "infinity": lambda: _with("time_ms", "-Infinity"),
    "a number beyond all": lambda: _with("time_ms", "1e999999999"),
    "half a character": lambda: _with("source", '"\\ud800"'),
    "the other half of a character": lambda: _with("competitor_id", '"\\udfff"'),
    "half a character as bytes": lambda: _with("source", '"\ud800"'),
    "a NUL within a text": lambda: _with("source", '"\x00"'),
    "a NUL behind": lambda: raw(passing("ann", 1, 35_000, 1)) + b"\x00",
    "no UTF-8": lambda: _with("source", '"@@"').replace(b"@@", b"\xff\xfe"),
    "an overlong slash": lambda: _with("source", '"@@"').replace(b"@@", b"\xc0\xaf"),
    "UTF-16": lambda: raw(passing("ann", 1, 35_000, 1)).decode().encode("utf-16"),
    "a byte order mark": lambda: b"\xef\xbb\xbf" + raw(passing("ann", 1, 35_000, 1)),
    "an id of 201 characters": lambda: _with("competitor_id", f'"{LONG}y"'),
    "a start list of 251": lambda: raw(scheduled() | {"start_list": _lines(251)}),
    "a start list of 100,000": lambda: raw(scheduled() | {"start_list": _lines(100_000)}),
    "a start list of 100,000 that fits": lambda: raw(scheduled() | {"start_list": [1] * 100_000}),
    "a member too many": lambda: raw(
        scheduled() | {"start_list": [{"pair": 1, "competitor": competitor("a", members=[{}] * 10_000)}]}
    ),
    "an array": lambda: b"[]",
    "nothing": lambda: b"",
}
"""Timing events that become dead letters."""

TAKEN: Mapping[str, Callable[[], bytes]] = {
    "a key twice": lambda: raw(passing("ann", 1, 35_000, 1)).replace(b"{", b'{"time_ms": 1, "pair": 9, ', 1),
    "a million keys of nobody's": lambda: (
        b"{%s,%s"
        % (
            b",".join(b'"%d":1' % number for number in range(60_000)),
            raw(passing("ann", 1, 35_000, 1))[1:],
        )
    ),
    "NaN in a field of nobody's": lambda: _with("newer", "[NaN, Infinity]"),
    "a NUL that is escaped": lambda: _with("source", '"\\u0000"'),
    "a source as long as there is room": lambda: _with("source", '"' + "x" * 1_000_000 + '"'),
    "arrays 100 deep": lambda: _with("newer", "[" * 100 + "]" * 100),
}
"""Timing events that are sound all the same: each is a measurement of 35 s."""

BOOKS: Mapping[str, Callable[[], bytes]] = {
    "a points table of 400,000": lambda: raw(
        {"type": "points_table.listed", "name": "wc", "points": [1] * 400_000}
    ),
    "points of 4,000 digits": lambda: _with(
        "points", f"[{'9' * 4_000}]", {"type": "points_table.listed", "name": "a"}
    ),
    "a ranking of 60,000 races": lambda: raw(
        {
            "type": "ranking.defined",
            "ranking_id": "r",
            "basis": "medals",
            "season": "s",
            "race_ids": [f"c/M500/A/{number}" for number in range(50_000)],
            "occurred_at": instant(1),
        }
    ),
    "a matrix of 20,000 places": lambda: raw(
        {
            "type": "ranking.defined",
            "ranking_id": "r",
            "basis": "matrix",
            "season": "s",
            "race_ids": [RACE],
            "places": [{"race_id": RACE, "rank": number + 1} for number in range(20_000)],
            "occurred_at": instant(1),
        }
    ),
    "a record of 80,000 splits": lambda: raw(
        {
            "type": "record.listed",
            "kind": "WR",
            "discipline": "M500",
            "time_ms": 34_000,
            "splits": {str(number + 1): number + 1 for number in range(60_000)},
            "holder": competitor("ann"),
        }
    ),
    "brackets": lambda: b"{" * 1_000_000,
}
"""Reference events that become dead letters."""


def crowds(count: int) -> Iterator[Event]:
    """Define a race, list others in it each time, with ids as long as may be, and rule on one of each."""
    race_id = "crowded/M500/A"
    yield scheduled("ann bea", race_id=race_id)
    for number in range(count):
        start_list = [
            {"pair": pair, "competitor": competitor(f"{number}-{pair}-{LONG}"[:200])}
            for pair in range(1, CROWD + 1)
        ]
        yield event("start_list.revised", number + 1, race_id, start_list=start_list)
        first = f"{number}-1-{LONG}"[:200]
        yield event("result.ruled", number + 1, race_id, competitor_id=first, irm="DQ", rule=LONG)
