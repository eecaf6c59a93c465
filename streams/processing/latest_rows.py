"""Which rows are written of those that many messages changed.

What goes to a partition in one batch is there as a whole or not at all: the broker takes, copies and cuts off
batches only. So of a row that changed several times among messages that are remembered together, only the
last is written; the others would be there for no moment, and compaction takes them away. A race has some
kilobytes, and a worker that is behind handles many messages of the same few races.

Over two batches this would not do. The second may be missing, and the largest offset in the first would then
tell of a row as done that only the second has (see docs/exactly-once.md).
"""

from collections.abc import Iterable

Row = tuple[int, str, bytes]
"""A row to be written: to which partition, its name, and its sealed bytes."""


def latest_rows(rows: Iterable[Row], most_bytes: int) -> list[Row]:
    """Leave out the rows of a partition that a later one replaces; none where the rest is no single batch.

    Args:
        rows: the rows, of each partition in the order of their messages.
        most_bytes: how many bytes of names and rows one batch takes.

    Returns:
        The rows that remain, of each partition in the order of their messages.
    """
    by_partition: dict[int, list[Row]] = {}
    for row in rows:
        by_partition.setdefault(row[0], []).append(row)
    return [row for changed in by_partition.values() for row in _latest(changed, most_bytes)]


def _latest(rows: list[Row], most_bytes: int) -> Iterable[Row]:
    latest: dict[str, Row] = {}
    for row in rows:
        latest.pop(row[1], None)
        latest[row[1]] = row
    if sum(len(name.encode()) + len(sealed) for _, name, sealed in latest.values()) > most_bytes:
        return rows
    return latest.values()
