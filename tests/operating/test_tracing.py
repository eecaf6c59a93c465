"""One span a message, one trace for all that came of an event, and nothing of it on Kafka."""

import subprocess
import sys
from collections.abc import Mapping

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext, SpanKind, StatusCode

from streams.errors import SlotritError
from streams.operating.metrics import Fate
from streams.operating.tracing import Tracing
from streams.operating.watch import tracing_of
from streams.processing.ledger import Ledger
from streams.processing.messages import Header, Published, Received, dead_letter
from streams.processing.standings import STANDINGS
from streams.settings import Settings
from tests.kafka.meeting import events

RACE = "2022-olympics-beijing/M1000/-"
PRODUCER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Traced:
    """A worker's tracing, and the spans that came of it."""

    def __init__(self, prefix: str = "test.") -> None:
        self._exporter = InMemorySpanExporter()
        settings = Settings(topic_prefix=prefix, app_id="tested")
        self._tracing = Tracing(settings, SimpleSpanProcessor(self._exporter))

    def message(
        self, received: Received, *published: Published, step: str = "races", fate: Fate = "handled"
    ) -> ReadableSpan:
        """Take a message through, and give its span."""
        span = self._tracing.begin(step, received, f"test.skating.{received.stream}")
        self._tracing.end(span, fate, published)
        return self._exporter.get_finished_spans()[-1]


def _context(span: ReadableSpan) -> SpanContext:
    context: SpanContext | None = span.context
    assert context is not None
    return context


def _attributes(span: ReadableSpan) -> Mapping[str, object]:
    assert span.attributes is not None
    return span.attributes


def _timing(number: int, *headers: Header) -> Received:
    line = events("2022-olympics-beijing")[1][number]
    return Received("timing", 3, number, line.key, line.value, headers)


def _published(received: Received) -> tuple[Published, ...]:
    outcome = Ledger(STANDINGS).handle(received)
    assert outcome is not None
    return outcome.published


def test_a_span_says_which_message_of_which_race_it_was() -> None:
    """Topic, partition, offset, group and race, and what became of it."""
    received = _timing(0)
    published = _published(received)

    span = Traced().message(received, *published)

    assert (span.name, span.kind) == ("process test.skating.timing", SpanKind.CONSUMER)
    assert dict(_attributes(span)) == {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": "test.skating.timing",
        "messaging.destination.partition.id": "3",
        "messaging.kafka.offset": 0,
        "messaging.consumer.group.name": "tested",
        "slotrit.step": "races",
        "slotrit.cause": "skating.timing/3/0",
        "slotrit.race": RACE,
        "slotrit.outcome": "handled",
        "slotrit.published": len(published),
    }


def test_what_came_of_an_event_is_one_trace_in_whichever_workers() -> None:
    """The next step's span, in another process, is a child of the first, with no header to tell it so."""
    received = _timing(0)
    (told,) = (message for message in _published(received) if message.stream == "performances")
    first = Traced().message(received)

    second = Traced().message(
        Received("performances", 1, 77, told.key, told.value, told.headers), step="boards"
    )

    assert _context(second).trace_id == _context(first).trace_id
    assert second.parent is not None
    assert second.parent.span_id == _context(first).span_id
    assert _context(second).span_id != _context(first).span_id
    assert _attributes(second)["slotrit.race"] == RACE
    assert not {name for name, _ in told.headers} & {"traceparent", "tracestate"}


def test_a_message_that_comes_again_is_in_the_trace_that_it_was_in() -> None:
    """After a crash the same event is the same trace; another event, or another installation, is another."""
    once, again = (_context(Traced().message(_timing(0))) for _ in range(2))
    other = _context(Traced().message(_timing(1)))
    elsewhere = _context(Traced(prefix="rehearsal.").message(_timing(0)))

    assert (again.trace_id, again.span_id) == (once.trace_id, once.span_id)
    assert len({once.trace_id, other.trace_id, elsewhere.trace_id}) == 3


def test_the_producers_span_is_linked() -> None:
    """A W3C traceparent of whoever sent the event is a link; one that is none is passed over."""
    span = Traced().message(_timing(0, ("traceparent", PRODUCER.encode())))
    broken = Traced().message(_timing(0, ("traceparent", b"\xff")))

    assert [format(link.context.trace_id, "032x") for link in span.links] == [PRODUCER.split("-")[1]]
    assert span.parent is None
    assert broken.links == ()


@pytest.mark.parametrize(("fate", "status"), [("unusable", StatusCode.UNSET), ("bug", StatusCode.ERROR)])
def test_what_is_set_aside_says_why(fate: Fate, status: StatusCode) -> None:
    """The reason is in the span; only what is our own fault is an error of ours."""
    received = Received("timing", 0, 5, None, b"no JSON")

    span = Traced().message(received, dead_letter(received, "key: is missing"), fate=fate)

    assert _attributes(span)["slotrit.reason"] == "key: is missing"
    assert span.status.status_code is status
    assert "slotrit.race" not in _attributes(span)


def test_nothing_is_traced_unless_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is wanted and not installed, one line says how to get it."""
    for name in [name for name in sys.modules if name.startswith(("opentelemetry", "streams.operating.tra"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)

    assert tracing_of(Settings()) is None
    with pytest.raises(SlotritError, match=r"^tracing: .*is not installed: pip install 'slotrit\[otel\]'$"):
        tracing_of(Settings(tracing=True))


def test_a_worker_that_does_not_trace_imports_nothing_for_it() -> None:
    """The extra is not needed to run a worker."""
    program = (
        "import sys; from streams.app import create_app; from streams.settings import Settings;"
        "create_app(Settings(brokers='127.0.0.1:1'));"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
