"""Choosing the race that is shown large, key by key."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from streams.watching.state import Front
from streams.watching.words import race_title

LONGEST_SEARCH = 40


@dataclass(frozen=True, slots=True)
class Picker:
    """What the viewer has pressed so far.

    Attributes:
        chosen: the race that stays large; None leaves it to the screen which one matters now.
        cursor: the race that is marked in the list; None where nobody is moving there.
        sought: what is being typed to find a race; None where nothing is.
        scrolled: a race, and the line of its sheet that is shown first, from 0.
        left: whether to end.
    """

    chosen: str | None = None
    cursor: str | None = None
    sought: str | None = None
    scrolled: tuple[str, int] | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What the viewer sees when pressing a key.

    Attributes:
        races: those to choose from, in the order of the list.
        large: the race that is shown large; None where there is none yet.
        step: the lines of a page of its sheet, at least 1.
        last: the first line of its last page, 0 where everything fits.
    """

    races: tuple[str, ...]
    large: str | None
    step: int = 1
    last: int = 0


def pressed(picker: Picker, key: str, sight: Sight) -> Picker:
    """Take a key, named as in `keys.py`; one that means nothing changes nothing."""
    if picker.sought is not None and (len(key) == 1 or key in {"backspace", "escape"}):
        return _typed(picker, picker.sought, key)
    if key in _AT_ONCE:
        return _AT_ONCE[key](picker)
    if key in {"up", "k", "down", "j"}:
        return _moved(picker, sight, -1 if key in {"up", "k"} else 1)
    if key in {"pageup", "pagedown", "home", "end"}:
        return _scrolled(picker, sight, key)
    if key == "enter" and sight.races:
        return Picker(chosen=marked(picker, sight.races) or sight.large)
    return picker


_AT_ONCE: dict[str, Callable[[Picker], Picker]] = {
    "q": lambda picker: replace(picker, left=True),
    "/": lambda picker: replace(picker, sought="", cursor=None),
    "a": lambda _: Picker(),
    "escape": lambda _: Picker(),
}
"""What needs no look at the screen."""


def marked(picker: Picker, races: Sequence[str]) -> str | None:
    """Say which of the races in the list is marked: of those that are sought the first, until one moves."""
    if picker.cursor in races:
        return picker.cursor
    return races[0] if picker.sought is not None and races else None


def first_line(picker: Picker, race_id: str, last: int) -> int:
    """Say from which line a race's sheet is shown; at most `last`, whatever was scrolled to before."""
    return min(picker.scrolled[1], last) if picker.scrolled and picker.scrolled[0] == race_id else 0


def offered(races: Sequence[Front], sought: str | None) -> tuple[Front, ...]:
    """Give the races to choose from, as they are scheduled; of these those that have every word sought.

    A word is found by its beginning, in the names of race and meeting and in the id.
    """
    wanted = (sought or "").casefold().split()
    matching = [race for race in races if all(_has(race, word) for word in wanted)]
    return tuple(sorted(matching, key=_when))


def _has(standings: Front, beginning: str) -> bool:
    names = f"{race_title(standings.race)} {standings.race.competition.name} {standings.race_id}"
    return any(word.startswith(beginning) for word in re.findall(r"\w+", names.casefold()))


def _when(standings: Front) -> tuple[float, str]:
    at = standings.race.scheduled_at
    return (float("inf") if at is None else at.timestamp(), standings.race_id)


def _typed(picker: Picker, sought: str, key: str) -> Picker:
    if key == "escape" or (key == "backspace" and not sought):
        return replace(picker, sought=None, cursor=None)
    text = sought[:-1] if key == "backspace" else (sought + key)[:LONGEST_SEARCH]
    return replace(picker, sought=text, cursor=None)


def _moved(picker: Picker, sight: Sight, by: int) -> Picker:
    if not sight.races:
        return picker
    place = marked(picker, sight.races) or sight.large
    if place not in sight.races:
        return replace(picker, cursor=sight.races[0])
    wanted = sight.races.index(place) + by
    return replace(picker, cursor=sight.races[max(0, min(wanted, len(sight.races) - 1))])


def _scrolled(picker: Picker, sight: Sight, key: str) -> Picker:
    if sight.large is None:
        return picker
    now = first_line(picker, sight.large, sight.last)
    wanted = {"pageup": now - sight.step, "pagedown": now + sight.step, "home": 0, "end": sight.last}[key]
    return replace(picker, scrolled=(sight.large, max(0, min(wanted, sight.last))))
