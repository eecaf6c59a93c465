"""A race over 1000 m for measuring, with as many competitors as asked, and what its pairs do."""

from collections.abc import Iterator

from schemas.race import Competitor, Listed
from schemas.timing import TIMING, RaceScheduled
from streams.skating.listing import LINES_IN_A_PART
from tests.skating.a_race import Event, competitor, event, pair, passing, raw, scheduled

RACE = "bench/M1000/A"

_LINES = ((200, 16_500), (600, 41_500), (1000, 68_500))
_SECONDS_A_PAIR = 120.0


def announced(competitors: int) -> Event:
    """Write the definition of the race, with everybody in its start list, two a pair."""
    return scheduled(race_id=RACE, distance_m=1000, start_list=_start_list(competitors))


def announced_in_parts(competitors: int, lines: int = LINES_IN_A_PART) -> Iterator[Event]:
    """Write the definition of the race in parts, and its start list, so many lines a part."""
    yield scheduled(race_id=RACE, distance_m=1000, sheet="parts")
    everybody = _start_list(competitors)
    for part, first in enumerate(range(0, competitors, lines), start=1):
        some = everybody[first : first + lines]
        yield event("start_list.added", 0, RACE, part=part, start_list=some)


def _start_list(competitors: int) -> list[Event]:
    return [
        {"pair": number // 2 + 1, "lane": ("inner", "outer")[number % 2], "competitor": _competitor(number)}
        for number in range(competitors)
    ]


def definition(competitors: int) -> RaceScheduled:
    """Make what `announced` would be read as, also where no list of an event may be as long."""
    read = TIMING.validate_json(raw(announced(0)))
    if not isinstance(read, RaceScheduled):
        raise TypeError(read)
    start_list = tuple(
        Listed(
            pair=number // 2 + 1,
            lane="outer" if number % 2 else "inner",
            competitor=Competitor(**_competitor(number)),
        )
        for number in range(competitors)
    )
    return read.model_copy(update={"start_list": start_list})


def skated_by(number: int) -> Iterator[Event]:
    """Tell what a pair does: called, started, three lines for each of the two, and confirmed."""
    second = number * _SECONDS_A_PAIR
    yield pair("called", number, second, race_id=RACE)
    yield pair("started", number, second + 20, race_id=RACE)
    for distance_m, time_ms in _LINES:
        for lane in (0, 1):
            skater = 2 * number - 2 + lane
            took = time_ms + skater * 7_919 % 4_001
            at = second + 20 + took / 1000
            yield passing(_name(skater), number, took, at, race_id=RACE, distance_m=distance_m)
    yield pair("confirmed", number, second + 110, race_id=RACE)


def _name(number: int) -> str:
    return f"skater-{number}"


def _competitor(number: int) -> Event:
    return competitor(_name(number))
