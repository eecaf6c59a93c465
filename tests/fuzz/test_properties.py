"""The targets of the fuzzers with inputs of hypothesis, which makes the one that fails as small as it can.

Runs without atheris, on every machine. How many examples is the profile's to say.
"""

import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz.converting import converted
from tests.fuzz.decoding import CONSUMED, WAYS, decoded
from tests.fuzz.folding import folded
from tests.fuzz.mutating import mutated
from tests.fuzz.seeds import for_converting, for_decoding, for_folding
from tests.fuzz.stories import story

# What is proved here is no speed, and a busy machine must not fail it.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

SEEDS = {"decoder": list(for_decoding()), "converter": list(for_converting())}

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
kinds = st.sampled_from(
    ("race.scheduled", "passing.recorded", "record.listed", "ranking.defined", "performances", "race.results")
)


@st.composite
def changed(draw: st.DrawFn, name: str) -> bytes:
    """Draw one of a target's seeds, changed some times as its format is made."""
    data = draw(st.sampled_from(SEEDS[name]))
    for _ in range(draw(st.integers(0, 3))):
        data = mutated(name, data, draw(st.randoms(use_true_random=False)))
    return data


@unhurried
@given(st.binary(max_size=300))
@example(b"")
@example(bytes([WAYS.index("vantage")]) + b'{"typeName": "\xff"}')
def test_any_bytes_are_decoded_or_set_aside(data: bytes) -> None:
    """As a message of each topic, as what Vantage sends and as a line of a file."""
    decoded(data)


@unhurried
@given(st.sampled_from(range(len(CONSUMED))), kinds, st.dictionaries(st.text(max_size=10), json_values))
def test_any_json_is_decoded_or_set_aside(way: int, kind: str, message: dict[str, Any]) -> None:
    """Objects that say which type they are, whatever else they say."""
    decoded(bytes([way]) + json.dumps(message | {"type": kind}).encode())


@unhurried
@given(changed("decoder"))
def test_nearly_sound_messages_are_decoded_or_set_aside(data: bytes) -> None:
    """Messages of the fixtures and between the steps with something changed in them."""
    decoded(data)


@unhurried
@given(st.binary(max_size=160))
@example(next(for_folding()))
def test_a_race_survives_whatever_happens_in_it(data: bytes) -> None:
    """Events sound and nearly sound, in their order, in others, and with restarts."""
    folded(data)


@unhurried
@given(st.binary(max_size=300))
def test_any_recording_is_converted(data: bytes) -> None:
    """Told line by line, or bytes as they come."""
    converted(data)


@unhurried
@given(changed("converter"))
def test_a_recording_with_something_wrong_in_it_is_converted(data: bytes) -> None:
    """Pieces of our recording with lines changed, lost, moved and repeated."""
    converted(data)


def test_stories_reach_every_kind_of_event() -> None:
    """What is made up is worth trying: all types of the contract, sound and spoiled."""
    told = [
        each for seed in range(400) for each in _all(bytes((seed * 7 + n * n * 31) % 256 for n in range(160)))
    ]
    assert {each.event["type"] for each in told} == {
        "race.scheduled", "start_list.revised", "start_list.added", "reskate.granted", "passing.recorded",
        "passing.deleted", "result.ruled", "pair.called", "pair.started", "pair.cleared", "pair.confirmed",
        "race.paused", "race.resumed", "race.closed", "sprint.scored", "record.listed", "points_table.listed",
        "ranking.defined",
    }  # fmt: skip
    assert {each.sound for each in told} == {True, False}
    sheets = {each.event.get("sheet") for each in told if each.event["type"] == "race.scheduled"}
    assert sheets == {None, "parts"}


def _all(data: bytes) -> list[Any]:
    made = story(data)
    return [*made.head, *made.tail]
