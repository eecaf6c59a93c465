"""Changing inputs as the formats are made: a value of a JSON object, a line of a recording.

Bytes that are changed at random are seldom JSON, and all that they would try is the parser.
"""

import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from tests.fuzz.decoding import WAYS
from tests.fuzz.draws import Draws
from tests.fuzz.seeds import for_decoding
from tests.fuzz.spoiling import at, places, spoiled, written

_AT_MOST = 64


def mutated(name: str, data: bytes, chance: random.Random) -> bytes:
    """Change an input of the targets `decoder` and `converter`; where it cannot be read, give it as it is."""
    if not data:
        return data
    if name == "decoder":
        return _decoder(data, chance)
    if data[0] % 2 == 0:
        return data
    return data[:1] + _recording(data[1:], chance)


def _decoder(data: bytes, chance: random.Random) -> bytes:
    first, value = data[:1], data[1:]
    if chance.randrange(16) == 0:
        first = bytes([first[0] % len(WAYS) + len(WAYS) * chance.randrange(256 // len(WAYS))])
    return first + _object(value, chance)


def _object(value: bytes, chance: random.Random) -> bytes:
    draws = Draws(chance.randbytes(64))
    try:
        message = json.loads(value)
        for _ in range(1 + chance.randrange(2)):
            message = spoiled(message, draws, _known())
        return written(message, draws)
    except (ValueError, RecursionError):
        return value


@cache
def _known() -> Mapping[str, Sequence[Any]]:
    """Collect from all seeds what stands under each name, each once and at most 64 of them."""
    found: dict[str, dict[str, Any]] = {}
    for seed in for_decoding():
        try:
            message = json.loads(seed[1:])
        except ValueError:
            continue
        for path in places(message):
            name, value = path[-1], at(message, path)
            if isinstance(name, str):
                there = found.setdefault(name, {})
                if len(there) < _AT_MOST:
                    there.setdefault(json.dumps(value), value)
    return {name: tuple(values.values()) for name, values in found.items()}


def _recording(data: bytes, chance: random.Random) -> bytes:
    """Change a line, repeat one, leave one out, or move one."""
    lines = data.split(b"\n")
    there = chance.randrange(len(lines))
    what = chance.randrange(6)
    if what == 0 and len(lines) > 1:
        del lines[there]
    elif what == 1:
        lines.insert(chance.randrange(len(lines) + 1), lines[there])
    elif what == 2:
        lines.insert(chance.randrange(len(lines)), lines.pop(there))
    else:
        lines[there] = _object(lines[there], chance)
    return b"\n".join(_short(lines))


def _short(lines: Sequence[bytes]) -> Sequence[bytes]:
    return lines[:24]
