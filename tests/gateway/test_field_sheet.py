"""The sheet of a race in parts as a gateway puts it together: what the steps in memory say, in any order."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.long_race import RACE, announced_in_parts
from streams.export.field_heads import PartHead, RowHead
from streams.export.field_sheet import FieldSheet
from streams.gateway.history import History
from streams.gateway.present import Present
from streams.gateway.told import Told, read
from tests.gateway.in_parts import as_shown, told_by, without_split_ranks
from tests.gateway.telling import NOW
from tests.processing.test_in_parts import EVENING
from tests.skating.a_race import Event, closed, competitor, event, passing, scheduled
from tests.skating.meetings import Made, races
from tests.skating.test_field import in_parts

unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def take(field: FieldSheet, told: Told) -> None:
    """Let a sheet take a row or a part."""
    assert isinstance(told.content, RowHead | PartHead)
    field.take(told.content, told.payload)


def shown(field: FieldSheet) -> list[dict[str, Any]]:
    """Give the lines of a sheet as a gateway shows them."""
    return [without_split_ranks(field.entry(name)) for name in field.in_order()]


@unhurried
@given(races(), st.data())
def test_in_whatever_order_messages_come_the_sheet_is_that_of_the_steps(
    made: Made, data: st.DataObject
) -> None:
    """Places, ranks, gaps and shared hundredths too, with repetitions."""
    said, race = told_by(list(in_parts(made.story)))
    told = [message.told() for message in said if message.stream == "field"]
    lines = [one for one in told if one.kind != "field.top"]
    again = data.draw(st.lists(st.sampled_from(lines), max_size=20)) if lines else []
    mixed = data.draw(st.permutations([*lines, *again]))
    field = FieldSheet()
    for one in mixed:
        take(field, one)

    assert shown(field) == as_shown(race)


@unhurried
@given(races(), st.integers(0, 10**6), st.booleans())
def test_a_history_ends_with_the_same_sheet_however_it_was_read(made: Made, seed: int, settled: bool) -> None:
    """Also where a delayed view is made from what has settled, and old messages come behind new ones."""
    said, race = told_by(list(in_parts(made.story)))
    history = History(300.0, 120.0, 10**9)
    chance = Random(seed)  # noqa: S311 - no secret
    zombies = [replace(chance.choice(said), offset=10**6 + number) for number in range(10)]
    for message in [*said, *zombies]:
        history.take(message.told(NOW), f"{message.identity} of {message.offset}")
    if settled:
        history.trim(NOW + 10_000, history.end)
    present = history.settled.copy()
    for _, entry in history.entries(history.first, history.end):
        present.take(entry.told)

    assert shown(present.field(race.definition.race_id)) == as_shown(race)


def test_two_races_are_never_mixed_up() -> None:
    """Also where the same competitors skate in both, and one id begins like the other."""
    other = f"{RACE}/2"
    first, race = told_by(EVENING)
    values = [message.value.replace(RACE.encode(), other.encode()) for message in first]
    second = [replace(message, value=value) for message, value in zip(first, values, strict=True)]
    present = Present(message.told() for message in first)
    alone = shown(present.field(RACE))

    for message in second:
        told = read(message.stream, 0, message.offset, message.value, NOW)
        if told is not None and told.kind != "field.top":
            present.take(told)

    assert shown(present.field(RACE)) == alone == as_shown(race)
    assert present.field(other).count() == len(alone)
    assert present.standings(other) is None


def test_a_line_of_a_part_is_told_as_the_row_it_would_have_been() -> None:
    """Read as a row it says of the same competitor what the part said."""
    said, _ = told_by(EVENING)
    field = FieldSheet()
    rows: dict[tuple[int, str], bytes] = {}
    for message in said:
        if message.stream == "field" and message.told().kind != "field.top":
            take(field, message.told())
            for name, line in field.lines.items():
                rows[line.head.version, name] = line.row(name)

    assert any(line.at is not None for line in field.lines.values())
    for (version, name), row in rows.items():
        told = read("field", 0, 0, row, NOW)
        assert isinstance(told, Told)
        assert (told.kind, told.slot[-1], told.content.version) == ("field.row", name, version)


@pytest.mark.parametrize("order", ["[]", "[0,1,2,3]", "[1,2,3]", '["a",1,2,3]', "null"])
def test_a_line_that_belongs_nowhere_is_passed_over(order: str) -> None:
    """It is none of our workers'; the gateway goes on without it."""
    said, _ = told_by(EVENING)
    row = next(message.value for message in said if b'"field.row"' in message.value)
    spoilt = row[: row.rindex(b'"order":')] + b'"order":' + order.encode() + b"}"

    assert read("field", 0, 0, row, NOW) is not None
    assert read("field", 0, 0, spoilt, NOW) is None


def test_who_shares_a_time_shares_the_rank_until_it_is_corrected() -> None:
    """And the digit behind the hundredths is shown while somebody has the same ones."""
    story = [
        *announced_in_parts(4),
        *(timed(name, pair, 70_000, at) for at, (name, pair) in enumerate(FOUR, start=1)),
        timed("skater-1", 1, 70_004, 10),
        timed("skater-2", 2, 70_013, 11),
        timed("skater-3", 2, 70_021, 12),
        timed("skater-1", 1, 70_038, 13),
    ]
    field, seen = FieldSheet(), 0
    for count in range(2, len(story) + 1):
        said, race = told_by(story[:count])
        for message in said[seen:]:
            if message.stream == "field" and message.told().kind != "field.top":
                take(field, message.told())
        seen = len(said)
        assert shown(field) == as_shown(race)

    entries = {name: field.entry(name) for name in field.in_order()}
    assert [entry["thousandth"] for entry in entries.values()] == [None] * 4
    assert not any(entry["rank_equal"] for entry in entries.values())


FOUR = (("skater-0", 1), ("skater-1", 1), ("skater-2", 2), ("skater-3", 2))


def timed(name: str, number: int, time_ms: int, at: int) -> Event:
    """Measure somebody's finish, or correct it."""
    return passing(name, number, time_ms, 100 + at, race_id=RACE, distance_m=1000, method="photo_finish")


def test_a_line_is_found_in_a_part_whatever_its_names_are() -> None:
    """Also with quotes and braces of JSON in them, and letters of more than one byte."""
    names = ('{"entry":', '"}]', "Jutta Årø \\ 高木")
    start_list = [
        {"pair": number, "lane": "inner", "competitor": competitor(f"skater-{number}") | {"name": name}}
        for number, name in enumerate(names, start=1)
    ]
    said, race = told_by([
        scheduled(race_id=RACE, distance_m=1000, sheet="parts"),
        event("start_list.added", 0, RACE, part=1, start_list=start_list),
        closed("OFFICIAL", 900, RACE),
    ])  # fmt: skip
    field = FieldSheet()
    for message in said:
        if message.stream == "field" and b'"field.part"' in message.value:
            more = message.value.removesuffix(b"}") + b',"more":[{"of":1}]}'
            take(field, replace(message, value=more).told())

    assert shown(field) == as_shown(race)
    assert sorted(entry["competitor"]["name"] for entry in shown(field)) == sorted(names)
