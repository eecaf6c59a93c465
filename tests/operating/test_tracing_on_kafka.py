"""A real worker that traces: every message a span at the collector, and Kafka none the wiser."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.kafka.meeting import OUTPUTS, assert_equal, events, meeting

FIXTURE = "2022-olympics-beijing"


@contextmanager
def _collector() -> Iterator[tuple[str, list[Any]]]:
    """Take spans as OpenTelemetry's collector does; give its address and what it has got."""
    spans: list[Any] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take a batch."""
            told = ExportTraceServiceRequest()
            told.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
            spans.extend(
                span
                for resource in told.resource_spans
                for scope in resource.scope_spans
                for span in scope.spans
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", spans
        finally:
            server.shutdown()
            thread.join()


async def test_every_message_is_a_span_and_outputs_carry_none(kafka_address: str, tmp_path: Path) -> None:
    """Each event is one trace through all steps, and what is published is what it is without tracing."""
    reference, timing = events(FIXTURE)
    with _collector() as (address, spans):
        async with meeting(kafka_address, tmp_path / "worker.log") as held:
            held.extra = {
                "SLOTRIT_TRACING": "true",
                "OTEL_EXPORTER_OTLP_ENDPOINT": address,
                "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
            }
            worker = held.start_worker()
            await held.publish([*reference, *timing])
            await held.all_done()
            worker.terminate()
            assert await asyncio.to_thread(worker.wait, 40) == 0
            between = [
                message
                for stream in ("performances", "results")
                for message in await held.read(held.topic(stream))
            ]
            published = [message for some in (await held.published()).values() for message in some]
            await assert_equal(held, [*reference, *timing])

    firsts = {span.trace_id for span in spans if not span.parent_span_id}
    assert len(spans) == len(reference) + len(timing) + len(between)
    assert len(firsts) == len(reference) + len(timing)
    assert {span.trace_id for span in spans} == firsts
    assert len(published) > len(OUTPUTS)
    for message in between + published:
        assert not {name for name, _ in message.headers} & {"traceparent", "tracestate", "baggage"}
