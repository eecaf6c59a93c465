"""Who is who on sheets that print a name in several ways.

Bibs change from one World Cup to the next. Names lose an accent in places, and a narrow column cuts them off
after a word or a hyphen, so the same skater is whoever has the longest name that begins in the same way.
"""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple


class Printed(NamedTuple):
    """A name as it is on a line, without rule and mark; `country` is empty where it is a team's."""

    gender: str
    country: str
    name: str


def identified(printed: Iterable[Printed]) -> dict[Printed, str]:
    """Give every printed name an id, the same for all names of one skater, such as `NED-ada-aard`."""
    every = set(printed)
    return {one: f"{one.country}-{_fullest(one, every).replace(' ', '-')}" for one in every}


def _fullest(one: Printed, every: Iterable[Printed]) -> str:
    begun = _plain(one.name)
    alike = (_plain(each.name) for each in every if each[:2] == one[:2])
    return max((name for name in alike if name.startswith(begun)), key=len)


def _plain(name: str) -> str:
    """Take case and accents off; a letter of its own, such as ø, stays."""
    parted = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
