"""What the gateway counts, for Prometheus."""

import time
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

PREFIX = "slotrit_gateway"
TRANSPORTS = ("sse", "websocket")
DROPPED = ("behind", "stalled")
REFUSED = ("body", "origin", "query", "streams", "token")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass
class Metrics:
    """All metrics of one gateway, in a registry of its own.

    `heard_at` is when the last message came, on a monotonic clock; None before the first. `behind` is how
    many messages on Kafka have not been read yet, as far as is known.
    """

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    heard_at: float | None = None
    behind: int = 0

    def __post_init__(self) -> None:
        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(f"{PREFIX}_{name}", about, labels, registry=self.registry)

        def gauge(name: str, about: str, *labels: str) -> Gauge:
            return Gauge(f"{PREFIX}_{name}", about, labels, registry=self.registry)

        self._messages = counter("messages", "Messages read from Kafka", "topic", "outcome")
        self._events = counter("events_sent", "Events written to streams")
        self._bytes = counter("bytes_sent", "Bytes of events written to streams, before TLS")
        self._dropped = counter("streams_dropped", "Streams ended by the gateway", "reason")
        self._refused = counter("requests_refused", "Requests that were turned away", "reason")
        self._streams = gauge("streams", "Streams that are open", "transport")
        self._stale = gauge("stale", "1 while Kafka does not answer")
        self._behind = gauge("behind_messages", "Messages on Kafka that have not been read yet")
        self._delay = Histogram(
            f"{PREFIX}_delay_seconds",
            "From a message's timestamp on Kafka to its being told",
            buckets=BUCKETS,
            registry=self.registry,
        )
        # A counter that appears with the first that it counts has, for Prometheus, not increased.
        for counted, values in (
            (self._streams, TRANSPORTS),
            (self._dropped, DROPPED),
            (self._refused, REFUSED),
        ):
            for value in values:
                counted.labels(value)

    def heard(self, topic: str, outcome: str) -> None:
        """Count a message: `told`, `repeated` or `unknown`."""
        self.heard_at = time.monotonic()
        self._messages.labels(topic, outcome).inc()

    def took(self, seconds: float) -> None:
        """Note how long a message took from Kafka's timestamp."""
        self._delay.observe(max(0.0, seconds))

    def sent(self, events: int, size: int) -> None:
        """Count events that were written, and their size in bytes."""
        self._events.inc(events)
        self._bytes.inc(size)

    def dropped(self, reason: str) -> None:
        """Count a stream that the gateway ended."""
        self._dropped.labels(reason).inc()

    def refused(self, reason: str) -> None:
        """Count a request that was turned away."""
        self._refused.labels(reason).inc()

    def streams(self, transport: str, change: int) -> None:
        """Count streams that open and end."""
        self._streams.labels(transport).inc(change)

    def kafka(self, *, stale: bool, behind: int) -> None:
        """Note how reading is going."""
        self.behind = behind
        self._stale.set(stale)
        self._behind.set(behind)

    def text(self) -> bytes:
        """Write everything in Prometheus' text format."""
        return generate_latest(self.registry)
