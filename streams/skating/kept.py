"""Many things by name, of which few are in use: those handled last as they are, the others packed.

Theory of operation. A discipline's boards and the rankings know every race of every season, because a ruling
may come late and a record may fall. They are folds: an event makes a new mapping and leaves the old one as it
was. So the mapping is persistent: names are spread over shelves, and a new one shares with the old all
shelves but one. What is on a shelf is bytes, with a few *facts* beside them that must be known of all races
at once, such as the season. Reading one makes it anew; those read last are remembered.

With this a race takes some hundred bytes where its objects took ten thousand, and an event costs the same
whether there are ten races or a million.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar
from zlib import crc32

from streams.skating.packed import packed, unpacked

Thing = TypeVar("Thing")
Facts = TypeVar("Facts")

FRESH = 64
"""How many things are held as they are, those put in last: more than races are under way at once."""

READ_LAST = 1_024
"""How many things of a kind are remembered after they were read from a shelf."""

_SHELVES = 1_024


@dataclass(frozen=True, slots=True)
class Packing(Generic[Thing, Facts]):
    """How a thing is written and, packed by a pattern, read again, and which facts stand beside it."""

    pack: Callable[[Thing], bytes]
    read: Callable[[bytes, bytes], Thing]
    facts: Callable[[Thing], Facts]


def packing(
    pack: Callable[[Thing], bytes], unpack: Callable[[bytes], Thing], facts: Callable[[Thing], Facts]
) -> Packing[Thing, Facts]:
    """Make a way of packing that remembers what it read last.

    Args:
        pack: writes a thing down.
        unpack: reads it again, so that it is equal.
        facts: gives what stands beside it.
    """

    @lru_cache(READ_LAST)
    def read(small: bytes, pattern: bytes) -> Thing:
        return unpack(unpacked(small, pattern))

    return Packing(pack, read, facts)


class Kept(Mapping[str, Thing], Generic[Thing, Facts]):
    """A mapping that is never changed: `put` gives another one.

    Args:
        packing: how its things are packed.
        things: what it has at first, by name, each once; they are packed one by one.
    """

    __slots__ = ("_count", "_fresh", "_packing", "_pattern", "_shelves")

    def __init__(self, packing: Packing[Thing, Facts], things: Iterable[tuple[str, Thing]] = ()) -> None:
        self._packing = packing
        self._fresh: dict[str, Thing] = {}
        self._shelves: tuple[Mapping[str, tuple[Facts, bytes]], ...] = _EMPTY
        self._pattern = b""
        self._count = 0
        shelves: dict[int, dict[str, tuple[Facts, bytes]]] = {}
        for name, thing in things:
            shelves.setdefault(_shelf(name), {})[name] = self._packed(thing)
            self._count += 1
        if shelves:
            self._shelves = tuple(shelves.get(number, {}) for number in range(_SHELVES))

    def put(self, name: str, thing: Thing) -> "Kept[Thing, Facts]":
        """Give a mapping that has this thing under this name, and all others as here."""
        after: Kept[Thing, Facts] = Kept(self._packing)
        after._fresh = {other: there for other, there in self._fresh.items() if other != name}
        after._fresh[name] = thing
        after._shelves, after._pattern = self._shelves, self._pattern
        after._count = self._count + (name not in self)
        if len(after._fresh) > FRESH:
            after._shelve(next(iter(after._fresh)))
        return after

    def facts(self) -> Iterator[tuple[str, Facts]]:
        """Give every name with its facts, without reading what is packed."""
        for name, thing in self._fresh.items():
            yield name, self._packing.facts(thing)
        for shelf in filter(None, self._shelves):
            for name, (facts, _) in shelf.items():
                if name not in self._fresh:
                    yield name, facts

    def __getitem__(self, name: str) -> Thing:
        """Give a thing, made anew from its bytes where it is packed."""
        if name in self._fresh:
            return self._fresh[name]
        return self._packing.read(self._shelves[_shelf(name)][name][1], self._pattern)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a name, without reading what is packed."""
        return name in self._fresh or (isinstance(name, str) and name in self._shelves[_shelf(name)])

    def __iter__(self) -> Iterator[str]:
        """Give every name, in no order that means anything."""
        return (name for name, _ in self.facts())

    def __len__(self) -> int:
        """Count the names."""
        return self._count

    def _packed(self, thing: Thing) -> tuple[Facts, bytes]:
        raw = self._packing.pack(thing)
        self._pattern = self._pattern or raw
        return self._packing.facts(thing), packed(raw, self._pattern)

    def _shelve(self, name: str) -> None:
        number = _shelf(name)
        shelf = {**self._shelves[number], name: self._packed(self._fresh.pop(name))}
        self._shelves = (*self._shelves[:number], shelf, *self._shelves[number + 1 :])


_EMPTY: tuple[Mapping[str, Any], ...] = ({},) * _SHELVES


def _shelf(name: str) -> int:
    return crc32(name.encode()) % _SHELVES


@lru_cache(4_096)
def shared(text: str) -> str:
    """Give a text that is equal, and the same object wherever it is asked for: facts say the same often."""
    return text
