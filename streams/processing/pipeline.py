"""All steps together, without a broker: what one goes on with is what another published.

The in-memory replay and the tests run these; a worker runs the same steps, with Kafka in between.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Any

from streams.processing.ledger import Ledger
from streams.processing.messages import Header, Published, Received, Stream
from streams.processing.packed_rows import PackedRows
from streams.processing.rankings import RANKINGS
from streams.processing.records import records_step
from streams.processing.reference import REFERENCE_STEP
from streams.processing.standings import STANDINGS
from streams.processing.step import Outcome, Step

Observer = Callable[[Received, Outcome[Any]], None]
"""Told of each message that a step took, and of what came of it, before that is published."""


def steps(*, openings: bool) -> tuple[Step[Any], ...]:
    """Give all steps, in the order in which messages flow.

    Args:
        openings: whether fastest openings are announced like records.
    """
    return (REFERENCE_STEP, STANDINGS, records_step(openings=openings), RANKINGS)


class Pipeline:
    """The steps in memory, as one partition of each stream.

    Args:
        openings: whether fastest openings are announced like records.
        only: the names of the steps to take; None stands for all.
        observer: see `Observer`.
        on_bug: told of the traceback where our own code failed on a message.
    """

    def __init__(
        self,
        *,
        openings: bool,
        only: Collection[str] | None = None,
        observer: Observer | None = None,
        on_bug: Callable[[str], None] | None = None,
    ) -> None:
        self.ledgers: dict[Stream, Ledger[Any]] = {
            step.reads: Ledger(step, rows=PackedRows())
            for step in steps(openings=openings)
            if only is None or step.name in only
        }
        self._offsets: dict[Stream, int] = {}
        self._observer = observer
        self._on_bug = on_bug

    def feed(self, stream: Stream, key: bytes | None, value: bytes | None) -> Iterator[Published]:
        """Feed one message in, and give all that comes of it, in order, through all steps."""
        waiting = deque([self._received(stream, key, value, ())])
        while waiting:
            received = waiting.popleft()
            ledger = self.ledgers[received.stream]
            outcome = ledger.handle(received)
            if outcome is None:
                continue
            if self._observer is not None:
                self._observer(received, outcome)
            if outcome.bug is not None and self._on_bug is not None:
                self._on_bug(outcome.bug)
            for message in outcome.published:
                yield message
                if message.stream in self.ledgers:
                    waiting.append(
                        self._received(message.stream, message.key, message.value, message.headers)
                    )
            ledger.settle(outcome, received)

    def _received(
        self, stream: Stream, key: bytes | None, value: bytes | None, headers: tuple[Header, ...]
    ) -> Received:
        offset = self._offsets.get(stream, 0)
        self._offsets[stream] = offset + 1
        return Received(stream, 0, offset, key, value, headers)
