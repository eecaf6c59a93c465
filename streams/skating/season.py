"""Which season a day falls in, and who is a junior in it."""

from datetime import date

from schemas.reference import RecordListed

_FIRST_MONTH = 7
_SENIOR_AT = 20


def season_start(day: date) -> int:
    """Give the year in which the season of `day` began: it runs from 1 July to 30 June (RULES: records)."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def is_junior(born_on: date | None, skated_on: date) -> bool:
    """Tell whether a skater is under 20 on the 30 June before the season of `skated_on` (RULES: records).

    Who turns 20 on that very day is a senior. Without a birth date nobody is a junior.
    """
    return born_on is not None and season_start(skated_on) - season_start(born_on) <= _SENIOR_AT


def listing_season(listing: RecordListed) -> int | None:
    """Give the starting year of the season a listing belongs to: of `set_on`, else of `occurred_at`.

    Returns:
        None where both are unknown.
    """
    if listing.set_on is not None:
        return season_start(listing.set_on)
    return None if listing.occurred_at is None else season_start(listing.occurred_at.date())
