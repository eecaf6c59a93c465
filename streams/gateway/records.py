"""Records as they come from Kafka: which are still worth reading, in which order, and what makes each one."""

from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from typing import Any

from aiokafka import TopicPartition  # type: ignore[import-untyped]


def keep(kept: dict[object, Any], records: Iterable[Any], old_s: float) -> None:
    """Keep records of a partition, but of the old ones only the last of each key.

    Args:
        kept: what is kept of those before, in the order of their offsets.
        records: those that come next.
        old_s: what was written before this moment, in seconds since 1970, no delayed stream can ask for.
    """
    for record in records:
        name = ("old", record.key) if record.timestamp < old_s * 1000 else record.offset
        kept.pop(name, None)
        kept[name] = record


def size_of(record: Any) -> int:
    """Give the size of what a record says, in bytes."""
    return len(record.value or b"")


def identity_of(record: Any) -> str:
    """Give what makes a record this message and no other: its `ce_id`, or what it says where it has none."""
    for name, value in record.headers or ():
        if name == "ce_id" and value:
            return str(value, "utf-8", "replace")
    return f"{record.key!r}{record.value!r}"


def by_time(found: Mapping[TopicPartition, Iterable[Any]], now: float) -> Iterator[tuple[Any, float]]:
    """Put records of several partitions in the order in which they were written.

    Args:
        found: the records of each partition in the order of their offsets, which stays as it is even where
            the clocks of two workers differ.
        now: seconds since 1970; nothing is later.

    Yields:
        Each record and when it was written, in seconds since 1970.
    """
    yield from merge(*(_dated(found[place], now) for place in sorted(found)), key=lambda one: one[1])


def _dated(records: Iterable[Any], now: float) -> Iterator[tuple[Any, float]]:
    at = 0.0
    for record in records:
        at = min(now, max(at, record.timestamp / 1000))
        yield record, at
