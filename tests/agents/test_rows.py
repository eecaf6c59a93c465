"""A table of rows never goes back, whoever writes them and however they come in (see `rows.py`)."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.agents.rows import RowTable
from streams.app import create_app
from streams.processing.ledger import Stored, seal
from streams.settings import Settings

RACE = "M1000|race|a-cup/M1000/-"


def _table() -> RowTable:
    table = create_app(Settings(brokers=("127.0.0.1:9092",))).shells["boards"].table
    assert table is not None
    return table


def _sealed(offset: int) -> bytes:
    return seal(Stored(0, offset, b"as after message %d" % offset))


def _restored(offset: int) -> Any:
    key, value = RACE.encode(), _sealed(offset)
    message = SimpleNamespace(topic="rows", partition=0, offset=offset, key=key, value=value)
    return SimpleNamespace(key=key, value=value, message=message)


def test_a_row_of_ours_that_comes_late_does_not_replace_one_that_was_read_back() -> None:
    """A worker that was suspended had written it before us, and was further than we are.

    In a whole-length chaos run a worker went on without a finish that it had told of itself.
    """
    table = _table()
    table.apply_changelog_batch([_restored(7232)])

    table.keep(RACE, _sealed(7231))

    assert list(table.rows()) == [(RACE, _sealed(7232))]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=12))
def test_the_newest_row_stays_in_any_order(comings: list[tuple[bool, int]]) -> None:
    """Some are written by us, others read back, in batches of one."""
    table = _table()
    for ours, offset in comings:
        if ours:
            table.keep(RACE, _sealed(offset))
        else:
            table.apply_changelog_batch([_restored(offset)])

    assert list(table.rows()) == [(RACE, _sealed(max(offset for _, offset in comings)))]
