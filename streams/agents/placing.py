"""Which partition a key belongs in."""

from functools import lru_cache

from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]

KEYS = 4_096
"""Of how many keys the partition is kept in mind: more than there are races and disciplines in a season."""


@lru_cache(KEYS)
def belongs_in(key: bytes, partitions: int) -> int:
    """Give the partition of a key, as every client of Kafka's works it out that hashes with murmur2."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions
