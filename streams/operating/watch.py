"""Counting and tracing what a worker does, without ever stopping it: a race matters more than its figures."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from streams.errors import SlotritError
from streams.operating.metrics import Metrics, Read
from streams.processing.messages import Published, Received
from streams.settings import Settings

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

    def remembered(self, step: str, rows: int) -> None:
        """Count rows of a step that are written to its changelog."""
        try:
            self.metrics.remembered(step, rows)
        except Exception:
            log.exception("metrics.failed", step=step)

    def handled(self, read: Read, published: tuple[Published, ...], *, span: Any) -> None:
        """Count a message that is published and remembered, and end its span."""
        try:
            self.metrics.handled(read, published)
            if self.tracing is not None and span is not None:
                self.tracing.end(span, read.fate, published)
        except Exception:
            log.exception("metrics.failed", step=read.step)


def tracing_of(settings: Settings) -> "Tracing | None":
    """Begin to trace, where that is wanted; only then is OpenTelemetry needed, and imported.

    Raises:
        SlotritError: where it is wanted and not installed.
    """
    if not settings.tracing:
        return None
    try:
        from streams.operating.tracing import to_collector  # noqa: PLC0415 - it needs an extra
    except ModuleNotFoundError as error:
        raise SlotritError(f"tracing: {error.name} is not installed: pip install 'slotrit[otel]'") from None
    return to_collector(settings)
