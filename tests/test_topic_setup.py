"""Creating topics and refusing what does not match."""

from uuid import uuid4

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]

from streams.broker_connection import connected_admin
from streams.errors import SlotritError
from streams.settings import Settings
from streams.topic_setup import Found, create_topics, mismatches, verify_topics, wanted_topics
from streams.topics import CHANGELOGS, STREAMS, Topic, on_broker

WANTED = {"x.skating.standings": Topic("skating.standings", "race_id", "compact", "")}
_OTHERS = len(STREAMS) + len(CHANGELOGS) - 1


def test_every_topic_and_changelog_is_wanted_under_the_prefix() -> None:
    """The prefix stands before each name, as it is."""
    names = set(wanted_topics(Settings(topic_prefix="x.")))

    assert len(names) == len(STREAMS) + len(CHANGELOGS)
    assert {"x.skating.timing", "x.slotrit.races.changelog"} < names


def test_a_topic_as_wanted_or_missing_is_no_mismatch() -> None:
    """What is missing is created, so it is no complaint here."""
    assert mismatches(WANTED, {"x.skating.standings": Found(4, "compact")}, 4) == []
    assert mismatches(WANTED, {}, 4) == []


def test_a_mismatch_names_topic_found_wanted_and_what_to_do() -> None:
    """Other partitions and another policy are two complaints."""
    partitions, policy = mismatches(WANTED, {"x.skating.standings": Found(1, "delete")}, 4)

    assert partitions.startswith(
        "topic x.skating.standings has 1 partition, wanted 4: set SLOTRIT_PARTITIONS=1"
    )
    assert policy.startswith("topic x.skating.standings has cleanup.policy=delete, wanted compact: ")


async def test_topics_are_created_once_and_verified(kafka_address: str) -> None:
    """The first time creates all, the second time finds all; a worker may start."""
    settings = Settings(brokers=(kafka_address,), topic_prefix=f"test-{uuid4().hex[:8]}.", partitions=3)

    with pytest.raises(
        SlotritError, match=rf"lacks the topic .*skating\.timing and {_OTHERS} more: run `slotrit topics`"
    ):
        await verify_topics(settings)
    created, there = await create_topics(settings)
    created_again, there_again = await create_topics(settings)
    await verify_topics(settings)

    assert (set(created), there) == (set(wanted_topics(settings)), [])
    assert (created_again, set(there_again)) == ([], set(created))


async def test_what_is_remembered_is_compacted_soon_and_what_is_published_later(kafka_address: str) -> None:
    """A worker reads back rows while its races stand still; a gateway has to tell what replaced what."""
    settings = Settings(brokers=(kafka_address,), topic_prefix=f"test-{uuid4().hex[:8]}.", partitions=1)
    await create_topics(settings)
    names = {
        name: on_broker(topic.name, settings.topic_prefix)
        for name, topic in (("rows", CHANGELOGS["races"]), ("outputs", STREAMS["standings"]))
    }

    async with connected_admin(settings) as admin:
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names.values()]
        answers = [each for answer in await admin.describe_configs(asked) for each in answer.resources]
    told = {name: {entry[0]: entry[1] for entry in entries} for _, _, _, name, entries in answers}

    wanted = ("segment.ms", "segment.bytes", "min.compaction.lag.ms")
    assert [told[names["rows"]].get(each) for each in wanted] == ["60000", "16777216", "0"]
    assert [told[names["outputs"]].get(each) for each in wanted] == ["600000", "1073741824", "1200000"]


async def test_other_partitions_on_the_broker_are_refused(kafka_address: str) -> None:
    """Neither `slotrit topics` nor a worker goes on with another number of partitions."""
    settings = Settings(brokers=(kafka_address,), topic_prefix=f"test-{uuid4().hex[:8]}.", partitions=2)
    await create_topics(settings)
    other = settings.model_copy(update={"partitions": 5})

    for work in (create_topics, verify_topics):
        with pytest.raises(
            SlotritError, match=rf"skating\.timing has 2 partitions, wanted 5: .*and {_OTHERS} more"
        ):
            await work(other)


async def test_what_the_broker_refuses_is_told(kafka_address: str) -> None:
    """More replicas than brokers cannot be; the client would pass over this error."""
    settings = Settings(brokers=(kafka_address,), topic_prefix=f"test-{uuid4().hex[:8]}.", replication=3)

    with pytest.raises(SlotritError, match=r"skating\.\S+ could not be created: .*replicat"):
        await create_topics(settings)
