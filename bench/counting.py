"""What counting and tracing cost a message, beside what the message costs.

    python -m bench.counting [COPIES]

Takes COPIES (default 3) of a World Cup weekend through all steps in memory, and then counts what came of each
message as a worker does, without and with a trace of it, each alone and the best of five
times. Microseconds a message, in one run.
"""

import sys
import time
from collections.abc import Iterable
from typing import Any

from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from bench.load import copies
from streams.agents.shell import fate
from streams.operating.metrics import Metrics, Read
from streams.operating.tracing import Tracing
from streams.operating.watch import Watch
from streams.processing.messages import Published, Received
from streams.processing.pipeline import Pipeline, steps
from streams.processing.step import Outcome
from streams.settings import Settings

Handled = tuple[Received, Read, tuple[Published, ...], bool]


class _Nowhere(SpanExporter):
    """Takes spans as a collector that costs nothing."""

    def export(self, spans: object) -> SpanExportResult:
        """Forget them."""
        del spans
        return SpanExportResult.SUCCESS


def _through_the_steps(count: int) -> tuple[list[Handled], float]:
    """Take the load through all steps; give what a worker would count of each message, and the seconds."""
    load = list(copies(count))
    handled: list[Handled] = []
    now = time.time()

    def counted(received: Received, outcome: Outcome[Any]) -> None:
        name = pipeline.ledgers[received.stream].step.name
        handled.append((received, Read(name, fate(outcome), now), outcome.published, outcome.row is not None))

    pipeline = Pipeline(openings=False, observer=counted)
    began = time.perf_counter()
    for line in load:
        for _ in pipeline.feed(line.stream, line.key, line.value):
            pass
    return handled, time.perf_counter() - began


def _watched(watch: Watch, handled: Iterable[Handled]) -> float:
    began = time.perf_counter()
    for received, read, published, row in handled:
        span = watch.taken(read.step, received, "skating.timing")
        watch.remembered(read.step, int(row))
        watch.handled(read, published, span=span)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print a table."""
    handled, took = _through_the_steps(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
    names = tuple(step.name for step in steps(openings=False))
    tracing = Tracing(Settings(), BatchSpanProcessor(_Nowhere()))
    counting = min(_watched(Watch(Metrics(names)), handled) for _ in range(5))
    both = min(_watched(Watch(Metrics(names), tracing), handled) for _ in range(5))
    print(f"{len(handled)} messages, {sum(len(each[2]) for each in handled)} published because of them")
    table = {"all steps, to the bytes": took, "counting": counting, "counting and tracing": both}
    for name, seconds in table.items():
        print(f"{name:<26} {seconds / len(handled) * 1e6:>7.1f} µs a message   {seconds / took:>6.1%}")
    tracing.close()


if __name__ == "__main__":
    main()
