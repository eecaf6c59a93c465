"""Places of a matrix that the selectors give away: whoever has one keeps it until it is taken back."""

from schemas.rankings import MatrixPlace, RankingDefined


def already_designated(held: RankingDefined | None, event: RankingDefined) -> str | None:
    """Say which designated place of a new definition is taken: somebody else has it by the one that holds.

    A definition that leaves the name out takes the place back, and the next one may give it away again. So a
    slip of the keyboard cannot cost a skater the Games.

    Returns:
        A sentence for whoever defines the ranking, or None where all is sound.
    """
    if held is None:
        return None
    for number, (old, new) in enumerate(zip(held.places, event.places, strict=False), start=1):
        if not _same_place(old, new) or old.competitor is None or new.competitor is None:
            continue
        if old.competitor.id != new.competitor.id:
            return (
                f"places: place {number} is taken by {old.competitor.id}, got {new.competitor.id}; define "
                f"{event.ranking_id} without a competitor there first"
            )
    return None


def _same_place(old: MatrixPlace, new: MatrixPlace) -> bool:
    return (
        old.designated and new.designated and (old.race_id, old.discipline) == (new.race_id, new.discipline)
    )
