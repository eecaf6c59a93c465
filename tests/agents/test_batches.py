"""Records are put together by voice and partition, in order, numbered without a hole."""

from aiokafka import TopicPartition  # type: ignore[import-untyped]
from aiokafka.record.default_records import DefaultRecordBatch  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from streams.agents.speaking import BATCH_BYTES, Batch, Record, batches
from streams.agents.voices import NOBODY, Voice
from streams.processing.latest_rows import latest_rows

STANDINGS = TopicPartition("skating.standings", 0)
PACE = TopicPartition("skating.pace", 0)
CHANGELOG = TopicPartition("slotrit-races-changelog", 0)
AT_MS = 1_636_800_000_000


def record(text: str, source: int = 0, place: TopicPartition = STANDINGS) -> Record:
    """Say something of a race on behalf of a partition."""
    return Record(source, place, b"race", text.encode(), [("ce_id", text.encode())])


def read(batch: Batch) -> list[str]:
    """Read a batch as a broker would; what is in it is whole and under the time given."""
    opened = DefaultRecordBatch(bytearray(batch.content))
    assert opened.validate_crc()
    found = []
    for one in opened:
        assert (one.key, one.timestamp, one.headers) == (b"race", AT_MS, [("ce_id", one.value)])
        found.append(one.value.decode())
    return found


def identity(batch: Batch) -> tuple[int, int, int]:
    """Give producer id, epoch and first sequence number of a batch."""
    opened = DefaultRecordBatch(bytearray(batch.content))
    return opened.producer_id, opened.producer_epoch, opened.base_sequence


def test_what_goes_to_one_partition_goes_together() -> None:
    """In the order in which it was said, a batch for each partition written to."""
    said = [record("v1"), record("a", place=PACE), record("v2"), record("b", place=PACE)]

    standings, pace = batches(said, {0: Voice(7, 3)}, AT_MS)

    assert (standings.place, read(standings), identity(standings)) == (STANDINGS, ["v1", "v2"], (7, 3, 0))
    assert (pace.place, read(pace), identity(pace)) == (PACE, ["a", "b"], (7, 3, 0))


def test_each_partition_of_the_input_has_a_voice_of_its_own() -> None:
    """Whoever takes one of them over must not silence the other."""
    one, other = batches([record("x", 0), record("y", 1)], {0: Voice(7, 3), 1: Voice(8, 0)}, AT_MS)

    assert (read(one), identity(one)) == (["x"], (7, 3, 0))
    assert (read(other), identity(other)) == (["y"], (8, 0, 0))


def test_numbers_go_on_where_they_were() -> None:
    """Also after the last number that there is."""
    voice = Voice(7, 3, {STANDINGS: 2**31 - 2})

    firsts = [
        identity(batch)[2] for text in ("a", "b", "c") for batch in batches([record(text)], {0: voice}, AT_MS)
    ]

    assert firsts == [2**31 - 2, 2**31 - 1, 0]


def test_nobody_has_no_numbers() -> None:
    """A broker that cannot tell voices apart takes no note of them."""
    (batch,) = batches([record("a")], {0: NOBODY}, AT_MS)

    assert identity(batch) == (-1, -1, -1)


def test_what_is_too_large_for_a_batch_goes_alone() -> None:
    """A record is never cut, and what fits goes before and after it."""
    large = "x" * (BATCH_BYTES + 1)

    found = list(batches([record("a"), record(large), record("b"), record("c")], {0: Voice(7, 3)}, AT_MS))

    assert [read(batch) for batch in found] == [["a"], [large], ["b", "c"]]
    assert [identity(batch)[2] for batch in found] == [0, 1, 2]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([STANDINGS, PACE]), st.integers(0, BATCH_BYTES)),
        max_size=8,
    )
)
def test_nothing_is_lost_or_moved(told: list[tuple[int, TopicPartition, int]]) -> None:
    """Of every voice at every partition: all records once, in order, numbered one after the other."""
    said = [
        record(f"{number}:" + "x" * size, source, place) for number, (source, place, size) in enumerate(told)
    ]
    voices = {source: Voice(source, 0) for source in range(3)}
    found: dict[tuple[int, TopicPartition], list[str]] = {}

    for batch in batches(said, voices, AT_MS):
        producer_id, _, first = identity(batch)
        alike = found.setdefault((producer_id, batch.place), [])
        assert first == len(alike)
        alike.extend(read(batch))

    assert found == {
        key: [one.value.decode() for one in said if (one.source, one.place) == key]
        for key in {(one.source, one.place) for one in said}
    }


@given(
    sizes=st.lists(st.integers(0, BATCH_BYTES // 2), min_size=2, max_size=12),
    names=st.integers(1, 4),
)
def test_rows_that_stand_for_others_are_one_batch(sizes: list[int], names: int) -> None:
    """Whoever reads the changelog has all of them or none, or the last would tell of what is not there."""
    rows = [(0, f"race-{number % names}", b"x" * size) for number, size in enumerate(sizes)]
    latest = latest_rows(rows, BATCH_BYTES)
    records = [Record(partition, CHANGELOG, name.encode(), sealed) for partition, name, sealed in latest]

    written = list(batches(records, {0: Voice(7, 3)}, AT_MS))

    assert len(written) == 1 or latest == rows
