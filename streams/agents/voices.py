"""Who may speak for a partition: one worker at a time, and the broker sees to it.

A worker that was suspended and wakes up does not know that another has taken over. What it had in hand is
older than what the other has said since, and it would stand over it; for good, where nothing newer comes. No
look at a clock helps: a process can be suspended between the look and the sending.

So a worker that is assigned a partition of a step's input first claims a voice for it: a producer id and an
epoch that Kafka's transaction coordinator gives under a fixed name. Whoever claims later gets the same id and
the next epoch, and from the first record of that epoch on a partition's leader takes none of an earlier one.
That is the fence that transactions are built on. We use it without transactions: nothing is held back from
readers, offsets have no holes, and it costs one request for each assigned partition.

What an overtaken worker gets in before its successor's first record does no harm. It is what the successor is
about to say itself, from the same row and the same messages, to the same partitions.

One thing is left to make sure: that it is not the overtaken worker that claims last. A claim counts only when
the group has confirmed after it that this worker is still a member of the generation in which the partition
was assigned to it. Whoever gets the partition after that claims after that.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

import structlog
from aiokafka import TopicPartition  # type: ignore[import-untyped]
from aiokafka.client import AIOKafkaClient, CoordinationType  # type: ignore[import-untyped]
from aiokafka.errors import (  # type: ignore[import-untyped]
    ConcurrentTransactions,
    KafkaError,
    NoError,
    TransactionalIdAuthorizationFailed,
    UnknownError,
    for_code,
)
from aiokafka.protocol.transaction import InitProducerIdRequest  # type: ignore[import-untyped]

log = structlog.get_logger(__name__)

AGAIN_AFTER_S = 0.1
"""How soon a broker is asked again that could not answer."""

_CONFIRM_AGAIN_AFTER_S = 0.3
_TIMEOUT_MS = 60_000
_SEQUENCES = 1 << 31

Confirm = Callable[[], Awaitable[bool]]
"""Asks the group whether we are still a member of the generation that assigned us our partitions; False where
it cannot be asked now. Raises `OvertakenError` where we are not."""


def voice_name(app_id: str, step: str) -> str:
    """Say how the names of a step's voices begin, in all workers of a group; the partition follows."""
    return f"{app_id}-{step}"


class OvertakenError(Exception):
    """Another worker has taken over what this one had in hand."""


class UnfencedError(Exception):
    """The broker does not know what voices are made of."""


@dataclass(slots=True)
class Voice:
    """A claim on a partition of a step's input.

    Attributes:
        producer_id: what Kafka gave under the name; -1 for nobody in particular.
        epoch: how often it was given before; -1 alike.
    """

    producer_id: int
    epoch: int
    _next: dict[TopicPartition, int] = field(default_factory=dict)

    def number(self, place: TopicPartition, count: int) -> int:
        """Give the sequence number of the first of `count` records to a partition, and go on behind them."""
        if self.producer_id < 0:
            return -1
        first = self._next.get(place, 0)
        self._next[place] = (first + count) % _SEQUENCES
        return first


NOBODY = Voice(-1, -1)
"""Whom no broker takes note of."""


@dataclass(slots=True, eq=False)
class Voices:
    """The voices of a worker for the partitions of one topic.

    Attributes:
        fenced: whether the broker can tell voices apart; where it cannot, one worker must be all there are.
        client: the connection, as soon as there is one.
        prefix: begins their names; the same in every worker of the group.
    """

    client: asyncio.Task[AIOKafkaClient]
    prefix: str
    fenced: bool
    _claim: asyncio.Task[dict[int, Voice]] | None = None

    def assigned(self, partitions: Iterable[int], confirm: Confirm) -> None:
        """Begin to claim these partitions anew, and let go of all others."""
        self.drop()
        self._claim = asyncio.create_task(self._claimed(sorted(partitions), confirm))
        self._claim.add_done_callback(_looked_at)

    def drop(self) -> None:
        """Let go of all."""
        if self._claim is not None:
            self._claim.cancel()
            self._claim = None

    @property
    def failure(self) -> BaseException | None:
        """What claiming ended with; None where all are claimed or on their way."""
        claim = self._claim
        return claim.exception() if claim is not None and claim.done() and not claim.cancelled() else None

    async def of(self, partition: int) -> Voice:
        """Give the voice for a partition, as soon as it is claimed and confirmed.

        Raises:
            OvertakenError: the partition is not ours any more.
            UnfencedError: the broker does not know what voices are made of.
            KafkaError: it does not let us claim it.
        """
        claim = self._claim
        voices: dict[int, Voice] = {}
        if claim is not None:
            await asyncio.wait({claim})
            voices = {} if claim.cancelled() else claim.result()
        voice = voices.get(partition)
        if voice is None:
            raise OvertakenError(f"{self.prefix}-{partition}: the partition is not assigned to this worker")
        return voice

    async def _claimed(self, partitions: Sequence[int], confirm: Confirm) -> dict[int, Voice]:
        if not self.fenced:
            return dict.fromkeys(partitions, NOBODY)
        client = await asyncio.shield(self.client)
        names = [f"{self.prefix}-{partition}" for partition in partitions]
        voices = await asyncio.gather(*(_claimed(client, name) for name in names))
        while not await confirm():  # noqa: ASYNC110 - the group's coordinator calls nobody
            await asyncio.sleep(_CONFIRM_AGAIN_AFTER_S)
        log.debug("voices.claimed", names=names, epochs=[voice.epoch for voice in voices])
        return dict(zip(partitions, voices, strict=True))


async def _claimed(client: AIOKafkaClient, name: str) -> Voice:
    """Claim a voice, however long it takes the broker to answer."""
    while True:
        try:
            node = await client.coordinator_lookup(CoordinationType.TRANSACTION, name)
            told = await client.send(node, InitProducerIdRequest(name, _TIMEOUT_MS))
            error = for_code(told.error_code)
            if error is NoError:
                return Voice(told.producer_id, told.producer_epoch)
            raise error(name)
        except TransactionalIdAuthorizationFailed:
            raise TransactionalIdAuthorizationFailed(name) from None
        except KafkaError as error:
            if isinstance(error, UnknownError):
                raise UnfencedError(
                    f"the broker cannot keep workers apart ({error}): use Apache Kafka, or set "
                    "SLOTRIT_FENCED=false and start no second worker"
                ) from error
            if not (error.retriable or isinstance(error, ConcurrentTransactions)):
                raise
            log.debug("voice.again", name=name, error=repr(error))
            await asyncio.sleep(AGAIN_AFTER_S)
            await client.force_metadata_update()


def _looked_at(claim: asyncio.Task[dict[int, Voice]]) -> None:
    """See a failure that nobody waits for: with nothing in hand it does not matter."""
    if not claim.cancelled():
        claim.exception()
