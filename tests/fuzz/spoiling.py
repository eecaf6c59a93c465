"""Making JSON nearly valid: a value that does not belong there, a field too many, one missing, one twice."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from types import MappingProxyType
from typing import Any

from tests.fuzz.draws import Draws

Path = tuple[str | int, ...]

JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1,
    2,
    3,
    100,
    500,
    2**31,
    2**63,
    -(2**64),
    10**30,
    int("9" * 400),
    1.0,
    1.5,
    -0.0,
    1e308,
    float("inf"),
    float("nan"),
    "",
    " ",
    "0",
    "\x00",
    "\ud800",
    "a\udfffb",
    "/",
    "|",
    "é\u0301\u202e\U0001d4b3",
    "x" * 200,
    "x" * 201,
    "y" * 5000,
    "ann",
    "bea",
    "DQ",
    "photo_finish",
    "record.listed",
    "race.scheduled",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "2021-11-12T10:00:00",
    "2021-11-12",
    "1636711200",
    "2021-11-12T10:00:60Z",
    [],
    [[]],
    [None],
    {},
    {"": ""},
    {"id": 1},
    ["ann"] * 60,
)
"""What stands where something else should; also what would be right elsewhere."""

_LARGE = 10**15
_NOTHING: Mapping[str, Sequence[Any]] = MappingProxyType({})


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """List the paths of all values within a value."""
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, under in inner:
        yield (*path, key)
        yield from places(under, (*path, key))


def spoiled(message: Any, draws: Draws, known: Mapping[str, Sequence[Any]] = _NOTHING) -> Any:
    """Give a copy of a JSON object or array with one thing changed.

    Args:
        message: what was parsed.
        draws: chooses what is changed, and how.
        known: what stands elsewhere under a name, such as other competitors under `competitor`; where a value
            has some, it is mostly changed into one of them.
    """
    there = list(places(message))
    if not there:
        return draws.of(JUNK)
    *way, last = there[(draws.byte() * 256 + draws.byte()) % len(there)]
    copy = deepcopy(message)
    holder = copy
    for key in way:
        holder = holder[key]
    others = known.get(last) if isinstance(last, str) else None
    what = draws.below(8)
    if others and draws.below(4):
        holder[last] = deepcopy(draws.of(others))
    elif what == 0:
        del holder[last]
    elif what == 1 and isinstance(holder, dict):
        holder[draws.of(("", "type", "newer", "irm", "race_id"))] = holder[last]
    elif what == 1:
        holder.append(deepcopy(holder[last]))
    elif what == 2:
        other = there[(draws.byte() * 256 + draws.byte()) % len(there)]
        holder[last] = deepcopy(at(message, other))
    elif what == 3 and type(holder[last]) in {int, float} and abs(holder[last]) < _LARGE:  # no bool
        holder[last] += draws.of((1, -1, 10, -10, 1000, 0.5))
    else:
        holder[last] = draws.of(JUNK)
    return copy


def at(message: Any, path: Path) -> Any:
    """Find the value at a path."""
    for key in path:
        message = message[key]
    return message


def written(message: Any, draws: Draws) -> bytes:
    """Write JSON down, now and then as no writer of JSON should."""
    raw = json.dumps(message, ensure_ascii=draws.of((True, False))).encode(errors="surrogatepass")
    cut = len(raw) * draws.byte() // 256
    wrong = {
        1: lambda: b"\xef\xbb\xbf" + raw,
        2: lambda: raw[:cut],
        3: lambda: raw.replace(b"{", b'{"type":"race.paused","race_id":"c/M500/-",', 1),
        4: lambda: raw[:cut] + draws.take(4) + raw[cut:],
        5: lambda: b" \r\n\t" + raw + b"\n\x00"[: draws.below(3)],
        6: lambda: raw.decode(errors="replace").encode("utf-16"),
    }
    return wrong.get(draws.below(64), lambda: raw)()
