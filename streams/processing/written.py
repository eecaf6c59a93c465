"""JSON of a race, of which only that is written anew which is not the very same object as before.

What comes out is, to the byte, what pydantic makes of the whole. A message and a row of a race of forty are
mostly what the last ones were, and writing them was most of what an event cost.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from pydantic import TypeAdapter
from pydantic_core import to_json

from schemas.field import FieldTop
from schemas.race import RaceDefinition
from schemas.standings import Entry, Standings
from streams.skating.race import PairLife, Race, Skater

Key = TypeVar("Key")
Thing = TypeVar("Thing")

_Head = tuple[RaceDefinition, datetime, datetime]
"""What a race is, and when that and the start list were told: hardly ever anything else than before."""

_RACE: TypeAdapter[Race] = TypeAdapter(Race)
_SKATER: TypeAdapter[Skater] = TypeAdapter(Skater)
_PAIR: TypeAdapter[PairLife] = TypeAdapter(PairLife)
_HEAD: Final = {"definition", "defined_at", "listed_at"}
_APART: Final = {"skaters", "pairs", *_HEAD}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written last of a race: of its row head, skaters and pairs, of its message the entries."""

    head: tuple[_Head, bytes] | None = None
    skaters: Mapping[str, tuple[Skater, bytes]] = field(default_factory=dict)
    pairs: Mapping[int, tuple[PairLife, bytes]] = field(default_factory=dict)
    entries: Mapping[str, tuple[Entry, bytes]] = field(default_factory=dict)


def written(race: Race, entries: Iterable[Entry], before: Written) -> Written:
    """Write down what a race consists of, as far as it is not what was written before."""
    return Written(
        head=_head(race, before.head),
        skaters=each_written(race.skaters.items(), before.skaters, _skater),
        pairs=each_written(race.pairs.items(), before.pairs, _pair),
        entries=entries_written(entries, before.entries),
    )


def entries_written(
    entries: Iterable[Entry], before: Mapping[str, tuple[Entry, bytes]]
) -> dict[str, tuple[Entry, bytes]]:
    """Write lines down, but for those that were written before, the very same objects."""
    return each_written(((each.competitor.id, each) for each in entries), before, _entry)


def each_written(
    things: Iterable[tuple[Key, Thing]],
    before: Mapping[Key, tuple[Thing, bytes]],
    write: Callable[[Key, Thing], bytes],
) -> dict[Key, tuple[Thing, bytes]]:
    """Write things down by name, but for those that were written before, the very same objects."""
    return {
        name: known
        if (known := before.get(name)) is not None and known[0] is thing
        else (thing, write(name, thing))
        for name, thing in things
    }


def _head(race: Race, before: tuple[_Head, bytes] | None) -> tuple[_Head, bytes]:
    head = race.definition, race.defined_at, race.listed_at
    if before is not None and all(now is then for now, then in zip(head, before[0], strict=True)):
        return before
    return head, _RACE.dump_json(race, include=_HEAD, exclude_defaults=True)[1:-1]


def _skater(name: str, skater: Skater) -> bytes:
    return to_json(name) + b":" + _SKATER.dump_json(skater, exclude_defaults=True)


def _pair(pair: int, life: PairLife) -> bytes:
    return b'"%d":%b' % (pair, _PAIR.dump_json(life, exclude_defaults=True))


def _entry(_: str, entry: Entry) -> bytes:
    return entry.model_dump_json().encode()


def standings_json(head: Standings | FieldTop, entries: Mapping[str, tuple[Entry, bytes]]) -> bytes:
    """Write a standings message, or the front of one.

    Args:
        head: the message without its entries.
        entries: the entries, in their order.
    """
    # Inside a text every quotation mark has a backslash before it, so this is no part of one.
    before, after = head.model_dump_json().encode().split(b'"entries":[]', 1)
    return b'%b"entries":[%b]%b' % (before, b",".join(line for _, line in entries.values()), after)


def race_json(race: Race, known: Written) -> bytes:
    """Write a race down as it is remembered: defaults are left out."""
    parts = [
        b"" if known.head is None else known.head[1],
        _mapping(b"skaters", known.skaters.values()),
        _mapping(b"pairs", known.pairs.values()),
        _RACE.dump_json(race, exclude=_APART, exclude_defaults=True)[1:-1],
    ]
    return b"{%b}" % b",".join(filter(None, parts))


def _mapping(name: bytes, members: Iterable[tuple[object, bytes]]) -> bytes:
    written = b",".join(member for _, member in members)
    return b'"%b":{%b}' % (name, written) if written else b""
