"""Counting and tracing what a worker does, without ever stopping it: a race matters more than its figures."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from streams.operating.metrics import Metrics, Read
from streams.processing.messages import Published, Received

if TYPE_CHECKING:
    # Tracing needs an extra, see there.
    from streams.operating.tracing import Tracing

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks over a worker's shoulder."""

    metrics: Metrics
    tracing: "Tracing | None" = None

    def taken(self, step: str, received: Received, topic: str) -> Any:
        """Begin the span of a message that a step takes; None where nothing is traced."""
        if self.tracing is None:
            return None
        try:
            return self.tracing.begin(step, received, topic)
        except Exception:
            log.exception("tracing.failed", step=step)
            return None

    def handled(self, read: Read, published: tuple[Published, ...], *, row: bool, span: Any) -> None:
        """Count a message that is published and remembered, and end its span."""
        try:
            self.metrics.handled(read, published, row=row)
            if self.tracing is not None and span is not None:
                self.tracing.end(span, read.fate, published)
        except Exception:
            log.exception("metrics.failed", step=read.step)
