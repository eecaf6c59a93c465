"""Skaters that never were: who they are, and what they take for a distance."""

from typing import Any

Event = dict[str, Any]

DISTANCES = (500, 1000, 1500, 3000, 5000, 10000)
"""In metres."""
SKATERS = 60
"""How many there are of each gender."""
_FINISH_MS = {500: 35_000, 1000: 69_500, 1500: 106_500, 3000: 229_000, 5000: 378_000, 10000: 785_000}
_COUNTRIES = ("NED", "NOR", "USA", "CAN", "JPN", "ITA", "POL", "KOR")


def skater(gender: str, number: int) -> Event:
    """Give a skater as start lists and books have them."""
    country = _COUNTRIES[number % len(_COUNTRIES)]
    name = f"{gender}{number:02}"
    return {"id": f"{country.lower()}-{name.lower()}", "name": f"Skater {name}", "country": country}


def fast_ms(gender: str, distance_m: int) -> float:
    """Give how many milliseconds the fastest take for a distance."""
    return (1.0 if gender == "M" else 1.08) * _FINISH_MS[distance_m]
