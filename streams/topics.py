"""Every topic once: its name, what it is keyed by, how the broker keeps it."""

from dataclasses import dataclass
from typing import Literal

from streams.processing.messages import Stream


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it must exist before a worker starts.

    All topics have the same number of partitions, so that what is joined lies in one partition and a step's
    changelog is partitioned as its input.
    """

    name: str
    key: str
    cleanup: Literal["delete", "compact"]
    about: str


STREAMS: dict[Stream, Topic] = {
    "timing": Topic("skating.timing", "race_id", "delete", "what happens on the ice"),
    "reference": Topic("skating.reference", "as given", "compact", "the books, and what rankings count"),
    "performances": Topic(
        "skating.performances", "discipline", "delete", "between our steps: who skated what"
    ),
    "results": Topic(
        "skating.results", "rankings", "delete", "between our steps: races, tables and what rankings count"
    ),
    "standings": Topic("skating.standings", "race_id", "compact", "the whole state of a race"),
    "field": Topic(
        "skating.field",
        "race_id, or race_id, `row` and a competitor, or race_id, `part` and a number; placed by the race_id",
        "compact",
        "races whose sheet is in parts",
    ),
    "podium": Topic("skating.podium", "race_id", "delete", "podium changes and certainties"),
    "pace": Topic("skating.pace", "race_id", "delete", "each split against leader, opponent and records"),
    "records": Topic("skating.records", "discipline", "delete", "records set, equalled, missed, revoked"),
    "needs": Topic(
        "skating.needs", "race_id or ranking id", "compact", "what is needed by everybody still to come"
    ),
    "rankings": Topic("skating.rankings", "ranking id", "compact", "standings over several races"),
    "dead-letters": Topic("skating.dead-letters", "as received", "delete", "what could not be used, and why"),
}

CHANGELOGS: dict[str, Topic] = {
    "races": Topic(
        "slotrit.races.changelog",
        "race_id, or race_id and what of it",
        "compact",
        "what the standings step remembers",
    ),
    "boards": Topic(
        "slotrit.boards.changelog", "discipline and race", "compact", "what the records step remembers"
    ),
    "rankings": Topic(
        "slotrit.rankings.changelog", "race, table or ranking", "compact", "what the rankings step remembers"
    ),
}


def on_broker(name: str, prefix: str = "") -> str:
    """Give a topic's name on the broker: `prefix` stands before it, as it is."""
    return prefix + name
