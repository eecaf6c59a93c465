"""The versions of rankings: which message made which, so that no two ever have the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Versions:
    """Versions as they are stored, by row and there by ranking, and of each ranking the last one."""

    by_row: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    last: Mapping[str, int] = field(default_factory=dict)

    def following(self, ranking_ids: Iterable[str]) -> dict[str, int]:
        """Number what is told next of rankings, from 1."""
        return {ranking_id: self.last.get(ranking_id, 0) + 1 for ranking_id in ranking_ids}

    def made(self, row: str, versions: Mapping[str, int]) -> "Versions":
        """Note which versions a message from this row has made."""
        if not versions:
            return self
        of_row = {**self.by_row.get(row, {}), **versions}
        return Versions({**self.by_row, row: of_row}, {**self.last, **versions})


def stored_versions(by_row: Mapping[str, Mapping[str, int]]) -> Versions:
    """Make versions of what rows were stored with: the last one of a ranking is the largest of all rows."""
    last: dict[str, int] = {}
    for made in by_row.values():
        for ranking_id, version in made.items():
            last[ranking_id] = max(version, last.get(ranking_id, 0))
    return Versions(by_row, last)
