"""What must hold for everything that is published, whatever came in."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from schemas.field import FieldTop
from schemas.outputs import OUTPUT
from schemas.performances import BOARD_EVENTS
from schemas.results import RESULT_EVENTS
from schemas.standings import Entry, Standings
from streams.processing.messages import REASON_HEADER, Published, Received, Stream
from streams.topic_setup import LARGEST_MESSAGE_BYTES

_BETWEEN: dict[Stream, TypeAdapter[Any]] = {"performances": BOARD_EVENTS, "results": RESULT_EVENTS}
_IRM_ORDER = ("DNF", "DQ", "DNS", "WDR")


def judge(message: Published, received: Received) -> Any:
    """Hold a published message against its schema and the size of its topic, and read it.

    Returns:
        The model; None for a dead letter.
    """
    size = len(message.value) + len(message.key or b"") + sum(len(n) + len(v) for n, v in message.headers)
    assert size < LARGEST_MESSAGE_BYTES, (message.stream, size)
    headers = dict(message.headers)
    assert headers["ce_id"]
    assert headers["slotrit_cause"]
    if message.stream == "dead-letters":
        assert message.value == (received.value or b"")
        assert message.key == received.key
        assert headers[REASON_HEADER]
        return None
    model = _BETWEEN.get(message.stream, OUTPUT).validate_json(message.value)
    assert model.model_dump_json().encode() == message.value
    assert headers["ce_type"].decode() == model.type
    if message.stream == "field":
        assert message.key is not None
        assert message.key.decode().partition(" ")[0] == model.race_id
        assert message.placed_by == model.race_id.encode()
    if isinstance(model, Standings | FieldTop):
        _judge_standings(model)
    return model


def _judge_standings(told: Standings | FieldTop) -> None:
    entries = told.entries
    assert [each.sort_order for each in entries] == list(range(1, len(entries) + 1))
    assert len({each.competitor.id for each in entries}) == len(entries)
    assert told.remaining <= (told.competitors if isinstance(told, FieldTop) else len(entries))
    assert not set(told.on_ice) & set(told.next)
    ranked = [each for each in entries if each.rank is not None]
    assert ranked == list(entries[: len(ranked)])
    groups = [-1 if each.irm is None else _IRM_ORDER.index(each.irm) for each in entries[len(ranked) :]]
    assert groups == sorted(groups)
    _judge_ranks(ranked, is_mass_start=told.race.format == "mass_start")


def _judge_ranks(ranked: Sequence[Entry], *, is_mass_start: bool) -> None:
    """Hold ranks against the times: 1 more than there are better ones, and shared where they are equal."""
    merits: list[tuple[int, ...]] = []
    for each in ranked:
        assert each.irm is None
        assert each.time_ms is not None
        assert each.splits[-1].time_ms == each.time_ms
        laps = (-each.splits[-1].distance_m, -(each.points or 0)) if is_mass_start else ()
        merits.append((*laps, each.time_ms))
    assert merits == sorted(merits)
    for each, merit in zip(ranked, merits, strict=True):
        assert each.rank == merits.index(merit) + 1
        assert each.rank_equal == (merits.count(merit) > 1)
