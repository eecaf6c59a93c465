"""Nothing read from Kafka may vanish between a table's recovery and the first event that is handled.

The story (faust-streaming issue 596). When the tables of a worker are restored, Faust resumes the input
partitions, seeks them to the committed offsets, and only then calls `flow_control.resume()`, which empties
every stream's queue. The consumer's flow is open all the while: whatever its fetcher delivers between the
first and the last of these counts as read, lies in a queue, and is thrown away. Those events are not handled
until the next restart; the commit stays before them for ever; and events after them are handled as if nothing
had happened. A worker that is killed in mid-race meets this at every start.

The mend is to close the flow before the first of those steps. Faust opens it again itself after the last,
when the queues have been emptied, so nothing can be delivered in between. Where recovery breaks off because
the group is rebalancing again the flow stays closed until the next recovery opens it, as it should.

`positions.py` notices a hole of this or any other making; this file is why there is none to notice.
"""

from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery


class HeldFlowRecovery(Recovery):
    """A recovery that lets no event through until the streams are ready for it."""

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        """Close the consumer's flow, then do what Faust does, which opens it at the end."""
        self.app.consumer.stop_flow()
        await super().on_recovery_completed(generation_id)


class HeldFlowTableManager(TableManager):
    """The table manager that recovers with `HeldFlowRecovery`."""

    @property
    def recovery(self) -> Recovery:
        """The recovery service, made when first asked for."""
        if self._recovery is None:
            self._recovery = HeldFlowRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
