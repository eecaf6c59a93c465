"""The fuzz target of the fold: a story through all steps, in its order, in others, and with restarts."""

import json
import random
from collections.abc import Iterable, Sequence
from typing import Any
from zlib import crc32

from schemas.race import RaceDefinition
from schemas.timing import TIMING
from streams.processing.in_parts import InParts
from streams.processing.messages import Published
from streams.skating.boards import FinalBoard, final_boards
from streams.skating.fold import Refused, fold
from streams.skating.race import Race
from streams.skating.rankings.drawn import Drawn
from streams.skating.sheet import Sheet, everybody, sheet
from tests.fuzz.house import House
from tests.fuzz.stories import Happening, Story, sent, story
from tests.processing.read_in_parts import Subscriber, hold_against_the_sheet


def folded(data: bytes) -> None:
    """Hold everything that a story leads to against what must hold.

    Raises:
        AssertionError: where it does not hold.
    """
    made = story(data)
    house = House()
    said = _told(house, (*made.head, *made.tail))
    _sheets_in_parts_come_together(house, said)
    chosen = random.Random(crc32(data))  # noqa: S311 - an order, not a secret
    if chosen.randrange(6) == 0:
        _ends_alike_in_any_order(made, chosen)
    if house.dead_letters == 0 and chosen.randrange(4) == 0:
        _ends_alike_however_topics_interleave(made, house, chosen)
    if chosen.randrange(16) == 0:
        restarted = House()
        assert _told(restarted, (*made.head, *made.tail), restarting=True) == said
        assert restarted.rows == house.rows


def _told(house: House, story_: Iterable[Happening], *, restarting: bool = False) -> list[Published]:
    said: list[Published] = []
    for each in story_:
        if restarting:
            house.restart()
        said.extend(house.feed(*sent(each)))
    return said


def _sheets_in_parts_come_together(house: House, said: Iterable[Published]) -> None:
    """What a subscriber puts together of a race in parts is its whole sheet (docs/large-races.md)."""
    heard: dict[bytes | None, Subscriber] = {}
    for message in said:
        if message.stream == "field":
            heard.setdefault(message.placed_by, Subscriber()).read([message])
    known = house.ledgers["timing"]
    for race_id, subscriber in heard.items():
        state = None if race_id is None else known.state(race_id.decode())
        assert isinstance(state, InParts)
        hold_against_the_sheet(subscriber, state.everybody.race)


def _ends_alike_in_any_order(made: Story, shuffle: random.Random) -> None:
    """What happens after the start lists may arrive in any order (CONTRACT: what the events mean)."""
    tail = [each for each in made.tail if each.stream == "timing" and each.sound]
    head = [each for each in made.head if each.sound]
    shuffled = tail.copy()
    shuffle.shuffle(shuffled)
    assert sheets((*head, *tail)) == sheets((*head, *shuffled))


def sheets(story_: Iterable[Happening]) -> dict[str, tuple[RaceDefinition, Sheet]]:
    """Fold the races of a story, and draw up their sheets."""
    races: dict[str, Race] = {}
    for each in story_:
        event = TIMING.validate_json(json.dumps(each.event))
        after = fold(races.get(event.race_id), event)
        if not isinstance(after, Refused):
            races[event.race_id] = after
    return {name: (race.definition, sheet(race, everybody(race))) for name, race in races.items()}


def _ends_alike_however_topics_interleave(made: Story, house: House, shuffle: random.Random) -> None:
    """Two races and the books have no common order: what is in force in the end does not depend on it."""
    lanes: dict[str, list[Happening]] = {}
    for each in (*made.head, *made.tail):
        lanes.setdefault(_lane(each), []).append(each)
    other = House()
    _told(other, _interleaved(list(lanes.values()), shuffle))
    if other.dead_letters == 0:
        assert final(other) == final(house)


def _lane(happening: Happening) -> str:
    """Name what has an order of its own: a race, the listings of a board, what counts for rankings."""
    event = happening.event
    if happening.stream == "timing":
        return str(event["race_id"])
    if event["type"] == "record.listed":
        return f"{event['kind']}/{event['scope']}"
    return "rankings"


def _interleaved(lanes: Sequence[list[Happening]], shuffle: random.Random) -> list[Happening]:
    waiting = [list(lane) for lane in lanes]
    merged = []
    while any(waiting):
        merged.append(shuffle.choice([lane for lane in waiting if lane]).pop(0))
    return merged


def final(house: House) -> tuple[dict[str, tuple[FinalBoard, ...]], dict[str, Drawn]]:
    """Give what the boards and the rankings have come to."""
    known: dict[str, Any] = dict(house.ledgers["performances"].states())
    boards = {name: final_boards(state.boards) for name, state in known.items()}
    rankings = house.ledgers["results"].states().get("rankings")
    drawn = {} if rankings is None else dict(rankings.drawn)
    return boards, drawn
