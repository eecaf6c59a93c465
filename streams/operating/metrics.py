"""What a worker counts, for Prometheus.

Everything of a message is counted once, when all that came of it is published and remembered: so the counters
say what is on Kafka, and a message that is handled again after a crash counts in both workers, as it is
published by both.

Series are made before anything happens to them. A counter that appears with its first dead letter has, for
Prometheus, not increased.
"""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Literal, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from schemas.records import RecordMessage
from schemas.reference import RECORD_KINDS
from streams.processing.messages import Published, Stream

PREFIX = "slotrit_worker"
LATENCY_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
RECOVERY_S = (0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
NEWS_S = 3600.0
"""For how many seconds after it occurred an event is news when it reaches Kafka. A meeting that is replayed
occurred years ago, or this morning, and how late that is published says nothing about the worker."""
AHEAD_S = 5.0
"""How many seconds a timing system's clock may be ahead of ours; more is a clock that is wrong."""

Fate = Literal["handled", "repeated", "unusable", "bug"]
"""What became of a message: folded; known already, as after a crash; set aside because of what it says; set
aside because our own code failed on it."""

FATES: tuple[Fate, ...] = get_args(Fate)
_SET_ASIDE: tuple[Fate, ...] = ("unusable", "bug")
_RECORD_TYPES = tuple(kind.model_fields["type"].default for kind in get_args(RecordMessage))
_OUTPUTS: tuple[Stream, ...] = tuple(
    stream for stream in get_args(Stream) if stream not in ("timing", "reference")
)


@dataclass(frozen=True, slots=True)
class Read:
    """A message as it was taken from Kafka, as far as it counts.

    Attributes:
        step: which step took it.
        fate: what became of it.
        at: Kafka's timestamp, in seconds since 1970; 0 or less where there is none.
    """

    step: str
    fate: Fate
    at: float


@dataclass
class Metrics:
    """All metrics of one worker, in a registry of its own.

    Attributes:
        steps: the names of the steps that it runs.
    """

    steps: tuple[str, ...]
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        ProcessCollector(namespace=PREFIX, registry=self.registry)
        self._make_counters()
        self._make_latencies()
        self._stuck = self._gauge("stuck", "1 while an agent finishes nothing though something waits", "step")
        self._in_hand = self._gauge(
            "in_hand_messages", "Messages that are folded and not yet published and remembered", "step"
        )
        self._lag = self._gauge(
            "lag_messages", "Messages of a partition that are not yet handled", "topic", "partition"
        )
        self._lagging: dict[Stream, set[int]] = {}
        self._recovering = self._gauge(
            "recovering", "1 while no messages are taken: at the start and in rebalances"
        )
        self._rebalances = self._counter("rebalances", "Rebalances of the group")
        self._recovery = self._histogram(
            "recovery_seconds", "From the start or a rebalance to taking messages again", RECOVERY_S
        )
        # The first recovery is over before anybody has asked, so no rate of the histogram ever shows it.
        self._last_recovery = self._gauge("last_recovery_seconds", "How long the last recovery took")

    def _make_counters(self) -> None:
        events = self._counter("events", "Messages that were read, by what became of them", "step", "outcome")
        self._events = {(step, fate): events.labels(step, fate) for step in self.steps for fate in FATES}
        published = self._counter("messages_published", "Messages that were published", "topic")
        self._published = {stream: published.labels(stream) for stream in _OUTPUTS}
        letters = self._counter("dead_letters", "Messages that were set aside", "step", "kind")
        self._letters = {
            (step, fate): letters.labels(step, fate) for step in self.steps for fate in _SET_ASIDE
        }
        self._records = self._counter("records", "Records that were announced or taken back", "kind", "type")
        for kind in RECORD_KINDS:
            for message_type in _RECORD_TYPES:
                self._records.labels(kind, message_type)
        writes = self._counter("changelog_writes", "Rows that were written to the changelog", "step")
        self._writes = {step: writes.labels(step) for step in self.steps}

    def _make_latencies(self) -> None:
        latency = self._histogram(
            "latency_seconds",
            "From the Kafka timestamp of what was read to its being published and remembered",
            LATENCY_S,
            "step",
        )
        self._latency = {step: latency.labels(step) for step in self.steps}
        since = self._histogram(
            "occurred_latency_seconds",
            "From what happened (occurred_at) to its being published and remembered",
            LATENCY_S,
            "step",
        )
        self._since_occurred = {step: since.labels(step) for step in self.steps}
        odd = self._counter(
            "out_of_time",
            "Events left out of occurred_latency_seconds: old ones, and ones whose clock was ahead",
            "step",
            "why",
        )
        self._odd = {(step, why): odd.labels(step, why) for step in self.steps for why in ("old", "ahead")}

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"{PREFIX}_{name}", about, labels, registry=self.registry)

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"{PREFIX}_{name}", about, labels, buckets=buckets, registry=self.registry)

    def handled(self, read: Read, published: Iterable[Published]) -> None:
        """Count a message that is published and remembered.

        Args:
            read: what was read.
            published: what was published because of it.
        """
        step = read.step
        self._events[step, read.fate].inc()
        if read.fate in _SET_ASIDE:
            self._letters[step, read.fate].inc()
        occurred = None
        for message in published:
            self._published[message.stream].inc()
            if message.stream == "records":
                self._records.labels(json.loads(message.value)["kind"], _header(message, "ce_type")).inc()
            occurred = occurred or _header(message, "ce_time")
        now = time.time()
        if read.at > 0:
            self._latency[step].observe(max(0.0, now - read.at))
            if occurred and read.fate == "handled":
                self._news(step, read.at, datetime.fromisoformat(occurred).timestamp(), now)

    def remembered(self, step: str, rows: int) -> None:
        """Count rows of a step that were written to its changelog."""
        self._writes[step].inc(rows)

    def _news(self, step: str, read_at: float, occurred: float, now: float) -> None:
        if read_at - occurred > NEWS_S:
            self._odd[step, "old"].inc()
        elif occurred - read_at > AHEAD_S:
            self._odd[step, "ahead"].inc()
        else:
            self._since_occurred[step].observe(max(0.0, now - occurred))

    def lag(self, topic: Stream, messages: dict[int, int]) -> None:
        """Note how many messages wait in each partition that this worker has now; the others are not its own.

        Args:
            topic: the topic.
            messages: by partition.
        """
        for partition in self._lagging.get(topic, set()) - messages.keys():
            self._lag.remove(topic, str(partition))
        self._lagging[topic] = set(messages)
        for partition, count in messages.items():
            self._lag.labels(topic, str(partition)).set(count)

    def watch(
        self, *, in_hand: Callable[[str], int], stuck: Callable[[str], bool], recovering: Callable[[], bool]
    ) -> None:
        """Say where to look, whenever Prometheus asks, for what comes and goes.

        Args:
            in_hand: how many messages a step has in hand.
            stuck: whether it is stuck.
            recovering: whether the worker takes no messages now.
        """
        for step in self.steps:
            self._in_hand.labels(step).set_function(partial(in_hand, step))
            self._stuck.labels(step).set_function(partial(stuck, step))
        self._recovering.set_function(recovering)

    def rebalanced(self) -> None:
        """Count a rebalance."""
        self._rebalances.inc()

    def recovered(self, seconds: float) -> None:
        """Note for how long no messages were taken."""
        self._recovery.observe(seconds)
        self._last_recovery.set(seconds)

    def text(self) -> bytes:
        """Write everything in Prometheus' text format."""
        return generate_latest(self.registry)


def _header(message: Published, name: str) -> str | None:
    for told, value in message.headers:
        if told == name:
            return value.decode()
    return None
