"""Of rows that are remembered together the last is enough, wherever a worker dies."""

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from streams.processing.latest_rows import Row, latest_rows
from streams.processing.ledger import Ledger
from streams.processing.messages import Received
from streams.processing.standings import STANDINGS, AnyRace
from tests.processing.test_ledger import RACES, evening
from tests.skating.a_race import raw

ENDLESS = 1 << 30
SMALL = 2_000
"""Bytes that take the rows of one of these races and not of two."""


def told() -> list[Received]:
    """Tell six races at once, so that their rows change in turn."""
    events = [each for moment in zip(*map(evening, RACES), strict=True) for each in moment]
    return [
        Received("timing", 0, offset, each["race_id"].encode(), raw(each))
        for offset, each in enumerate(events)
    ]


STORY = told()


def handled(ledger: Ledger[AnyRace], received: Received) -> tuple[Row | None, list[tuple[bytes, bytes]]]:
    """Put a message through the step; give its row, and what came of it by `ce_id`."""
    outcome = ledger.handle(received)
    if outcome is None:
        return None, []
    assert outcome.row is not None
    ledger.settle(outcome, received)
    said = [(dict(each.headers)["ce_id"], each.value) for each in outcome.published]
    return (0, *outcome.row), said


def in_batches(rows: Sequence[Row], most_bytes: int) -> Iterator[list[Row]]:
    """Give what the broker has as a whole or not at all: a batch, or each row where it would be too large."""
    latest = latest_rows(rows, most_bytes)
    if sum(len(name) + len(sealed) for _, name, sealed in latest) <= most_bytes:
        yield latest
    else:
        yield from ([row] for row in latest)


@given(
    together=st.lists(st.integers(1, len(STORY)), min_size=1, max_size=8),
    most_bytes=st.sampled_from((1, SMALL, ENDLESS)),
    data=st.data(),
)
def test_whoever_goes_on_from_the_rows_says_the_same(
    together: list[int], most_bytes: int, data: st.DataObject
) -> None:
    """All that is published is published, with the same bytes, whatever batch was the last."""
    whole: Ledger[AnyRace] = Ledger(STANDINGS)
    rows, said = zip(*(handled(whole, received) for received in STORY), strict=True)
    written: list[list[Row]] = []
    begin = 0
    for count in together:
        written.extend(in_batches([row for row in rows[begin : begin + count] if row], most_bytes))
        begin += count
    arrived = written[: data.draw(st.integers(0, len(written)), "batches that arrived")]

    table = {name: sealed for batch in arrived for _, name, sealed in batch}
    successor: Ledger[AnyRace] = Ledger(STANDINGS)
    successor.restore(table.items())
    done = successor.done(0) + 1
    said_again = [handled(successor, received)[1] for received in STORY]

    assert said_again[:done] == [[]] * done
    assert said_again[done:] == list(said)[done:]
    assert successor.states() == whole.states()


def test_rows_that_are_replaced_are_left_out() -> None:
    """The last of each, in the order of their messages, for each partition by itself."""
    rows: list[Row] = [(0, "a", b"1"), (0, "b", b"2"), (1, "a", b"3"), (0, "a", b"4"), (0, "c", b"5")]

    assert latest_rows(rows, ENDLESS) == [(0, "b", b"2"), (0, "a", b"4"), (0, "c", b"5"), (1, "a", b"3")]


def test_rows_that_fill_more_than_a_batch_are_all_written() -> None:
    """The second batch may be missing, so the first must say no more than is in it."""
    rows: list[Row] = [(0, "a", b"123"), (0, "b", b"123"), (0, "a", b"456")]

    assert latest_rows(rows, 8) == [(0, "b", b"123"), (0, "a", b"456")]
    assert latest_rows(rows, 7) == rows
