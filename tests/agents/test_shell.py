"""What the shell around a step decides by itself."""

from streams.agents.shell import misplaced
from streams.processing.messages import Received

RACE = b"2022-olympics-beijing/M1000/-"


def _in(partition: int, key: bytes | None = RACE) -> Received:
    return Received("timing", partition, 0, key, b"{}")


def test_an_event_where_its_key_belongs_is_in_place() -> None:
    """There is exactly one partition in which the events of a race may be: the one that murmur2 gives."""
    places = [partition for partition in range(4) if misplaced(_in(partition), 4) is None]

    assert len(places) == 1


def test_an_event_elsewhere_says_where_it_belongs_and_why() -> None:
    """The producer's engineer reads which partitioner to set."""
    (right,) = (partition for partition in range(4) if misplaced(_in(partition), 4) is None)
    said = misplaced(_in((right + 1) % 4), 4)

    assert said is not None
    assert f"belongs to partition {right}, came in {(right + 1) % 4}" in said
    assert "murmur2_random" in said


def test_an_event_without_a_key_is_left_to_the_step() -> None:
    """The step says that the key is missing, which is the better reason."""
    assert misplaced(_in(0, key=None), 4) is None


def test_the_partition_is_that_of_the_javas_default() -> None:
    """A figure from Java's client (`Utils.murmur2` of the key, sign bit off, modulo 7)."""
    assert [partition for partition in range(7) if misplaced(_in(partition, key=b"21"), 7) is None] == [
        (-973932308 & 0x7FFFFFFF) % 7
    ]
