"""A mapping of many, of which an event replaces one: the new one shares nearly everything with the old.

Up to some hundred a dictionary is copied, which is quicker than anything else. Of more, things lie in chunks
in the order in which their keys came, and replacing one copies its chunk and the list of chunks: of twenty
thousand some three hundred places instead of all. A new key copies the places of all keys, but keys come with
start lists only.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key")
Thing = TypeVar("Thing")

COPIED = 500
"""Up to how many a dictionary is copied."""

_CHUNK = 128


class Roster(Mapping[Key, Thing]):
    """Many things by key, in the order in which the keys came; never changed, `put` gives another one."""

    __slots__ = ("_chunks", "_places")

    def __init__(self, things: Mapping[Key, Thing]) -> None:
        values = tuple(things.values())
        self._places: Mapping[Key, int] = {key: place for place, key in enumerate(things)}
        self._chunks: tuple[tuple[Thing, ...], ...] = tuple(
            values[first : first + _CHUNK] for first in range(0, len(values), _CHUNK)
        )

    def put(self, key: Key, thing: Thing) -> "Roster[Key, Thing]":
        """Give a roster that has this thing under this key, and all others as here."""
        return self.put_all({key: thing})

    def put_all(self, things: Mapping[Key, Thing]) -> "Roster[Key, Thing]":
        """Give a roster that has these things under their keys, new ones last, and all others as here."""
        places, chunks = self._places, list(self._chunks)
        fresh = [key for key in things if key not in places]
        if fresh:
            places = {**places, **{key: place for place, key in enumerate(fresh, start=len(places))}}
        opened: dict[int, list[Thing]] = {}
        for key, thing in things.items():
            number, within = divmod(places[key], _CHUNK)
            if number not in opened:
                opened[number] = list(chunks[number]) if number < len(chunks) else []
            opened[number][within : within + 1] = [thing]
        for number, chunk in sorted(opened.items()):
            chunks[number : number + 1] = [tuple(chunk)]
        after: Roster[Key, Thing] = Roster.__new__(Roster)
        after._places, after._chunks = places, tuple(chunks)
        return after

    def __getitem__(self, key: Key) -> Thing:
        """Give the thing under a key."""
        number, within = divmod(self._places[key], _CHUNK)
        return self._chunks[number][within]

    def __contains__(self, key: object) -> bool:
        """Tell whether there is such a key."""
        return key in self._places

    def __iter__(self) -> Iterator[Key]:
        """Give the keys in the order in which they came."""
        return iter(self._places)

    def __len__(self) -> int:
        """Count the things."""
        return len(self._places)


def put(there: Mapping[Key, Thing], key: Key, thing: Thing) -> Mapping[Key, Thing]:
    """Give a mapping that has this thing under this key, and all others as `there`, in their order."""
    if isinstance(there, Roster):
        return there.put(key, thing)
    if len(there) <= COPIED:
        return {**there, key: thing}
    return Roster(there).put(key, thing)


def put_all(there: Mapping[Key, Thing], things: Mapping[Key, Thing]) -> Mapping[Key, Thing]:
    """Give a mapping that has these things under their keys, and all others as `there`, in their order."""
    if not things:
        return there
    if isinstance(there, Roster):
        return there.put_all(things)
    after = {**there, **things}
    return after if len(after) <= COPIED else Roster(after)
