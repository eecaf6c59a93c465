"""Topic settings of a run: made by `slotrit topics`, then tightened, and tightened too far for a while."""

import asyncio
import time
from collections.abc import Iterable, Mapping

from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]
from aiokafka.errors import for_code  # type: ignore[import-untyped]

from bench.chaos.hearing import IN_TURN
from bench.chaos.workers import environment, slotrit
from streams.broker_connection import RETRY_S, connected_admin
from streams.errors import SlotritError
from streams.settings import Settings
from streams.topic_setup import wanted_topics
from streams.topics import STREAMS, on_broker

_SET_FOR_THE_TOPIC = 1
"""What Kafka calls the origin of a value that was set for the topic itself."""
_A_DAY_MS = "86400000"
_WITHIN_S = 60.0


async def make_topics(settings: Settings) -> None:
    """Have our command make the topics, then ask for two copies of everything.

    Nothing that is said is compacted during a run, so that no version is missing for that reason; and it is
    dated by the broker, so that it tells which fault it fell into. What workers remember is kept as always.

    Raises:
        SlotritError: the command failed, or the brokers refuse.
    """
    made = await asyncio.create_subprocess_exec(
        *slotrit("topics"),
        env=environment(settings),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaint = await made.communicate()
    if made.returncode:
        raise SlotritError(f"slotrit topics: {complaint.decode().strip()}")
    copied = {"min.insync.replicas": "2"}
    kept = {**copied, "min.compaction.lag.ms": _A_DAY_MS, "message.timestamp.type": "LogAppendTime"}
    said = {on_broker(STREAMS[stream].name, settings.topic_prefix) for stream in IN_TURN}
    await configure(settings, {name: kept if name in said else copied for name in wanted_topics(settings)})


async def demand_copies(settings: Settings, copies: int) -> None:
    """Set how many brokers must have what is published before it counts, for every topic of ours.

    One of the brokers may be away just now, and be the one that is asked first.

    Raises:
        SlotritError: the brokers did not do it within a minute.
    """
    told = {"min.insync.replicas": str(copies)}
    until = time.monotonic() + _WITHIN_S
    while True:
        try:
            await configure(settings, dict.fromkeys(wanted_topics(settings), told))
        except SlotritError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(RETRY_S)
        else:
            return


async def configure(settings: Settings, changes: Mapping[str, Mapping[str, str]]) -> None:
    """Change settings of topics and keep the others.

    Raises:
        SlotritError: the brokers refuse, or none answers.
    """
    async with connected_admin(settings) as admin:
        present = await _set_for(admin, changes)
        asked = [
            ConfigResource(ConfigResourceType.TOPIC, name, {**present[name], **change})
            for name, change in changes.items()
        ]
        for response in await admin.alter_configs(asked):
            for code, message, _, name in response.resources:
                if code:
                    raise SlotritError(f"topic {name}: {message or for_code(code).__name__}")


async def _set_for(admin: AIOKafkaAdminClient, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Read what was set for topics themselves: the request to alter replaces all of it."""
    found: dict[str, dict[str, str]] = {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    for response in await admin.describe_configs(asked):
        for code, message, _, name, entries in response.resources:
            if code:
                raise SlotritError(f"topic {name}: {message or for_code(code).__name__}")
            found[name] = {entry[0]: entry[1] for entry in entries if entry[3] == _SET_FOR_THE_TOPIC}
    return found
