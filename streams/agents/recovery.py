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

Whoever fetches at the wrong moment can take rows away from a recovery, which waits for them then: see
`fetching.py`. And Faust takes a broker's silence during a recovery for the end of the worker: it ends the
task that recovers, says nothing, and no recovery ever follows. Here the worker crashes, and is started again.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from aiokafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]
from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery, ServiceStopped
from faust.types import TP

from streams.agents.commits import HandledConsumer
from streams.refusals import not_granted

if TYPE_CHECKING:
    from streams.agents.worker_app import WorkerApp


class SilentBrokerError(Exception):
    """Kafka did not answer while a worker recovered."""


class HeldFlowRecovery(Recovery):
    """A recovery that lets no event through until the streams are ready for it."""

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Forget the rows that wait to be restored, then do what Faust does; they are read again.

        Of a partition that is ours no more, Faust would take a row for one of the table before it, and begin
        behind it when the partition comes back.
        """
        self.tables.changelog_queue.clear()
        await super().on_rebalance(assigned, revoked, newly_assigned, generation_id)

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        """Close the consumer's flow, then do what Faust does, which opens it at the end."""
        self.app.consumer.stop_flow()
        await self._fetches_over()
        await super().on_recovery_completed(generation_id)

    async def _seek_offsets(self, consumer: Any, tps: set[TP], offsets: Counter[TP], title: str) -> None:
        self.app.consumer.stop_flow()
        await self._fetches_over()
        await super()._seek_offsets(consumer, tps, offsets, title)

    async def _fetches_over(self) -> None:
        consumer = self.app.consumer
        if isinstance(consumer, HandledConsumer):
            await consumer.fetches.over()

    async def _wait(self, coro: Any, timeout: Any = None) -> None:  # noqa: ASYNC109 - as Faust has it
        try:
            await super()._wait(coro, timeout=timeout)
        except (ServiceStopped, KafkaTimeoutError, TimeoutError):
            if self.should_stop:
                raise
            waited_s = self.app.conf.broker_request_timeout
            raise SilentBrokerError(
                f"Kafka did not answer for {waited_s:g} s in a recovery; see whether its brokers run and can "
                "be reached, and start the worker again, which recovers anew"
            ) from None

    async def crash(self, reason: BaseException) -> None:
        """Say why in one line, then do what Faust does, which says it again for every service."""
        if isinstance(reason, Exception) and not_granted(reason) is None:
            cast("WorkerApp", self.app).crashes.tell("recovery", reason)
        await super().crash(reason)


class HeldFlowTableManager(TableManager):
    """The table manager that recovers with `HeldFlowRecovery`."""

    @property
    def recovery(self) -> Recovery:
        """The recovery service, made when first asked for."""
        if self._recovery is None:
            self._recovery = HeldFlowRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
