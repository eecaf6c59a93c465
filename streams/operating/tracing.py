"""One span for every message that a worker takes, sent to an OpenTelemetry collector.

This module needs the extra `otel` and is imported only where `tracing` is on.

What a worker publishes carries no trace context, because a message that is published again after a crash must
be the same to the byte, headers included, and a span has a new identity each time. Instead all spans find
their trace by themselves: what we publish names the message behind it (`slotrit_cause`), and trace and first
span have their identities from the place of that message. So a passing, its standings, the records and the
rankings are one trace, whichever workers they went through, and a message that is handled again after a crash
is in the trace that it was in. Where whoever produced the message sent a W3C `traceparent` along, the first
span links to theirs.
"""

from collections.abc import Mapping
from hashlib import sha256

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from streams.operating.metrics import Fate
from streams.processing.messages import REASON_HEADER, Published, Received
from streams.settings import Settings

SERVICE = "slotrit-worker"
"""The service's name in traces, where `OTEL_SERVICE_NAME` gives no other."""
_FROM_ICE = ("timing", "reference")
_OF_A_RACE = (b"performances", b"race.results")


class _Identities(RandomIdGenerator):
    """Gives a first span the identities of the message that it is of, and random ones to all others."""

    origin: SpanContext | None = None

    def generate_trace_id(self) -> int:
        """Give a trace's identity."""
        return super().generate_trace_id() if self.origin is None else self.origin.trace_id

    def generate_span_id(self) -> int:
        """Give a span's identity."""
        return super().generate_span_id() if self.origin is None else self.origin.span_id


class Tracing:
    """The spans of one worker, all begun and ended in its event loop."""

    def __init__(self, settings: Settings, processor: SpanProcessor) -> None:
        self._settings = settings
        self._identities = _Identities()
        named = Resource.create({"service.name": SERVICE}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=named, id_generator=self._identities, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("slotrit")

    def begin(self, step: str, received: Received, topic: str) -> Span:
        """Begin the span of a message that was taken.

        Args:
            step: which step took it.
            received: the message.
            topic: its topic on the broker.
        """
        headers = dict(received.headers)
        first = received.stream in _FROM_ICE
        place = received.place if first else headers.get("slotrit_cause", b"").decode() or received.place
        origin = _context_of(self._settings.topic_prefix + place)
        self._identities.origin = origin if first else None
        span = self._tracer.start_span(
            f"process {topic}",
            context=trace.set_span_in_context(trace.INVALID_SPAN if first else NonRecordingSpan(origin)),
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.type": "process",
                "messaging.destination.name": topic,
                "messaging.destination.partition.id": str(received.partition),
                "messaging.kafka.offset": received.offset,
                "messaging.consumer.group.name": self._settings.app_id,
                "slotrit.step": step,
                "slotrit.cause": place,
                **_race(received, headers),
            },
            links=_producer(headers),
        )
        self._identities.origin = None
        return span

    def end(self, span: Span, fate: Fate, published: tuple[Published, ...]) -> None:
        """End a span, when all that came of the message is published and remembered.

        Args:
            span: what `begin` gave.
            fate: what became of the message.
            published: what was published.
        """
        span.set_attribute("slotrit.outcome", fate)
        span.set_attribute("slotrit.published", len(published))
        if fate in ("unusable", "bug"):
            reason = dict(published[0].headers).get(REASON_HEADER, b"").decode(errors="replace")
            span.set_attribute("slotrit.reason", reason)
            if fate == "bug":
                span.set_status(Status(StatusCode.ERROR, reason))
        span.end()

    def close(self) -> None:
        """Send what is left, and wait for that some seconds at most."""
        self._provider.shutdown()


def to_collector(settings: Settings) -> Tracing:
    """Make spans that go to the collector which OpenTelemetry's variables name, in batches, in a thread.

    A collector that is slow or away costs spans, never messages.
    """
    return Tracing(settings, BatchSpanProcessor(OTLPSpanExporter()))


def _context_of(place: str) -> SpanContext:
    """Make up the identities of a message's trace and first span from its place of origin."""
    digest = sha256(place.encode()).digest()
    return SpanContext(
        trace_id=int.from_bytes(digest[:16]),
        span_id=int.from_bytes(digest[16:24]),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )


def _race(received: Received, headers: Mapping[str, bytes]) -> dict[str, str]:
    """Name the race, where the message is of one."""
    if received.stream == "timing":
        return {} if received.key is None else {"slotrit.race": received.key.decode(errors="replace")}
    if headers.get("ce_type") in _OF_A_RACE:
        return {"slotrit.race": headers["ce_id"].rsplit(b"@", 1)[0].decode()}
    return {}


def _producer(headers: Mapping[str, bytes]) -> list[Link]:
    told = {
        name: headers[name].decode(errors="replace")
        for name in ("traceparent", "tracestate")
        if name in headers
    }
    theirs = trace.get_current_span(TraceContextTextMapPropagator().extract(told)).get_span_context()
    return [Link(theirs)] if theirs.is_valid else []
