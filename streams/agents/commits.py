"""Committing what was handled, and nothing else.

Faust commits by its list of acknowledged messages, and acknowledges more than was handled: an event whose
agent is cancelled or fails in the middle, an event that is passed over because the group is rebalancing, and
the offsets of a gap in what was fetched; and it may commit past a single message that is still in hand
(faust-streaming pull request 707). Any of these would lose an event without a trace, since the next worker
starts after it.

So the agents say how far they are, after publishing and remembering, and that is what is committed. Faust's
list only tells when.
"""

import faust
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP
from faust.types.transports import TransportT


class HandledConsumer(Consumer):
    """A consumer that commits up to where the agents are.

    Attributes:
        handled: by partition, the offset after the last message that was handled.
    """

    handled: dict[TP, int]

    def on_init(self) -> None:
        """Begin with nothing handled."""
        super().on_init()
        self.handled = {}

    def _new_offset(self, tp: TP) -> int | None:
        """Give the offset to commit; Faust's own is worked out only to tidy its list."""
        super()._new_offset(tp)
        return self.handled.get(tp)


class HandledTransport(Transport):
    """The transport with such a consumer."""

    Consumer = HandledConsumer


class WorkerApp(faust.App):
    """An app that consumes with it."""

    def _new_transport(self) -> TransportT:
        return HandledTransport(self.conf.broker_consumer, self)
