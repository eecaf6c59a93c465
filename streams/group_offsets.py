"""How far the workers' group is in what it reads, and whether what it remembers of that can be there.

A worker commits only what it has handled and remembered. So where its group is beyond the beginning of an
input and the changelog of that step is not there, the changelog was deleted; made anew and empty, it would be
a worker that has forgotten every race and does not read them again.

Of a changelog that is there and empty nobody can tell: of messages that were all set aside, or changed
nothing, no row was ever written. That is a warning and no refusal.
"""

import asyncio
from collections.abc import Iterable, Mapping

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError  # type: ignore[import-untyped]

from streams.errors import SlotritError
from streams.processing.pipeline import steps
from streams.refusals import not_granted
from streams.settings import Settings, kafka_client
from streams.topics import CHANGELOGS, STREAMS, on_broker

REBUILD = "docs/operating/runbook.md#a-topic-must-be-rebuilt"
_AGAIN_AFTER_S = 0.25

log = structlog.get_logger(__name__)


def inputs_of_changelogs(settings: Settings) -> dict[str, str]:
    """Give, for each changelog, the topic that its step reads; both as the broker knows them."""
    prefix = settings.topic_prefix
    return {
        on_broker(CHANGELOGS[step.name].name, prefix): on_broker(STREAMS[step.reads].name, prefix)
        for step in steps(openings=True)
        if step.name in CHANGELOGS
    }


async def refuse_forgetting(
    admin: AIOKafkaAdminClient, settings: Settings, missing: Iterable[str], found: Mapping[str, int]
) -> None:
    """Make sure that no changelog is missing of which the group has handled the input.

    Args:
        admin: a connected client.
        settings: the group.
        missing: the topics that the broker lacks.
        found: the number of partitions of those that it has.

    Raises:
        SlotritError: where one is, with what to do first; or the broker does not tell.
        KafkaError: where the broker refuses to tell.
    """
    inputs = inputs_of_changelogs(settings)
    lost = {changelog: inputs[changelog] for changelog in missing if inputs.get(changelog) in found}
    if not lost:
        return
    handled = await _handled(admin, settings, {name: found[name] for name in lost.values()})
    for changelog, read in lost.items():
        if any(place.topic == read for place in handled):
            raise SlotritError(
                f"the broker lacks the topic {changelog}, and the group {settings.app_id} has handled "
                f"{read}: made anew and empty it would be a worker that has forgotten every race, so first "
                f"stop all workers and send the group back to the beginning of {read}, see {REBUILD}"
            )


async def warn_of_forgetting(
    admin: AIOKafkaAdminClient, settings: Settings, found: Mapping[str, int]
) -> None:
    """Log a warning for each changelog without a row where the group has handled the input.

    A broker that does not tell how far the group is keeps no worker from starting.

    Args:
        admin: a connected client.
        settings: the group.
        found: the number of partitions of each topic.

    Raises:
        KafkaError: where the broker refuses to tell, or goes away.
    """
    inputs = inputs_of_changelogs(settings)
    try:
        handled = await _handled(admin, settings, {name: found[name] for name in inputs.values()})
    except SlotritError:
        return
    if not handled:
        return
    # Only now: a row is written before its message is committed.
    rows = {
        TopicPartition(changelog, place.partition): place
        for place in handled
        for changelog, read in inputs.items()
        if place.topic == read
    }
    _, ends = await _first_and_ends(settings, list(rows))
    for changelog, read in inputs.items():
        bare = [row.partition for row in rows if row.topic == changelog and not ends[row]]
        if bare:
            log.warning(
                "worker.nothing_remembered",
                topic=read,
                partitions=sorted(bare),
                changelog=changelog,
                reason=f"the group {settings.app_id} has handled messages of {read}, and of these partitions "
                "nothing was ever remembered: well where all were set aside or changed nothing, else "
                f"{changelog} was made anew and what was before is forgotten: stop all workers, "
                f"see {REBUILD}",
            )


async def _handled(
    admin: AIOKafkaAdminClient, settings: Settings, topics: Mapping[str, int]
) -> set[TopicPartition]:
    """Give the partitions of which the group has committed more than the beginning."""
    places = [TopicPartition(name, number) for name, count in topics.items() for number in range(count)]
    committed = await _committed(admin, settings, places)
    if not committed:
        return set()
    first, _ = await _first_and_ends(settings, list(committed))
    return {place for place, offset in committed.items() if offset > first[place]}


async def _committed(
    admin: AIOKafkaAdminClient, settings: Settings, places: list[TopicPartition]
) -> dict[TopicPartition, int]:
    """Give what the group has committed; a cluster that is asked for the first time needs a moment."""
    try:
        async with asyncio.timeout(settings.broker_timeout_s):
            while True:
                try:
                    # The partitions are named: asked for all of them, the broker tansu drops the connection.
                    told = await admin.list_consumer_group_offsets(settings.app_id, partitions=places)
                except GroupAuthorizationFailedError:
                    # The client says something else in the place of the group's name.
                    raise GroupAuthorizationFailedError(settings.app_id) from None
                except KafkaError as error:
                    if not_granted(error) is not None:
                        raise
                    await asyncio.sleep(_AGAIN_AFTER_S)
                else:
                    return {place: known.offset for place, known in told.items() if known.offset > 0}
    except TimeoutError:
        raise SlotritError(
            f"the broker does not tell how far the group {settings.app_id} is (waited "
            f"{settings.broker_timeout_s:g} s): try again"
        ) from None


async def _first_and_ends(
    settings: Settings, places: list[TopicPartition]
) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    consumer = AIOKafkaConsumer(**kafka_client(settings), enable_auto_commit=False)
    await consumer.start()
    try:
        return await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    finally:
        await consumer.stop()
