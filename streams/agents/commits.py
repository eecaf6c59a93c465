"""Committing what was handled, and nothing else.

Faust commits by its list of acknowledged messages, and acknowledges more than was handled: an event whose
agent is cancelled or fails in the middle, an event that is passed over because the group is rebalancing, and
the offsets of a gap in what was fetched; and it may commit past a single message that is still in hand
(faust-streaming pull request 707). Any of these would lose an event without a trace, since the next worker
starts after it.

So the agents say how far they are, after publishing and remembering, and that is what is committed. Faust's
list only tells when.
"""

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from aiokafka.errors import IllegalStateError, KafkaError  # type: ignore[import-untyped]
from faust.exceptions import ConsumerNotStarted
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP
from mode import ServiceT

from streams.agents.draining import drain
from streams.agents.fetching import Fetches, PromptThread
from streams.agents.voices import OvertakenError
from streams.refusals import NOT_GRANTED, not_granted

if TYPE_CHECKING:
    from streams.agents.shell import Shell
    from streams.agents.worker_app import WorkerApp


class HandledConsumer(Consumer):
    """A consumer that commits up to where the agents are.

    Attributes:
        handled: by partition, the offset after the last message that was handled.
        refused: what the broker did not let us do; nothing is read after that, see `refused.py`.
        fetches: those that are under way; no place to read from is changed before they are over.
    """

    handled: dict[TP, int]
    refused: KafkaError | None
    fetches: Fetches

    def on_init(self) -> None:
        """Begin with nothing handled."""
        super().on_init()
        self.handled = {}
        self.refused = None
        self.fetches = Fetches()
        self._ends_wanted: set[TP] = set()
        self._ends: asyncio.Task[Mapping[TP, int]] | None = None

    def _new_consumer_thread(self) -> PromptThread:
        return PromptThread(self, loop=self.loop, beacon=self.beacon)

    def refused_of(self) -> KafkaError | None:
        """Give what the broker has refused, also to the group's coordinator, which nobody has asked yet."""
        client = getattr(self._thread, "_consumer", None)
        coordinator = getattr(client, "_coordinator", None)
        pending = getattr(coordinator, "_pending_exception", None)
        if self.refused or isinstance(pending, NOT_GRANTED):
            return self.refused or pending
        failures = (not_granted(shell.speaker.failure) for shell in self.shells)
        return next((refused for refused in failures if refused is not None), None)

    async def _getmany(self, *arguments: Any, **named: Any) -> Any:
        """Fetch; where the broker refuses, wait for the end, since Faust would say so and stand still."""
        try:
            return await self.fetches.follow(super()._getmany(*arguments, **named))
        except NOT_GRANTED as refused:
            self.refused = refused
            return await asyncio.get_running_loop().create_future()

    @property
    def shells(self) -> list["Shell"]:
        """What the agents have at hand."""
        app = cast("WorkerApp", self.app)
        return list(app.shells.values())

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Claim the right to speak for the partitions that are ours from now on, then go on as Faust does."""
        for shell in self.shells:
            topic = shell.source.get_topic_name()
            mine = {tp.partition for tp in assigned if tp.topic == topic}
            shell.speaker.assigned(mine, partial(self.still_member, generation_id))
        await super().on_partitions_assigned(assigned, generation_id)

    async def still_member(self, generation: int) -> bool:
        """Ask the group whether we belong to a generation still; False where it cannot be asked now.

        Raises:
            OvertakenError: where we do not.
        """
        return bool(await self._thread.call_thread(self._beat, generation))

    async def _beat(self, generation: int) -> bool:
        """Do, in aiokafka's thread, what it does now and then.

        A group that is about to rebalance says yes too: until it has, nobody gets what is ours.
        """
        coordinator = self._thread._ensure_consumer()._coordinator  # noqa: SLF001 - not to be had otherwise
        if coordinator.generation == generation and await coordinator._do_heartbeat():  # noqa: SLF001 - alike
            return bool(coordinator.generation == generation)
        if coordinator.generation != generation:
            raise OvertakenError(
                f"the group has gone on without this worker, which was in generation {generation}"
            )
        return False

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Read on from what is committed, and from the beginning where nothing is.

        aiokafka leaves a partition without a commit where it is. That is behind what was fetched in vain:
        what comes while the group rebalances is dropped, and Faust relies on this to fetch it again.
        """
        committed: Mapping[TP, int] = await super().seek_to_committed()
        read = {shell.source.get_topic_name() for shell in self.shells}
        anew = [TP(*tp) for tp, offset in committed.items() if not offset and tp.topic in read]
        if anew:
            await self.seek_wait({TP(*tp): at for tp, at in (await self.earliest_offsets(*anew)).items()})
        return committed

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Ask for the ends of partitions: all that are asked for at the same time with one request.

        At the end of a recovery each step asks for those of its input, and the consumer's thread, which
        answers two calls at a time, may wait for a fetch before each.
        """
        self._ends_wanted.update(partitions)
        if self._ends is None:
            self._ends = asyncio.create_task(self._ends_of_all())
            self._ends.add_done_callback(_looked_at)
        ends = await asyncio.shield(self._ends)
        return {tp: ends[tp] for tp in partitions if tp in ends}

    async def _ends_of_all(self) -> Mapping[TP, int]:
        await asyncio.sleep(0)
        wanted, self._ends_wanted, self._ends = self._ends_wanted, set(), None
        return await super().highwaters(*wanted)

    async def _drain_messages(self, fetcher: ServiceT) -> None:
        await drain(self, fetcher)

    async def wait_empty(self) -> None:
        """Before partitions go and before the end: let agents finish, deliver what is in hand, commit."""
        await super().wait_empty()
        for shell in self.shells:
            await shell.delivery.empty()
        await self.commit()

    async def on_stop(self) -> None:
        """Stop as Faust does, which waits as above, then stop delivering."""
        await super().on_stop()
        for shell in self.shells:
            await shell.delivery.close()
            await shell.speaker.close()

    async def leave(self) -> None:
        """Leave the group, and do nothing else: for a worker that ends before Faust has started it.

        Else the others wait for its partitions until its session is over.
        """
        coordinator = getattr(getattr(self._thread, "_consumer", None), "_coordinator", None)
        if coordinator is not None:
            await self._thread.call_thread(coordinator.close)

    def heard(self, tp: TP) -> tuple[int | None, float | None]:
        """Give the end of a partition as Kafka told it last, and how many seconds ago that was.

        None where it never did. Asks nobody: it comes with every answer to a fetch. The consumer's thread may
        be about to lose the partition, which is as good as not having heard.
        """
        try:
            consumer = self._thread._ensure_consumer()  # noqa: SLF001 - Faust hands on the end, not its age
            end, at_ms = consumer.highwater(tp), consumer.last_poll_timestamp(tp)
        except (AssertionError, AttributeError, ConsumerNotStarted, IllegalStateError):
            return None, None
        return end, None if at_ms is None else max(0.0, time.time() - at_ms / 1000)

    def reached(self, tp: TP) -> int | None:
        """Give the next offset to be handled; None before anything was handled or committed."""
        known = [told for told in (self.handled.get(tp), self._committed_offset.get(tp)) if told is not None]
        return max(known, default=None)

    def _new_offset(self, tp: TP) -> int | None:
        """Give the offset to commit; Faust's own is worked out only to tidy its list."""
        super()._new_offset(tp)
        return self.handled.get(tp)


def _looked_at(asked: asyncio.Task[Any]) -> None:
    """See a failure that nobody waits for any more."""
    if not asked.cancelled():
        asked.exception()


class HandledTransport(Transport):
    """The transport with such a consumer."""

    Consumer = HandledConsumer
