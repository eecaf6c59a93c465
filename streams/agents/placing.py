"""Which partition a key belongs in."""

from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]


def belongs_in(key: bytes, partitions: int) -> int:
    """Give the partition of a key, as every client of Kafka's works it out that hashes with murmur2."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions
