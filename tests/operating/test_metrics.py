"""What is counted of a message, and what is left out."""

import time
from datetime import UTC, datetime

import pytest

from streams.operating.metrics import Fate, Metrics, Read
from streams.processing.messages import Published, Stream

STEPS = ("races", "boards")


@pytest.fixture
def metrics() -> Metrics:
    """Make the metrics of a worker with two steps."""
    return Metrics(STEPS)


def _said(stream: Stream, kind: str, occurred: float | None = None, value: bytes = b"{}") -> Published:
    at = None if occurred is None else datetime.fromtimestamp(occurred, UTC).isoformat().encode()
    headers = (("ce_type", kind.encode()), *((("ce_time", at),) if at else ()))
    return Published(stream, b"key", value, headers)


def _value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"slotrit_worker_{name}", labels)


def test_a_message_counts_with_all_that_came_of_it(metrics: Metrics) -> None:
    """The event by its step, what was published by topic, the row, and how long it took."""
    now = time.time()
    metrics.handled(
        Read("races", "handled", now - 2),
        [_said("standings", "standings", now - 3), _said("performances", "performances", now - 3)],
    )
    metrics.remembered("races", 1)

    assert _value(metrics, "events_total", step="races", outcome="handled") == 1
    assert _value(metrics, "messages_published_total", topic="standings") == 1
    assert _value(metrics, "messages_published_total", topic="performances") == 1
    assert _value(metrics, "changelog_writes_total", step="races") == 1
    assert _value(metrics, "latency_seconds_sum", step="races") == pytest.approx(2, abs=0.5)
    assert _value(metrics, "occurred_latency_seconds_sum", step="races") == pytest.approx(3, abs=0.5)


def test_records_count_by_kind_and_type(metrics: Metrics) -> None:
    """A world record and its revocation are two series, which are there before anything happens."""
    assert _value(metrics, "records_total", kind="WR", type="record.set") == 0
    for kind in ("record.set", "record.revoked"):
        metrics.handled(Read("boards", "handled", 0), [_said("records", kind, value=b'{"kind":"WR"}')])

    assert _value(metrics, "records_total", kind="WR", type="record.set") == 1
    assert _value(metrics, "records_total", kind="WR", type="record.revoked") == 1


@pytest.mark.parametrize("fate", ["unusable", "bug"])
def test_what_is_set_aside_counts_by_whose_fault_it_is(metrics: Metrics, fate: Fate) -> None:
    """Theirs or ours; either is there as 0 from the beginning, or the first one would be no increase."""
    assert _value(metrics, "dead_letters_total", step="races", kind=fate) == 0

    metrics.handled(Read("races", fate, 0), [_said("dead-letters", "dead-letter")])

    assert _value(metrics, "dead_letters_total", step="races", kind=fate) == 1
    assert _value(metrics, "changelog_writes_total", step="races") == 0


@pytest.mark.parametrize(("occurred_ago_s", "why"), [(90_000_000, "old"), (3 * 3600, "old"), (-30, "ahead")])
def test_replays_and_wrong_clocks_are_no_latency(metrics: Metrics, occurred_ago_s: float, why: str) -> None:
    """What was no news when it reached Kafka, or is yet to happen, is counted apart."""
    now = time.time()

    metrics.handled(Read("races", "handled", now), [_said("standings", "standings", now - occurred_ago_s)])

    assert _value(metrics, "occurred_latency_seconds_count", step="races") == 0
    assert _value(metrics, "out_of_time_total", step="races", why=why) == 1
    assert _value(metrics, "latency_seconds_count", step="races") == 1


def test_a_message_without_kafkas_timestamp_has_no_latency(metrics: Metrics) -> None:
    """Kafka allows -1; nothing is measured from that."""
    metrics.handled(Read("races", "handled", -0.001), [])

    assert _value(metrics, "latency_seconds_count", step="races") == 0


def test_partitions_that_went_to_others_have_no_lag_here(metrics: Metrics) -> None:
    """Else the sum over workers would count what nobody has."""
    metrics.lag("timing", {0: 5, 1: 0})
    metrics.lag("reference", {0: 1})
    metrics.lag("timing", {1: 7})

    assert _value(metrics, "lag_messages", topic="timing", partition="0") is None
    assert _value(metrics, "lag_messages", topic="timing", partition="1") == 7
    assert _value(metrics, "lag_messages", topic="reference", partition="0") == 1


def test_what_comes_and_goes_is_asked_for_when_prometheus_asks(metrics: Metrics) -> None:
    """A thread asks, so a loop that hangs is told as stuck all the same."""
    hands = {"races": 3, "boards": 0}
    metrics.watch(in_hand=hands.__getitem__, stuck=lambda step: step == "races", recovering=lambda: True)
    metrics.rebalanced()
    metrics.recovered(4.0)

    assert _value(metrics, "in_hand_messages", step="races") == 3
    assert [_value(metrics, "stuck", step=step) for step in STEPS] == [1, 0]
    assert _value(metrics, "recovering") == 1
    assert _value(metrics, "rebalances_total") == 1
    assert _value(metrics, "recovery_seconds_sum") == 4
    assert _value(metrics, "last_recovery_seconds") == 4
