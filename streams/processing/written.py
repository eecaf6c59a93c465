"""JSON of a race, of which only that is written anew which is not the very same object as before.

What comes out is, to the byte, what pydantic makes of the whole. A message and a row of a race of forty are
mostly what the last ones were, and writing them was most of what an event cost.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from pydantic import TypeAdapter
from pydantic_core import to_json

from schemas.race import RaceDefinition
from schemas.standings import Entry, Standings
from streams.skating.race import Race, Skater

Thing = TypeVar("Thing")

_RACE: TypeAdapter[Race] = TypeAdapter(Race)
_SKATER: TypeAdapter[Skater] = TypeAdapter(Skater)
_WHEN: Final = {"defined_at", "listed_at"}
_APART: Final = {"definition", "skaters", *_WHEN}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written last of a race: things by name with their JSON, of a row and of a message."""

    definition: Mapping[str, tuple[RaceDefinition, bytes]] = field(default_factory=dict)
    skaters: Mapping[str, tuple[Skater, bytes]] = field(default_factory=dict)
    entries: Mapping[str, tuple[Entry, bytes]] = field(default_factory=dict)


def written(race: Race, entries: Iterable[Entry], before: Written) -> Written:
    """Write down what a race consists of, as far as it is not what was written before."""
    return Written(
        definition=_each([("definition", race.definition)], before.definition, _definition),
        skaters=_each(race.skaters.items(), before.skaters, _skater),
        entries=_each(((each.competitor.id, each) for each in entries), before.entries, _entry),
    )


def _each(
    things: Iterable[tuple[str, Thing]],
    before: Mapping[str, tuple[Thing, bytes]],
    write: Callable[[str, Thing], bytes],
) -> dict[str, tuple[Thing, bytes]]:
    return {
        name: known
        if (known := before.get(name)) is not None and known[0] is thing
        else (thing, write(name, thing))
        for name, thing in things
    }


def _definition(name: str, definition: RaceDefinition) -> bytes:
    return _member(name, definition.model_dump_json(exclude_defaults=True).encode())


def _skater(name: str, skater: Skater) -> bytes:
    return _member(name, _SKATER.dump_json(skater, exclude_defaults=True))


def _entry(_: str, entry: Entry) -> bytes:
    return entry.model_dump_json().encode()


def _member(name: str, value: bytes) -> bytes:
    return to_json(name) + b":" + value


def standings_json(head: Standings, entries: Mapping[str, tuple[Entry, bytes]]) -> bytes:
    """Write a standings message.

    Args:
        head: the message without its entries.
        entries: the entries, in their order.
    """
    # Inside a text every quotation mark has a backslash before it, so this is no part of one.
    before, after = head.model_dump_json().encode().split(b'"entries":[]', 1)
    return b'%b"entries":[%b]%b' % (before, b",".join(line for _, line in entries.values()), after)


def race_json(race: Race, known: Written) -> bytes:
    """Write a race down as it is remembered: defaults are left out."""
    ((_, definition),) = known.definition.values()
    when = _RACE.dump_json(race, include=_WHEN)
    rest = _RACE.dump_json(race, exclude=_APART, exclude_defaults=True)
    skaters = b",".join(line for _, line in known.skaters.values())
    parts = (definition, when[1:-1], b'"skaters":{%b}' % skaters if skaters else b"", rest[1:-1])
    return b"{%b}" % b",".join(filter(None, parts))
