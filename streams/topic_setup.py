"""Creating the topics with explicit partitions and cleanup policies, and refusing what does not match."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped]
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]
from aiokafka.errors import (  # type: ignore[import-untyped]
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
    for_code,
)
from aiokafka.protocol.metadata import MetadataRequest  # type: ignore[import-untyped]

from streams.acls import Role
from streams.broker_connection import RETRY_S, connected_admin
from streams.errors import SlotritError
from streams.group_offsets import refuse_forgetting, warn_of_forgetting
from streams.processing.messages import Stream
from streams.refusals import lacking
from streams.settings import Settings
from streams.topics import CHANGELOGS, STREAMS, Topic, on_broker

ALREADY_EXISTS = 36
_SETTLED_WITHIN_S, _SETTLING_S = 10.0, 0.2
INPUTS = (STREAMS["timing"], STREAMS["reference"])
LARGEST_MESSAGE_BYTES = 2_200_000
"""What our own topics take: twice what a broker takes by default, and so what the input topics do, because a
dead letter is its message and more. A message that could not be set aside would stop every worker in turn."""
KEPT = {"retention.ms": "-1"}
"""Nothing that happened may expire under a worker that was away; a meeting is small, its history wanted."""
COMPACTED = {"segment.ms": "600000", "min.cleanable.dirty.ratio": "0.1", "min.compaction.lag.ms": "1200000"}
"""A compacted topic is read from its beginning at every start; only closed segments are compacted, and with
the broker's defaults a segment stays open for a week. For 20 minutes nothing is compacted, longer than one
may ask a gateway for a delay: after a restart it has still to tell what replaced what, and when."""
REMEMBERED = {"segment.ms": "60000", "segment.bytes": str(1 << 24), "min.cleanable.dirty.ratio": "0.1"}
"""What a worker remembers it reads back while its races stand still. Nobody wants any row but the last, so
segments are closed, and compacted, as soon as there is a minute or 16 MiB of them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as the broker has it."""

    partitions: int
    cleanup: str


def wanted_topics(settings: Settings) -> dict[str, Topic]:
    """Give every topic of ours, changelogs included, by its name on the broker."""
    topics = [*STREAMS.values(), *CHANGELOGS.values()]
    return {on_broker(topic.name, settings.topic_prefix): topic for topic in topics}


def mismatches(wanted: Mapping[str, Topic], found: Mapping[str, Found], partitions: int) -> list[str]:
    """Say of each existing topic that is not as wanted what it is, what it should be, and what to do."""
    complaints = []
    for name, topic in wanted.items():
        if name not in found:
            continue
        is_ = found[name]
        if is_.partitions != partitions:
            complaints.append(
                f"topic {name} has {_partitions(is_.partitions)}, wanted {partitions}: set "
                f"SLOTRIT_PARTITIONS={is_.partitions} if all topics have that, else delete it and run "
                "`slotrit topics`"
            )
        if is_.cleanup != topic.cleanup:
            complaints.append(
                f"topic {name} has cleanup.policy={is_.cleanup}, wanted {topic.cleanup}: alter its "
                "configuration, or delete it and run `slotrit topics`"
            )
    return complaints


async def create_topics(settings: Settings) -> tuple[list[str], list[str]]:
    """Create what is missing, and return when the broker knows of everything.

    Topics that exist already are checked first: where one does not match, nothing is created.

    Returns:
        The names of the topics that were created, and of those that were there.

    Raises:
        SlotritError: where an existing topic has other partitions or another cleanup policy, a changelog is
            gone of which the workers have handled the input, the broker refuses to create one, or it does
            not answer.
    """
    wanted = wanted_topics(settings)
    async with connected_admin(settings, "setup") as admin:
        found = await _found(admin, wanted)
        _refuse(mismatches(wanted, found, settings.partitions))
        missing = [name for name in wanted if name not in found]
        if missing:
            await refuse_hidden(admin, missing, settings, "setup")
            await refuse_forgetting(admin, settings, missing, _counts(found))
            await _create(admin, settings, {name: wanted[name] for name in missing})
            await _until_known(admin, wanted, settings)
    return missing, list(found)


async def verify_topics(settings: Settings) -> None:
    """Make sure, before a worker starts, that every topic is there and as `slotrit topics` makes it.

    Where the workers have handled an input and their changelog never had a row a warning is logged.

    Raises:
        SlotritError: where one is missing or does not match, or the broker does not answer.
    """
    wanted = wanted_topics(settings)
    async with connected_admin(settings, "worker") as admin:
        found = await _found(admin, wanted)
        missing = [name for name in wanted if name not in found]
        await refuse_forgetting(admin, settings, missing, _counts(found))
        await _refuse_missing(admin, wanted, found, settings, "worker")
        _refuse(mismatches(wanted, found, settings.partitions))
        await warn_of_forgetting(admin, settings, _counts(found))


async def require_topics(settings: Settings, streams: Iterable[Stream]) -> dict[Stream, int]:
    """Make sure that the topics of a client exist; it does not care how many partitions they have.

    Returns:
        The number of partitions of each.

    Raises:
        SlotritError: where one is missing, or the broker does not answer.
    """
    names = {stream: on_broker(STREAMS[stream].name, settings.topic_prefix) for stream in streams}
    async with connected_admin(settings) as admin:
        counts = await _partition_counts(admin)
        await _refuse_missing(admin, names.values(), counts, settings)
    return {stream: counts[name] for stream, name in names.items()}


def _refuse(complaints: list[str]) -> None:
    if complaints:
        others = len(complaints) - 1
        more = f" (and {others} more that do not match)" if others else ""
        raise SlotritError(complaints[0] + more)


async def _refuse_missing(
    admin: AIOKafkaAdminClient,
    wanted: Iterable[str],
    found: Iterable[str],
    settings: Settings,
    role: Role | None = None,
) -> None:
    there = set(found)
    missing = [name for name in wanted if name not in there]
    if missing:
        await refuse_hidden(admin, missing, settings, role)
        others = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise SlotritError(
            f"the broker lacks the topic {missing[0]}{others}: run `slotrit topics`, or check topic_prefix"
        )


async def refuse_hidden(
    admin: AIOKafkaAdminClient, names: list[str], settings: Settings, role: Role | None = None
) -> None:
    """Make sure that topics which the broker does not list are not only hidden from us.

    Args:
        admin: a connected client.
        names: the topics, as the broker knows them.
        settings: as whom we came.
        role: what the command does.

    Raises:
        SlotritError: where we may not see one, whether it exists or not.
    """
    if settings.security_protocol == "PLAINTEXT":
        return
    asking = MetadataRequest(names, allow_auto_topic_creation=False)
    answer = await admin._send_request(asking)  # noqa: SLF001 - its own methods would have topics created
    for topic in answer.to_object()["topics"]:
        if topic["error_code"] == TopicAuthorizationFailedError.errno:
            raise SlotritError(lacking("topic", topic["topic"], settings, role))


def _counts(found: Mapping[str, Found]) -> dict[str, int]:
    return {name: topic.partitions for name, topic in found.items()}


def _partitions(count: int) -> str:
    return f"{count} partition{'' if count == 1 else 's'}"


async def _partition_counts(admin: AIOKafkaAdminClient) -> dict[str, int]:
    # Asking for topics by name would create them on a broker that creates topics by itself.
    described = await admin.describe_topics()
    return {topic["topic"]: len(topic["partitions"]) for topic in described if not topic["error_code"]}


async def _found(admin: AIOKafkaAdminClient, wanted: Iterable[str]) -> dict[str, Found]:
    deadline = time.monotonic() + _SETTLED_WITHIN_S
    while True:
        counts = await _partition_counts(admin)
        names = [name for name in wanted if name in counts]
        if not names:
            return {}
        policies = await _cleanup_policies(admin, names)
        unsettled = [name for name in names if name not in policies]
        if not unsettled:
            return {name: Found(counts[name], policies[name]) for name in names}
        if time.monotonic() > deadline:
            raise SlotritError(f"topic {unsettled[0]}: the broker lists it and does not know it: try again")
        await asyncio.sleep(_SETTLING_S)


async def _cleanup_policies(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, str]:
    """Tell how topics are cleaned up; those are left out that come or go just now."""
    # Not only for cleanup.policy: the broker tansu drops the connection where a key is named.
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    policies = {}
    for response in await admin.describe_configs(asked):
        for code, message, _, name, entries in response.resources:
            if code == TopicAuthorizationFailedError.errno:
                raise TopicAuthorizationFailedError(name)
            if code == UnknownTopicOrPartitionError.errno:
                continue
            if code:
                raise SlotritError(
                    f"topic {name}: the broker does not tell its configuration: "
                    f"{message or for_code(code).__name__}"
                )
            policies[name] = next((entry[1] for entry in entries if entry[0] == "cleanup.policy"), "unknown")
    return policies


def _kept(topic: Topic) -> Mapping[str, str]:
    if topic in CHANGELOGS.values():
        return REMEMBERED
    return COMPACTED if topic.cleanup == "compact" else KEPT


async def _create(admin: AIOKafkaAdminClient, settings: Settings, topics: Mapping[str, Topic]) -> None:
    new = [
        NewTopic(
            name,
            settings.partitions,
            settings.replication,
            topic_configs={
                "cleanup.policy": topic.cleanup,
                **({} if topic in INPUTS else {"max.message.bytes": str(LARGEST_MESSAGE_BYTES)}),
                **_kept(topic),
            },
        )
        for name, topic in topics.items()
    ]
    response = await admin.create_topics(new)
    # The client returns errors instead of raising them; another `slotrit topics` may have been faster.
    for name, code, *message in response.topic_errors:
        if code == TopicAuthorizationFailedError.errno:
            raise TopicAuthorizationFailedError(name)
        if code not in {0, ALREADY_EXISTS}:
            told = next((text for text in message if text), for_code(code).__name__)
            raise SlotritError(f"topic {name} could not be created: {told}")


async def _until_known(admin: AIOKafkaAdminClient, wanted: Mapping[str, Topic], settings: Settings) -> None:
    """Wait until the broker tells of new topics: it learns of them after the controller has made them."""
    try:
        async with asyncio.timeout(settings.broker_timeout_s):
            while not wanted.keys() <= (await _partition_counts(admin)).keys():  # noqa: ASYNC110 - a broker is asked, it does not call
                await asyncio.sleep(RETRY_S)
    except TimeoutError:
        raise SlotritError(
            f"the topics were created but the broker does not tell of them after "
            f"{settings.broker_timeout_s:g} s; run `slotrit topics` again"
        ) from None
