"""When a fault has been got over."""

from aiokafka import TopicPartition  # type: ignore[import-untyped]

from bench.chaos.lag import Sample, is_over, standing

ONE, TWO = TopicPartition("skating.timing", 0), TopicPartition("skating.timing", 1)
STEP = TopicPartition("skating.results", 0)


def _sample(at: float, ends: tuple[int, int, int], committed: tuple[int, int, int]) -> Sample:
    places = (ONE, TWO, STEP)
    return Sample(at, dict(zip(places, ends, strict=True)), dict(zip(places, committed, strict=True)))


BEFORE = _sample(0, (10, 10, 5), (9, 10, 5))
AFTER = _sample(1, (20, 20, 5), (15, 10, 5))


def test_every_partition_must_have_got_on() -> None:
    """One that stands still where it was at the fault is not over, however little waits."""
    assert not is_over(BEFORE, AFTER, _sample(2, (30, 30, 5), (30, 20, 5)), slack=100)
    assert is_over(BEFORE, AFTER, _sample(3, (30, 30, 5), (30, 21, 5)), slack=100)


def test_what_waits_must_be_no_more_than_before() -> None:
    """Getting on is not enough while more waits than before, also between the steps."""
    assert not is_over(BEFORE, AFTER, _sample(2, (30, 30, 9), (29, 30, 5)), slack=3)
    assert is_over(BEFORE, AFTER, _sample(2, (30, 30, 8), (29, 30, 5)), slack=3)


def test_where_nothing_more_comes_all_must_be_done() -> None:
    """After the last event a partition is over when everything in it is done."""
    assert is_over(BEFORE, AFTER, _sample(2, (20, 20, 5), (20, 20, 5)), slack=0)


def test_the_sample_at_the_fault_says_nothing_of_recovery() -> None:
    """It takes a later one."""
    assert not is_over(BEFORE, AFTER, AFTER, slack=100)


def test_what_stands_still_is_named() -> None:
    """A partition that has nothing to do does not stand still, nor does one that gets on slowly."""
    now = _sample(9, (30, 20, 8), (16, 10, 8))

    assert standing(AFTER, now) == ("skating.timing partition 1 stands at 10 of 20",)
