"""JSON of a race on the boards, of which only that is written anew which is not the very same as before.

What comes out is, to the byte, what pydantic makes of the whole. Of the races of a discipline only the one
that was written last is kept in mind: mostly the next message is of the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter
from pydantic_core import to_json

from schemas.performances import Performance, ToCome
from streams.processing.written import each_written
from streams.skating.boards_claims import RACE_ROW, RaceOnBoards

_TO_COME: TypeAdapter[tuple[ToCome, ...]] = TypeAdapter(tuple[ToCome, ...])


@dataclass(frozen=True, slots=True)
class WrittenOnBoards:
    """What was written last of a race on the boards: its performances by competitor, and who is to come."""

    race_id: str = ""
    performances: Mapping[str, tuple[Performance, bytes]] = field(default_factory=dict)
    to_come: tuple[tuple[ToCome, ...], bytes] = ((), b"[]")


def written_on_boards(race: RaceOnBoards, before: WrittenOnBoards) -> WrittenOnBoards:
    """Write down what a race consists of, as far as it is not what was written before."""
    known = before if before.race_id == race.race_id else WrittenOnBoards()
    to_come = known.to_come
    if to_come[0] is not race.to_come:
        to_come = race.to_come, _TO_COME.dump_json(race.to_come)
    performances = each_written(race.performances.items(), known.performances, _performance)
    return WrittenOnBoards(race.race_id, performances, to_come)


def _performance(name: str, performance: Performance) -> bytes:
    return to_json(name) + b":" + performance.model_dump_json().encode()


def race_on_boards_json(race: RaceOnBoards, known: WrittenOnBoards) -> bytes:
    """Write a race down as it is remembered.

    Args:
        race: the race.
        known: what was written of it, or of another race.
    """
    known = written_on_boards(race, known)
    performances = b",".join(line for _, line in known.performances.values())
    bare = RACE_ROW.dump_json(replace(race, performances={}, to_come=()))
    # Inside a text every quotation mark has a backslash before it, so this is no part of one.
    before, after = bare.split(b'"performances":{},"to_come":[]', 1)
    return b'%b"performances":{%b},"to_come":%b%b' % (before, performances, known.to_come[1], after)
