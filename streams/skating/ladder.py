"""Many keys in their order, of which an event moves one: found and moved without going through all.

The keys lie in chunks. To add or take away one copies its chunk and the list of chunks, and the place of a
key is the sum of the chunks before it: of twenty thousand keys there are some hundred chunks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import itemgetter
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=tuple[Any, ...])

_CHUNK = 128
_LARGEST = 2 * _CHUNK
_first = itemgetter(0)


class Ladder(Generic[Key]):
    """Different keys in ascending order; never changed, `moved` gives another one.

    Args:
        keys: in any order, each once.
    """

    __slots__ = ("_chunks",)

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        ordered = sorted(keys)
        self._chunks: tuple[tuple[Key, ...], ...] = tuple(
            tuple(ordered[first : first + _CHUNK]) for first in range(0, len(ordered), _CHUNK)
        )

    def moved(self, gone: Key | None, come: Key | None) -> "Ladder[Key]":
        """Give a ladder without the one key and with the other; None is none.

        Raises:
            ValueError: where `gone` is not there.
        """
        if gone == come:
            return self
        chunks = list(self._chunks)
        if gone is not None:
            _take(chunks, gone)
        if come is not None:
            _add(chunks, come)
        after: Ladder[Key] = Ladder()
        after._chunks = tuple(chunks)
        return after

    def below(self, bound: tuple[Any, ...]) -> int:
        """Count the keys that are less than this: the place of a key that is there, from 0."""
        number = _chunk_of(self._chunks, bound)
        if number < 0:
            return 0
        return sum(map(len, self._chunks[:number])) + bisect_left(self._chunks[number], bound)

    def __iter__(self) -> Iterator[Key]:
        """Give the keys in ascending order."""
        return chain.from_iterable(self._chunks)

    def __reversed__(self) -> Iterator[Key]:
        """Give the keys in descending order."""
        return chain.from_iterable(reversed(chunk) for chunk in reversed(self._chunks))

    def __len__(self) -> int:
        """Count the keys."""
        return sum(map(len, self._chunks))


def _chunk_of(chunks: "list[tuple[Key, ...]] | tuple[tuple[Key, ...], ...]", bound: tuple[Any, ...]) -> int:
    """Find the last chunk whose first key is not more than this; -1 where there is none."""
    return bisect_right(chunks, bound, key=_first) - 1


def _take(chunks: list[tuple[Key, ...]], key: Key) -> None:
    number = _chunk_of(chunks, key)
    there = chunks[number] if number >= 0 else ()
    place = bisect_left(there, key)
    if place == len(there) or there[place] != key:
        raise ValueError(f"no such key: {key!r}")
    rest = there[:place] + there[place + 1 :]
    chunks[number : number + 1] = [rest] if rest else []


def _add(chunks: list[tuple[Key, ...]], key: Key) -> None:
    if not chunks:
        chunks.append((key,))
        return
    number = max(0, _chunk_of(chunks, key))
    there = chunks[number]
    place = bisect_left(there, key)
    grown = (*there[:place], key, *there[place:])
    halves = [grown] if len(grown) <= _LARGEST else [grown[:_CHUNK], grown[_CHUNK:]]
    chunks[number : number + 1] = halves
