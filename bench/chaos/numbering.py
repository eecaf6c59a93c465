"""The numbers that messages carry, which leave nothing out, whoever made them.

Of one race, (version, place) counts without a hole over all that tells of it: standings or field, podium,
performances and results. Records and pace count anew for each message that they follow from. Rankings, and
what is needed in them, count 1, 2, 3 … for each ranking.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from streams.processing.messages import Stream

_OF_RACE: frozenset[Stream] = frozenset({"standings", "field", "podium", "performances", "results"})
_COUNTED_ANEW: frozenset[Stream] = frozenset({"records", "pace"})
_OF_RANKING: frozenset[Stream] = frozenset({"rankings", "needs"})
_RACE = re.compile(rb"(.+)@(\d+)\.(\d+)/[a-z._]+")
_ANEW = re.compile(rb"(.+)\.(\d+)/[a-z._]+")
_RANKING = re.compile(rb"(.+)@(\d+)/[a-z._]+")


@dataclass(slots=True)
class _Count:
    how_many: int = 0
    largest: int = -1


@dataclass(slots=True)
class Numbering:
    """The numbers of all messages; none may be given twice, so those said again are to be left out."""

    _places: dict[bytes, dict[int, _Count]] = field(default_factory=dict)
    _others: dict[tuple[Stream, bytes], _Count] = field(default_factory=dict)

    def add(self, stream: Stream, identity: bytes) -> None:
        """Take in the `ce_id` of a message; one without a number of these says nothing."""
        if stream in _OF_RACE and (told := _RACE.fullmatch(identity)):
            _add(self._places.setdefault(told[1], {}).setdefault(int(told[2]), _Count()), int(told[3]))
        elif stream in _COUNTED_ANEW and (told := _ANEW.fullmatch(identity)):
            # A message has records and misses; of what makes it one the kind of message is the end only.
            _add(self._others.setdefault((stream, told[1]), _Count()), int(told[2]))
        elif stream in _OF_RANKING and (told := _RANKING.fullmatch(identity)):
            _add(self._others.setdefault((stream, told[1]), _Count()), int(told[2]) - 1)

    def holes(self) -> Iterator[str]:
        """Name every race, ranking and message in whose numbers something is left out."""
        for race, versions in self._places.items():
            if max(versions) != len(versions):
                yield f"{race.decode()}: {len(versions)} versions of {max(versions)}"
            for version, count in versions.items():
                if count.largest + 1 != count.how_many:
                    yield f"{race.decode()} version {version}: {_told(count)}"
        for (stream, name), count in self._others.items():
            if count.largest + 1 != count.how_many:
                yield f"{stream} {name.decode()}: {_told(count)}"


def _add(count: _Count, number: int) -> None:
    count.how_many += 1
    count.largest = max(count.largest, number)


def _told(count: _Count) -> str:
    return f"{count.how_many} messages, the last has number {count.largest + 1}"
