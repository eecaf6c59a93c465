"""The ACLs of each role: what they are made from, how they are printed, and that SECURITY.md has them."""

from pathlib import Path

import pytest

from streams.acls import ROLES, Grant, Role, commands, grants, read_granted
from streams.alerts.intake import READ
from streams.errors import SlotritError
from streams.gateway.positions import LETTERS
from streams.recording import INPUTS
from streams.settings import Settings
from streams.topic_setup import wanted_topics
from streams.topics import CHANGELOGS, STREAMS
from streams.watching.live import WATCHED
from tests.security.granting import Acl, read_commands

SECURITY = Path(__file__).parents[2] / "SECURITY.md"
PLAIN = Settings()


def topics(role: Role, operation: str, settings: Settings = PLAIN) -> set[str]:
    """Give the topics on which a role may do something."""
    return {
        name
        for grant in grants(role, settings)
        if grant.kind == "topic" and operation in grant.operations
        for name in grant.names
    }


def test_a_worker_may_not_write_what_it_reads_from_outside() -> None:
    """It reads and writes what is between the steps, only reads the inputs, and only writes the outputs."""
    changelogs = {topic.name for topic in CHANGELOGS.values()}
    between = {"skating.performances", "skating.results"}
    assert topics("worker", "Read") == {"skating.timing", "skating.reference"} | between | changelogs
    every = {topic.name for topic in STREAMS.values()}
    assert topics("worker", "Write") == every - {"skating.timing", "skating.reference"} | changelogs
    assert topics("worker", "DescribeConfigs") == every | changelogs
    assert Grant("group", ("Read",), ("slotrit",)) in grants("worker", PLAIN)
    assert Grant("transactional-id", ("Write",), ("slotrit-",)) in grants("worker", PLAIN)


def test_a_viewer_may_read_what_viewers_read_and_write_nothing() -> None:
    """Gateway, alerts and terminal find their topics in it, and nothing unusable or internal is in it."""
    read = topics("viewer", "Read")
    assert read == {STREAMS[stream].name for stream in {*LETTERS, *READ, *WATCHED}}
    assert {operation for grant in grants("viewer", PLAIN) for operation in grant.operations} == {"Read"}


def test_an_operator_may_read_what_is_recorded_and_what_was_set_aside() -> None:
    """And writes nothing: to mend a message and send it again is a producer's."""
    read = topics("operator", "Read")
    assert read == {*INPUTS, STREAMS["dead-letters"].name}
    assert {operation for grant in grants("operator", PLAIN) for operation in grant.operations} == {"Read"}


def test_whoever_sets_up_may_create_every_topic_and_read_none() -> None:
    """Every topic of ours is there by its name on the broker."""
    settings = Settings(topic_prefix="oval.")
    assert topics("setup", "Create", settings) == set(wanted_topics(settings))
    assert topics("setup", "Read", settings) == topics("setup", "Write", settings) == set()


def test_the_commands_grant_exactly_that() -> None:
    """Read back as Kafka's own tool reads them they are every operation on every topic, group and id."""
    settings = Settings(topic_prefix="oval.", app_id="oval-workers", brokers=("kafka.example:9093",))
    printed = list(commands(read_granted(["worker=User:w", "viewer=User:v"]), settings))
    expected = {
        Acl(principal, operation, grant.kind, name)
        for role, principal in read_granted(["worker=User:w", "viewer=User:v"])
        for grant in grants(role, settings)
        for operation in grant.operations
        for name in grant.names
    }
    assert set(read_commands(printed)) == expected
    assert all("--bootstrap-server kafka.example:9093 " in line for line in printed if line[0] != "#")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("boss=User:x", "--acls: there is no role boss; there are setup, worker, viewer, producer, operator"),
        ("worker", "--acls: worker needs a principal such as worker=User:slotrit, got worker"),
        (
            "worker=slotrit",
            "--acls: worker needs a principal such as worker=User:slotrit, got worker=slotrit",
        ),
    ],
)
def test_what_is_no_role_or_principal_is_one_line(told: str, said: str) -> None:
    """It names what there is."""
    with pytest.raises(SlotritError) as caught:
        read_granted([told])
    assert str(caught.value) == said


KINDS = {"topic": "", "group": "the group ", "transactional-id": "transactional ids that begin with "}


def table() -> list[str]:
    """Write the table of SECURITY.md, for the default names."""
    rows = ["| role | runs | on | operations |", "|---|---|---|---|"]
    for role, runs in ROLES.items():
        for grant in grants(role, PLAIN):
            on = ", ".join(f"`{name}`" for name in grant.names)
            kind = KINDS[grant.kind]
            rows.append(f"| {role} | {runs} | {kind}{on} | {', '.join(grant.operations)} |")
    return rows


def test_security_md_has_the_table() -> None:
    """What is written for operators is what is granted."""
    assert "\n".join(table()) in SECURITY.read_text("utf-8")
